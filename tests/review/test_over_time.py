"""A rate over time: whole months, fixed limits, one set of rules, causes on record, and no verdict on too few."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries.filters import select
from queries.measure import MeasureError
from queries.review.contents import REVIEWED, find_reviewed
from queries.review.control import TOO_FEW, ChartError, draw_limits, kinds_of
from queries.review.recorded import read_changes, read_target
from queries.review.series import Series, read_series
from queries.warehouse import Warehouse, open_warehouse
from tests.review.monthly_clinic import asker, attended_clinic, months

SHOW_RATE = find_reviewed("show_rate")
STEADY = [(78, 100), (82, 100), (80, 100), (79, 100), (81, 100), (80, 100)] * 2
LATER = [(50, 100), (52, 100), (51, 100)]
CAUSE = {"measure": "show_rate", "site": "all", "from_date": date(2025, 1, 1), "cause": "The bus line was closed."}
ELSEWHERE = {"measure": "show_rate", "site": "South", "from_date": date(2024, 5, 1), "cause": "Another building."}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """North: 12 steady months around 80 %, then 3 around 51 %, with the cause on record. South: too few to judge."""
    few = [(11, 22)] * 3 + [(0, 12)] * 3 + [(11, 22)] * 9
    opened = attended_clinic(
        tmp_path_factory.mktemp("months"),
        {"North": [*STEADY, *LATER], "South": few},
        baseline_changes=[CAUSE, ELSEWHERE],
        targets=[{"measure": "show_rate", "program": "all", "target_value": 0.7, "effective_from": date(2024, 1, 1)}],
    )
    yield opened
    opened.close()


def series_of(warehouse: Warehouse, site: str, **filters: object) -> Series:
    found = read_series(asker(warehouse), warehouse, SHOW_RATE, select({"site": site, **filters}))
    assert found is not None
    return found


def test_each_whole_month_is_a_point_with_its_counts(warehouse: Warehouse) -> None:
    frame = series_of(warehouse, "North").frame
    assert frame["period"].tolist() == [pd.Timestamp(month) for month in months(15)]
    assert list(zip(frame["numerator"], frame["denominator"], strict=True)) == [*STEADY, *LATER]


def test_a_month_that_the_dates_cut_is_left_out(warehouse: Warehouse) -> None:
    cut = series_of(warehouse, "North", date_from=date(2024, 3, 1), date_to=date(2024, 6, 29)).frame
    assert cut["period"].tolist() == [pd.Timestamp(2024, month, 1) for month in (3, 4, 5)]
    none = select({"date_from": date(2024, 3, 2), "date_to": date(2024, 3, 20)})
    assert read_series(asker(warehouse), warehouse, SHOW_RATE, none) is None


def test_limits_rest_on_the_first_twelve_points_and_a_fall_is_a_signal(warehouse: Warehouse) -> None:
    chart = draw_limits(series_of(warehouse, "North"), kind="p")
    # 960 of 1200 in the baseline: 0.8 ± 3 √(0.8 · 0.2 / 100).
    np.testing.assert_allclose(chart.frame["centre"], 0.8)
    np.testing.assert_allclose(chart.frame["lower"], 0.8 - 3 * 0.04)
    assert chart.frame["is_baseline"].tolist() == [True] * 12 + [False] * 3
    assert not chart.is_trial
    assert chart.frame["judgement"].tolist() == ["common cause"] * 12 + ["concern"] * 3
    assert chart.signal is not None
    assert (chart.signal.since, chart.signal.points, chart.signal.rule) == (
        pd.Timestamp(2025, 1, 1),
        3,
        "outside limits",
    )
    assert chart.variation == "concern"


def test_a_recorded_cause_explains_a_signal_and_moves_limits_only_when_asked(warehouse: Warehouse) -> None:
    series, selection = series_of(warehouse, "North"), select({"site": "North"})
    changes = read_changes(warehouse, SHOW_RATE, selection)
    assert [change.cause for change in changes] == ["The bus line was closed."]
    told = draw_limits(series, changes=changes)
    assert (told.variation, told.is_rebased, len(told.changes)) == ("concern", False, 1)
    rebased = draw_limits(series, kind="p", changes=changes, is_rebased=True)
    assert rebased.frame["phase"].tolist() == [1] * 12 + [2] * 3
    np.testing.assert_allclose(rebased.frame["centre"], [0.8] * 12 + [0.51] * 3)
    assert (rebased.variation, rebased.is_trial) == ("common cause", True)
    # Without a record there is nothing to begin anew at.
    assert not draw_limits(series, is_rebased=True).is_rebased


def test_the_causes_of_a_site_are_told_for_that_site_alone(warehouse: Warehouse) -> None:
    south = read_changes(warehouse, SHOW_RATE, select({"site": "South"}))
    assert [change.cause for change in south] == ["Another building.", "The bus line was closed."]
    assert len(read_changes(warehouse, SHOW_RATE, select())) == 1


def test_under_twelve_points_limits_are_trial_limits(warehouse: Warehouse) -> None:
    short = series_of(warehouse, "North", date_to=date(2024, 11, 30))
    assert len(short.frame) == 11
    assert draw_limits(short).is_trial


def test_a_month_of_fewer_than_twenty_has_no_judgement(warehouse: Warehouse) -> None:
    chart = draw_limits(series_of(warehouse, "South"), kind="p", target=0.7)
    few = chart.frame[chart.frame["denominator"] == 12]
    assert len(few) == 3
    assert set(few["judgement"]) == {TOO_FEW}
    until = series_of(warehouse, "South", date_to=date(2024, 6, 30))
    judged = draw_limits(until, kind="p", target=0.7)
    assert (judged.variation, judged.assurance) == (None, None)


def test_the_target_is_assured_by_the_limits(warehouse: Warehouse) -> None:
    target = read_target(warehouse, SHOW_RATE, select())
    assert target == 0.7
    steady = series_of(warehouse, "North", date_to=date(2024, 12, 31))
    # Limits 0.68 to 0.92 by p; the target of 60 % lies below them, that of 95 % above.
    assert draw_limits(steady, kind="p", target=target).assurance == "hit and miss"
    assert draw_limits(steady, kind="p", target=0.6).assurance == "consistent pass"
    assert draw_limits(steady, kind="p", target=0.95).assurance == "consistent fail"


def test_one_set_of_rules_at_a_time_is_the_readers_choice(warehouse: Warehouse) -> None:
    series = series_of(warehouse, "North")
    found = {rules: set(draw_limits(series, kind="p", rules=rules).frame["rule"]) - {""} for rules in
             ("nhs", "anhoej", "western_electric")}  # fmt: skip
    assert found == {"nhs": {"outside limits"}, "anhoej": set(), "western_electric": {"outside limits"}}
    with pytest.raises(ChartError, match="nhs, anhoej, western_electric"):
        draw_limits(series, rules="all")


def test_the_kind_of_chart_follows_from_what_is_counted() -> None:
    suggested = {}
    for entry in REVIEWED:
        suggested[entry.measure] = kinds_of(Series(entry, None, "month", pd.DataFrame()))[0]  # type: ignore[arg-type]
    assert suggested["show_rate"] == "p_laney"  # Sessions of one person are alike.
    assert suggested["crude_retention"] == "p"
    assert suggested["admissions_and_discharges"] == "u_laney"
    assert suggested["hours_by_month"] == "xmr"


def test_what_is_no_share_of_counted_things_has_no_chart(warehouse: Warehouse) -> None:
    with pytest.raises(MeasureError, match="no control chart"):
        find_reviewed("retention_curve")
    assert find_reviewed("show_rate_by_month") is SHOW_RATE
    assert find_reviewed("partial_attendance").measure == "partial_attendance"
    with pytest.raises(ChartError, match="Choose p_laney, p, xmr, run"):
        draw_limits(series_of(warehouse, "North"), kind="u")


def test_a_warehouse_of_before_the_record_has_no_causes(tmp_path: Path) -> None:
    opened = attended_clinic(tmp_path, {"North": [(20, 30)]}, baseline_changes=[CAUSE | {"from_date": months(1)[0]}])
    assert len(read_changes(opened, SHOW_RATE, select())) == 1
    opened.close()
    for path in tmp_path.rglob("*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute("drop table core.baseline_changes")
    older = open_warehouse(tmp_path)
    assert read_changes(older, SHOW_RATE, select()) == []
    older.close()
