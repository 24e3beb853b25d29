"""Kaplan–Meier against R's survival (reference files), scipy and arithmetic by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, ecdf

from queries.statistics import derive
from queries.statistics.survival import Curve, kaplan_meier, log_log_interval, quantile_time, restricted_mean

ORACLE = Path(__file__).parent.parent / "oracle"

TRIAL = {
    "ctn_lastcontact_km": ("lc_time", "lc_event"),
    "ctn_gap28_km": ("gap_time", "gap_event"),
    "ctn_lastdose_km": ("dose_time", "dose_event"),
}


def arms(episodes: pd.DataFrame, group: str) -> pd.DataFrame:
    return episodes if group == "CTN-27" else episodes[episodes["treatment"] == group.removeprefix("27: ")]


def curves(request_name: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Group, times and events of every curve in a reference file of the trial."""
    time, event = TRIAL[request_name]
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    groups = pd.read_csv(ORACLE / f"{request_name}_summary.csv")["group"]
    return [
        (group, arms(episodes, group)[time].to_numpy(), arms(episodes, group)[event].to_numpy()) for group in groups
    ]


def agree_at_every_step(name: str, group: str, curve: Curve) -> None:
    lower, upper = log_log_interval(curve.survival, curve.hazard_variance)
    steps = pd.read_csv(ORACLE / f"{name}_steps.csv").query("group == @group")
    np.testing.assert_array_equal(curve.time, steps["time"])
    np.testing.assert_array_equal(curve.at_risk, steps["n_risk"])
    np.testing.assert_array_equal(curve.events, steps["n_event"])
    np.testing.assert_allclose(curve.survival, steps["surv"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(lower, steps["lo_loglog"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(upper, steps["hi_loglog"], rtol=0, atol=1e-9)


def agree_with_r(name: str, group: str, time: np.ndarray, event: np.ndarray) -> None:
    curve = kaplan_meier(time, event, 1 - event)
    lower, upper = log_log_interval(curve.survival, curve.hazard_variance)

    if group != "CTN-27":  # The files of the trial hold the steps of the two arms only.
        agree_at_every_step(name, group, curve)

    summary = pd.read_csv(ORACLE / f"{name}_summary.csv").query("group == @group").iloc[0]
    for column, p in (("q25", 0.25), ("median", 0.5), ("q75", 0.75)):
        np.testing.assert_allclose(quantile_time(curve.time, 1 - curve.survival, p), summary[column], atol=1e-9)
    np.testing.assert_allclose(quantile_time(curve.time, 1 - lower, 0.5), summary["median_lo_loglog"], atol=1e-9)
    np.testing.assert_allclose(quantile_time(curve.time, 1 - upper, 0.5), summary["median_hi_loglog"], atol=1e-9)
    mean, error = restricted_mean(curve, summary["tau"])
    assert mean == pytest.approx(summary["rmst_tau"], abs=1e-9)
    assert error == pytest.approx(summary["rmst_tau_se"], abs=1e-9)


@pytest.mark.parametrize("name", TRIAL)
def test_the_trial_curves_equal_those_of_r(name):
    for group, time, event in curves(name):
        agree_with_r(name, group, time, event)


@pytest.mark.shared
def test_the_smoking_relapse_curves_with_events_on_day_0_equal_those_of_r(shared_dir):
    people = pd.read_csv(shared_dir / "real" / "pharmacosmoking" / "pharmacosmoking.csv")
    for group in ("all", "combination", "patchOnly"):
        chosen = people if group == "all" else people[people["grp"] == group]
        agree_with_r("pharmaco_relapse_km", group, chosen["ttr"].to_numpy(), chosen["relapse"].to_numpy())


@pytest.mark.parametrize("name", TRIAL)
def test_fixed_days_equal_those_of_r(name):
    expected = pd.read_csv(ORACLE / f"{name}_at.csv")
    for group, time, event in curves(name):
        wanted = expected[(expected["group"] == group) & ~expected["beyond_last_followup"].astype(bool)]
        counts = pd.DataFrame({"group_name": group, "step": time, "events": event, "censored": 1 - event})
        rows = derive("survival", counts, unit="share", options={"at": wanted["day"].tolist()})
        np.testing.assert_allclose(rows["value"], wanted["surv"], rtol=0, atol=1e-9)
        np.testing.assert_array_equal(rows["denominator"], wanted["n_at_risk_at_day"])
        np.testing.assert_array_equal(rows["numerator"], wanted["events_to_day"])


def test_ties_of_events_and_censorings_equal_those_of_scipy():
    random = np.random.default_rng(7)
    time, event = random.integers(1, 30, 200), random.random(200) < 0.6
    curve = kaplan_meier(time, event, ~event)
    reference = ecdf(CensoredData(uncensored=time[event], right=time[~event])).sf
    np.testing.assert_allclose(curve.survival, reference.evaluate(curve.time), rtol=0, atol=1e-12)


def test_an_event_comes_before_a_censoring_on_the_same_day():
    # Two people, day 5: one event, one censored. Both are at risk, so S(5) = 1 − 1/2.
    assert kaplan_meier(np.array([5, 5]), np.array([1, 0]), np.array([0, 1])).survival.tolist() == [0.5]


def test_an_exit_on_day_30_is_not_retained_at_30_but_at_29():
    counts = pd.DataFrame({"group_name": "All", "step": [30, 60], "events": [1, 0], "censored": [0, 1]})
    rows = derive("survival", counts, unit="share", options={"at": [29, 30]})
    assert rows["value"].tolist() == [1.0, 0.5]


def test_nobody_followed_that_long_has_no_value():
    counts = pd.DataFrame({"group_name": "All", "step": [10, 20], "events": [1, 0], "censored": [0, 1]})
    rows = derive("survival", counts, unit="share", options={"at": [20, 21]})
    assert rows["value"].tolist()[0] == 0.5
    assert np.isnan(rows["value"].tolist()[1])
    assert rows["method"].tolist()[1] == "not estimable: nobody was followed that long"


def test_a_curve_that_reached_zero_stays_there():
    counts = pd.DataFrame({"group_name": "All", "step": [10], "events": [3], "censored": [0]})
    assert derive("survival", counts, unit="share", options={"at": [90]})["value"].tolist() == [0.0]


def test_all_censored_stay_at_one_and_the_median_is_not_reached():
    counts = pd.DataFrame({"group_name": "All", "step": [10, 20], "events": [0, 0], "censored": [1, 1]})
    rows = derive("survival", counts, unit="share", options={"median": True})
    assert rows.loc[rows["statistic"] == "survival", "value"].tolist() == [1.0, 1.0, 1.0]
    median = rows[rows["statistic"] == "median"].iloc[0]
    assert np.isnan(median["value"])
    assert median["method"] == "not reached"


def test_one_person_with_an_event_has_a_curve_and_a_median():
    counts = pd.DataFrame({"group_name": "All", "step": [12], "events": [1], "censored": [0]})
    rows = derive("survival", counts, unit="share", options={"median": True})
    assert rows["value"].tolist() == [1.0, 0.0, 12.0]


def test_no_rows_give_no_rows():
    counts = pd.DataFrame({"group_name": [], "step": [], "events": [], "censored": []})
    assert derive("survival", counts, unit="share", options={"median": True, "tau": 90}).empty


def test_a_plateau_at_one_half_gives_its_middle():
    # Four people: S = .75 on day 2, .5 on day 4, .25 on day 10. The median is (4 + 10)/2.
    curve = kaplan_meier(np.array([2, 4, 10, 12]), np.ones(4), np.zeros(4))
    assert quantile_time(curve.time, 1 - curve.survival, 0.5) == 7


def test_a_last_plateau_at_one_half_ends_at_the_last_follow_up():
    # Day 4: half are out; the others are followed until day 20 without an event. R gives (4 + 20)/2.
    curve = kaplan_meier(np.array([4, 20]), np.array([1, 0]), np.array([0, 1]))
    assert quantile_time(curve.time, 1 - curve.survival, 0.5) == 12


def test_the_restricted_mean_of_the_worked_example_is_30_and_a_half_days():
    # Events at 5, 10, 15, 20, 30, 40, 45; censored at 12, 25, 60.
    time = np.array([5, 10, 12, 15, 20, 25, 30, 40, 45, 60])
    event = np.array([1, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    assert restricted_mean(kaplan_meier(time, event, 1 - event), 60)[0] == pytest.approx(30.5, abs=1e-9)


def test_a_restricted_mean_with_9_at_risk_at_its_horizon_is_not_estimable_and_with_10_it_is():
    def row(at_risk: int) -> pd.Series:
        counts = pd.DataFrame({"step": [30, 100], "events": [20, 0], "censored": [0, at_risk]})
        return derive("survival", counts, unit="days", options={"tau": 90, "curve": False}).iloc[0]

    assert np.isnan(row(9).get("value", np.nan))
    assert row(9)["method"] == "not estimable: fewer than 10 at risk at day 90; estimable to day 30"
    # 20 stay 30 days, 10 stay all 90: (20·30 + 10·90)/30.
    assert row(10)["value"] == pytest.approx(50)
