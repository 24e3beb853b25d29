"""INT-06 to INT-09: what became of the scheduled sessions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.clinic import tiny_clinic


def test_every_outcome_is_counted_and_partial_attendance_is_its_own_class(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"day": 0},
            {"day": 1, "scheduled_hours": 3, "actual_hours": 1},
            {"day": 2, "status": "no_show"},
            {"day": 3, "status": "late_cancel"},
            {"day": 4, "status": "client_cancel"},
            {"day": 5, "status": "program_cancel"},
            {"day": 6, "status": "unknown"},
        ],
    )
    found = warehouse.cursor().execute(
        "select attended, shown, partial, no_show, late_cancel, client_cancel, program_cancel, unknown "
        "from mart.attendance"
    )
    assert found.fetchall() == [(2, 1, 1, 1, 1, 1, 1, 1)]


def test_program_cancelled_hours_are_not_scheduled_hours(tmp_path: Path) -> None:
    # Scheduled 3 + 3 + 3, of which the program cancelled 3; attended 2, and 1 without a schedule.
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"day": 0, "scheduled_hours": 3, "actual_hours": 2},
            {"day": 1, "status": "no_show"},
            {"day": 2, "status": "program_cancel"},
            {"day": 3, "actual_hours": 1},
        ],
    )
    found = warehouse.cursor().execute(
        "select scheduled_hours_kept, attended_hours, attended_hours_of_scheduled from mart.attendance"
    )
    assert found.fetchall() == [(6.0, 3.0, 2.0)]


def test_months_services_and_modalities_are_apart_and_only_clinical_ones_count(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"day": 0},
            {"day": 1, "modality": None},
            {"day": 2, "service_type": "individual", "modality": "telehealth"},
            {"day": 3, "service_type": "mutual_help"},
            {"day": 27},
        ],
    )
    found = warehouse.cursor().execute(
        "select month_start, service_type, modality, attended from mart.attendance order by all"
    )
    assert found.fetchall() == [
        (date(2026, 1, 1), "group", "in_person", 1),
        (date(2026, 1, 1), "group", "unknown", 1),
        (date(2026, 1, 1), "individual", "telehealth", 1),
        (date(2026, 2, 1), "group", "in_person", 1),
    ]


def test_sessions_after_the_analysis_cut_are_not_counted_yet(tmp_path: Path) -> None:
    # Data to 30 September, analysed at 31 August.
    warehouse = tiny_clinic(
        tmp_path, sessions=[{"session_date": date(2026, 8, 31)}, {"session_date": date(2026, 9, 1)}]
    )
    assert warehouse.cursor().execute("select month_start, attended from mart.attendance").fetchall() == [
        (date(2026, 8, 1), 1)
    ]


def test_a_session_without_times_is_shown_and_reported_as_missing(tmp_path: Path) -> None:
    warehouse = tiny_clinic(tmp_path, sessions=[{"scheduled_hours": 3}])
    found = warehouse.cursor().execute(
        "select shown, partial, attended_hours, attended_minutes_missing from mart.attendance"
    )
    assert found.fetchall() == [(1, 0, 0.0, 1)]
