"""queries/README.md says what the headers of the measures say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from queries.catalog import measures, unavailable
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


def test_a_stale_page_is_reported_with_the_command_that_writes_it(tmp_path):
    copy = tmp_path / "queries"
    copy.mkdir()
    for file in (ROOT / "queries").rglob("*"):
        if file.suffix in {".py", ".sql", ".toml"}:
            target = copy / file.relative_to(ROOT / "queries")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
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
