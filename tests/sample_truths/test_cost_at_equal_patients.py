"""The comparison with 24-hour care for the same kind of patient finds what was planted, and what statsmodels finds.

The second way is another one: pandas reads the CSV files, and each person is weighted by the inverse of a propensity
from statsmodels' logistic regression.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from queries import catalog
from queries.warehouse import Warehouse
from tests.sample_truths.exported_care import ANALYSIS_CUT, DAY, stays

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
PAID = TRUTH["settings"]["paid_usd_per_episode"]
SUCCESS = TRUTH["settings"]["success"]
LEVELS = ("residential", "inpatient")


def ask(warehouse: Warehouse, name: str, **parameters) -> pd.DataFrame:
    frame = catalog.ask(warehouse, name, parameters=parameters).frame
    level = frame["category"].str.split(" ").str[0]
    return frame.assign(level=level).set_index(["level", "statistic"])


@pytest.fixture(scope="module")
def costs(sample_warehouse: Warehouse) -> pd.DataFrame:
    return ask(sample_warehouse, "adjusted_cost_difference")


@pytest.fixture(scope="module")
def results(sample_warehouse: Warehouse) -> pd.DataFrame:
    return ask(sample_warehouse, "adjusted_outcome_difference")


@pytest.fixture(scope="module")
def persons() -> pd.DataFrame:
    """Each person's first episode at the three levels, of those who started 120 days before the cut, with its cost."""
    own = stays().reset_index(drop=True)
    own = own[own["is_started"] & own["level_of_care"].isin(["IOP", *LEVELS])]
    own = own.sort_values(["day_zero", "episode_id"]).drop_duplicates("patient_id")
    own = own[(own["day_zero"] + 120 * DAY <= ANALYSIS_CUT) & own["is_closed"] & own["paid"].notna()]
    band = pd.cut(own["severity"], [-1, 7, 12, 24], labels=["low", "middle", "high"]).astype(str)
    payer = own["payer"].where(own["payer"].isin(["commercial", "medicaid", "self_pay"]), "another")
    prior = own["prior_episodes"].clip(upper=2).astype(str)
    return own.assign(band=band, payer_group=payer, prior=prior, is_adult=own["age"] >= 18)


def test_the_crude_differences_overstate_what_was_planted_and_the_weighted_ones_find_it(costs):
    planted = PAID["difference_at_equal_severity"]
    for level in LEVELS:
        crude, weighted = costs.loc[(level, "crude")], costs.loc[(level, "weighted")]
        assert crude["lower"] > planted
        assert weighted["lower"] < planted < weighted["upper"]
        assert crude["value"] - weighted["value"] > 500


def test_24_hour_care_does_worse_crudely_and_as_well_for_the_same_kind_of_patient(results):
    # Planted: 6.2 points fewer crudely, none within a band of severity.
    assert SUCCESS["crude_difference"] == pytest.approx(-0.0616)
    assert abs(SUCCESS["difference_at_equal_severity"]) < 0.001
    for level in LEVELS:
        crude, weighted = results.loc[(level, "crude")], results.loc[(level, "weighted")]
        assert crude["value"] < -4
        assert weighted["lower"] < 0 < weighted["upper"]
        assert weighted["value"] > crude["value"] + 4


def test_so_there_is_no_price_of_one_more_completion_and_iop_is_the_better_buy(sample_warehouse):
    rows = ask(sample_warehouse, "incremental_cost_effectiveness", willingness_to_pay=5000)
    for level in LEVELS:
        assert pd.isna(rows.at[(level, "icer"), "value"])
        assert "no ratio: the results may not differ at all" in rows.at[(level, "icer"), "method"]
        assert rows.at[(level, "net_benefit"), "upper"] < 0
    plane = ask(sample_warehouse, "cost_effectiveness_plane")
    dearer = plane[plane["category"].str.contains(": costs more")].groupby(level="level")["value"].sum()
    assert (dearer > 0.99).all()
    curve = catalog.ask(sample_warehouse, "cost_effectiveness_acceptability").frame
    assert (curve.loc[curve["step"] <= 5000, "value"] < 0.01).all()


def test_severity_is_far_apart_before_weighting_and_no_characteristic_after(sample_warehouse):
    for level in LEVELS:
        frame = catalog.ask(sample_warehouse, "comparison_balance", parameters={"compared": level}).frame
        apart = frame.set_index(["category", "statistic"])["value"]
        assert apart["severity: high", "before"] > 0.5
        after = apart.xs("after", level=1).dropna()
        assert len(after) > 8
        assert (after.abs() < 0.1).all()


@pytest.mark.parametrize("level", LEVELS)
def test_the_crude_difference_is_that_of_pandas(costs, persons, level):
    means = persons.groupby("level_of_care")["paid"].agg(["mean", "count"])
    row = costs.loc[(level, "crude")]
    assert row["value"] == pytest.approx(means["mean"][level] - means["mean"]["IOP"], rel=1e-9)
    assert row["denominator"] == means["count"][level] + means["count"]["IOP"]


@pytest.mark.parametrize("level", LEVELS)
def test_the_weighted_difference_agrees_with_inverse_propensities_of_statsmodels(costs, persons, level):
    own = persons[persons["level_of_care"].isin(["IOP", level])]
    # The overlap, by hand: adults; with residential care no mental-health program, with either no unknown severity.
    own = own[own["is_adult"] & (own["band"] != "nan") & ((level == "inpatient") | (own["program"] != "MH"))]
    treated = (own["level_of_care"] == level).to_numpy()
    design = pd.get_dummies(own[["band", "program", "prior", "payer_group"]], drop_first=True).astype(float)
    fit = sm.GLM(treated.astype(float), sm.add_constant(design), family=sm.families.Binomial()).fit()
    chance = fit.fittedvalues.to_numpy()
    weight = np.where(treated, 1 / chance, 1 / (1 - chance))
    paid = own["paid"].to_numpy()
    means = [np.average(paid[is_in], weights=weight[is_in]) for is_in in (treated, ~treated)]
    row = costs.loc[(level, "weighted")]
    # Two consistent ways to weigh differ by less than chance does: a fifth of the interval's width.
    assert means[0] - means[1] == pytest.approx(row["value"], abs=0.2 * (row["upper"] - row["lower"]))
