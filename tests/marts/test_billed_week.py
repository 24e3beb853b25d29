"""Bills held against the days on which the person came."""

from __future__ import annotations

from pathlib import Path

from tests.clinic import tiny_clinic

Weeks = list[tuple[int, int, int, int]]


def billed_weeks(folder: Path, *, costs: list[dict[str, object]], sessions: list[dict[str, object]]) -> Weeks:
    """Days billed, without attendance, billed twice and short, week by week."""
    warehouse = tiny_clinic(
        folder, sessions=sessions, costs=[{"amount": 300, "basis": "paid"} | line for line in costs]
    )
    sql = "select billed_days, unattended_days, duplicate_days, short_days from mart.billed_week order by week_start"
    return warehouse.cursor().execute(sql).fetchall()


def test_a_day_without_attendance_a_day_billed_twice_and_a_short_day(tmp_path: Path) -> None:
    sessions = [{"day": 0, "hours": 3}, {"day": 1, "hours": 3}, {"day": 2, "hours": 179 / 60}]
    costs = [{"day": 0}, {"day": 1}, {"day": 1}, {"day": 2}, {"day": 3}]
    # Days 0 to 3 are four billed days; nobody came on day 3, day 1 is billed twice, day 2 is a minute short.
    assert billed_weeks(tmp_path, costs=costs, sessions=sessions) == [(4, 1, 1, 1)]


def test_a_reversed_line_is_no_bill(tmp_path: Path) -> None:
    costs = [{"day": 0}, {"day": 1}, {"day": 1, "amount": -300}]
    assert billed_weeks(tmp_path, costs=costs, sessions=[{"day": 0, "hours": 3}]) == [(1, 0, 0, 0)]


def test_several_days_on_one_line_are_held_against_the_days_of_the_week(tmp_path: Path) -> None:
    sessions = [{"day": 0, "hours": 1}, {"day": 2, "hours": 3}]
    # Three days billed on one line, two attended; which of them was short the line does not say.
    assert billed_weeks(tmp_path, costs=[{"day": 0, "units": 3}], sessions=sessions) == [(3, 1, 0, 0)]


def test_a_day_whose_time_is_missing_is_not_called_short(tmp_path: Path) -> None:
    sessions = [{"day": 0, "scheduled_hours": 3}]
    assert billed_weeks(tmp_path, costs=[{"day": 0}], sessions=sessions) == [(1, 0, 0, 0)]


def test_only_intensive_outpatient_lines_count(tmp_path: Path) -> None:
    assert billed_weeks(tmp_path, costs=[{"day": 0, "setting": "laboratory"}], sessions=[{"day": 0}]) == []
