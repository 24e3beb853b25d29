"""Curves that leave through the gate: no step, digit or number at risk gives a count of 1 to 10 away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.answer import shape
from queries.disclosure import suppress_rows
from queries.statistics import derive
from queries.statistics.held import hold_last_shown
from tests.queries.adversary import numbers, of_survival
from tests.queries.test_disclosure import CAUSES, gate, is_small, shown

exits = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([*CAUSES, "open"]), st.integers(1, 25)), min_size=1, max_size=40
)


def steps_between(frame: pd.DataFrame, column: str) -> np.ndarray:
    visible = frame[~frame["is_suppressed"].astype(bool)].dropna(subset=[column]).sort_values("step")
    return np.diff(np.concatenate(([0.0], visible[column].to_numpy(dtype=float))))


@settings(max_examples=150, deadline=None)
@given(exits)
def test_no_step_of_a_survival_curve_is_made_by_1_to_10_people(people):
    counts = pd.DataFrame(
        [{"step": day, "events": n * (cause != "open"), "censored": n * (cause == "open")} for day, cause, n in people]
    )
    frame = gate("survival", counts)
    assert not any(map(is_small, steps_between(frame, "numerator")))
    assert not any(map(is_small, steps_between(frame, "missing_n")))
    assert not any(map(is_small, shown(frame, "denominator")))
    exact = shape(derive("survival", counts, unit="share", options={}))
    assert list(of_survival(numbers(frame), numbers(exact))) == []


@settings(max_examples=150, deadline=None)
@given(exits)
def test_no_step_of_competing_curves_is_made_by_1_to_10_people_of_one_class(people):
    counts = pd.DataFrame([{"step": day, "category": cause, "events": n} for day, cause, n in people])
    options = {"causes": CAUSES, "days": 20}
    truth = shape(derive("competing", counts, unit="share", options=options))
    frame = gate("competing", counts, is_partition=True, **options)
    is_hidden = frame["is_suppressed"].astype(bool)
    for category in CAUSES:
        own = (truth["category"] == category) & ~is_hidden
        assert not any(map(is_small, np.diff([0, *truth.loc[own, "numerator"].tolist()])))
    in_care = (truth["category"] == "in care") & ~is_hidden
    assert not any(map(is_small, truth.loc[in_care, "numerator"]))
    # What the shown curves leave over on a day, and where those in care are shown, from one such day to the next.
    count = truth.pivot(index="step", columns="category", values="numerator").astype(float)
    is_shown = (~is_hidden).groupby([frame["step"], frame["category"]]).first().unstack()
    known = count[CAUSES].where(is_shown[CAUSES]).ffill().fillna(0)
    left_over = (count[CAUSES] - known).where(~is_shown[CAUSES], 0).sum(axis=1)
    left_over += count["in care"].where(~is_shown["in care"], 0)
    assert not any(map(is_small, left_over[is_shown.any(axis=1)]))
    is_whole = is_shown["in care"]
    never_shown = count[CAUSES].where(~is_shown[CAUSES], 0)[is_whole].sum(axis=1)
    assert not any(map(is_small, np.diff([0, *never_shown.tolist()])))


def test_a_curve_of_10_people_is_hidden_and_one_of_11_is_shown():
    def frame(n: int) -> pd.DataFrame:
        return gate("survival", pd.DataFrame({"step": [30], "events": [n], "censored": [0]}))

    assert frame(10)["is_suppressed"].all()
    assert frame(11)["value"].tolist() == [1.0, 0.0]


def test_those_at_risk_are_hidden_where_they_would_show_few_who_left_since_the_step_before():
    counts = pd.DataFrame({"step": [1, 2, 3, 90], "events": [12, 5, 6, 0], "censored": [0, 0, 0, 77]})
    frame = gate("survival", counts).set_index("step")
    # 100 − 12 − 83 at risk on day 3 would be the 5 of day 2.
    assert frame["denominator"][1] == 100
    assert pd.isna(frame["denominator"][3])
    assert frame["numerator"][3] == 23


def test_a_step_that_would_hide_those_at_risk_on_a_regular_day_gives_way_to_it():
    counts = pd.DataFrame({"step": [5, 12, 13, 40], "events": [12, 14, 5, 0], "censored": [0, 0, 0, 69]})
    exact = derive("survival", counts, unit="share", options={"every": 15})
    rows = suppress_rows(shape(exact), unit="share", is_partition=False).set_index("step")
    # After day 12, the 5 of day 13 could not be told on day 15; without it they are 19 since day 5.
    assert rows.index[rows["is_suppressed"]].tolist() == [12]
    assert rows["denominator"].dropna().to_dict() == {0: 100, 5: 100, 15: 69, 30: 69, 40: 69}


def test_few_who_never_left_are_not_to_be_had_from_the_last_step():
    """Of 60, 55 leave by day 20 and 5 are censored long before: 60 less 55 would tell them."""
    counts = pd.DataFrame({"step": [3, 10, 20], "events": [0, 30, 25], "censored": [5, 0, 0]})
    frame = gate("survival", counts).set_index("step")
    assert frame["is_suppressed"].to_dict() == {0: False, 3: False, 10: False, 20: True}


def test_few_censored_are_not_to_be_had_from_the_digits_of_a_curve():
    """After 3 of 100 are censored, 12 events in a day: 1 less the ratio of the steps is 12 in 85, to its last digit."""
    counts = pd.DataFrame({"step": [1, 2, 3, 91], "events": [12, 0, 12, 0], "censored": [0, 3, 0, 73]})
    exact = shape(derive("survival", counts, unit="share", options={})).set_index("step")["value"]
    assert 12 / (1 - exact[3] / exact[1]) == pytest.approx(85, abs=1e-9)
    frame = gate("survival", counts).set_index("step")
    assert pd.isna(frame["missing_n"][3])
    assert pd.isna(frame["denominator"][3])
    assert frame["value"][3] == round(exact[3], 2)


def test_curves_of_the_same_people_do_not_differ_by_few():
    """26 have used by day 7, 27 if missing counts as use: the one would be a person with a missing week."""
    counts = pd.DataFrame(
        {
            "category": ["missing is not use"] * 2 + ["missing is use"] * 2,
            "step": [7, 90, 7, 90],
            "events": [26, 0, 27, 0],
            "censored": [0, 74, 0, 73],
        }
    )
    frame = gate("survival", counts, nested=True).set_index(["category", "step"])
    assert not frame["is_suppressed"]["missing is not use", 7]
    assert frame["is_suppressed"]["missing is use", 7]


def test_weeks_between_which_few_left_care_are_joined():
    rows = shape(
        pd.DataFrame(
            {
                "step": [1, 2, 3, 4], "statistic": "mean", "value": [9.0, 8.0, 8.5, 8.0],
                "numerator": pd.NA, "denominator": [60, 55, 48, 30], "missing_n": 0,
            }
        )
    )  # fmt: skip
    shown_rows = suppress_rows(rows, unit="hours", is_partition=False, population=("denominator",))
    # 60 − 55 would be 5 people; 60 − 48 are 12, 48 − 30 are 18.
    assert shown_rows["is_suppressed"].tolist() == [False, True, False, False]


def test_a_mean_that_only_few_points_can_make_is_hidden():
    rows = shape(pd.DataFrame({"statistic": "mean", "value": [0.1, 0.5], "denominator": [40, 40]}))
    shown_rows = suppress_rows(rows, unit="points", is_partition=False, is_of_points=True)
    # 0.1 × 40 are 4 points, so at most 4 people have any.
    assert shown_rows["is_suppressed"].tolist() == [True, False]


def test_a_median_of_persons_hides_its_n_beside_a_mean_of_nearly_as_many_episodes():
    rows = shape(pd.DataFrame({"statistic": ["mean", "median"], "value": [9.0, 8.0], "denominator": [116, 114]}))
    shown_rows = suppress_rows(rows, unit="USD", is_partition=False)
    # Two persons with a second episode.
    assert shown_rows["denominator"].isna().tolist() == [False, True]
    assert shown_rows["value"].tolist() == [9.0, 8.0]


def test_a_curve_holds_its_last_step_until_11_more_have_left():
    counts = pd.DataFrame({"step": [1, 2, 3, 90], "events": [12, 5, 6, 0], "censored": [0, 0, 0, 77]})
    frame = gate("survival", counts)
    # Day 2 would show the 5; on day 3 the 5 and the 6 are 11.
    assert frame.loc[~frame["is_suppressed"], "step"].tolist() == [0, 1, 3, 90]


def test_a_rare_way_out_hides_the_next_rarest_and_not_the_headline():
    counts = pd.DataFrame({"step": 30, "category": [*CAUSES, "open"], "events": [40, 25, 15, 4, 0]})
    counts.loc[4, ["step", "events"]] = [90, 100]
    frame = gate("competing", counts, is_partition=True, day=30, causes=CAUSES)
    hidden = frame.loc[frame["is_suppressed"], "category"].tolist()
    assert hidden == ["other", "not recorded"]


def test_curves_with_hidden_steps_can_still_be_stacked_to_one():
    counts = pd.DataFrame(
        {
            "step": [1, 2, 3, 3, 90],
            "category": ["completed", "completed", "completed", "dropped out", "open"],
            "events": [12, 5, 6, 20, 57],
        }
    )
    frame = gate("competing", counts, is_partition=True, days=4, causes=["completed", "dropped out"])
    held = hold_last_shown(frame).pivot(index="step", columns="category", values="value")
    # The 5 of day 2 are held back until day 3 makes them 11, and stay with those in care until then.
    assert held["completed"].tolist() == pytest.approx([0, 0.12, 0.12, 0.23, 0.23])
    assert held["dropped out"].tolist() == pytest.approx([0, 0, 0, 0.2, 0.2])
    assert held.sum(axis=1).tolist() == pytest.approx([1] * 5)
