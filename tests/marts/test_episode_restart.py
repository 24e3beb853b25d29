"""Convention 00: a restart within a day at the same level of care is the same episode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

SAME = {"patient_id": "p1"}
COMPLETED = {"discharge_reason": "completed"}


def parts(warehouse: Warehouse) -> dict[str, str]:
    """Which episode each exported one belongs to."""
    return dict(warehouse.cursor().execute("select part_id, episode_id from mart.episode_part").fetchall())


def days(*episodes: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"episode_id": episode_id, "day": day} for episode_id, day in episodes]


def test_a_restart_within_a_day_is_the_same_episode_with_all_its_sessions_and_costs(tmp_path: Path) -> None:
    # Days 0-20, then 21-40 (day is counted from each part's admission): one stay of 40 days.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            SAME | COMPLETED | {"discharge_day": 20, "planned_days": 21, "planned_hours": 30},
            SAME | COMPLETED | {"day": 21, "discharge_day": 19, "planned_days": 21, "planned_hours": 30},
        ],
        sessions=days(("e1", 0), ("e1", 20), ("e2", 0), ("e2", 19)),
        costs=[{"episode_id": "e1", "amount": 100}, {"episode_id": "e2", "amount": 40}],
    )
    found = warehouse.cursor().execute(
        "select episode_id, exit_day, sessions_attended, attended_hours, cost_amount, planned_days, planned_hours "
        "from mart.episode"
    )
    assert found.fetchall() == [("e1", 40, 4, 12.0, 140.0, 42, 60.0)]
    assert warehouse.cursor().execute("select distinct episode_id from mart.session").fetchall() == [("e1",)]


def test_a_return_after_two_days_is_a_readmission(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            SAME | COMPLETED | {"discharge_day": 20},
            SAME | COMPLETED | {"day": 22, "discharge_day": 10},
            SAME | COMPLETED | {"day": 63, "discharge_day": 10},
        ],
        sessions=days(("e1", 0), ("e2", 0), ("e3", 0)),
    )
    assert parts(warehouse) == {"e1": "e1", "e2": "e2", "e3": "e3"}
    flags = warehouse.cursor().execute("select is_readmission from mart.episode order by episode_id").fetchall()
    # Two days after the first exit; 31 days after the second.
    assert flags == [(False,), (True,), (False,)]


def test_the_gap_counts_from_the_last_contact_of_someone_who_left(tmp_path: Path) -> None:
    # Last seen on day 10, discharged as a dropout on day 40, back on day 41: 31 days away, not one.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            SAME | {"discharge_day": 40, "discharge_reason": "dropped_out"},
            SAME | {"day": 41},
        ],
        sessions=days(("e1", 0), ("e1", 10), ("e2", 0)),
    )
    assert parts(warehouse) == {"e1": "e1", "e2": "e2"}


def test_several_restarts_in_a_row_are_one_episode_that_ends_as_the_last_does(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            SAME | COMPLETED | {"discharge_day": 10},
            SAME | COMPLETED | {"day": 10, "discharge_day": 10},
            SAME | {"day": 21, "discharge_day": 40, "discharge_reason": "dropped_out"},
        ],
        sessions=days(("e1", 0), ("e2", 0), ("e3", 0), ("e3", 4)),
    )
    assert parts(warehouse) == {"e1": "e1", "e2": "e1", "e3": "e1"}
    found = warehouse.cursor().execute("select exit_class, exit_day, cause from mart.episode").fetchall()
    assert found == [("dropped_out", 25, "dropout")]


def test_another_level_of_care_or_another_person_is_another_episode(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            SAME | {"discharge_day": 20, "discharge_reason": "transferred", "discharge_to": "OP"},
            SAME | {"day": 20, "level_of_care": "OP"},
            {"day": 20, "patient_id": "p2"},
        ],
        sessions=days(("e1", 0), ("e2", 0), ("e3", 0)),
    )
    assert parts(warehouse) == {"e1": "e1", "e2": "e2", "e3": "e3"}


def test_the_gap_is_a_rule(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        rules={"same_episode_gap_days": 7},
        episodes=[SAME | COMPLETED | {"discharge_day": 20}, SAME | {"day": 27}],
        sessions=days(("e1", 0), ("e2", 0)),
    )
    assert parts(warehouse) == {"e1": "e1", "e2": "e1"}
