"""What an episode adds up: hours, expected weeks, age, severity and cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.clinic import tiny_clinic


def test_hours_and_sessions_close_at_the_analysis_cut(tmp_path: Path) -> None:
    # Two sessions of three hours by 31 August on two days of one week, one without times; the fourth is after the cut.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 8, 24)}],
        sessions=[
            {"day": 0},
            {"day": 2, "start": 9, "service_type": "individual"},
            {"day": 2, "start": 13, "scheduled_hours": 1, "service_type": "family"},
            {"day": 10},
        ],
    )
    found = warehouse.cursor().execute(
        "select sessions_attended, attended_days, weeks_with_service, attended_hours, attended_hours_upper, "
        "missing_minutes_sessions, individual_sessions, family_sessions, last_attended_date "
        "from mart.episode"
    )
    assert found.fetchall() == [(3, 2, 1, 6.0, 7.0, 1, 1, 1, date(2026, 9, 3))]


def test_weeks_are_expected_to_the_planned_end_or_the_no_contact_limit(tmp_path: Path) -> None:
    # Day 0 is 5 January, last seen on day 10 (15 January), discharged on day 60.
    left = {"discharge_day": 60, "discharge_reason": "dropped_out"}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            left | {"planned_days": 28},
            left | {"planned_days": 90},
            left,
            left | {"planned_days": 5},
            {"discharge_day": 20, "discharge_reason": "completed", "planned_days": 90},
        ],
        sessions=[{"episode_id": f"e{number}", "day": day} for number in range(1, 6) for day in (0, 10)],
    )
    found = warehouse.cursor().execute("select episode_id, open_until - day_zero from mart.episode").fetchall()
    # A plan of 28 days ends on day 27; day 40 is 30 days after the last contact.
    assert dict(found) == {"e1": 27, "e2": 40, "e3": 40, "e4": 10, "e5": 20}


def test_eighteen_on_day_0_is_an_adult(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        patients=[
            {"patient_id": "p1", "birth_date": date(2008, 1, 7)},
            {"patient_id": "p2", "birth_date": date(2008, 1, 8)},
        ],
        episodes=[{}, {}, {"age_at_admission": 17}, {"age_at_admission": None}],
        sessions=[{"episode_id": f"e{number}", "day": 2} for number in range(1, 5)],
    )
    found = warehouse.cursor().execute("select episode_id, age_group, is_adolescent from mart.episode").fetchall()
    assert sorted(found) == [
        ("e1", "adult", False),
        ("e2", "adolescent", True),
        ("e3", "adolescent", True),
        ("e4", None, False),
    ]


def test_severity_is_the_sum_of_six_dimensions_and_unknown_if_one_is_missing(tmp_path: Path) -> None:
    def rated(*severities: int | None) -> dict[str, int | None]:
        return {f"asam_dimension_{number}": severity for number, severity in enumerate(severities, 1)}

    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            rated(0, 0, 2, 2, 2, 1),
            rated(0, 0, 2, 2, 2, 2),
            rated(2, 2, 2, 2, 2, 2),
            rated(3, 2, 2, 2, 2, 2),
            rated(3, 2, 2, 2, 2, None),
        ],
    )
    found = (
        warehouse.cursor().execute("select severity, severity_band from mart.episode order by episode_id").fetchall()
    )
    assert found == [(7, "low"), (8, "middle"), (12, "middle"), (13, "high"), (None, None)]


def test_cost_of_mixed_bases_is_not_added_up(tmp_path: Path) -> None:
    done = {"discharge_day": 10, "discharge_reason": "completed"}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[done, done, done, {"admission_date": date(2026, 8, 24)}],
        sessions=[{"episode_id": f"e{number}", "day": day} for number in range(1, 5) for day in (0, 9)],
        costs=[
            {"episode_id": "e1", "amount": 100.25, "basis": "allowed"},
            {"episode_id": "e1", "amount": -0.25, "basis": "allowed"},
            {"episode_id": "e2", "amount": 100, "basis": "allowed"},
            {"episode_id": "e2", "amount": 300, "basis": "charge"},
            {"episode_id": "e4", "amount": 50, "basis": "allowed"},
        ],
    )
    found = warehouse.cursor().execute(
        "select cost_amount, cost_basis, cost_lines, is_cost_complete from mart.episode order by episode_id"
    )
    assert found.fetchall() == [
        (100.0, "allowed", 2, True),
        (None, None, 2, False),
        (None, None, 0, False),
        (50.0, "allowed", 1, False),
    ]
