"""Differences at equal covariates, ICER, net benefit, acceptability: published examples, formulas, corner cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from queries.statistics import comparisons, derive
from queries.statistics.comparisons import COVARIATES, compare_arms

SAME = dict.fromkeys(COVARIATES, "same")


def arm(name: str, cost, effect, **columns) -> pd.DataFrame:
    """Rows of an arm, one person each."""
    cost, effect = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (cost, effect))
    products = {"cost_cost": cost**2, "cost_effect": cost * effect, "effect_effect": effect**2}
    own = {"arm": name, "cost": cost, "effect": effect, "weight": 1, "missing_n": 0, "category": "inpatient less IOP"}
    return pd.DataFrame(own | products | SAME | columns)


def spread(mean: float, deviation: float, n: int = 200) -> np.ndarray:
    """Normal quantiles, whose mean is exact."""
    return mean + deviation * scipy.stats.norm.ppf((np.arange(n) + 0.5) / n)


def shuffled(values: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(values)


def answer(kind: str, *arms: pd.DataFrame, willingness_to_pay=100_000, **options) -> pd.DataFrame:
    options = {"willingness_to_pay": willingness_to_pay, **options}
    return derive(kind, pd.concat(arms), unit="USD", options=options)


def two(cost: tuple[float, float], effect: tuple[float, float], deviations=(20.0, 0.02)) -> list[pd.DataFrame]:
    """IOP and inpatient arms of 200 persons with these means."""
    return [
        arm(name, shuffled(spread(c, deviations[0]), 2 * place), shuffled(spread(e, deviations[1]), 2 * place + 1))
        for place, (name, c, e) in enumerate(zip(("IOP", "inpatient"), cost, effect, strict=True))
    ]


def test_ratio_and_net_benefit_of_a_published_example():
    """CRAN ParCC, vignette "Economic Evaluation": 85,000 and 3.82 against 142,000 and 4.15.

    57,000 / 0.33 = 172,727; at 100,000 a unit −24,000.
    """
    rows = answer("icer", *two((85_000, 142_000), (3.82, 4.15))).set_index("statistic")
    assert rows["value"].round().to_dict() == {"cost_difference": 57_000, "icer": 172_727, "net_benefit": -24_000}
    assert rows.at["icer", "method"].startswith("price of one more")


def test_net_benefit_is_0_at_the_ratio_and_minus_the_cost_at_no_value():
    rows = answer("net_benefit", *two((1000, 4000), (0.3, 0.6)), willingness_to_pay=10_000).set_index("step")
    # 3,000 / 0.3 = 10,000.
    assert rows["value"].round(6).to_dict() == {0: -3000, 5000: -1500, 10_000: 0, 20_000: 3000}
    assert (rows["lower"] < rows["value"]).all()
    assert (rows["value"] < rows["upper"]).all()


def test_the_acceptability_curve_is_the_normal_one():
    """Löthgren and Zethraeus 2000: for normal means it is Φ(net benefit / its standard error), within 2,000 draws."""
    iop, inpatient = two((1000, 4000), (0.3, 0.5), deviations=(9000, 0.9))
    curve = answer("acceptability", iop, inpatient, willingness_to_pay=15_000).set_index("step")["value"]
    assert len(curve) == 21
    for value in (0, 7500, 15_000, 30_000):
        benefits = [value * rows["effect"] - rows["cost"] for rows in (inpatient, iop)]
        error = np.hypot(*(scipy.stats.sem(benefit) for benefit in benefits))
        expected = scipy.stats.norm.cdf((benefits[0].mean() - benefits[1].mean()) / error)
        assert curve[value] == pytest.approx(expected, abs=0.03)


def test_the_interval_of_a_ratio_is_fiellers():
    iop, inpatient = two((1000, 4000), (0.3, 0.6), deviations=(2000, 0.4))
    row = answer("icer", iop, inpatient).set_index("statistic").loc["icer"]
    cost, effect = (inpatient[name].mean() - iop[name].mean() for name in ("cost", "effect"))
    n = 200
    (cc, ce), (_, ee) = sum(np.cov(rows["cost"], rows["effect"]) / n for rows in (iop, inpatient))
    # Roots of (cost − r·effect)² = 1.96² (cc − 2r·ce + r²·ee).
    z = 1.959964**2
    lower, upper = sorted(np.roots([effect**2 - z * ee, 2 * (z * ce - cost * effect), cost**2 - z * cc]))
    assert (row["lower"], row["upper"]) == pytest.approx((lower, upper), rel=0.04)


@pytest.mark.parametrize(
    ("cost", "effect", "said"),
    [
        ((4000, 1000), (0.3, 0.6), "24-hour care costs less and does better (dominance)"),
        ((1000, 4000), (0.6, 0.3), "24-hour care costs more and does worse (dominance)"),
        ((1000, 4000), (0.5, 0.5), "the results may not differ at all; see the net benefit"),
    ],
)
def test_without_a_meaning_there_is_no_ratio_but_a_net_benefit(cost, effect, said):
    rows = answer("icer", *two(cost, effect), willingness_to_pay=1000).set_index("statistic")
    assert np.isnan(rows.at["icer", "value"])
    assert rows.at["icer", "method"] == f"no ratio: {said}"
    assert rows.at["net_benefit", "value"] == pytest.approx(1000 * (effect[1] - effect[0]) - (cost[1] - cost[0]))


def test_where_24_hour_care_costs_less_and_does_worse_the_ratio_is_what_iop_costs_for_each():
    # 3,000 less for 0.3 fewer.
    row = answer("icer", *two((4000, 1000), (0.6, 0.3))).set_index("statistic").loc["icer"]
    assert row["value"] == pytest.approx(10_000)
    assert "24-hour care does worse" in row["method"]


def test_a_difference_of_effects_without_any_spread_leaves_no_ratio():
    rows = answer("icer", *two((1000, 4000), (0.5, 0.5), deviations=(20.0, 0.0))).set_index("statistic")
    assert np.isnan(rows.at["icer", "value"])
    plane = answer("plane", *two((1000, 4000), (0.5, 0.5), deviations=(20.0, 0.0)))
    shares = plane.set_index("category")["value"]
    assert shares["inpatient less IOP: costs more, does no better"] == 1
    assert "correlation" not in set(plane["statistic"])


def test_the_quadrants_sum_to_one_and_pairs_stay_together():
    """Cost and effect of a person that rise together do so in the draws; drawn apart they would not."""
    random = np.random.default_rng(6)
    arms = []
    for name in ("IOP", "inpatient"):
        cost = random.gamma(2, 2000, 300)
        arms.append(arm(name, cost, cost / 4000 + random.normal(0, 0.2, 300)))
    rows = answer("plane", *arms).set_index("statistic")
    assert rows.loc["of_draws", "value"].sum() == pytest.approx(1)
    expected = np.corrcoef(arms[0]["cost"], arms[0]["effect"])[0, 1]
    assert rows.at["correlation", "value"] == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize("kind", ["weighted_difference", "icer", "plane", "net_benefit", "acceptability", "balance"])
def test_an_arm_without_anybody_has_no_rows_and_with_one_person_no_weighted_number(kind):
    iop, other = two((1000, 4000), (0.3, 0.6))
    assert answer(kind, iop, amount="cost").empty
    rows = answer(kind, iop, other.head(1), amount="cost")
    if kind == "balance":
        assert rows.empty
        return
    if kind == "weighted_difference":
        rows = rows[rows["statistic"] == "weighted"]
    assert rows["value"].isna().all()
    assert set(rows["method"]) == {"not shown: one of the arms has one person"}


def test_few_in_an_arm_or_few_with_the_result_are_marked_for_the_gate():
    iop = arm("IOP", spread(1000, 20), np.arange(200) % 2)
    for yes, is_hidden in ((5, True), (35, True), (20, False)):
        other = arm("inpatient", spread(4000, 20, 40), np.arange(40) < yes)
        rows = answer("weighted_difference", iop, other, amount="effect")
        assert rows["is_suppressed"].tolist() == [is_hidden] * 2


def confounded(seed: int, n: int = 1200) -> pd.DataFrame:
    """Severe people go to 24-hour care and cost more everywhere; the true difference is 2,000 for everybody."""
    random = np.random.default_rng(seed)
    severity = random.choice(["low", "middle", "high"], n, p=[0.4, 0.4, 0.2])
    payer = random.choice(["commercial", "medicaid"], n)
    chance = pd.Series(severity).map({"low": 0.1, "middle": 0.25, "high": 0.6}) + (payer == "medicaid") * 0.1
    treated = random.random(n) < chance
    burden = pd.Series(severity).map({"low": 0, "middle": 1500, "high": 4000}).to_numpy()
    cost = 3000 + burden + 2000 * treated + random.gamma(2, 400, n)
    effect = (random.random(n) < pd.Series(severity).map({"low": 0.7, "middle": 0.5, "high": 0.3})).astype(float)
    parts = [
        arm(name, cost[rows], effect[rows], severity=severity[rows], payer=payer[rows])
        for name, rows in (("IOP", ~treated), ("inpatient", treated))
    ]
    return pd.concat(parts)


def test_the_weighted_difference_finds_the_truth_that_the_crude_one_misses():
    for seed in range(3):
        rows = derive("weighted_difference", confounded(seed), unit="USD", options={"amount": "cost"})
        crude, weighted = (rows.set_index("statistic").loc[name] for name in ("crude", "weighted"))
        assert crude["lower"] > 2500
        assert weighted["lower"] < 2000 < weighted["upper"]
        assert weighted["upper"] - weighted["lower"] < 300


def test_it_agrees_with_the_inverse_of_a_propensity_fitted_by_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    people = confounded(7)
    treated = (people["arm"] == "inpatient").to_numpy()
    design = pd.get_dummies(people[["severity", "payer"]], drop_first=True).astype(float)
    chance = api.GLM(treated.astype(float), api.add_constant(design), family=api.families.Binomial()).fit().fittedvalues
    weight = np.where(treated, 1 / chance, 1 / (1 - chance))
    means = [np.average(people["cost"][is_in], weights=weight[is_in]) for is_in in (treated, ~treated)]
    row = derive("weighted_difference", people, unit="USD", options={"amount": "cost"}).set_index("statistic")
    assert row.at["weighted", "value"] == pytest.approx(means[0] - means[1], abs=60)


def test_above_some_thousands_persons_the_draws_rest_on_the_sums_of_cells_alone(monkeypatch):
    """Rows of persons and rows of cells give the same differences, and intervals within a tenth of their width."""
    people = confounded(11, n=4000)
    monkeypatch.setattr(comparisons, "MANY", 500)
    sums = ["weight", "cost", "effect", "cost_cost", "cost_effect", "effect_effect", "missing_n"]
    cells = people.groupby(["arm", "category", *COVARIATES], as_index=False)[sums].sum()
    assert len(cells) == 12
    by_cell = compare_arms(cells)
    monkeypatch.setattr(comparisons, "MANY", 5000)
    by_person = compare_arms(people)
    np.testing.assert_allclose(by_cell.weighted, by_person.weighted, rtol=1e-9)
    limits = [np.quantile(found.draws, [0.025, 0.975], axis=0) for found in (by_cell, by_person)]
    width = limits[1][1] - limits[1][0]
    assert (np.abs(limits[0] - limits[1]) < 0.1 * width).all()
    together = [np.corrcoef(found.draws.T)[0, 1] for found in (by_cell, by_person)]
    assert together[0] == pytest.approx(together[1], abs=0.08)


def test_most_people_outside_the_overlap_leave_no_weighted_number_and_say_why():
    iop = arm("IOP", spread(1000, 20), np.arange(200) % 2, age=np.where(np.arange(200) < 130, "adolescent", "adult"))
    other = arm("inpatient", spread(4000, 20), np.arange(200) % 2, age=np.where(np.arange(200) < 100, "child", "adult"))
    rows = answer("weighted_difference", iop, other, amount="cost").set_index("statistic")
    assert rows.at["crude", "value"] == pytest.approx(3000)
    assert np.isnan(rows.at["weighted", "value"])
    assert rows.at["weighted", "method"].startswith("not shown: too little overlap")


def test_the_balance_shows_a_level_outside_the_overlap_before_weighting_only():
    people = confounded(5)
    rare = arm("IOP", spread(3000, 20, 30), np.arange(30) % 2, severity="low", payer="medicaid", age="adolescent")
    rows = answer("balance", people, rare).set_index(["category", "statistic"])
    assert abs(rows.at[("severity: high", "before"), "value"]) > 0.5
    assert rows.at[("severity: high", "after"), "value"] == 0
    assert rows.at[("age: adolescent", "before"), "value"] < 0
    assert np.isnan(rows.at[("age: adolescent", "after"), "value"])
    assert rows.at[("age: adolescent", "after"), "method"] == "outside the overlap: left out"
