"""INT-01 and INT-09: which minutes of a session count."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.clinic import tiny_clinic


def counted(folder: Path, *sessions: dict, **tables) -> dict[str, tuple[int, int, str]]:
    """Counted minutes, upper minutes and why, by session."""
    warehouse = tiny_clinic(folder, sessions=sessions, **tables)
    rows = warehouse.cursor().execute(
        "select session_id, counted_minutes, upper_minutes, counted_why from mart.session"
    )
    return {name: tuple(values) for name, *values in rows.fetchall()}


def shown(folder: Path, *sessions: dict, **options) -> list[tuple[bool, bool]]:
    """is_shown and is_partial of each session, in order."""
    warehouse = tiny_clinic(folder, sessions=sessions, **options)
    return warehouse.cursor().execute("select is_shown, is_partial from mart.session order by session_id").fetchall()


def test_attendance_beyond_the_schedule_is_capped_and_below_it_counts_as_it_is(tmp_path: Path) -> None:
    sessions = counted(
        tmp_path,
        {"day": 0, "scheduled_hours": 3, "actual_hours": 4},
        {"day": 1, "scheduled_hours": 3, "actual_hours": 2},
    )
    assert sessions["s1"] == (180, 180, "capped at schedule")
    assert sessions["s2"] == (120, 120, "counted")


def test_an_unscheduled_session_counts_its_actual_minutes(tmp_path: Path) -> None:
    assert counted(tmp_path, {"actual_hours": 1.5})["s1"] == (90, 90, "counted")


def test_a_missing_time_counts_zero_and_its_schedule_only_in_the_upper_view(tmp_path: Path) -> None:
    sessions = counted(
        tmp_path,
        {"day": 0, "scheduled_hours": 3},
        {"day": 1, "hours": None},
        {"day": 2, "scheduled_hours": 3, "actual_start": datetime(2026, 1, 7, 9)},
    )
    assert sessions["s1"] == (0, 180, "minutes missing")
    assert sessions["s2"] == (0, 0, "minutes missing")
    assert sessions["s3"] == (0, 180, "minutes missing")


def test_overlaps_count_once_for_the_session_that_began_first(tmp_path: Path) -> None:
    # 9-12 and 11-13: the union is four hours, the last hour alone is the second session's.
    sessions = counted(tmp_path, {"start": 11, "hours": 2}, {"start": 9, "hours": 3})
    assert sessions["s2"] == (180, 180, "counted")
    assert sessions["s1"] == (60, 60, "overlap")


def test_a_session_inside_two_others_adds_nothing_and_the_longest_earlier_one_decides(tmp_path: Path) -> None:
    # 9-14 covers 10-11 and 12-13 although 10-11 came between; 13-15 adds 14-15.
    sessions = counted(
        tmp_path,
        {"start": 9, "hours": 5},
        {"start": 10, "hours": 1},
        {"start": 12, "hours": 1},
        {"start": 13, "hours": 2},
    )
    assert [sessions[name][0] for name in ("s1", "s2", "s3", "s4")] == [300, 0, 0, 60]
    assert sum(minutes for minutes, _, _ in sessions.values()) == 6 * 60


def test_sessions_that_only_touch_do_not_overlap(tmp_path: Path) -> None:
    sessions = counted(tmp_path, {"start": 9, "hours": 2}, {"start": 11, "hours": 2})
    assert [sessions[name] for name in ("s1", "s2")] == [(120, 120, "counted")] * 2


def test_the_union_is_of_the_capped_times(tmp_path: Path) -> None:
    # Stayed 9-12 in a session that was scheduled 9-11: 11-12 does not count and covers nothing.
    sessions = counted(tmp_path, {"start": 9, "scheduled_hours": 2, "actual_hours": 3}, {"start": 11, "hours": 1})
    assert sessions["s1"][:1] == (120,)
    assert sessions["s2"] == (60, 60, "counted")


def test_a_session_without_times_takes_no_minutes_from_another(tmp_path: Path) -> None:
    # The upper view takes 9-12 from the schedule, so that 11-13 adds one hour to it; otherwise both its hours count.
    sessions = counted(tmp_path, {"start": 9, "scheduled_hours": 3}, {"start": 11, "hours": 2})
    assert sessions["s1"] == (0, 180, "minutes missing")
    assert sessions["s2"] == (120, 60, "counted")


def test_overlaps_join_the_episodes_of_one_person_but_not_two_people(tmp_path: Path) -> None:
    sessions = counted(
        tmp_path,
        {"episode_id": "e1", "start": 9, "hours": 2},
        {"episode_id": "e2", "start": 9, "hours": 3},
        {"episode_id": "e3", "start": 9, "hours": 3},
        episodes=[{"patient_id": "p1"}, {"patient_id": "p1", "level_of_care": "OP"}, {"patient_id": "p2"}],
    )
    assert [sessions[name][0] for name in ("s1", "s2", "s3")] == [120, 60, 180]


def test_missed_sessions_and_services_that_are_not_clinical_count_zero(tmp_path: Path) -> None:
    sessions = counted(
        tmp_path,
        {"start": 9, "hours": 1, "service_type": "mutual_help"},
        {"start": 9, "hours": 1, "status": "no_show"},
        {"start": 9, "hours": 1},
    )
    assert sessions["s1"] == (0, 0, "not clinical")
    assert sessions["s2"] == (0, 0, "not attended")
    assert sessions["s3"] == (60, 60, "counted")


def test_half_of_the_schedule_is_shown_and_less_is_partial(tmp_path: Path) -> None:
    assert shown(
        tmp_path,
        {"day": 0, "scheduled_hours": 3, "actual_hours": 1.5},
        {"day": 1, "scheduled_hours": 3, "actual_hours": 1.25},
        {"day": 2, "scheduled_hours": 3},
        {"day": 3, "actual_hours": 0.25},
        {"day": 4, "status": "no_show"},
    ) == [(True, False), (False, True), (True, False), (True, False), (False, False)]


def test_the_share_that_counts_as_shown_is_a_rule(tmp_path: Path) -> None:
    session = {"scheduled_hours": 4, "actual_hours": 2}
    assert shown(tmp_path / "half", session) == [(True, False)]
    assert shown(tmp_path / "most", session, rules={"shown_attendance_share": 0.75}) == [(False, True)]


def test_sessions_after_the_data_cut_are_left_out_and_those_after_the_analysis_cut_marked(tmp_path: Path) -> None:
    # Data to 30 September, analysed at 31 August.
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"session_date": datetime(2026, 8, 31).date()},
            {"session_date": datetime(2026, 9, 1).date()},
            {"session_date": datetime(2026, 10, 1).date(), "status": "unknown"},
        ],
    )
    rows = warehouse.cursor().execute("select session_id, is_before_cut from mart.session order by all").fetchall()
    assert rows == [("s1", True), ("s2", False)]


def test_a_week_begins_on_monday(tmp_path: Path) -> None:
    # 5 January 2026 is a Monday; 11 January the Sunday of its week.
    warehouse = tiny_clinic(tmp_path, sessions=[{"day": 0}, {"day": 6}, {"day": 7}])
    weeks = warehouse.cursor().execute("select week_start::varchar from mart.session order by session_id").fetchall()
    assert weeks == [("2026-01-05",), ("2026-01-05",), ("2026-01-12",)]
