"""The n and the missing n of every measure, on clinics of a few rows in which something is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries import cost_lines, in_care, stays
from tests.queries.test_outcomes import clinic as scored_clinic
from tests.queries.test_relapse import clinic as urine_clinic
from tests.queries.test_relapse import use, window


def n_and_missing(frame) -> set[tuple[float, float]]:
    return set(zip(frame["denominator"], frame["missing_n"], strict=True))


@pytest.fixture
def attended(tmp_path) -> Warehouse:
    """Two people, three weeks in care: 9 hours, a session without times, 3 hours.

    p1 has three sessions of 3 hours and one of unknown outcome in week 1, and one of 2 hours without times in week 2;
    p2 has one of 3 hours and misses one.
    """
    other = [
        {"episode_id": "e1", "day": 3, "hours": 1, "status": "unknown"},
        {"episode_id": "e1", "day": 7, "scheduled_hours": 2},
        {"episode_id": "e2", "day": 1, "status": "no_show"},
    ]
    return stays.clinic(tmp_path, [[3, 3, 3], []], [[3]], sessions=other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Weeks: two and one. Missing: the session without times.
        ("hours_per_week", {(3, 1)}),
        ("hours_by_month", {(3, 1)}),
        ("hours_by_week_of_care", {(2, 0), (1, 1)}),
        ("hours_band", {(3, 1)}),
        ("weekly_target_attainment", {(3, 1)}),
        ("target_attainment_by_month", {(3, 1)}),
        ("scheduled_intensity", {(3, 0)}),
        ("weekly_family_and_individual", {(3, 0), (2, 0)}),
        # Sessions: five attended and one missed; the unknown one is missing.
        ("show_rate", {(6, 1)}),
        ("show_rate_by_month", {(6, 1)}),
        ("no_show_rate", {(6, 1)}),
        ("attendance_outcomes", {(7, 0)}),
        ("partial_attendance", {(5, 1)}),
        # Hours: 9 + 1 + 2 + 3 + 3 scheduled, 12 attended.
        ("attendance_to_scheduled", {(18, 1)}),
        ("service_mix", {(12, 1)}),
        # Closed episodes.
        ("dose_received", {(2, 1)}),
        ("sessions_received", {(2, 0)}),
        ("weeks_with_service", {(2, 0)}),
    ],
)
def test_of_hours_and_sessions(attended, name, expected):
    assert n_and_missing(stays.rows(attended, name)) == expected


@pytest.mark.parametrize("name", ["group_size", "group_over_limit"])
def test_of_group_meetings_which_are_not_missing_by_themselves(tmp_path, name):
    sessions = [{"day": day, "group_id": "g1"} for day in (0, 1, 2)]
    assert n_and_missing(stays.rows(tiny_clinic(tmp_path, sessions=sessions), name)) == {(3, 0)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("retained_at", {(6, 1)}),
        ("retention_at", {(6, 1)}),
        ("cumulative_incidence", {(6, 1)}),
        ("step_up", {(6, 1)}),
        ("median_days_to_dropout", {(6, 1)}),
        ("restricted_mean_days", {(6, 1)}),
        ("days_lost", {(6, 1)}),
        # Long enough ago: five, one of them without a reason.
        ("crude_retention", {(5, 1)}),
        ("early_dropout", {(5, 1)}),
        ("completion_rate", {(5, 1)}),
        # At risk and censored so far on days 10, 12, 20, 30 and 70; the last are those of the median.
        ("retention_curve", {(6, 0), (5, 1), (4, 1), (3, 1), (1, 1), (6, 1)}),
    ],
)
def test_of_stays(tmp_path, name, expected):
    # One began 12 days before the analysis cut-off and still comes.
    recent = in_care.ANALYSIS_CUT - timedelta(days=12)
    warehouse = in_care.clinic(
        tmp_path,
        in_care.stay(10, "dropped_out"),
        in_care.stay(20, "unknown"),
        in_care.stay(30, "completed"),
        in_care.stay(30, "died"),
        in_care.stay(70, "transferred", "OP"),
        in_care.stay(40, admission_date=recent),
    )
    assert n_and_missing(in_care.rows(warehouse, name)) == expected


def test_of_the_days_of_a_curve(tmp_path):
    # Of two, one is censored on day 12: nothing is missing before.
    recent = in_care.ANALYSIS_CUT - timedelta(days=12)
    warehouse = in_care.clinic(tmp_path, in_care.stay(20, "completed"), in_care.stay(40, admission_date=recent))
    frame = in_care.rows(warehouse, "exit_curve")
    assert set(frame["denominator"]) == {2}
    assert set(frame.loc[frame["step"] < 12, "missing_n"]) == {0}
    assert set(frame.loc[frame["step"] >= 12, "missing_n"]) == {1}


def test_of_steps_down_all_of_which_are_looked_for(tmp_path):
    warehouse = in_care.clinic(tmp_path, in_care.stay(20, "transferred", "OP"), in_care.stay(20, "completed"))
    assert n_and_missing(in_care.rows(warehouse, "step_down_completed")) == {(1, 0)}


@pytest.mark.parametrize("name", ["admissions_and_discharges", "census", "exits_by_week", "no_contact"])
def test_counts_have_no_missing(tmp_path, name):
    warehouse = in_care.clinic(
        tmp_path, in_care.stay(20, "completed"), in_care.stay(20, "dropped_out"), {"last_day": 9}
    )
    frame = in_care.rows(warehouse, name)
    assert (frame["denominator"] == frame["value"]).all()
    assert frame["missing_n"].isna().all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("follow_up_rate", {(3, 1)}),
        ("paired_change", {(2, 1)}),
        ("severity_bands", {(3, 0), (3, 1)}),
        ("change_classes", {(3, 1)}),
        ("reliable_improvement", {(3, 1), (2, 1)}),
        ("reliable_deterioration", {(3, 1), (2, 1)}),
        # Cases at baseline: 15 and 12; of these the 12 was not seen again.
        ("recovery", {(2, 1), (1, 1)}),
        ("reliable_recovery", {(2, 1), (1, 1)}),
        ("response", {(2, 1), (1, 1)}),
        ("remission", {(2, 1), (1, 1)}),
        # Week 0: three of four; week 2: two of the four in care.
        ("score_by_week", {(3, 1), (2, 2)}),
    ],
)
def test_of_scores(tmp_path, name, expected):
    # Seen again: 15 → 9 and 8 → 14. Not: the 12. The fourth has no score at all, where one was expected.
    warehouse = scored_clinic(tmp_path, [15, 9], [8, 14], [12], [None])
    assert n_and_missing(stays.rows(warehouse, name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Words: +--- and --o*; the second rests on missing weeks.
        ("lapse", {(2, 1)}),
        # At risk on days 7 and 21, where the second has used or, read as negative, on day 28, where it is censored.
        ("lapse_curve", {(2, 0), (1, 0), (1, 1), (2, 1)}),
        # Given: 7 of 8, one of them invalid.
        ("urine_completion", {(8, 1)}),
        ("urine_negative_of_expected", {(8, 2)}),
        ("urine_positivity", {(6, 2)}),
        # Week 3: one tested, and one not given. Week 4: one tested, and one invalid.
        ("urine_positivity_by_week", {(2, 0), (1, 1)}),
        # Of the two exits one was followed for 90 days; those with a result are that one.
        ("return_to_use_after_discharge", {(2, 1), (1, 1)}),
        ("days_abstinent", {(30, 1)}),
    ],
)
def test_of_use(tmp_path, name, expected):
    # p1 reports 10 days of use at intake and uses after the exit; p2 was in jail for 12 of the 30 days before intake.
    warehouse = urine_clinic(
        tmp_path,
        {1: "+", 8: "-", 15: "-", 22: "-"},
        {1: "-", 8: "-", 15: "o", 22: "i"},
        use_events=[window("e1", 0, 10), window("e2", 0, 7, controlled=12), use("e1", 37)],
    )
    assert n_and_missing(stays.rows(warehouse, name)) == expected


def test_of_relapse_by_every_definition(tmp_path):
    # Of ++++ and ----, none rests on a missing week; oooo rests on four, wherever a missing week can be an event.
    warehouse = urine_clinic(
        tmp_path,
        {1: "+", 8: "+", 15: "+", 22: "+"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        {1: "o", 8: "o", 15: "o", 22: "o"},
    )
    frame = stays.rows(warehouse, "relapse_endpoints").set_index("category")
    assert set(frame["denominator"]) == {3}
    # Four weeks are too few for four weeks after the second (Lee 2018) and two from the fourth on (Johnson).
    assert set(frame["missing_n"].drop(["Lee 2018 (RLP-2)", "Johnson 1992 (RLP-7)", "CTN-0094 dropout (RLP-4)"])) == {1}
    assert set(frame["missing_n"][["Lee 2018 (RLP-2)", "Johnson 1992 (RLP-7)", "CTN-0094 dropout (RLP-4)"]]) == {0}


@pytest.fixture
def paid(tmp_path) -> Warehouse:
    """IOP for 600 (completed, improved) and 300 (dropped out, not seen again), and one whose bases are mixed.

    Each person's sessions are of 3 hours: on three days, on two and on two. An inpatient stay costs 5,000, another has
    no cost lines; there are prices for both levels of care.
    """
    rates = [
        {"payer": "commercial", "billing_code": "1", "setting": "IOP", "unit": "hour", "amount": 50},
        {"payer": "commercial", "billing_code": "2", "setting": "inpatient", "unit": "stay", "amount": 4000},
    ]
    scores = [("e1", 0, 18), ("e1", 9, 6), ("e2", 0, 18), ("e3", 0, 18)]
    return cost_lines.clinic(
        tmp_path,
        cost_lines.episode(600, days=(0, 4, 9)),
        cost_lines.episode(300, reason="dropped_out"),
        cost_lines.episode(100, 900, basis=("paid", "charge")),
        cost_lines.episode(5000, **cost_lines.INPATIENT),
        cost_lines.episode(**cost_lines.INPATIENT),
        rates=rates,
        assessments=[{"episode_id": key, "day": day, "score": score} for key, day, score in scores],
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cost_per_episode", {(2, 1)}),
        # 3 + 2 days with a service; 10 + 10 days in care.
        ("cost_per_day", {(5, 1), (20, 1)}),
        ("cost_per_attended_hour", {(15, 1)}),
        ("cost_per_completed_episode", {(1, 1)}),
        ("cost_per_improved_episode", {(1, 1)}),
        # Persons of both arms; one episode of each is missing.
        ("break_even", {(3, 2)}),
        # Means of IOP and of inpatient care, without severity and so without bands, and their difference.
        ("cost_comparison", {(2, 1), (1, 1), (3, 2)}),
        # Prices need no cost lines.
        ("price_comparison", {(3, 0), (2, 0)}),
        # Nobody was admitted later: only the observed difference, of all five.
        ("break_even_step_up", {(5, 0)}),
    ],
)
def test_of_costs(paid, name, expected):
    assert n_and_missing(stays.rows(paid, name)) == expected


def test_of_prices_by_the_hour_where_a_session_has_no_times(tmp_path):
    rates = [
        {"payer": "commercial", "billing_code": "1", "setting": "IOP", "unit": "hour", "amount": 50},
        {"payer": "commercial", "billing_code": "2", "setting": "inpatient", "unit": "stay", "amount": 4000},
    ]
    left = {"discharge_day": 9, "discharge_reason": "completed"}
    sessions = [{"day": 0}, {"day": 9, "scheduled_hours": 2}]
    frame = stays.rows(tiny_clinic(tmp_path, episodes=[left], sessions=sessions, rates=rates), "price_comparison")
    assert frame[["value", "denominator", "missing_n"]].to_numpy().tolist() == [[150, 1, 1]]
