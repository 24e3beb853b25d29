"""Abstinence by patient, in a row and at follow-up, and its cost, on clinics of a few rows.

Day 0 is Monday 2026-01-05. Urine is written as results by day, as in test_relapse; each person completes on day 27, so
that there are four weeks.
"""

from __future__ import annotations

from datetime import date

import pytest

from queries import catalog
from tests.queries import cost_lines
from tests.queries.test_relapse import by, clinic, rows, window

FIVE = [
    {1: "-", 8: "-", 15: "-", 22: "-"},  # ----
    {1: "-", 8: "+", 15: "-", 22: "-"},  # -+--
    {1: "-", 8: "o", 15: "-", 22: "-"},  # -o--
    {1: "o", 8: "o", 15: "o", 22: "o"},  # oooo
    {1: "+", 8: "+", 15: "-", 22: "o"},  # ++-o
]


def test_continuous_abstinence_asks_for_every_week_and_shows_the_lenient_reading_beside_it(tmp_path):
    frame = rows(clinic(tmp_path, *FIVE), "continuous_abstinence").set_index("statistic")
    # ---- alone; then -o-- too, of the four who have a known week; then oooo too.
    assert frame["value"].to_dict() == pytest.approx(
        {
            "follow_up": 3 / 5,
            "missing_is_worst": 1 / 5,
            "complete_case": 2 / 4,
            "lower_bound": 1 / 5,
            "upper_bound": 3 / 5,
        }
    )
    # -o-- and oooo rest on missing weeks.
    assert set(frame["missing_n"]) == {2}


def test_continuous_abstinence_can_be_asked_of_the_last_four_weeks(tmp_path):
    # Six weeks: used in week 1, and not in the last four.
    people = [
        {1: "+", 8: "-", 15: "-", 22: "-", 29: "-", 36: "-"},
        {1: "-", 8: "-", 15: "-", 22: "-", 29: "+", 36: "-"},
    ]
    warehouse = clinic(tmp_path, *people, last_day=41)
    whole = by(rows(warehouse, "continuous_abstinence"), "statistic")
    assert (whole["follow_up"], whole["upper_bound"]) == (1, 0)
    last = by(rows(warehouse, "continuous_abstinence", window="last 4 weeks"), "statistic")
    assert (last.pop("follow_up"), set(last.values())) == (1, {1 / 2})


def test_the_longest_run_ends_with_use_and_with_a_missing_week_unless_it_is_skipped(tmp_path):
    frame = rows(clinic(tmp_path, *FIVE), "longest_abstinence")
    mean = frame[frame["statistic"] == "mean"].set_index("category")
    # Runs of 4, 2, 2, 0 and 1 weeks; with missing weeks skipped 4, 2, 3 and 1, and none known of the fourth.
    assert mean["value"].to_dict() == pytest.approx(
        {"missing ends a run": (4 + 2 + 2 + 0 + 1) / 5, "missing is skipped": (4 + 2 + 3 + 1) / 4}
    )
    assert mean["denominator"].to_dict() == {"missing ends a run": 5, "missing is skipped": 4}
    assert mean["missing_n"].to_dict() == {"missing ends a run": 3, "missing is skipped": 1}


def test_a_patient_counts_once_for_any_positive_and_for_the_last_test(tmp_path):
    # Any positive: p1, p2. Last valid positive: p2 (its invalid test later does not count). p4 has no valid test.
    warehouse = clinic(
        tmp_path,
        {1: "+", 8: "-", 15: "-"},
        {1: "-", 8: "+", 15: "i"},
        {1: "-", 8: "-"},
        {1: "o", 8: "p"},
        substance="opioid",
    )
    frame = rows(warehouse, "patients_with_positive_urine").set_index(["category", "statistic"])
    # Only of p4 it is not known whether any test was positive; of p2 and p4 not whether the last was.
    assert frame["value"]["any positive"].to_dict() == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 3 / 4,
            "complete_case": 2 / 3,
            "lower_bound": 2 / 4,
            "upper_bound": 3 / 4,
        }
    )
    last = frame.loc["last test positive"]
    assert last["value"].drop(["missing_is_worst", "complete_case"]).to_dict() == pytest.approx(
        {"follow_up": 2 / 4, "lower_bound": 0, "upper_bound": 2 / 4}
    )
    assert (last["numerator"]["complete_case"], last["denominator"]["complete_case"]) == (1, 3)
    assert frame["missing_n"].groupby("category").max().to_dict() == {"any positive": 1, "last test positive": 2}
    # Of opioids nothing was expected of p4's uncollected specimen, and one is pending; the last of p2 is invalid.
    assert set(rows(warehouse, "patients_with_positive_urine", tested_substance="opioid")["missing_n"]) == {1, 2}
    assert rows(warehouse, "patients_with_positive_urine", tested_substance="cocaine").empty


def test_a_prescribed_positive_is_no_positive_patient(tmp_path):
    shared = {"episode_id": "e1", "substance": "methadone", "result": "positive"}
    warehouse = clinic(tmp_path, {}, toxicology=[{"specimen_id": "u1", "day": 1, "is_prescribed": True, **shared}])
    told = rows(warehouse, "patients_with_positive_urine").set_index("statistic")["value"]
    assert set(told.drop("follow_up")) == {0}
    assert set(told["follow_up"]) == {1}


def test_past_month_abstinence_counts_those_not_reached_as_not_abstinent(tmp_path):
    # The exit is on day 27. Reports 90 days later, on day 117: 0 days of use, 3 days, 0 days but 10 in jail, none. The
    # fifth reports at 80 days after the exit.
    reports = [
        window("e1", 117, 0),
        window("e2", 117, 3),
        window("e3", 117, 0, controlled=10),
        window("e5", 107, 0),
    ]
    warehouse = clinic(tmp_path, {}, {}, {}, {}, {}, use_events=reports)
    frame = rows(warehouse, "past_month_abstinence")
    assert by(frame, "statistic") == pytest.approx(
        {
            "follow_up": 3 / 5,
            "missing_is_worst": 2 / 5,
            "complete_case": 2 / 3,
            "lower_bound": 2 / 5,
            "upper_bound": 4 / 5,
        }
    )
    assert set(frame["missing_n"]) == {2}
    # Nobody was asked at 30 days: only the bounds are left.
    early = rows(warehouse, "past_month_abstinence", day=30).set_index("statistic")["value"]
    assert early[["lower_bound", "upper_bound"]].tolist() == [0, 1]


def test_a_follow_up_that_may_still_come_is_not_missing(tmp_path):
    # The exit on day 27 is 2026-02-01. Its 90-day follow-up may come until day 120, 2026-06-01.
    open_still = clinic(tmp_path / "open", {}, data_cut=date(2026, 6, 30))
    closed = clinic(tmp_path / "closed", {}, data_cut=date(2026, 7, 1))
    assert rows(open_still, "past_month_abstinence").empty
    assert set(rows(closed, "past_month_abstinence")["missing_n"]) == {1}


def test_the_first_report_of_the_follow_up_counts(tmp_path):
    warehouse = clinic(tmp_path, {}, use_events=[window("e1", 117, 5), window("e1", 140, 0)])
    assert by(rows(warehouse, "past_month_abstinence"), "statistic")["missing_is_worst"] == 0


def test_an_abstinent_day_costs_what_all_episodes_cost(tmp_path):
    # Each stay is days 0 to 9 and 30 days after: 39 days. e1 used on 10 of 30 days: 39 × 2/3 = 26 abstinent days;
    # e2 on none: 39. e3 has no report. Costs are 300, 500 and 1,000.
    reports = [window("e1", 39, 10), window("e2", 39, 0), window("e2", 0, 30)]
    stays = [cost_lines.episode(amount) for amount in (300, 500, 1000)]
    warehouse = cost_lines.clinic(tmp_path, *stays, use_events=reports)
    everybody = rows(warehouse, "cost_per_abstinent_day").iloc[0]
    assert everybody["value"] == pytest.approx((300 + 500 + 1000) / (26 + 39))
    assert (everybody["denominator"], everybody["missing_n"]) == (pytest.approx(65), 0)
    reached = rows(warehouse, "cost_per_abstinent_day", missing_report="left out").iloc[0]
    assert reached["value"] == pytest.approx((300 + 500) / (26 + 39))
    assert reached["missing_n"] == 1


def test_what_an_abstinent_day_costs_includes_a_step_up_and_waits_for_the_horizon(tmp_path):
    # 1,000 and the inpatient stay's 5,000 over 39 days without use.
    transferred = {"reason": "transferred", "discharge_to": "inpatient", "patient_id": "p1"}
    stays = [
        cost_lines.episode(1000, **transferred),
        cost_lines.episode(5000, patient_id="p1", day=12, **cost_lines.INPATIENT),
    ]
    warehouse = cost_lines.clinic(tmp_path, *stays, use_events=[window("e1", 39, 0)])
    assert rows(warehouse, "cost_per_abstinent_day").iloc[0]["value"] == pytest.approx(6000 / 39)
    # The exit is on 2026-01-14, 30 days later is 2026-02-13; the analysis cut-off is the day before.
    early = cost_lines.clinic(
        tmp_path / "early", cost_lines.episode(1000), use_events=[window("e1", 30, 0)], data_cut=date(2026, 3, 14)
    )
    assert rows(early, "cost_per_abstinent_day").empty


def test_a_filled_place_costs_the_total_over_the_attended_sessions(tmp_path):
    # 600 for 3 sessions and 300 for 2: 900 / 5. The third has lines of two bases.
    stays = [
        cost_lines.episode(600, days=(0, 4, 9)),
        cost_lines.episode(300),
        cost_lines.episode(100, 900, basis=("paid", "charge")),
    ]
    row = rows(cost_lines.clinic(tmp_path, *stays), "cost_per_attended_session").iloc[0]
    assert (row["value"], row["denominator"], row["missing_n"]) == (180, 5, 1)


def test_without_a_report_there_is_no_cost_of_an_abstinent_day(tmp_path):
    warehouse = cost_lines.clinic(tmp_path, cost_lines.episode(300), use_events=[window("e1", 0, 3)])
    assert rows(warehouse, "cost_per_abstinent_day").empty


@pytest.mark.parametrize("name", ["cost_per_abstinent_day", "cost_per_attended_session"])
def test_the_cost_of_one_patient_is_never_shown(tmp_path, name):
    warehouse = cost_lines.clinic(tmp_path, cost_lines.episode(300), use_events=[window("e1", 39, 3)])
    assert not rows(warehouse, name).empty
    shown = catalog.ask(warehouse, name).frame
    assert shown["is_suppressed"].all()
    assert shown["value"].isna().all()
