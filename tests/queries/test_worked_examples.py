"""Every measure has an example on a tiny clinic whose arithmetic stands in the test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.catalog import measures

HERE = Path(__file__).parent


def worked_examples(source: str) -> Iterator[tuple[str, set[str]]]:
    """Each test that builds a clinic and asserts numbers, with the measures that it names in its own lines.

    Tests over lists of measures, which hold for any numbers, name none.
    """
    for test in ast.parse(source).body:
        if not isinstance(test, ast.FunctionDef) or not test.name.startswith("test_"):
            continue
        inside = [node for statement in test.body for node in ast.walk(statement)]
        builds = {node.func.id for node in inside if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        fixtures = {argument.arg for argument in test.args.args}
        if not (builds | fixtures) & {"clinic", "tiny_clinic", "severity_clinic", "priced", "attendance"}:
            continue
        asserted = [node for part in inside if isinstance(part, ast.Assert) for node in ast.walk(part)]
        named = {node.id for node in asserted if isinstance(node, ast.Name)}
        # Numbers may stand in the lines before, in a dict that is compared or in a loop over name and result.
        numbers = [node for node in inside if isinstance(node, ast.Constant) and type(node.value) in (int, float)]
        if asserted and numbers and named:
            yield test.name, {node.value for node in inside if isinstance(node, ast.Constant)} & set(measures())


def find_examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in measures()}
    for path in sorted(HERE.glob("test_*.py")):
        if path == Path(__file__) or path.name == "test_disclosure.py":
            continue
        for test, names in worked_examples(path.read_text(encoding="utf-8")):
            for name in names:
                found[name].append(f"{path.name}::{test}")
    return found


EXAMPLES = find_examples()


@pytest.mark.parametrize("name", measures())
def test_a_measure_has_a_worked_example(name):
    assert EXAMPLES[name], f"No test in tests/queries works {name} out on a clinic of a few rows. Write one."


def test_a_test_without_numbers_of_its_own_is_no_example():
    generic = "def test_it(tmp_path):\n    assert not rows(tiny_clinic(tmp_path), 'show_rate').empty\n"
    worked = (
        "def test_it(tmp_path):\n    row = rows(tiny_clinic(tmp_path), 'show_rate')\n    assert row.value == 1 / 2\n"
    )
    assert list(worked_examples(generic)) == []
    assert list(worked_examples(worked)) == [("test_it", {"show_rate"})]
