"""What was planted in the sample's costs is what the cost measures find."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
PAID = TRUTH["settings"]["paid_usd_per_episode"]
LEVELS = ("residential", "inpatient")


def ask(warehouse: Warehouse, name: str, filters=None, **parameters) -> pd.DataFrame:
    frame = catalog.ask(warehouse, name, filters, parameters=parameters).frame
    return frame[frame["statistic"] == "mean"]


@pytest.fixture(scope="module")
def comparison(sample_warehouse: Warehouse) -> pd.DataFrame:
    return ask(sample_warehouse, "cost_comparison").set_index("category")


@pytest.mark.parametrize("band", ["crude", "low", "middle", "high"])
def test_the_cost_of_iop_is_the_planted_one_in_every_band(comparison, band):
    row = comparison.loc["IOP (paid)" if band == "crude" else f"IOP, {band} severity (paid)"]
    assert row["value"] == pytest.approx(PAID["IOP"][band], rel=0.04)


@pytest.mark.parametrize("band", ["crude", "low", "middle", "high"])
def test_the_cost_of_24_hour_care_is_the_planted_one_in_every_band(comparison, band):
    names = [level + (" (paid)" if band == "crude" else f", {band} severity (paid)") for level in LEVELS]
    both = comparison.loc[names]
    mean = both["numerator"].sum() / both["denominator"].sum()
    assert mean == pytest.approx(PAID["24_hour"][band], rel=0.06)


def test_the_crude_difference_overstates_the_one_at_equal_severity(comparison):
    assert PAID["crude_difference"] > PAID["difference_at_equal_severity"]
    for level in LEVELS:
        crude = comparison.loc[f"{level} less IOP, crude (paid)"]
        adjusted = comparison.loc[f"{level} less IOP, at equal severity (paid)"]
        assert crude["value"] - adjusted["value"] > 300
        assert adjusted["lower"] > 0


def test_the_differences_of_both_levels_hold_the_planted_ones_between_or_near_them(comparison):
    for name, truth in (("crude", "crude_difference"), ("at equal severity", "difference_at_equal_severity")):
        rows = comparison.loc[[f"{level} less IOP, {name} (paid)" for level in LEVELS]]
        assert rows["lower"].min() < PAID[truth] < rows["upper"].max()


def test_a_cheaper_level_at_low_severity_is_dearer_at_high_severity(comparison):
    gap = {
        band: comparison["value"][f"inpatient, {band} severity (paid)"]
        - comparison["value"][f"IOP, {band} severity (paid)"]
        for band in ("low", "middle", "high")
    }
    assert gap["low"] < 500 < gap["middle"] < gap["high"]


def test_the_cost_of_iop_alone_is_the_one_that_is_compared(sample_warehouse, comparison):
    alone = ask(sample_warehouse, "cost_per_episode", horizon_days=0).set_index("category")
    assert alone["value"]["paid"] == comparison["value"]["IOP (paid)"]
    with_step_ups = ask(sample_warehouse, "cost_per_episode").set_index("category")
    assert with_step_ups["value"]["paid"] > alone["value"]["paid"]


def test_a_completion_costs_more_than_an_episode_by_the_share_who_complete(sample_warehouse):
    episode, completion = (
        ask(sample_warehouse, name, **chosen).set_index("category").loc["paid"]
        for name, chosen in (("cost_per_episode", {"horizon_days": 0}), ("cost_per_completed_episode", {}))
    )
    assert completion["numerator"] == pytest.approx(episode["numerator"])
    share = completion["denominator"] / episode["denominator"]
    assert completion["value"] == pytest.approx(episode["value"] / share)


def test_at_every_payers_rates_a_24_hour_stay_costs_more_than_an_iop_episode(sample_warehouse):
    prices = ask(sample_warehouse, "price_comparison").set_index("category")["value"]
    for payer in {name.split(":")[0] for name in prices.index}:
        for level in LEVELS:
            assert prices[f"{payer}: {level} stay"] > prices[f"{payer}: IOP episode"]


def test_a_stay_costs_as_much_as_some_weeks_of_iop(sample_warehouse):
    days = ask(sample_warehouse, "break_even").set_index("category")["value"]
    per_day = ask(sample_warehouse, "cost_per_day").set_index("category")["value"]["paid, per day with a service"]
    stay = ask(sample_warehouse, "cost_comparison").set_index("category")["value"]["inpatient (paid)"]
    assert days["one inpatient stay (paid)"] == pytest.approx(stay / per_day)


def test_pooling_amounts_to_ten_dollars_in_large_arms_changes_no_sum_and_hardly_an_interval(sample_warehouse):
    measure = catalog.measure("cost_comparison")
    assert measure.sql.count("> 5000") == 1
    pooled, exact = (
        catalog.answer_unsuppressed(sample_warehouse, replace(measure, sql=sql), select()).frame
        for sql in (measure.sql.replace("> 5000", "> 5"), measure.sql)
    )
    # The draws are others, since there are fewer values: a tenth of the width is what 2,000 draws scatter.
    width = (exact["upper"] - exact["lower"]).astype(float)
    assert (pooled["value"] - exact["value"]).abs().max() < 1e-6
    assert ((pooled["lower"] - exact["lower"]).abs() < 0.1 * width).all()
    assert ((pooled["upper"] - exact["upper"]).abs() < 0.1 * width).all()
