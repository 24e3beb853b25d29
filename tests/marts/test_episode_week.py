"""INT-01, INT-02 and INT-05: weeks in care, their hours and their target. 5 January 2026 is a Monday."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def weeks(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    """Some columns of every week, in order."""
    sql = f"select {columns} from mart.episode_week order by episode_id, week_start"
    return warehouse.cursor().execute(sql).fetchall()


def test_a_week_is_eligible_only_if_the_episode_was_open_on_all_seven_days(tmp_path: Path) -> None:
    # Day 0 is Wednesday 7 January; completed on Saturday 24 January.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 19, "discharge_reason": "completed"}],
        sessions=[{"day": 2}, {"day": 19}],
    )
    assert weeks(warehouse, "week_of_care, is_eligible, open_days") == [(0, False, 5), (1, True, 7), (2, False, 6)]


def test_care_that_begins_on_monday_and_ends_on_sunday_has_no_partial_weeks(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 13, "discharge_reason": "completed"}],
        sessions=[{"day": 0}, {"day": 13}],
    )
    assert weeks(warehouse, "week_of_care, is_eligible, open_days") == [(1, True, 7), (2, True, 7)]


def test_an_open_week_without_service_counts_zero_hours(tmp_path: Path) -> None:
    # Seen in the first and the third week only.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 20, "discharge_reason": "completed"}],
        sessions=[{"day": 0}, {"day": 14}, {"day": 16}],
    )
    assert weeks(warehouse, "attended_hours, sessions_attended, is_eligible") == [
        (3.0, 1, True),
        (0.0, 0, True),
        (6.0, 2, True),
    ]


def test_someone_who_left_has_zero_weeks_to_the_planned_end(tmp_path: Path) -> None:
    # Seen on day 0 only, planned for 28 days: the whole of weeks 1 to 4.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 90, "discharge_reason": "dropped_out", "planned_days": 28}],
        sessions=[{"day": 0}],
    )
    assert weeks(warehouse, "attended_hours, is_eligible") == [(3.0, True), (0.0, True), (0.0, True), (0.0, True)]


def test_no_week_is_expected_after_the_analysis_cut(tmp_path: Path) -> None:
    # Day 0 is Monday 17 August; the analysis cut, 31 August, is the Monday of the third week.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 8, 17)}],
        sessions=[{"day": 0}, {"day": 14}, {"day": 15}, {"day": 40}],
    )
    assert weeks(warehouse, "attended_hours, is_eligible, open_days") == [
        (3.0, True, 7),
        (0.0, True, 7),
        (3.0, False, 1),
    ]


def test_a_session_without_times_counts_zero_and_is_reported(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 6, "discharge_reason": "completed"}],
        sessions=[{"day": 0, "hours": 3}, {"day": 1, "scheduled_hours": 3}],
    )
    assert weeks(warehouse, "attended_hours, attended_hours_upper, missing_minutes_sessions") == [(3.0, 6.0, 1)]


def test_scheduled_hours_leave_out_what_the_program_cancelled(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 6, "discharge_reason": "completed"}],
        sessions=[
            {"day": 0, "scheduled_hours": 3, "actual_hours": 2},
            {"day": 1, "status": "no_show"},
            {"day": 2, "status": "program_cancel"},
            {"day": 3, "service_type": "transport"},
        ],
    )
    assert weeks(warehouse, "attended_hours, scheduled_hours, scheduled_hours_all") == [(2.0, 6.0, 9.0)]


def test_the_target_is_nine_hours_for_adults_and_six_for_adolescents(tmp_path: Path) -> None:
    week = {"discharge_day": 6, "discharge_reason": "completed"}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[week | {"age_at_admission": 18}, week | {"age_at_admission": 17}],
        sessions=[{"episode_id": "e1", "hours": 6}, {"episode_id": "e2", "hours": 6}],
    )
    assert weeks(warehouse, "target_hours, attended_hours >= target_hours") == [(9.0, False), (6.0, True)]


def test_family_and_individual_sessions_mark_the_week_only_if_attended(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 13, "discharge_reason": "completed"}],
        sessions=[
            {"day": 0, "service_type": "individual"},
            {"day": 1, "service_type": "family", "status": "no_show"},
            {"day": 7, "service_type": "family"},
        ],
    )
    assert weeks(warehouse, "has_individual, has_family") == [(True, False), (False, True)]


def test_authorized_hours_are_spread_over_the_days_that_they_cover(tmp_path: Path) -> None:
    # 28 hours over 14 days from Thursday 8 January: 2 a day, so 4 days, 7 days and 3 days.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 27, "discharge_reason": "completed"}],
        sessions=[{"day": 0}],
        authorizations=[
            {"day": 3, "end_date": date(2026, 1, 21), "authorized_hours": 28},
            {"day": 3, "end_date": date(2026, 1, 21), "authorized_hours": 99, "status": "denied"},
        ],
    )
    assert weeks(warehouse, "authorized_hours") == [(8.0,), (14.0,), (6.0,), (None,)]


def test_sessions_without_a_schedule_are_in_no_scheduled_hours(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 6, "discharge_reason": "completed"}],
        sessions=[{"day": 0}, {"day": 1, "scheduled_hours": None, "actual_hours": 2}],
    )
    assert weeks(warehouse, "attended_hours, scheduled_hours, unscheduled_sessions") == [(5.0, 3.0, 1)]
