"""What was planted in the sample's sessions is what the measures of hours and attendance find."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.warehouse import Warehouse

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
SHIFT = pd.Timestamp(TRUTH["show_rate"]["from"])


def ask(warehouse: Warehouse, name: str, filters=None, by=None, **parameters) -> pd.DataFrame:
    return catalog.ask(warehouse, name, filters, by=by, parameters=parameters).frame


def test_the_show_rate_is_the_planted_one_before_and_after_the_shift(sample_warehouse):
    # The generator counts every attended session; the measure leaves out those attended for less than half.
    partial = ask(sample_warehouse, "partial_attendance").iloc[0]["value"]
    before = ask(sample_warehouse, "show_rate", {"date_to": SHIFT.date() - pd.Timedelta(days=1)}).iloc[0]
    after = ask(sample_warehouse, "show_rate", {"date_from": SHIFT.date()}).iloc[0]
    for row, truth in ((before, TRUTH["show_rate"]["before"]), (after, TRUTH["show_rate"]["after"])):
        assert row["value"] == pytest.approx(truth * (1 - partial), abs=0.01)
    assert before["lower"] - after["upper"] > 0.04
    assert after["value"] - before["value"] == pytest.approx(TRUTH["show_rate"]["shift"], abs=0.02)


def test_every_month_from_the_shift_on_is_below_every_month_before(sample_warehouse):
    months = ask(sample_warehouse, "show_rate_by_month")
    is_after = months["period"] >= SHIFT
    assert is_after.sum() >= 5
    assert months.loc[is_after, "value"].max() < months.loc[~is_after, "value"].min()


def test_the_crowded_site_is_the_one_whose_groups_are_over_the_limit(sample_warehouse):
    crowded, limit = TRUTH["group_size"]["crowded_site"], TRUTH["group_size"]["limit"]
    size = ask(sample_warehouse, "group_size", by="site")
    median = size[size["statistic"] == "median"].set_index("group_name")["value"]
    assert median[median > limit].index.tolist() == [crowded]
    over = catalog.answer_unsuppressed(
        sample_warehouse, catalog.measure("group_over_limit"), catalog.select({}, by="site")
    ).frame.set_index("group_name")
    assert over["value"][crowded] > 0.5
    assert over["value"].drop(crowded).max() < 0.1


def test_the_share_over_the_default_limit_agrees_with_the_distribution(sample_warehouse):
    size = ask(sample_warehouse, "group_size").set_index("statistic")
    assert size["value"]["share_at_target"] == ask(sample_warehouse, "group_over_limit").iloc[0]["value"]


def test_the_bands_sum_to_one_and_agree_with_the_weeks(sample_warehouse):
    bands = ask(sample_warehouse, "hours_band", {"age_group": ["adult"]}).set_index("category")
    weeks = ask(sample_warehouse, "weekly_target_attainment", {"age_group": ["adult"]}).iloc[0]
    assert bands["value"].sum() == pytest.approx(1)
    assert bands["value"]["< 9 hours"] == pytest.approx(1 - weeks["value"])


def test_the_months_sum_to_the_whole(sample_warehouse):
    for name, by_month in (
        ("show_rate", "show_rate_by_month"),
        ("weekly_target_attainment", "target_attainment_by_month"),
    ):
        whole, months = ask(sample_warehouse, name).iloc[0], ask(sample_warehouse, by_month)
        for column in ("numerator", "denominator"):
            assert months[column].sum() == whole[column]


def test_the_hours_attended_are_those_of_the_sessions(sample_warehouse):
    hours = sample_warehouse.cursor().execute(
        "select sum(counted_minutes) / 60 from mart.session join mart.episode using (episode_id) "
        "where is_before_cut and level_of_care = 'IOP'"
    )
    mix = catalog.answer_unsuppressed(sample_warehouse, catalog.measure("service_mix"), catalog.select({})).frame
    assert mix["numerator"].sum() == pytest.approx(hours.fetchone()[0])
    assert mix["value"].sum() == pytest.approx(1)


def test_people_who_drop_out_received_fewer_hours(sample_warehouse):
    dose = ask(sample_warehouse, "dose_received")
    median = dose[dose["statistic"] == "median"].set_index("category")["value"]
    assert median["dropped out"] < median["completed"] / 2
