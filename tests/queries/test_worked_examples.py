"""Every measure has an example on a tiny clinic whose arithmetic stands in the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.catalog import measures
from queries.counted_tests import find_examples, worked_examples

HERE = Path(__file__).parent


EXAMPLES = find_examples(measures())


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
    assert list(worked_examples(generic, measures())) == []
    assert list(worked_examples(worked, measures())) == [("test_it", {"show_rate"})]


def test_a_measure_that_nobody_worked_out_has_no_example():
    assert find_examples(["show_rate", "a_new_measure"])["a_new_measure"] == []
