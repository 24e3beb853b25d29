"""Differences of curves against R (reference file), Greenwood, Aalen–Johansen and arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries.statistics.competing import aalen_johansen, count_exits
from queries.statistics.incidence_differences import incidence_difference
from queries.statistics.mean_differences import restricted_mean_difference
from queries.statistics.survival import Curve, kaplan_meier
from tests.statistics.trial_counts import ARMS, ORACLE, TRIAL, count, curve_of, trial_counts


@pytest.mark.shared
def test_the_difference_of_the_mean_days_without_smoking_equals_that_of_r(shared_dir):
    people = pd.read_csv(shared_dir / "real" / "pharmacosmoking" / "pharmacosmoking.csv")
    wanted = pd.read_csv(ORACLE / "rmst_diff.csv").iloc[0]
    curves = [curve_of(people[people["grp"] == wanted[arm]]) for arm in ("a", "b")]
    found = restricted_mean_difference(*curves, wanted["tau"])
    assert found.value == pytest.approx(wanted["diff_a_minus_b"], abs=1e-9)
    assert found.standard_error == pytest.approx(wanted["se"], abs=1e-9)
    assert (found.lower, found.upper) == (pytest.approx(wanted["lo"], abs=1e-9), pytest.approx(wanted["hi"], abs=1e-9))
    assert found.p_value == pytest.approx(wanted["p"], abs=1e-9)


def test_restricted_means_are_compared_only_where_ten_are_at_risk_in_both_groups():
    def arm(at_risk: int) -> Curve:
        return kaplan_meier(np.array([30, 100]), np.array([20, 0]), np.array([0, at_risk]))

    found = restricted_mean_difference(arm(20), arm(9), 90)
    assert np.isnan([found.value, found.lower, found.p_value]).all()
    assert "fewer than 10 at risk at day 90" in found.method
    # 20 of 40 leave on day 30: (20·30 + 20·90)/40 = 60; 20 of 30: (20·30 + 10·90)/30 = 50.
    assert restricted_mean_difference(arm(20), arm(10), 90).value == pytest.approx(10)


def test_curves_that_never_fall_differ_by_nothing_and_have_no_p_value():
    flat = kaplan_meier(np.array([100]), np.array([0]), np.array([12]))
    found = restricted_mean_difference(flat, flat, 90)
    assert (found.value, found.lower, found.upper) == (0, 0, 0)
    assert np.isnan(found.p_value)


@pytest.mark.parametrize("label", TRIAL)
@pytest.mark.parametrize("day", [28, 90])
def test_a_difference_on_a_day_is_that_of_kaplan_meier_with_an_interval_like_greenwoods(label, day):
    counts = trial_counts(label)
    curves = [curve_of(counts[counts["group_name"] == arm], "step", "events") for arm in ARMS]
    places = [curve.position(day) for curve in curves]
    survival = [curve.survival[place] for curve, place in zip(curves, places, strict=True)]
    errors = [
        s * np.sqrt(curve.hazard_variance[place]) for s, curve, place in zip(survival, curves, places, strict=True)
    ]
    found = incidence_difference(counts, *ARMS, day)
    assert found.value == pytest.approx(survival[1] - survival[0], abs=1e-12)
    half = 1.959964 * np.hypot(*errors)
    assert found.lower == pytest.approx(found.value - half, abs=0.1 * half)
    assert found.upper == pytest.approx(found.value + half, abs=0.1 * half)


def test_a_difference_with_competing_exits_is_that_of_aalen_johansen():
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    counts = pd.DataFrame({"group_name": episodes["treatment"], "step": episodes["cr_time"]})
    for name, cause in (("events", 1), ("competing", 2), ("censored", 0)):
        counts[name] = (episodes["cr_cause"] == cause).astype(int)
    values, variances = [], []
    for arm in ARMS:
        people = episodes[episodes["treatment"] == arm]
        causes = people["cr_cause"].map({0: "open", 1: "use", 2: "lost"}).tolist()
        curve = aalen_johansen(count_exits(people["cr_time"], causes, np.ones(len(people))), ["use"])
        place = np.searchsorted(curve.time, 84, side="right") - 1
        values.append(curve.value[place])
        variances.append(curve.variance[place])
    found, half = incidence_difference(counts, *ARMS, 84), 1.959964 * np.sqrt(sum(variances))
    assert found.value == pytest.approx(values[0] - values[1], abs=1e-12)
    assert found.lower == pytest.approx(found.value - half, abs=0.1 * half)
    assert found.upper == pytest.approx(found.value + half, abs=0.1 * half)


def test_the_drawing_depends_on_persons_and_not_on_rows():
    counts = trial_counts("ctn27_gap28")
    found = incidence_difference(counts, *ARMS, 60)
    assert incidence_difference(counts.iloc[::-1], *ARMS, 60) == found
    counted = counts.groupby(["group_name", "step"], as_index=False)[["events", "censored"]].sum()
    assert incidence_difference(counted, *ARMS, 60) == found
    assert incidence_difference(counts, *ARMS, 60, seed=1) != found


def test_a_second_identical_episode_of_every_person_adds_no_certainty():
    counts = trial_counts("ctn27_gap28")
    once, twice = incidence_difference(counts, *ARMS, 60), incidence_difference(pd.concat([counts] * 2), *ARMS, 60)
    assert twice.value == pytest.approx(once.value, abs=1e-12)
    assert twice.upper - twice.lower == pytest.approx(once.upper - once.lower, rel=0.1)
    strangers = incidence_difference(pd.concat([counts] * 2).drop(columns="person_id"), *ARMS, 60)
    assert strangers.upper - strangers.lower < 0.8 * (once.upper - once.lower)


def test_two_groups_alike_are_drawn_each_on_its_own():
    counts = pd.concat([count(name, [5, 8, 20, 40], [1, 1, 0, 0]) for name in "AB"])
    found = incidence_difference(counts, "A", "B", 30)
    assert found.lower < found.value == 0 < found.upper


def test_one_person_in_a_group_leaves_a_difference_without_an_interval():
    counts = pd.concat([count("A", [12], [1]), count("B", [5, 40], [1, 0])])
    found = incidence_difference(counts, "A", "B", 30)
    assert found.value == 0.5
    assert np.isnan([found.lower, found.upper]).all()


@pytest.mark.parametrize("first", ["A", "nobody"], ids=["followed for 20 days", "nobody"])
def test_a_day_until_which_nobody_was_followed_has_no_difference(first):
    counts = pd.concat([count("A", [10, 20], [1, 0]), count("B", [5, 40], [1, 0])])
    found = incidence_difference(counts, first, "B", 30)
    assert np.isnan([found.value, found.lower, found.upper]).all()
    assert found.method == "not estimable: nobody was followed that long"


def test_a_group_that_has_left_with_certainty_needs_no_further_follow_up():
    counts = pd.concat([count("A", [10, 20], [1, 1]), count("B", [5, 40], [1, 0])])
    assert incidence_difference(counts, "A", "B", 30).value == 0.5


def test_all_censored_differ_by_nothing():
    counts = pd.concat([count(name, [40, 50], [0, 0]) for name in "AB"])
    found = incidence_difference(counts, "A", "B", 30)
    assert (found.value, found.lower, found.upper) == (0, 0, 0)


def test_an_event_on_the_day_itself_counts():
    counts = pd.concat([count("A", [30, 60], [1, 0]), count("B", [31, 60], [1, 0])])
    assert incidence_difference(counts, "A", "B", 30).value == 0.5
    assert incidence_difference(counts, "A", "B", 29).value == 0
