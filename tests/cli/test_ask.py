"""`iop ask` gives the catalogue's answer in every format, and says what to do when it cannot."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard import data
from queries import catalog
from queries.answer import COLUMNS
from queries.export import safe_csv
from queries.filters import FILTERS, select
from tests.cli.terminal import ROOT, environment, iop, iop_bytes


def test_a_table_shows_the_rate_its_counts_and_where_they_come_from(home: Path) -> None:
    done = iop("ask", "early_dropout", "--site", "North", "--set", "sessions=5", home=home)
    assert done.returncode == 0
    # 15 of the 40 in North came four times and dropped out: 15 / 40 = 37.5 %.
    assert "37.5 %" in done.stdout
    for fact in (
        "Site North",
        "sessions=5",
        "Data to 2026-09-30",
        "evaluated at 2026-08-31",
        "20260930-tiny",
        "RET-07",
    ):
        assert fact in done.stdout
    assert done.stderr == ""


def test_groups_of_ten_or_fewer_are_hidden_in_every_format(home: Path) -> None:
    """South has five episodes: its row is there, its numbers are not."""
    table = iop("ask", "early_dropout", "--by", "site", home=home).stdout
    south_line = next(line for line in table.splitlines() if "South" in line)
    assert south_line.replace("│", " ").split() == ["South", "hidden"]
    assert "Counts of 1–10, and what gives them away, are hidden." in table
    rows = json.loads(iop("ask", "early_dropout", "--by", "site", "--format", "json", home=home).stdout)["rows"]
    south = next(row for row in rows if row["group_name"] == "South")
    assert south["is_suppressed"] is True
    assert [south[name] for name in ("value", "lower", "upper", "numerator", "denominator")] == [None] * 5
    text = iop("ask", "early_dropout", "--by", "site", "--format", "csv", home=home).stdout
    south_cells = next(row for row in csv.DictReader(io.StringIO(text)) if row["group_name"] == "South")
    assert [south_cells[name] for name in ("value", "numerator", "denominator")] == [""] * 3


def test_csv_json_and_parquet_hold_the_same_digits(home: Path, tmp_path: Path) -> None:
    question = ("ask", "retention_at", "--site", "North")
    from_json = json.loads(iop(*question, "--format", "json", home=home).stdout)["rows"]
    from_csv = list(csv.DictReader(io.StringIO(iop(*question, "--format", "csv", home=home).stdout)))
    from_parquet = pd.read_parquet(io.BytesIO(iop_bytes(*question, "--format", "parquet", home=home)))
    values = [row["value"] for row in from_json]
    assert values == [float(row["value"]) for row in from_csv]
    assert values == from_parquet["value"].tolist()
    assert len(values) > 1
    out = tmp_path / "answer.parquet"
    assert iop(*question, "--format", "parquet", "--out", str(out), home=home).returncode == 0
    assert pd.read_parquet(out).equals(from_parquet)


def test_the_terminal_gives_the_same_numbers_as_the_page_to_the_last_digit(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = iop(
        "ask", "retention_at", "--site", "North", "--program", "SUD", "--from", "2026-01-01", "--format", "json",
        home=sample_home,
    )  # fmt: skip
    shown = json.loads(done.stdout)
    monkeypatch.setenv("IOP_HOME", str(sample_home))
    page = data.answer("retention_at", select({"site": "North", "program": "SUD"}, date_from="2026-01-01"))
    assert len(shown["rows"]) == len(page.frame) > 0
    for row, expected in zip(shown["rows"], page.frame.to_dict("records"), strict=True):
        for name in COLUMNS:
            assert row[name] == (None if pd.isna(expected[name]) else expected[name]), name
    assert any(row["value"] is not None for row in shown["rows"])
    assert (shown["data_version"], shown["population"]) == (page.version, page.selection.describe())


def test_a_share_beside_other_numbers_is_a_percentage(sample_home: Path) -> None:
    """Group sizes are persons; the share of groups above the limit is not."""
    done = iop("ask", "group_size", home=sample_home)
    shown = next(line for line in done.stdout.splitlines() if "share_at_target" in line)
    row = json.loads(iop("ask", "group_over_limit", "--format", "json", home=sample_home).stdout)["rows"][0]
    assert f"{100 * row['value']:.1f} %" in shown


@pytest.mark.parametrize("width", ["80", "200"])
def test_without_a_measure_all_are_listed_by_topic_with_names_unbroken(width: str) -> None:
    listed = iop("ask", COLUMNS=width).stdout
    for name, measure in catalog.measures().items():
        assert name in listed
        assert measure.topic.capitalize() in listed


def test_every_filter_of_the_catalogue_is_a_flag() -> None:
    shown = iop("ask", "--help", COLUMNS="200").stdout
    for name, entry in FILTERS.items():
        assert f"--{name.replace('_', '-')}" in shown
        assert entry.help in shown


def test_a_definition_shows_the_sql_that_runs() -> None:
    shown = iop("ask", "early_dropout", "--definition").stdout
    assert catalog.measure("early_dropout").sql in shown
    assert "--set sessions=4" in shown


def test_all_as_a_filters_value_counts_everybody(home: Path) -> None:
    done = iop("ask", "early_dropout", "--level-of-care", "all", "--format", "json", home=home)
    assert json.loads(done.stdout)["population"] == "Everybody"


def test_a_choice_that_nobody_meets_says_so(home: Path) -> None:
    done = iop("ask", "early_dropout", "--from", "2031-01-01", home=home)
    assert done.returncode == 0
    assert "No episodes match" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["early_dropot"], "Did you mean early_dropout"),
        (["../early_dropout"], "Did you mean early_dropout"),
        (["early_dropout", "--site", "Nroth"], "Did you mean 'North'"),
        (["early_dropout", "--by", "colour"], "Choose one of site"),
        (["early_dropout", "--from", "01/02/2026"], "Write it as 2026-01-31"),
        (["early_dropout", "--from", "2026-03-01", "--to", "2026-01-01"], "Swap them"),
        (["early_dropout", "--from", "2026-02-29"], "Write it as 2026-01-31"),
        (["early_dropout", "--set", "sessions"], "--set name=value"),
        (["early_dropout", "--set", "=4"], "--set name=value"),
        (["early_dropout", "--set", "sessions="], "--set name=value"),
        (["early_dropout", "--set", "sessions=4", "--set", "sessions=5"], "given twice"),
        (["early_dropout", "--set", "sessions=many"], "needs a integer"),
        (["early_dropout", "--set", "colour=red"], "early_dropout has sessions"),
        (["early_dropout", "--format", "csv", "--out", "/nowhere/x.csv"], "Choose another file"),
        (["early_dropout", "--format", "parquet", "--out", "tests"], "it is a folder"),
        (["retention_at", "--set", "day=45"], "one of 30, 60, 90"),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_remedy(home: Path, arguments: list[str], says: str) -> None:
    done = iop("ask", *arguments, home=home)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_warehouse_of_another_version_says_to_load_again(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(home, other)
    with duckdb.connect(str(next((other / "versions").glob("*.duckdb")))) as connection:
        connection.execute("alter table mart.episode drop column sessions_attended")
    done = iop("ask", "early_dropout", home=other)
    assert (done.returncode, done.stdout) == (1, "")
    assert "load the export again" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--colour", "red"], ["ask", "early_dropout", "--format", "pdf"], ["load"], ["fly"]]
)
def test_wrong_usage_exits_with_2_and_points_to_help(arguments: list[str]) -> None:
    done = iop(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_reader_that_stops_early_causes_no_error(home: Path) -> None:
    command = f"{sys.executable} -m dashboard.cli ask exit_curve --format csv | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=environment(home, {}), check=False
    )
    assert done.stdout.startswith("group_name,")
    assert done.stderr == ""


@pytest.mark.parametrize("chosen", ["table", "csv", "json", "parquet"])
def test_a_pipe_that_nobody_reads_causes_no_message(home: Path, chosen: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "ask", "exit_curve", "--format", chosen],
        stdout=writing, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment(home, {}), check=False,
    )  # fmt: skip
    os.close(writing)
    assert done.stderr == ""


def test_a_terminal_without_the_characters_still_gets_its_answer(home: Path) -> None:
    done = iop("ask", "early_dropout", "--site", "North", home=home, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Counted: Site North" in done.stdout


def test_data_are_utf_8_whatever_the_terminals_encoding_is(home: Path) -> None:
    question = ("ask", "early_dropout", "--format", "json")
    assert iop(*question, home=home, PYTHONIOENCODING="ascii").stdout == iop(*question, home=home).stdout
    assert "–" in iop("ask", "retention_at", "--format", "csv", home=home, PYTHONIOENCODING="ascii").stdout


@pytest.mark.parametrize("width", ["20", "50", "80", "200"])
def test_every_number_is_whole_at_any_width(home: Path, width: str) -> None:
    """Narrow terminals get a narrower table, and at last a paragraph for each row; nothing is cut or broken."""
    shown = iop("ask", "early_dropout", "--by", "site", "--set", "sessions=5", home=home, COLUMNS=width).stdout
    for whole in ("North", "South", "37.5 %", "24.2–53.0 %", "hidden"):
        assert whole in shown, whole


def test_cells_that_a_spreadsheet_would_run_are_written_as_text() -> None:
    frame = pd.DataFrame({"=name": ["=1+1", "+2", "-3", "@x", "plain", None], "n": [-1.5, 2, 3, 4, 5, 6]})
    lines = safe_csv(frame).splitlines()
    assert lines == ["'=name,n", "'=1+1,-1.5", "'+2,2.0", "'-3,3.0", "'@x,4.0", "plain,5.0", ",6.0"]


def test_the_interval_of_a_rate_is_drawn_again_on_request(home: Path) -> None:
    done = iop("ask", "show_rate", "--bootstrap", "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["bootstrap_draws"], row["bootstrap_seed"]) == (2000, 20240701)
    assert "2,000 draws, seed 20240701" in " ".join(iop("ask", "show_rate", "--bootstrap", home=home).stdout.split())
    refused = iop("ask", "retention_curve", "--bootstrap", home=home)
    assert (refused.returncode, "has no draws by person" in refused.stderr) == (1, True)
