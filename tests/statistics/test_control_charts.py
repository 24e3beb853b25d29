"""XmR, p, u and run charts against the reference files, published vectors and arithmetic by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from queries.statistics.attribute_charts import p_chart, u_chart
from queries.statistics.baselines import Rebase
from queries.statistics.run_rules import mark_signals, runs_by_phase
from queries.statistics.xmr_charts import run_chart, xmr_chart

ORACLE = Path(__file__).parent.parent / "oracle"

VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def reference_series(name: str) -> list[tuple[str, pd.DataFrame]]:
    return [(str(series), rows) for series, rows in pd.read_csv(ORACLE / f"{name}.csv").groupby("series")]


@pytest.mark.parametrize(
    ("is_screened", "lower", "upper"), [(False, -3.0626, 6.9515), (True, -0.7156, 4.6044)], ids=["plain", "screened"]
)
def test_one_wild_point_has_the_published_limits_with_and_without_screening(is_screened, lower, upper):
    row = xmr_chart(VIGNETTE, is_screened=is_screened, baseline=len(VIGNETTE)).iloc[0]
    assert (row["centre"], row["lower"], row["upper"]) == (
        pytest.approx(1.9444, abs=5e-5),
        pytest.approx(lower, abs=5e-5),
        pytest.approx(upper, abs=5e-5),
    )


def test_limits_from_moving_ranges_equal_those_of_the_reference():
    for _, wanted in reference_series("spc_xmr"):
        baseline = int(wanted["baseline_n"].iloc[0])
        for spread, columns in (
            ("rounded", ("cl", "lnpl", "unpl")),
            ("exact", ("cl", "lnpl_exact", "unpl_exact")),
            ("median", (None, "lnpl_medmr", "unpl_medmr")),
        ):
            chart = xmr_chart(wanted["y"], spread=spread, baseline=baseline)
            for ours, theirs in zip(("centre", "lower", "upper"), columns, strict=True):
                if theirs:
                    np.testing.assert_allclose(chart[ours], wanted[theirs], rtol=0, atol=1e-9)
        chart = mark_signals(xmr_chart(wanted["y"], baseline=baseline))
        np.testing.assert_allclose(chart["moving_range"], wanted["mr"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(chart["moving_range_upper"], wanted["url"], rtol=0, atol=1e-9)
        assert ((chart["rule"] == "outside limits").to_numpy() == wanted["signal_x"].to_numpy()).all()
        assert ((chart["moving_range"] > chart["moving_range_upper"]).to_numpy() == wanted["signal_mr"]).all()


def test_shares_by_week_have_the_limits_and_signals_of_the_reference():
    for _, wanted in reference_series("spc_p"):
        plain = p_chart(wanted["x"], wanted["n"], baseline=len(wanted))
        laney = p_chart(wanted["x"], wanted["n"], is_laney=True, baseline=len(wanted))
        for chart, lower, upper, signal in (
            (plain, "lcl", "ucl", "signal"),
            (laney, "lcl_laney", "ucl_laney", "signal_laney"),
        ):
            np.testing.assert_allclose(chart["centre"], wanted["cl"], rtol=0, atol=1e-9)
            np.testing.assert_allclose(chart["lower"], wanted[lower], rtol=0, atol=1e-9)
            np.testing.assert_allclose(chart["upper"], wanted[upper], rtol=0, atol=1e-9)
            assert ((chart["deviation"].abs() > 3).to_numpy() == wanted[signal].to_numpy()).all()
        np.testing.assert_allclose(plain["deviation"], wanted["z"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(laney["deviation"] * wanted["sigma_z_laney"].to_numpy(), wanted["z"], atol=1e-9)


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("spc_p", lambda rows: p_chart(rows["x"], rows["n"], baseline=24)),
        ("spc_xmr", lambda rows: run_chart(rows["y"], baseline=24)),  # Its runs are those around the median.
    ],
)
def test_runs_and_crossings_equal_those_of_the_reference(name, draw):
    for _, wanted in reference_series(name):
        runs, first = runs_by_phase(draw(wanted))[1], wanted.iloc[0]
        columns = ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
        assert dataclasses.astuple(runs) == tuple(first[column] for column in columns)


@pytest.mark.parametrize(("n", "lower", "upper"), [(20, 0.3926, 1), (50, 0.5056, 0.8944), (200, 0.6028, 0.7972)])
def test_a_share_of_70_percent_has_the_published_limits(n, lower, upper):
    row = p_chart([0.7 * n] * 2 if (0.7 * n).is_integer() else [35] * 2, [n] * 2).iloc[0]
    assert row["lower"] == pytest.approx(lower, abs=5e-5)
    assert row["upper"] == pytest.approx(upper, abs=5e-5)


def test_few_expected_events_have_exact_limits():
    # 12 months of 2 in 20: 2 events are expected, under 5, so the limits are binomial quantiles at three sigma.
    row = p_chart([2] * 12, [20] * 12).iloc[0]
    tail = scipy.stats.norm.sf(3)
    assert row["method"] == "p chart, exact limits of three sigma"
    assert (row["lower"], row["upper"]) == (0, scipy.stats.binom.isf(tail, 20, 0.1) / 20)
    # 18 in 20 leave 2 without the event: as few.
    assert p_chart([18] * 12, [20] * 12)["lower"].iloc[0] == scipy.stats.binom.ppf(tail, 20, 0.9) / 20
    # Laney's limits take their width from the periods and not from a distribution.
    assert p_chart([1, 3] * 6, [20] * 12, is_laney=True)["method"].iloc[0] == "p′ chart, three sigma of Laney"
    # 5 in 50 expects exactly 5 and keeps the normal limits.
    assert p_chart([5] * 12, [50] * 12)["method"].iloc[0] == "p chart, three sigma"


def test_a_point_is_outside_exact_limits_when_its_tail_is_rarer_than_three_sigma():
    for count in range(21):
        row = p_chart([*[2] * 12, count], [20] * 13).iloc[-1]
        tail = min(scipy.stats.binom.sf(count - 1, 20, 0.1), scipy.stats.binom.cdf(count, 20, 0.1))
        is_outside = row["value"] > row["upper"] or row["value"] < row["lower"]
        assert is_outside == (tail < scipy.stats.norm.sf(3)) == (abs(row["deviation"]) > 3)


def test_two_of_two_is_not_a_signal_because_it_is_not_rare():
    assert abs(p_chart([*[12] * 12, 2], [*[20] * 12, 2])["deviation"].iloc[-1]) < 3


def test_a_rate_has_limits_from_its_exposure():
    # 240 events in 2,400 days: u = 0.1, sigma = √(0.1/200).
    row = u_chart([20] * 12, [200] * 12).iloc[0]
    half = 3 * np.sqrt(0.1 / 200)
    assert (row["centre"], row["lower"], row["upper"]) == (0.1, pytest.approx(0.1 - half), pytest.approx(0.1 + half))


def test_rare_events_have_exact_poisson_limits():
    row = u_chart([1] * 12, [10.5] * 12).iloc[0]
    assert row["lower"] == 0
    assert row["upper"] == pytest.approx(scipy.stats.poisson.isf(scipy.stats.norm.sf(3), 1) / 10.5)


def test_laney_widens_a_rate_by_the_variation_between_periods():
    counts, days = np.array([10, 40, 12, 38, 15, 35, 11, 39, 14, 36, 13, 37]), np.full(12, 250.0)
    centre = counts.sum() / days.sum()
    z = (counts / days - centre) / np.sqrt(centre / days)
    half = 3 * np.sqrt(centre / 250) * np.mean(np.abs(np.diff(z))) / 1.128
    row = u_chart(counts, days, is_laney=True).iloc[0]
    assert (row["lower"], row["upper"]) == (max(centre - half, 0), pytest.approx(centre + half, abs=1e-12))


def test_limits_stay_where_the_first_12_points_put_them():
    first = [4.0, 6.0] * 6
    chart = xmr_chart([*first, 50.0, 60.0, 70.0])
    assert set(chart["centre"]) == {5.0}
    assert set(chart["upper"]) == {5 + 2.66 * 2}
    assert chart["is_baseline"].tolist() == [True] * 12 + [False] * 3
    assert not chart["is_trial"].any()


def test_limits_from_11_points_are_trial_limits_and_so_are_those_of_a_longer_baseline_that_is_not_complete():
    assert xmr_chart([4.0, 6.0] * 5 + [4.0])["is_trial"].all()
    assert xmr_chart([4.0, 6.0] * 10, baseline=6)["is_trial"].all()
    assert xmr_chart([4.0, 6.0] * 10, baseline=24)["is_trial"].all()
    assert not xmr_chart([4.0, 6.0] * 6)["is_trial"].any()


def test_a_month_without_anybody_has_no_value_and_is_no_baseline_point():
    chart = p_chart([6, 0, *[6] * 11], [20, 0, *[20] * 11])
    assert np.isnan(chart.loc[1, ["value", "lower", "upper", "deviation"]].astype(float)).all()
    assert not chart.loc[1, "is_baseline"]
    assert chart["is_baseline"].sum() == 12
    assert not chart["is_trial"].any()


def test_a_missing_period_has_no_moving_range_on_either_side():
    chart = xmr_chart([1.0, 3.0, np.nan, 9.0, 10.0], baseline=4)
    np.testing.assert_array_equal(chart["moving_range"], [np.nan, 2, np.nan, np.nan, 1])
    assert chart["centre"].iloc[0] == 5.75
    assert chart["upper"].iloc[0] == 5.75 + 2.66 * 1.5


def test_a_rebase_starts_new_limits_and_carries_its_cause():
    chart = xmr_chart([4.0, 6.0] * 6 + [14.0, 16.0] * 6, rebases=[Rebase(12, "evening track opened")])
    assert chart["centre"].tolist() == [5.0] * 12 + [15.0] * 12
    assert set(chart.loc[12:, "cause"]) == {"evening track opened"}
    # The step of 8 between the two processes is no variation within either.
    assert set(chart["moving_range"].dropna()) == {2.0}


@pytest.mark.parametrize("rebase", [Rebase(3, " "), Rebase(0, "opened"), Rebase(24, "opened")])
def test_a_rebase_needs_a_recorded_cause_and_a_later_point_of_the_series(rebase):
    with pytest.raises(ValueError, match=r"on record|ascending points from 1 to 23"):
        xmr_chart(np.arange(24.0), rebases=[rebase])


def test_rebases_come_in_order():
    with pytest.raises(ValueError, match="ascending"):
        run_chart(np.arange(24.0), rebases=[Rebase(14, "second"), Rebase(8, "first")])


def test_a_constant_series_has_limits_of_no_width_and_no_signal():
    # The mean of twelve times 0.1 is not 0.1 in floating point.
    for is_screened in (False, True):
        chart = mark_signals(xmr_chart([0.1] * 15, is_screened=is_screened))
        assert set(chart["lower"]) == set(chart["upper"]) == {0.1}
        assert set(chart["rule"]) == {""}
    assert mark_signals(xmr_chart([0.1] * 12 + [0.2]))["rule"].iloc[-1] == "outside limits"


@pytest.mark.parametrize("count", [0, 20])
def test_a_baseline_of_nobody_or_of_everybody_gives_no_limits(count):
    chart = p_chart([count] * 12 + [10], [20] * 13)
    assert chart[["lower", "upper", "deviation"]].isna().all(axis=None)
    assert set(chart["method"]) == {"no limits: the baseline has no events, or nothing but events"}


def test_a_baseline_without_events_gives_no_limits_of_a_rate():
    assert u_chart([0] * 12 + [1], [100] * 13)[["lower", "upper"]].isna().all(axis=None)


def test_one_point_has_a_centre_and_no_limits():
    row = xmr_chart([7.0]).iloc[0]
    assert row["centre"] == 7
    assert row["is_trial"]
    assert np.isnan([row["lower"], row["upper"], row["deviation"]]).all()


def test_no_points_give_an_empty_chart():
    for chart in (xmr_chart([]), run_chart([]), p_chart([], []), u_chart([], [])):
        assert chart.empty
        assert {"value", "centre", "lower", "upper", "deviation", "phase", "is_trial"} <= set(chart.columns)


def test_a_run_chart_has_the_median_of_its_baseline_and_no_limits():
    chart = run_chart([1.0, 2.0, 9.0, 100.0], baseline=3)
    assert set(chart["centre"]) == {2.0}
    assert chart[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize(("numerator", "denominator"), [([1.5], [3]), ([-1], [3]), ([4], [3]), ([1], [2.5])])
def test_counts_that_cannot_be_counts_are_refused(numerator, denominator):
    with pytest.raises(ValueError, match=r"whole"):
        p_chart(numerator, denominator)


def test_median_ranges_are_not_screened_as_well():
    with pytest.raises(ValueError, match="Leave the screening out"):
        xmr_chart(VIGNETTE, spread="median", is_screened=True)
