"""Every measure has an example on a tiny clinic whose arithmetic stands in the test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.catalog import measures

HERE = Path(__file__).parent


def worked_examples(source: str) -> Iterator[tuple[str, set[str]]]:
    """Each test of a tiny clinic that asserts numbers, with the measures that it names in its own lines.

    Tests over lists of measures, which hold for any numbers, name none; those of the sample or the trial are no tiny
    clinic.
    """
    for test in ast.parse(source).body:
        if not isinstance(test, ast.FunctionDef) or not test.name.startswith("test_"):
            continue
        if {"sample_warehouse", "trial_warehouse"} & {argument.arg for argument in test.args.args}:
            continue
        inside = [node for statement in test.body for node in ast.walk(statement)]
        constants = [node.value for node in inside if isinstance(node, ast.Constant)]
        # Numbers may stand in the lines before the assertion, in a dict that is compared or a loop over results.
        has_numbers = any(type(value) in (int, float) for value in constants)
        if has_numbers and any(isinstance(node, ast.Assert) for node in inside):
            yield test.name, {value for value in constants if isinstance(value, str)} & set(measures())


def find_examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in measures()}
    for path in sorted(HERE.glob("test_*.py")):
        if path.name not in {Path(__file__).name, "test_disclosure.py"}:
            for test, names in worked_examples(path.read_text(encoding="utf-8")):
                for name in names:
                    found[name].append(f"{path.name}::{test}")
    return found


EXAMPLES = find_examples()


@pytest.mark.parametrize("name", measures())
def test_a_measure_has_a_worked_example(name):
    assert EXAMPLES[name], f"No test in tests/queries works {name} out on a clinic of a few rows. Write one."


@pytest.mark.parametrize("name", measures())
def test_the_missing_n_of_a_measure_is_tested(name):
    sources = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path != Path(__file__)]
    assert any(f'"{name}"' in source and "missing_n" in source for source in sources)


def test_a_test_without_numbers_of_its_own_is_no_example():
    generic = "def test_it(tmp_path):\n    assert not rows(tiny_clinic(tmp_path), 'show_rate').empty\n"
    worked = (
        "def test_it(tmp_path):\n    row = rows(tiny_clinic(tmp_path), 'show_rate')\n    assert row.value == 1 / 2\n"
    )
    assert list(worked_examples(generic)) == []
    assert list(worked_examples(worked)) == [("test_it", {"show_rate"})]
