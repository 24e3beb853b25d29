"""Rules of control charts, one set at a time: the cases of NHSRplotthedots' tests, published tables, worked series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries.statistics.anhoej_rules import analyse_runs
from queries.statistics.assurance import assure_target
from queries.statistics.attribute_charts import p_chart
from queries.statistics.baselines import Rebase
from queries.statistics.nhs_rules import nhs_signals
from queries.statistics.run_rules import RULE_SETS, latest_judgement, mark_signals, runs_by_phase
from queries.statistics.runs import Points
from queries.statistics.xmr_charts import run_chart, xmr_chart


def chart_of(deviations, phase=1) -> pd.DataFrame:
    """A chart around 0 whose standard deviation is 1, so that values and deviations are the same numbers."""
    values = np.array(deviations, dtype=float)
    return pd.DataFrame({"value": values, "centre": 0.0, "deviation": values, "phase": phase})


def rules_of(deviations, rules="nhs") -> list[str]:
    return mark_signals(chart_of(deviations), rules=rules)["rule"].tolist()


def marks(deviations, rule: str, rules="nhs") -> list[int]:
    """The points that one rule alone marks, whatever takes precedence over it."""
    values = np.array(deviations, dtype=float)
    return dict(RULE_SETS[rules](Points(values, np.zeros(len(values)), values)))[rule].tolist()


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [1] * 8 + [0]),
        ([-1] * 7 + [1], [-1] * 7 + [0]),
        ([1] * 4 + [0] + [1] * 4, [0] * 9),
        ([1] * 4 + [np.nan] + [1] * 4, [0] * 9),
    ],
    ids=["six", "six and one", "eight above", "seven below", "one on the mean", "one missing"],
)
def test_a_shift_is_seven_points_on_one_side_without_a_break(side, expected):
    assert marks(np.array(side) * 0.5, "shift") == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] + [1] * 7 + [0]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0] + [-1] * 7 + [0]),
    ],
    ids=["six", "a tie", "seven", "seven within", "seven falling"],
)
def test_a_trend_is_seven_points_that_all_rise_or_all_fall(values, expected):
    assert marks(values, "trend") == expected


def test_the_turning_point_of_two_trends_belongs_to_the_later_one():
    rising_then_falling = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    assert marks(rising_then_falling, "trend") == [1] * 6 + [-1] * 7


@pytest.mark.parametrize(
    ("deviations", "expected"),
    [
        ([2.5, 0.1, 2.5], [1, 0, 1]),
        ([0.1, 2.5, 2.5], [0, 1, 1]),
        ([2.5, -0.1, 2.5], [0, 0, 0]),
        ([2.5, 0.0, 2.5], [0, 0, 0]),
        ([2.5, 0.1, 0.1, 2.5], [0, 0, 0, 0]),
        ([2.5, 0.1, 0.1, 2.5, 2.5], [0, 0, 0, 1, 1]),
        ([2.5, 3.5, 0.1], [0, 0, 0]),
        ([-2.5, -2.5, -0.1], [-1, -1, 0]),
        ([2.0, 2.0, 0.1], [0, 0, 0]),
    ],
    ids=[
        "ends",
        "last",
        "other side",
        "on the mean",
        "too far",
        "later",
        "one outside is not near",
        "below",
        "on the line",
    ],
)
def test_two_of_three_near_a_limit_need_all_three_on_that_side(deviations, expected):
    assert marks(deviations, "two of three") == expected


def test_a_point_is_named_by_the_first_rule_that_holds():
    # Seven rising points above the mean: the last is outside, the two before it lie near the limit.
    rising = [0.1, 0.2, 0.3, 0.4, 2.5, 2.6, 3.5]
    assert rules_of(rising) == ["trend"] * 6 + ["outside limits"]
    shifted = [0.5, 0.4, 0.5, 0.4, 2.6, 2.5, 0.4]
    assert rules_of(shifted) == ["shift"] * 4 + ["two of three"] * 2 + ["shift"]


def test_a_point_on_the_limit_is_not_outside():
    assert rules_of([3.0, -3.0]) == ["", ""]
    assert rules_of([3.001, -3.001]) == ["outside limits"] * 2


def test_a_point_on_the_mean_is_on_it_although_the_mean_is_rounded():
    # The mean of 0.1 and 0.3 is 0.19999999999999998 in floating point; without a break there would be 8 points above.
    chart = xmr_chart([0.1, 0.3] * 6 + [0.25, 0.25, 0.25, 0.2, 0.25, 0.25, 0.25])
    assert chart["centre"].iloc[0] < 0.2
    assert set(mark_signals(chart)["rule"]) == {""}


def test_near_the_limit_of_an_xmr_chart_is_beyond_two_thirds_of_it():
    # Moving ranges of 3 around 10: limits at 10 ± 7.98, two thirds at ± 5.32.
    chart = xmr_chart([8.5, 11.5] * 6 + [15.4, 15.4, 10.1], baseline=12)
    assert mark_signals(chart)["rule"].tolist()[12:] == ["two of three", "two of three", ""]
    chart = xmr_chart([8.5, 11.5] * 6 + [15.3, 15.3, 10.1], baseline=12)
    assert mark_signals(chart)["rule"].tolist()[12:] == ["", "", ""]


@pytest.mark.parametrize(
    ("higher_is", "expected"),
    [("better", ["improvement", "concern"]), ("worse", ["concern", "improvement"]), ("neutral", ["high", "low"])],
)
def test_what_a_signal_means_depends_on_which_way_is_better(higher_is, expected):
    marked = mark_signals(chart_of([0.5, 4, -4]), higher_is=higher_is)
    assert marked["judgement"].tolist() == ["common cause", *expected]


def test_the_icon_is_that_of_the_last_point_with_a_value():
    marked = mark_signals(chart_of([0.5, 4, np.nan]), higher_is="better")
    assert latest_judgement(marked) == "improvement"
    assert latest_judgement(marked.iloc[2:]) is None


def test_no_pattern_reaches_over_a_rebase():
    values = [4.0, 6.0] * 6 + [6.5, 6.6, 6.7, 6.8, 6.9, 7.0]
    assert set(mark_signals(xmr_chart([*values, 7.1]))["rule"][12:]) == {"trend"}
    rebased = xmr_chart([*values, 7.1], rebases=[Rebase(15, "new schedule")])
    assert set(mark_signals(rebased)["rule"][12:]) == {""}


@pytest.mark.parametrize(
    ("n", "longest_allowed", "fewest_allowed"),
    [
        *((10, 6, 2), (12, 7, 3), (15, 7, 4), (18, 7, 5), (20, 7, 6)),
        *((24, 8, 8), (30, 8, 10), (36, 8, 13), (48, 9, 18), (52, 9, 20)),
    ],
)
def test_runs_and_crossings_have_the_published_bounds(n, longest_allowed, fewest_allowed):
    analysis = analyse_runs(np.tile([1, -1], n)[:n])
    assert (analysis.longest_allowed, analysis.fewest_allowed) == (longest_allowed, fewest_allowed)


def test_a_run_of_seven_among_ten_is_too_long_and_a_point_on_the_median_does_not_break_it():
    side = [1, 1, 1, 0, 1, 1, 1, 1, -1, 1, -1]
    analysis = analyse_runs(np.array(side))
    assert (analysis.useful, analysis.longest_run, analysis.crossings) == (10, 7, 3)
    assert analysis.is_long_run
    assert not analysis.is_crossing_rarely
    assert rules_of(np.array(side) * 0.5, "anhoej") == ["long run"] * 3 + [""] + ["long run"] * 4 + [""] * 3


def test_a_series_that_crosses_its_median_once_is_a_signal_of_the_whole_series():
    chart = run_chart([1.0, 2, 3, 2, 1, 6, 7, 8, 7, 6], baseline=10)
    analysis = runs_by_phase(chart)[1]
    assert (analysis.longest_run, analysis.crossings) == (5, 1)
    assert analysis.is_signal
    assert not analysis.is_long_run
    assert set(mark_signals(chart, rules="anhoej")["rule"]) == {""}


def test_nine_useful_points_say_nothing():
    analysis = analyse_runs(np.ones(9, dtype=int))
    assert analysis.longest_run > analysis.longest_allowed
    assert not analysis.is_signal


@pytest.mark.parametrize("side", [[], [0, 0], [1]])
def test_no_useful_points_have_no_runs_beyond_what_is_allowed(side):
    analysis = analyse_runs(np.array(side, dtype=int))
    assert (analysis.useful, analysis.crossings, analysis.is_signal) == (sum(side), 0, False)


def test_western_electric_marks_the_points_that_make_its_patterns():
    assert marks([2.5, -0.1, 2.5], "two of three", "western_electric") == [1, 0, 1]
    assert marks([2.5, 3.5, 0.1], "two of three", "western_electric") == [1, 1, 0]
    assert marks([1.1, 1.1, -0.2, 1.1, 1.1], "four of five", "western_electric") == [1, 1, 0, 1, 1]
    assert marks([1.1, 1.1, -1.1, 1.1, 0.9], "four of five", "western_electric") == [0] * 5
    assert marks([0.1] * 8, "shift", "western_electric") == [1] * 8
    assert marks([0.1] * 7, "shift", "western_electric") == [0] * 7


def test_sets_of_rules_are_never_joined():
    # Seven points on one side: a shift for the NHS, not for Western Electric, and too few for Anhøj.
    assert [set(rules_of([0.5] * 7, rules)) for rules in RULE_SETS] == [{"shift"}, {""}, {""}]


def test_the_length_of_a_shift_can_be_set():
    values = np.full(7, 0.5)
    assert dict(nhs_signals(Points(values, np.zeros(7), values), run=8))["shift"].tolist() == [0] * 7


def test_an_unknown_set_of_rules_lists_the_sets():
    with pytest.raises(ValueError, match="nhs, anhoej, western_electric"):
        mark_signals(chart_of([1]), rules="all")


def test_no_points_have_no_signals():
    for rules in RULE_SETS:
        assert mark_signals(xmr_chart([]), rules=rules).empty


@pytest.mark.parametrize(
    ("target", "better", "worse"),
    [
        (2.0, "consistent pass", "consistent fail"),
        (5.0, "hit and miss", "hit and miss"),
        (11.0, "consistent fail", "consistent pass"),
        (5 + 2.66 * 2, "hit and miss", "hit and miss"),
    ],
    ids=["under the limits", "between them", "over them", "on one"],
)
def test_a_target_is_assured_only_beyond_the_limits_on_the_good_side(target, better, worse):
    # Values of 4 and 6: the mean is 5, the limits are 5 ± 5.32 in mean moving ranges of 2, so they hold −0.32 to 10.32.
    chart = xmr_chart([4.0, 6.0] * 6) if target != 2.0 else xmr_chart([4.9, 5.1] * 6)
    assert assure_target(chart, target, "better") == better
    assert assure_target(chart, target, "worse") == worse
    assert assure_target(chart, target, "neutral") is None


def test_without_limits_nothing_is_assured():
    assert assure_target(run_chart([4.0, 6.0] * 6), 2, "better") is None
    assert assure_target(p_chart([20] * 12, [20] * 12), 0.5, "better") is None
    assert assure_target(xmr_chart([]), 2, "better") is None
