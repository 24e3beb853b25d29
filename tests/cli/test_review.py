"""`iop review` tells what the Review page tells, in every format, and says what to do when it cannot."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from queries.filters import select
from queries.review.contents import REVIEWED, find_reviewed
from queries.review.control import draw_limits
from queries.review.recorded import read_changes, read_target
from queries.review.rows import rows_of_chart
from queries.review.series import read_series
from queries.warehouse import Warehouse
from tests.cli.terminal import iop
from tests.review.monthly_clinic import asker


def test_a_rate_over_time_says_what_changed_and_where_its_limits_come_from(sample_home: Path) -> None:
    done = iop("review", "show_rate", home=sample_home)
    assert (done.returncode, done.stderr) == (0, "")
    for fact in (
        "change for the worse since March 2026 (6 months below the lower limit)",
        "Target 82.0 %: hit and miss",
        "On record from 1 Mar 2026",
        "Limits are fixed on the first 12 months (p′ chart, three sigma of Laney)",
        "rules of NHS Making Data Count",
        "Data to 2026-09-30, evaluated at 2026-08-31",
    ):
        assert fact in done.stdout


def test_the_csv_holds_the_digits_of_the_review(sample_home: Path, sample_warehouse: Warehouse) -> None:
    done = iop("review", "show_rate", "--site", "north", "--format", "csv", home=sample_home)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    entry, chosen = find_reviewed("show_rate"), select({"site": "North"})
    series = read_series(asker(sample_warehouse), sample_warehouse, entry, chosen)
    assert series is not None
    chart = draw_limits(
        series,
        target=read_target(sample_warehouse, entry, chosen),
        changes=read_changes(sample_warehouse, entry, chosen),
    )
    expected = rows_of_chart(chart)
    assert [row["rule"] for row in rows] == expected["rule"].tolist()
    for name in ("value", "centre", "lower", "upper", "denominator"):
        assert [float(row[name]) for row in rows] == expected[name].tolist()
    assert {row["population"] for row in rows} == {"Site North · Level of care IOP"}


def test_without_a_rate_all_are_told_with_what_to_expect_of_chance(sample_home: Path) -> None:
    done = iop("review", home=sample_home)
    assert done.returncode == 0
    assert [entry.measure for entry in REVIEWED if entry.measure not in done.stdout] == []
    assert "Benjamini–Hochberg, q = 0.10" in done.stdout
    assert "expected to be chance" in done.stdout
    assert "no verdict" in done.stdout


def test_sites_stand_in_the_order_of_their_names(sample_home: Path) -> None:
    for option in ("--funnel", "--adjusted"):
        done = iop("review", "crude_retention", option, "--format", "json", home=sample_home)
        names = [row["group_name"] for row in json.loads(done.stdout)["rows"]]
        assert len(names) == 12
        assert names == sorted(names)


def test_a_small_clinic_hides_the_small_site(home: Path) -> None:
    # South has five episodes.
    done = iop("review", "crude_retention", "--funnel", "--format", "json", home=home)
    south = next(row for row in json.loads(done.stdout)["rows"] if row["group_name"] == "South")
    assert south["is_hidden"] is True
    assert [south[name] for name in ("value", "numerator", "denominator", "lower_95", "p_value")] == [None] * 5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["retention_curve"], "has no control chart"),
        (["show_rat"], "Did you mean show_rate"),
        (["show_rate", "--chart", "u"], "Choose p_laney, p, xmr, run"),
        (["show_rate", "--rules", "both"], "Choose nhs, anhoej, western_electric"),
        (["show_rate", "--adjusted"], "cannot be standardised"),
        (["hours_by_month", "--funnel"], "has no funnel"),
        (["show_rate", "--from", "2026-03-02", "--to", "2026-03-20"], "not one whole month"),
        (["show_rate", "--by", "moon"], "Cannot compare by 'moon'"),
    ],
)
def test_what_cannot_be_reviewed_is_answered_with_a_remedy(sample_home: Path, arguments: list[str], says: str) -> None:
    done = iop("review", *arguments, home=sample_home)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
