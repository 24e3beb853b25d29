"""queries/README.md says what the headers of the measures say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from queries.catalog import measures, unavailable
from queries.counted_tests import CountedTests, count_tests, read_counts
from queries.documentation import README, STATISTICS, render_catalogue
from queries.statistics import KINDS

ROOT = Path(__file__).resolve().parent.parent.parent


def test_what_cannot_be_answered_is_listed_with_its_reason() -> None:
    built = {spec for measure in measures().values() for spec in measure.spec}
    listed = unavailable()
    assert listed
    for entry in listed:
        assert entry.reason.endswith(".")
        assert entry.spec not in built
        assert entry.reason in render_catalogue()


def test_the_catalogue_page_is_current():
    check = subprocess.run(
        [sys.executable, "-m", "queries.documentation", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr


def copied(folder: Path) -> Path:
    """The rooms that the documentation is made from, in a folder of their own; returns that of the queries."""
    for room in ("queries", "tests", "sample_data"):
        for file in (ROOT / room).rglob("*"):
            if file.suffix in {".py", ".sql", ".toml"}:
                target = folder / file.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
    return folder / "queries"


def test_a_test_that_nobody_counted_makes_the_documentation_stale(tmp_path):
    copy = copied(tmp_path)
    (copy / "README.md").write_bytes(README.read_bytes())
    more = "def test_one_more(tmp_path):\n    assert rows(tiny_clinic(tmp_path), 'show_rate').value == 1 / 2\n"
    (tmp_path / "tests" / "queries" / "test_one_more.py").write_text(more, encoding="utf-8")
    command = [sys.executable, "-m", "queries.documentation", "--check"]
    check = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert check.returncode == 1
    assert "queries/README.md is not current" in check.stderr
    assert "queries/counted_tests.toml is not current" in check.stderr


def test_the_number_of_tests_is_counted_from_the_tests():
    counted = count_tests()
    assert read_counts() == counted
    for name, tests in counted.items():
        assert tests.worked_examples > 0, name
        assert f"| Tests | {tests.describe()} |" in README.read_text(encoding="utf-8")
    # R's results on the trial hold the curve, and R's published examples its statistic.
    assert min(counted["retention_curve"].other_computations, counted["retention_curve"].of_statistic) > 0
    assert CountedTests(1, 0, 2).describe() == "1 worked example, 2 of its statistic"
    assert CountedTests(0, 0, 0).describe() == "none"


def test_published_values_stand_in_the_definition_with_their_population_and_year():
    definition = README.read_text(encoding="utf-8").split("### completion_rate\n")[1].split("### ")[0]
    assert "0.377 (United States, intensive outpatient discharges, n = 114,440, 2004; TEDS 2004" in definition


def test_a_stale_page_is_reported_with_the_command_that_writes_it(tmp_path):
    copy = copied(tmp_path)
    (copy / "README.md").write_text("# Measures\n", encoding="utf-8")
    command = [sys.executable, "-m", "queries.documentation"]
    check = subprocess.run([*command, "--check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert check.returncode == 1
    assert "python -m queries.documentation" in check.stderr
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    assert (copy / "README.md").read_text(encoding="utf-8") == render_catalogue()


def test_every_measure_has_its_definition_with_formula_source_and_review():
    page = README.read_text(encoding="utf-8")
    definitions = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    assert set(definitions) == set(measures())
    for name, member in measures().items():
        for text in (member.title, member.question, member.formula, member.source, member.reviewed, *member.spec):
            assert text.replace("|", "\\|") in definitions[name], (name, text)
        for parameter in member.parameters:
            assert f"`{parameter.name}`" in definitions[name]


def test_every_kind_of_statistic_is_described_in_words():
    assert set(STATISTICS) == set(KINDS)
