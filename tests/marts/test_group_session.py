"""INT-12: how many patients are in the room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def meetings(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """Group, patients present and whether they are too many, in order."""
    sql = "select group_id, present, is_over_limit from mart.group_session order by group_id, scheduled_start"
    return warehouse.cursor().execute(sql).fetchall()


def people(count: int) -> list[dict[str, Any]]:
    return [{} for _ in range(count)]


def test_only_patients_who_came_are_in_the_room(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=people(3),
        sessions=[
            {"episode_id": "e1", "group_id": "g1"},
            {"episode_id": "e2", "group_id": "g1"},
            {"episode_id": "e3", "group_id": "g1", "status": "no_show"},
        ],
    )
    assert meetings(warehouse) == [("g1", 2, False)]


def test_a_group_that_nobody_came_to_did_not_meet(tmp_path: Path) -> None:
    warehouse = tiny_clinic(tmp_path, sessions=[{"group_id": "g1", "status": "program_cancel"}])
    assert meetings(warehouse) == []


def test_each_start_of_a_group_is_a_meeting_and_individual_sessions_are_none(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"day": 0, "start": 9, "group_id": "g1"},
            {"day": 0, "start": 13, "group_id": "g1"},
            {"day": 1, "service_type": "individual"},
        ],
    )
    assert meetings(warehouse) == [("g1", 1, False), ("g1", 1, False)]


def test_twelve_are_within_the_limit_and_thirteen_are_over(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=people(13),
        sessions=[{"episode_id": f"e{number}", "group_id": "g1"} for number in range(1, 14)]
        + [{"episode_id": f"e{number}", "group_id": "g2", "day": 1} for number in range(1, 13)],
    )
    assert meetings(warehouse) == [("g1", 13, True), ("g2", 12, False)]


def test_a_group_belongs_to_the_site_and_program_of_most_who_are_present(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"site": "North"}, {"site": "South", "program": "MH"}, {"site": "South", "program": "MH"}],
        sessions=[{"episode_id": f"e{number}", "group_id": "g1"} for number in (1, 2, 3)],
    )
    found = warehouse.cursor().execute("select site, program, track, present from mart.group_session").fetchall()
    assert found == [("South", "MH", "day", 3)]
