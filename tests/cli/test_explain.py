"""`iop explain` says why somebody is in or out, `iop ledger` which minutes count; single patients need the setting."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import NORTH, SOUTH
from tests.cli.terminal import iop

ALL = NORTH + SOUTH


def test_reasons_are_counted_for_everybody(home: Path) -> None:
    done = iop("explain", "retained_at", "--site", "North", home=home)
    assert done.returncode == 0, done.stderr
    assert f"{NORTH} episodes pass the filters: {NORTH} counted; 0 left out." in done.stdout
    assert "IOP_SHOW_CASES=yes" in done.stdout
    assert "e12" not in done.stdout  # no single episode


def test_few_left_out_are_hidden_with_the_whole(home: Path) -> None:
    # All 45 started on 5 January: from the 6th on nobody counts, and up to it everybody; South alone is 5.
    done = iop("explain", "crude_retention", "--site", "South", "--format", "json", home=home)
    found = json.loads(done.stdout)
    assert found["reasons"] == [{"reason": "Counted", "episodes": None}]
    assert "5" not in found["summary"].replace("30", "")
    assert "hidden" in found["summary"]
    left_out = json.loads(
        iop("explain", "crude_retention", "--site", "South", "--from", "2026-01-06", "-f", "json", home=home).stdout
    )
    assert left_out["reasons"][1] == {"reason": "Started outside the chosen dates", "episodes": None}
    assert "pass the filters is hidden" in left_out["summary"]


def test_every_episode_has_a_reason_where_cases_are_shown(home: Path) -> None:
    done = iop("explain", "crude_retention", "--format", "csv", home=home, IOP_SHOW_CASES="yes")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == ALL
    reasons = [row["reason"] for row in rows]
    # 25 in North and 5 in South completed on day 70; 15 were last seen on day 10.
    assert reasons.count("In the numerator: completed on day 70") == 30
    assert reasons.count("Counted, not in the numerator: dropped out on day 10") == 15
    assert sum(float(row["in_denominator"]) for row in rows) == ALL


def test_one_episode_and_one_reason_can_be_asked_for(home: Path) -> None:
    one = iop("explain", "crude_retention", "--episode", "e25", home=home, IOP_SHOW_CASES="yes", COLUMNS="160")
    assert "Counted, not in the numerator: dropped out on day 10" in one.stdout
    assert "e24" not in one.stdout
    some = iop("explain", "crude_retention", "--reason", "DROPPED", "-f", "csv", home=home, IOP_SHOW_CASES="yes")
    assert len(some.stdout.splitlines()) == 1 + 15
    nobody = iop("explain", "crude_retention", "--episode", "e99", home=home, IOP_SHOW_CASES="yes")
    assert nobody.returncode == 1
    assert "No episode 'e99' passes the filters" in nobody.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "crude_retention", "--episode", "e25"),
        ("explain", "crude_retention", "--reason", "dropped"),
        ("ledger",),
        ("ledger", "--episode", "e1", "--week", "2026-01-05"),
    ],
)
def test_single_patients_are_refused_in_a_sentence(home: Path, arguments: tuple[str, ...]) -> None:
    done = iop(*arguments, home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "IOP_SHOW_CASES=yes" in done.stderr


def test_a_measure_without_people_says_on_what_it_rests(home: Path) -> None:
    done = iop("explain", "capacity_used", home=home)
    assert done.returncode == 0
    assert "capacity_used has no people to list. It counts places of whole sites." in done.stdout


def test_the_ledger_leads_from_the_weeks_to_the_minutes(home: Path) -> None:
    weeks = iop("ledger", "--episode", "e30", "--format", "csv", home=home, IOP_SHOW_CASES="yes")
    rows = list(csv.DictReader(io.StringIO(weeks.stdout)))
    assert {row["episode_id"] for row in rows} == {"e30"}
    assert rows[-1]["attended_hours"] == "6.0"  # 3 hours on days 0 and 3
    one = iop("ledger", "--episode", "e30", "--week", "2026-01-07", home=home, IOP_SHOW_CASES="yes")
    assert "360 minutes counted = 6.0 hours." in one.stdout
    assert "every minute attended" in one.stdout
    assert "the target is 9 hours" in one.stdout


def test_a_week_needs_its_episode(home: Path) -> None:
    done = iop("ledger", "--week", "2026-01-07", home=home, IOP_SHOW_CASES="yes")
    assert done.returncode == 1
    assert "add --episode ID" in done.stderr
