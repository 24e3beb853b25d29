"""How many tests hold each measure: counted from the tests themselves, and written down for the pages.

The catalogue's documentation writes ``counted_tests.toml``, so that an installed copy without tests shows the numbers.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from queries.catalog import measures
from queries.statistics import KINDS

COUNTED = Path(__file__).parent / "counted_tests.toml"
TESTS = Path(__file__).resolve().parent.parent / "tests"
GENERIC = {"test_worked_examples.py", "test_disclosure.py"}
"""Files of tests that name measures and work none of them out."""
BY_OTHERS = ("ctn/*.py", "sample_truths/*.py", "queries/test_relapse_trial.py")
"""Tests that hold a measure against R on the real trial, or against a computation of their own on the sample."""
NOT_TINY = {"sample_warehouse", "trial_warehouse"}


@dataclass(frozen=True)
class CountedTests:
    """Tests of one measure by what they hold it against; those of its statistic are shared with others of its kind."""

    worked_examples: int
    other_computations: int
    of_statistic: int

    def describe(self) -> str:
        """In words: "3 worked examples, 2 against another computation, 14 of its statistic"."""
        said = []
        if self.worked_examples:
            said.append(f"{self.worked_examples} worked example{'s' if self.worked_examples > 1 else ''}")
        if self.other_computations:
            said.append(f"{self.other_computations} against another computation")
        if self.of_statistic:
            said.append(f"{self.of_statistic} of its statistic")
        return ", ".join(said) or "none"


def worked_examples(source: str, names: Collection[str]) -> Iterator[tuple[str, set[str]]]:
    """Each test of a tiny clinic that asserts numbers, with the measures that it names in its own lines.

    Tests over lists of measures, which hold for any numbers, name none; those of the sample or the trial are no tiny
    clinic.
    """
    for test in _tests(source):
        if NOT_TINY & {argument.arg for argument in test.args.args}:
            continue
        inside = [node for statement in test.body for node in ast.walk(statement)]
        constants = [node.value for node in inside if isinstance(node, ast.Constant)]
        # Numbers may stand in the lines before the assertion, in a dict that is compared or a loop over results.
        has_numbers = any(type(value) in (int, float) for value in constants)
        if has_numbers and any(isinstance(node, ast.Assert) for node in inside):
            yield test.name, {value for value in constants if isinstance(value, str)} & set(names)


def find_examples(names: Collection[str]) -> dict[str, list[str]]:
    """The worked examples of each measure, as file::test."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for path in sorted((TESTS / "queries").glob("test_*.py")):
        if path.name not in GENERIC:
            for test, named in worked_examples(path.read_text(encoding="utf-8"), names):
                for name in named:
                    found[name].append(f"{path.name}::{test}")
    return found


def count_tests() -> dict[str, CountedTests]:
    """Every measure's tests, read from the folder of tests."""
    names = measures()
    known = set(names)
    examples = find_examples(names)
    others = dict.fromkeys(names, 0)
    for path in sorted(path for pattern in BY_OTHERS for path in TESTS.glob(pattern)):
        for test in _tests(path.read_text(encoding="utf-8")):
            for name in known & {node.value for node in ast.walk(test) if isinstance(node, ast.Constant)}:
                others[str(name)] += 1
    of_kind = _count_of_statistics()
    return {
        name: CountedTests(len(examples[name]), others[name], of_kind[member.statistic])
        for name, member in names.items()
    }


def _count_of_statistics() -> dict[str, int]:
    """Tests of a kind of statistic, by its name or what its file holds: published vectors and R's results."""
    counts = dict.fromkeys(KINDS, 0)
    for path in sorted((TESTS / "statistics").glob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        imported: dict[str, set[str]] = {}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.setdefault(node.module, set()).update(alias.name for alias in node.names)
        for kind, derive in KINDS.items():
            names = imported.get(derive.__module__, set())
            counts[kind] += sum(_is_about(test, kind, names) for test in _tests(source))
    return counts


def _is_about(test: ast.FunctionDef, kind: str, names: set[str]) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Constant) and node.value == kind)
        for node in ast.walk(test)
    )


def _tests(source: str) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def write_counts(counts: dict[str, CountedTests]) -> str:
    """The counts as the text of counted_tests.toml."""
    lines = ["# Written by `python -m queries.documentation` from the tests.", ""]
    for name, tests in counts.items():
        pairs = ", ".join(f"{key} = {value}" for key, value in asdict(tests).items())
        lines.append(f"{name} = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


@cache
def read_counts() -> dict[str, CountedTests]:
    """The counts as they were last written; empty where nobody wrote them."""
    if not COUNTED.is_file():
        return {}
    return {name: CountedTests(**values) for name, values in tomllib.loads(COUNTED.read_text(encoding="utf-8")).items()}
