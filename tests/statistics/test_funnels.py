"""Funnels and overdispersion against the reference file, published vectors and scipy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from queries.statistics.funnels import NO_OVERDISPERSION, OVERDISPERSED, PLAIN, TOO_FEW, binomial_limit, funnel
from queries.statistics.overdispersion import estimate_overdispersion

ORACLE = Path(__file__).parent.parent / "oracle"

PROBABILITIES = (0.001, 0.025, 0.975, 0.999)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (20, (0.0015, 0.0812, 0.4873, 0.6137)),
        (50, (0.1031, 0.1661, 0.4201, 0.4991)),
        (100, (0.1603, 0.2069, 0.3869, 0.4416)),
        (200, (0.2005, 0.2350, 0.3620, 0.4001)),
    ],
)
def test_the_funnel_around_30_percent_has_the_published_limits(n, expected):
    for p, wanted in zip(PROBABILITIES, expected, strict=True):
        assert binomial_limit(n, 0.3, p) == pytest.approx(wanted, abs=5e-5)


def test_the_funnel_of_the_trial_sites_equals_the_reference():
    sites = pd.read_csv(ORACLE / "funnel_site.csv")
    for p in PROBABILITIES:
        limits = binomial_limit(sites["n"], sites["theta"].iloc[0], p)
        np.testing.assert_allclose(limits, sites[f"exactbinom_{p}"], rtol=0, atol=1e-9)
    units = funnel(sites["y"], sites["n"])
    np.testing.assert_allclose(units["target"], sites["theta"], rtol=0, atol=1e-12)
    # The site of two persons has limits outside 0 and 1, which a chart does not show.
    np.testing.assert_allclose(units["lower_998"], np.clip(sites["exactbinom_0.001"], 0, 1), rtol=0, atol=1e-9)
    np.testing.assert_allclose(units["upper_95"], np.clip(sites["exactbinom_0.975"], 0, 1), rtol=0, atol=1e-9)


def test_overdispersion_of_the_trial_sites_equals_the_reference():
    sites = pd.read_csv(ORACLE / "funnel_site.csv")
    # The reference works on the scale of proportions.
    s = np.sqrt(sites["theta"] * (1 - sites["theta"]) / sites["n"])
    spread = estimate_overdispersion(sites["z"], s)
    assert spread.phi_raw == pytest.approx(sites["phi_raw"].iloc[0], abs=1e-9)
    assert spread.phi == pytest.approx(sites["phi_wins10"].iloc[0], abs=1e-9)
    assert spread.tau_squared == pytest.approx(sites["tau2_DL_wins"].iloc[0], abs=1e-9)
    adjusted = (sites["p"] - sites["theta"]) / np.sqrt(s**2 + spread.tau_squared)
    np.testing.assert_allclose(adjusted, sites["z_adj_add"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(sites["z"] / np.sqrt(spread.phi), sites["z_adj_mult"], rtol=0, atol=1e-9)


def spread_units(units: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares between 0.3 and 0.7 of 100 persons each: far more apart than chance."""
    return np.round(np.linspace(30, 70, units)), np.full(units, 100.0)


def test_an_overdispersed_funnel_follows_the_arcsine_formula_and_is_wider():
    x, n = spread_units(12)
    units, plain = funnel(x, n, is_overdispersed=True), funnel(x, n)
    s, centre = 1 / 20, np.arcsin(np.sqrt(0.5))
    sigma = np.sqrt(s**2 + units["tau_squared"].iloc[0])
    np.testing.assert_allclose(units["upper_95"], np.sin(centre + 1.959964 * sigma) ** 2, atol=1e-6)
    np.testing.assert_allclose(units["lower_998"], np.sin(centre - 3.090232 * sigma) ** 2, atol=1e-6)
    np.testing.assert_allclose(units["z"], (np.arcsin(np.sqrt(x / n)) - centre) / sigma, atol=1e-12)
    assert set(units["method"]) == {OVERDISPERSED}
    assert (plain["position"] == "below 99.8 %").any()
    assert not units["position"].str.contains("99.8").any()


def test_with_nine_units_the_funnel_stays_plain_and_says_why():
    x, n = spread_units(9)
    # An empty unit is not a tenth one.
    units = funnel([*x, 0], [*n, 0], is_overdispersed=True)
    assert set(units["method"]) == {TOO_FEW}
    assert units[["phi", "tau_squared"]].isna().all(axis=None)
    columns = ["lower_95", "upper_95", "lower_998", "upper_998", "z", "p_value", "position"]
    pd.testing.assert_frame_equal(units[columns], funnel([*x, 0], [*n, 0])[columns])
    assert set(funnel(*spread_units(10), is_overdispersed=True)["method"]) == {OVERDISPERSED}


def test_units_that_are_all_alike_have_no_overdispersion():
    units = funnel([30] * 12, [100] * 12, is_overdispersed=True)
    assert set(units["method"]) == {NO_OVERDISPERSION}
    assert units["tau_squared"].iloc[0] == units["phi"].iloc[0] == 0
    assert set(units["position"]) == {"within"}


def test_a_unit_is_outside_the_funnel_when_its_tail_probability_is_that_small():
    n, target = 30, 0.2
    for x in range(n + 1):
        position = funnel([x], [n], target=target)["position"].iloc[0]
        below, above = scipy.stats.binom.cdf(x, n, target), scipy.stats.binom.sf(x - 1, n, target)
        rarest = min(below, above)
        assert ("99.8" in position) == (rarest < 0.001)
        assert (position == "within") == (rarest >= 0.025)
        assert position.startswith("below") == (below < 0.025)


def test_two_of_two_lies_over_the_interpolated_line_and_is_still_not_rare():
    unit = funnel([2], [2], target=0.58).iloc[0]
    assert unit["value"] > unit["upper_998"]
    assert unit["position"] == "within"
    assert unit["p_value"] == pytest.approx(scipy.stats.binomtest(2, 2, 0.58).pvalue)


def test_a_unit_of_nobody_has_no_place_in_the_funnel():
    units = funnel([0, 6], [0, 20])
    assert units.loc[0, "position"] == "nobody"
    assert units.loc[0, ["value", "lower_95", "upper_998", "z", "p_value"]].isna().all()
    assert units.loc[1, "target"] == 0.3


@pytest.mark.parametrize("everybody", [0, 1])
def test_units_that_all_have_nobody_or_everybody_are_within(everybody):
    units = funnel([20 * everybody, 30 * everybody], [20, 30], is_overdispersed=True)
    assert set(units["position"]) == {"within"}
    assert set(units["value"]) == {everybody}


def test_no_units_give_no_rows_and_only_empty_units_give_no_target():
    assert funnel([], []).empty
    assert np.isnan(funnel([0], [0])["target"].iloc[0])
    assert set(funnel([0], [0])["method"]) == {PLAIN}
    assert np.isnan(estimate_overdispersion([], []).phi)


def test_one_unit_has_no_variance_between_units():
    assert estimate_overdispersion([3.0], [0.1]).tau_squared == 0


def test_a_funnel_refuses_counts_that_cannot_be_counts():
    for x, n in (([3], [2]), ([-1], [2]), ([0.5], [2])):
        with pytest.raises(ValueError, match="whole counts"):
            funnel(x, n)
