"""What becomes of sessions, on clinics of a few of them, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from queries.warehouse import Warehouse
from tests.queries.stays import by, clinic, only, rows


def scheduled(status: str, count: int = 1, **columns) -> list[dict]:
    return [{"status": status, "day": 1, "start": 9 + place, "hours": 1, **columns} for place in range(count)]


def test_attended_of_scheduled_is_a_ratio_of_sums(tmp_path):
    # 4 of 4 hours and 1 of 6: (4 + 1)/(4 + 6) = 0.5, not the mean of 1 and 1/6. Cancelled by the program: left out.
    warehouse = clinic(
        tmp_path,
        [[4]],
        [[1]],
        sessions=[
            {"episode_id": "e2", "day": 2, "hours": 5, "status": "no_show"},
            {"episode_id": "e2", "day": 3, "hours": 2, "status": "program_cancel"},
        ],
    )
    row = only(rows(warehouse, "attendance_to_scheduled"))
    assert (row["numerator"], row["denominator"], row["value"]) == (5, 10, 0.5)


@pytest.fixture
def attendance(tmp_path) -> Warehouse:
    """Ten sessions: 4 shown, 1 in part, 2 no-shows, and 1 each cancelled late, in time and by the program."""
    sessions = [
        *scheduled("no_show", 2),
        *scheduled("late_cancel", start=12),
        *scheduled("client_cancel", start=13),
        *scheduled("program_cancel", start=14),
        {"day": 2, "scheduled_hours": 2, "actual_hours": 0.5},
    ]
    return clinic(tmp_path, [[3], [3, 3, 3]], sessions=sessions)


def test_the_show_rate_has_partial_attendance_below_and_early_cancellations_nowhere(attendance):
    row = only(rows(attendance, "show_rate"))
    assert (row["numerator"], row["denominator"], row["value"]) == (4, 4 + 1 + 2 + 1, 0.5)


def test_late_cancellations_are_beside_no_shows_and_never_summed(attendance):
    assert by(rows(attendance, "no_show_rate"), "category") == {"no-show": 2 / 8, "late cancellation": 1 / 8}


def test_the_outcomes_of_sessions_sum_to_all_sessions(attendance):
    assert by(rows(attendance, "attendance_outcomes"), "category", "numerator") == {
        "shown": 4,
        "attended in part": 1,
        "no-show": 2,
        "late cancellation by the patient": 1,
        "timely cancellation by the patient": 1,
        "cancelled by the program": 1,
        "not recorded": 0,
    }
    assert set(rows(attendance, "attendance_outcomes")["denominator"]) == {10}


def test_half_of_the_minutes_is_shown_and_less_is_partial(tmp_path):
    # 1 of 2 hours is shown; 59 of 120 minutes is partial; 2 of 2 hours on day 0.
    at_half = [{"day": day, "scheduled_hours": 2, "actual_hours": hours} for day, hours in ((1, 1), (2, 59 / 60))]
    warehouse = clinic(tmp_path, [[2]], sessions=at_half)
    assert only(rows(warehouse, "partial_attendance"))["value"] == pytest.approx(1 / 3)
    assert only(rows(warehouse, "show_rate"))["value"] == pytest.approx(2 / 3)


def test_a_session_without_a_recorded_outcome_is_missing(tmp_path):
    row = only(rows(clinic(tmp_path, [[3]], sessions=scheduled("unknown")), "show_rate"))
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (1, 1, 1)


def test_the_show_rate_follows_the_month_of_the_session(tmp_path):
    # January: day 0 and four Mondays shown, day 1 missed: 4 of 5. February: 1 of 1.
    warehouse = clinic(tmp_path, [[3], [3], [3], [3], [3]], sessions=scheduled("no_show"))
    assert by(rows(warehouse, "show_rate_by_month"), "period") == {
        pd.Timestamp("2026-01-01"): 4 / 5,
        pd.Timestamp("2026-02-01"): 1,
    }
    february = rows(warehouse, "show_rate", {"date_from": "2026-02-01"})
    assert only(february)["denominator"] == 1


def test_sessions_after_the_analysis_cut_do_not_count(tmp_path):
    # The cut-off of 4 February less 30 days is Monday 5 January: only day 0.
    warehouse = clinic(tmp_path, [[3, 3], [3]], data_cut=date(2026, 2, 4))
    assert only(rows(warehouse, "show_rate"))["denominator"] == 1
