"""What leaves through the gate: nobody can read, or work out, a count of 1 to 10."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import disclosure, small_numbers
from queries.answer import shape
from queries.disclosure import suppress_rows
from queries.statistics import derive

NUMBERS = ["value", "lower", "upper", "numerator", "denominator", "missing_n"]
CAUSES = ["dropped out", "completed", "other", "not recorded"]

counts_of_people = st.one_of(st.integers(0, 14), st.integers(0, 60))


def is_small(count: float) -> bool:
    return 0.5 < abs(count) < 10.5


def shown(frame: pd.DataFrame, column: str) -> list[float]:
    return frame.loc[~frame["is_suppressed"].astype(bool), column].dropna().tolist()


def gate(kind: str, counts: pd.DataFrame, *, is_partition: bool = False, **options: object) -> pd.DataFrame:
    rows = shape(derive(kind, counts, unit="count" if kind == "counts" else "share", options=options))
    return suppress_rows(
        rows,
        unit="count" if kind == "counts" else "share",
        is_partition=is_partition,
        is_nested=bool(options.get("nested", False)),
    )


def share(numerator: int, denominator: int, missing_n: int = 0) -> pd.Series:
    counts = pd.DataFrame({"numerator": [numerator], "denominator": [denominator], "missing_n": [missing_n]})
    return gate("proportion", counts).iloc[0]


@pytest.mark.parametrize(
    ("numerator", "denominator", "why"),
    [
        (10, 40, "the numerator is 10"),
        (1, 40, "the numerator is 1"),
        (30, 40, "the other 10 are the complement"),
        (0, 10, "the denominator is 10"),
        (10, 10, "all of 10"),
    ],
)
def test_a_share_is_hidden_with_everything_that_gives_it_away(numerator, denominator, why):
    row = share(numerator, denominator)
    assert row["is_suppressed"], why
    assert row[NUMBERS].isna().all(), why


@pytest.mark.parametrize(("numerator", "denominator"), [(11, 22), (0, 11), (11, 11), (29, 40)])
def test_a_share_of_at_least_11_or_of_none_is_shown(numerator, denominator):
    row = share(numerator, denominator)
    assert not row["is_suppressed"]
    assert row["numerator"] == numerator


def test_few_missing_are_hidden_without_hiding_the_share():
    row = share(20, 40, missing_n=3)
    assert row["value"] == 0.5
    assert pd.isna(row["missing_n"])


def test_a_stricter_threshold_is_taken_and_a_looser_one_is_not(monkeypatch):
    monkeypatch.setenv("IOP_SMALLEST_COUNT", "20")
    assert share(15, 60)["is_suppressed"]
    monkeypatch.setenv("IOP_SMALLEST_COUNT", "3")
    assert small_numbers.threshold() == 11
    assert share(5, 60)["is_suppressed"]


@pytest.mark.parametrize("setting", ["few", "-20", "11.5", "1e3"])
def test_a_threshold_that_is_no_number_is_an_error_and_not_the_looser_default(monkeypatch, setting):
    monkeypatch.setenv("IOP_SMALLEST_COUNT", setting)
    with pytest.raises(small_numbers.SettingError, match="whole number from 11 up"):
        share(15, 60)


def test_cases_are_shown_only_when_the_server_says_so(monkeypatch):
    monkeypatch.delenv("IOP_SHOW_CASES", raising=False)
    assert not disclosure.may_see_cases()
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    assert disclosure.may_see_cases()


def test_the_one_small_part_of_a_whole_takes_the_next_smallest_with_it():
    counts = pd.DataFrame({"category": list("abc"), "numerator": [5, 30, 65], "denominator": 100})
    rows = gate("proportion", counts, is_partition=True)
    # 100 − 30 − 65 would be 5; 100 − 65 leaves 35 for two parts.
    assert rows["is_suppressed"].tolist() == [True, True, False]


def test_weeks_of_few_persons_are_hidden_even_when_the_weeks_are_many():
    def row(persons: int) -> pd.Series:
        sums = {"sum_yy": 4.0 * persons, "sum_yn": 8.0 * persons, "sum_nn": 16.0 * persons}
        counts = pd.DataFrame([{"numerator": 2 * persons, "denominator": 4 * persons, "clusters": persons} | sums])
        return gate("cluster_ratio", counts).iloc[0]

    assert row(10)["is_suppressed"]
    assert not row(11)["is_suppressed"]


def test_a_mean_of_10_is_hidden_and_of_11_shown():
    def row(n: int) -> pd.Series:
        rows = shape(derive("distribution", pd.DataFrame({"amount": [9.0], "weight": [n]}), unit="hours", options={}))
        return suppress_rows(rows, unit="hours", is_partition=False).iloc[0]

    assert row(10)["is_suppressed"]
    assert row(11)["value"] == 9


def test_completed_and_completed_or_transferred_do_not_show_how_few_were_transferred():
    counts = pd.DataFrame({"category": ["1", "1 and 4"], "numerator": [40, 46], "denominator": [100, 100]})
    rows = gate("proportion", counts, nested=True)
    assert rows["is_suppressed"].tolist() == [False, True]


@settings(deadline=None)
@given(st.lists(st.tuples(counts_of_people, counts_of_people, counts_of_people), min_size=1, max_size=6))
def test_no_share_that_leaves_has_1_to_10_in_its_numerator_denominator_or_difference(rows):
    counts = pd.DataFrame(
        [
            {"group_name": str(i), "numerator": x, "denominator": x + y, "missing_n": m}
            for i, (x, y, m) in enumerate(rows)
        ]
    )
    frame = gate("proportion", counts)
    visible = frame[~frame["is_suppressed"].astype(bool)]
    assert not any(map(is_small, visible["numerator"]))
    assert not any(map(is_small, visible["denominator"]))
    assert not any(map(is_small, visible["denominator"] - visible["numerator"]))
    assert not any(map(is_small, frame["missing_n"].dropna()))
    assert frame.loc[frame["is_suppressed"].astype(bool), NUMBERS].isna().all(axis=None)


@settings(deadline=None)
@given(st.lists(counts_of_people, min_size=1, max_size=6))
def test_the_hidden_parts_of_a_whole_cannot_be_subtracted_from_it(parts):
    counts = pd.DataFrame(
        {"category": [str(i) for i in range(len(parts))], "numerator": parts, "denominator": sum(parts)}
    )
    frame = gate("proportion", counts, is_partition=True)
    is_hidden = frame["is_suppressed"].to_numpy(dtype=bool)
    assert not any(map(is_small, np.array(parts)[~is_hidden]))
    if is_hidden.any() and not is_hidden.all():
        assert sum(parts) - sum(shown(frame, "numerator")) >= 11
        assert is_hidden.sum() >= 2


@settings(deadline=None)
@given(st.lists(counts_of_people, min_size=1, max_size=6))
def test_counts_of_the_parts_of_a_whole_are_hidden_in_twos(parts):
    counts = pd.DataFrame({"category": [str(i) for i in range(len(parts))], "count": parts})
    frame = gate("counts", counts, is_partition=True)
    assert not any(map(is_small, shown(frame, "value")))
    if any(map(is_small, parts)) and sum(parts) > 10:
        assert sum(parts) - sum(shown(frame, "value")) >= 11


EVENTS, OTHERS, MISSING = np.eye(3)
DUE = EVENTS + OTHERS + MISSING
KNOWN_FROM = {
    # Statistic and what the event means: the classes of people in its numerator and in its denominator.
    ("follow_up", ""): (EVENTS + OTHERS, DUE),
    ("missing_is_worst", "better"): (EVENTS, DUE),
    ("missing_is_worst", "worse"): (EVENTS + MISSING, DUE),
    ("complete_case", ""): (EVENTS, EVENTS + OTHERS),
    ("lower_bound", ""): (EVENTS, DUE),
    ("upper_bound", ""): (EVENTS + MISSING, DUE),
}


@settings(max_examples=300, deadline=None)
@given(counts_of_people, counts_of_people, counts_of_people, st.sampled_from(["better", "worse"]))
def test_a_small_class_cannot_be_worked_out_from_the_bounds_of_a_share(events, others, missing, higher_is):
    due = events + others + missing
    counts = pd.DataFrame({"numerator": [events], "observed": [events + others], "denominator": [due]})
    frame = gate("bounds", counts, higher_is=higher_is)
    known = [np.zeros(3)]
    for row in frame[~frame["is_suppressed"].astype(bool)].itertuples():
        known += KNOWN_FROM.get((row.statistic, higher_is)) or KNOWN_FROM[(row.statistic, "")]
        known += [] if pd.isna(row.missing_n) else [MISSING]
    rank = np.linalg.matrix_rank(np.array(known))
    for count, one_class in ((events, EVENTS), (others, OTHERS), (missing, MISSING)):
        if is_small(count):
            assert np.linalg.matrix_rank(np.array([*known, one_class])) > rank
