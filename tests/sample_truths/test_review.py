"""The planted fall of the show rate is what the quality review signals, in its month."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from dashboard.review_words import describe_chart, describe_records
from queries.filters import select
from queries.review.between import draw_funnel
from queries.review.contents import find_reviewed
from queries.review.control import ControlChart, draw_limits
from queries.review.recorded import read_changes
from queries.review.series import read_series
from queries.warehouse import Warehouse
from tests.review.monthly_clinic import asker

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
SHIFT = pd.Timestamp(TRUTH["show_rate"]["from"])
SHOW_RATE = find_reviewed("show_rate")


def chart_of(warehouse: Warehouse, name: str = "show_rate", *, is_rebased: bool = False, **choice) -> ControlChart:
    entry, selection = find_reviewed(name), select(choice.pop("filters", {}))
    series = read_series(asker(warehouse), warehouse, entry, selection)
    assert series is not None
    changes = read_changes(warehouse, entry, selection)
    return draw_limits(series, changes=changes, is_rebased=is_rebased, **choice)


@pytest.mark.parametrize("kind", ["p_laney", "p", "xmr"])
def test_the_fall_of_the_show_rate_is_signalled_in_its_month(sample_warehouse: Warehouse, kind: str) -> None:
    chart = chart_of(sample_warehouse, kind=kind)
    is_after = chart.frame["period"] >= SHIFT
    assert is_after.sum() >= 6
    assert (chart.frame.loc[is_after, "judgement"] == "concern").all()
    assert chart.signal is not None
    assert (chart.signal.since, chart.signal.direction, chart.signal.is_ongoing) == (SHIFT, -1, True)
    assert (~chart.frame.loc[~is_after, "judgement"].eq("common cause")).sum() <= 3


def test_the_sentence_says_since_when_and_by_which_rule(sample_warehouse: Warehouse) -> None:
    chart = chart_of(sample_warehouse)
    said = describe_chart(chart)
    assert said.startswith("Show rate: change for the worse since March 2026 (6 months below the lower limit).")
    assert "On record from 1 Mar 2026" in describe_records(chart)[0]


def test_the_western_electric_rules_find_it_too_and_a_run_of_six_is_too_short_for_anhoejs(
    sample_warehouse: Warehouse,
) -> None:
    found = chart_of(sample_warehouse, rules="western_electric").signal
    assert found is not None
    assert found.until == chart_of(sample_warehouse).frame["period"].iloc[-1]
    assert chart_of(sample_warehouse, rules="anhoej", kind="run").signal is None


def test_after_the_recorded_cause_the_new_process_is_steady(sample_warehouse: Warehouse) -> None:
    chart = chart_of(sample_warehouse, is_rebased=True)
    after = chart.frame[chart.frame["phase"] == 2]
    assert after["period"].iloc[0] == SHIFT
    assert chart.variation == "common cause"
    assert chart.is_trial
    assert after["centre"].iloc[0] - chart.frame["centre"].iloc[0] == pytest.approx(
        TRUTH["show_rate"]["shift"], abs=0.02
    )


def test_what_was_not_planted_is_common_cause(sample_warehouse: Warehouse) -> None:
    assert chart_of(sample_warehouse, "crude_retention").variation == "common cause"
    assert chart_of(sample_warehouse, "admissions_and_discharges").variation == "common cause"


def test_the_site_that_loses_people_lies_below_the_funnel_of_retention(sample_warehouse: Warehouse) -> None:
    found = draw_funnel(asker(sample_warehouse), sample_warehouse, find_reviewed("crude_retention"), select(), "site")
    assert found is not None
    position = found.frame.set_index("group_name")["position"]
    assert position[position.str.startswith("below")].index.tolist() == ["North"]
