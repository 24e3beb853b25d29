"""Completion, contact, steps between levels and flow on clinics of a few episodes, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from queries.cases import CasesError, no_contact_cases
from queries.filters import select
from tests.clinic import tiny_clinic
from tests.queries.in_care import ANALYSIS_CUT, by_category, clinic, only_value, rows, stay


def test_completion_of_closed_episodes_leaves_out_those_in_care_and_the_cohort_does_not(tmp_path):
    # Closed: a completion, a step down, a dropout, one unknown. One began 200 days before and still comes.
    long_ago = ANALYSIS_CUT - timedelta(days=200)
    warehouse = clinic(
        tmp_path,
        stay(20, "completed"),
        stay(20, "transferred", "OP"),
        stay(20, "dropped_out"),
        stay(20, "unknown"),
        stay(205, admission_date=long_ago),
    )
    frame = rows(warehouse, "completion_rate")
    assert by_category(frame) == pytest.approx(
        {
            "completed, of closed episodes": 1 / 4,
            "completed or transferred, of closed episodes": 2 / 4,
            "completed, of all who started": 1 / 5,
            "completed or transferred, of all who started": 2 / 5,
        }
    )
    assert set(frame["missing_n"]) == {1}


def test_early_dropout_counts_exits_before_the_fourth_session(tmp_path):
    sessions = [{"episode_id": "e1", "day": day} for day in (0, 1, 2)]
    sessions += [{"episode_id": "e2", "day": day} for day in (0, 1, 2, 3)]
    warehouse = tiny_clinic(tmp_path, episodes=[{"patient_id": "p1"}, {"patient_id": "p2"}], sessions=sessions)
    assert only_value(rows(warehouse, "early_dropout")) == pytest.approx(1 / 2)


def test_early_dropout_may_count_days_instead_of_sessions(tmp_path):
    # Left on day 29, left on day 30, jailed on day 5, no reason on day 8, completed on day 20; each seen twice.
    stays = [(29, "dropped_out"), (30, "dropped_out"), (5, "incarcerated"), (8, "unknown"), (20, "completed")]
    warehouse = clinic(tmp_path, *[stay(day, reason) for day, reason in stays])
    row = rows(warehouse, "early_dropout", early_by="days").iloc[0]
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (3, 5, 1)
    assert rows(warehouse, "early_dropout").iloc[0]["numerator"] == 4


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "under 7 days"),
        (6, "under 7 days"),
        (7, "7 to 13 days"),
        (13, "7 to 13 days"),
        (14, "14 to 29 days"),
        (29, "14 to 29 days"),
        (30, "30 days or more"),
    ],
)
def test_days_without_contact_run_from_the_last_service_to_the_data_cut(tmp_path, days, band):
    admission = date(2026, 9, 30) - timedelta(days=40 + days)
    counts = by_category(rows(clinic(tmp_path, stay(40, admission_date=admission)), "no_contact"))
    assert counts == {name: float(name == band) for name in counts}
    assert len(counts) == 4


def test_a_discharged_episode_needs_no_contact(tmp_path):
    assert rows(clinic(tmp_path, stay(20, "completed")), "no_contact").empty


def test_the_people_without_contact_are_listed_only_where_cases_are_shown(tmp_path, monkeypatch):
    cut = date(2026, 9, 30)
    warehouse = clinic(
        tmp_path,
        stay(10, admission_date=cut - timedelta(days=16)),
        stay(10, admission_date=cut - timedelta(days=25)),
        stay(10, admission_date=cut - timedelta(days=50)),
    )
    monkeypatch.delenv("IOP_SHOW_CASES", raising=False)
    with pytest.raises(CasesError, match="IOP_SHOW_CASES=yes"):
        no_contact_cases(warehouse, select())
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    listed = no_contact_cases(warehouse, select())
    # Days since the last service: 50 − 10, 25 − 10; 16 − 10 is under 7.
    assert listed["episode_id"].tolist() == ["e3", "e2"]
    assert listed["days_without_contact"].tolist() == [40, 15]
    assert listed["action"].tolist() == ["consider administrative discharge", "outreach is due"]
    assert no_contact_cases(warehouse, select({"site": ["South"]})).empty


def test_a_step_down_is_completed_by_a_service_at_the_lower_level_within_14_days(tmp_path):
    episodes = [
        {"episode_id": f"iop{n}", "patient_id": f"p{n}", "discharge_day": 30, "discharge_reason": "transferred"}
        | {"discharge_to": "OP"}
        for n in (1, 2)
    ]
    lower = [
        {"episode_id": f"op{n}", "patient_id": f"p{n}", "level_of_care": "OP", "admission_date": date(2026, 2, 4)}
        for n in (1, 2)
    ]
    # Exit on day 30 = 4 February. Services at the lower level on 18 February (14 days) and 19 February (15 days).
    sessions = [
        {"episode_id": "iop1", "day": 0},
        {"episode_id": "iop2", "day": 0},
        {"episode_id": "op1", "session_date": date(2026, 2, 18)},
        {"episode_id": "op2", "session_date": date(2026, 2, 19)},
    ]
    warehouse = tiny_clinic(tmp_path, episodes=episodes + lower, sessions=sessions)
    row = rows(warehouse, "step_down_completed").iloc[0]
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_a_step_up_competes_with_the_other_exits(tmp_path):
    warehouse = clinic(
        tmp_path, stay(20, "transferred", "inpatient"), stay(10, "dropped_out"), stay(95, "transferred", "PHP")
    )
    assert only_value(rows(warehouse, "step_up")) == pytest.approx(1 / 3)
    assert only_value(rows(clinic(tmp_path / "none", stay(10, "dropped_out")), "step_up")) == 0


def test_exits_are_counted_in_the_week_of_the_last_service_of_a_dropout(tmp_path):
    # Sunday 18 January is day 13, Monday 19 January day 14.
    frame = rows(clinic(tmp_path, stay(13, "dropped_out"), stay(14, "completed")), "exits_by_week")
    assert [(f"{row.period:%Y-%m-%d}", row.category, row.value) for row in frame.itertuples()] == [
        ("2026-01-12", "dropped out or terminated", 1),
        ("2026-01-19", "completed or stepped down", 1),
    ]


def test_admissions_and_discharges_are_counted_by_month(tmp_path):
    frame = rows(clinic(tmp_path, stay(10, "completed"), stay(40, "dropped_out")), "admissions_and_discharges")
    assert [(f"{row.period:%Y-%m}", row.category, row.value) for row in frame.itertuples()] == [
        ("2026-01", "admissions", 2),
        ("2026-01", "discharges", 1),
        ("2026-02", "discharges", 1),
    ]


def test_the_census_counts_who_is_in_care_on_each_monday(tmp_path):
    # Out on Monday 19 January (day 14) and on Tuesday 20 January (day 15).
    frame = rows(clinic(tmp_path, stay(14, "completed"), stay(15, "completed")), "census")
    census = {f"{row.period:%Y-%m-%d}": row.value for row in frame.itertuples()}
    assert [census[day] for day in ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")] == [2, 2, 1, 0]
    assert max(census) == "2026-08-31"


def test_a_date_filter_chooses_by_day_0(tmp_path):
    warehouse = clinic(tmp_path, stay(10, "dropped_out"), stay(40, "completed", admission_date=date(2026, 3, 2)))
    chosen = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
    assert only_value(rows(warehouse, "retained_at", filters=chosen)) == 1
