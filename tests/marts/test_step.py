"""RET-13 and RET-14: steps between levels of care. An episode ends on day 40; day counts from each admission."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

ENDED = {"patient_id": "p1", "discharge_day": 40, "discharge_reason": "transferred"}


def steps(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    return warehouse.cursor().execute(f"select {columns} from mart.step order by episode_id").fetchall()


@pytest.mark.parametrize(("days_after", "is_completed"), [(0, True), (14, True), (15, False)])
def test_a_step_down_is_completed_by_a_service_at_the_lower_level_within_14_days(
    tmp_path: Path, days_after: int, is_completed: bool
) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[ENDED | {"discharge_to": "OP"}, {"patient_id": "p1", "level_of_care": "OP", "day": 40}],
        sessions=[{"day": 0}, {"episode_id": "e2", "day": days_after}, {"episode_id": "e2", "day": days_after + 7}],
    )
    assert steps(warehouse, "direction, is_planned_step_down, days_to_service, is_completed") == [
        ("down", True, days_after, is_completed)
    ]


def test_a_step_down_is_completed_at_any_lower_level_and_a_step_up_at_the_planned_one(tmp_path: Path) -> None:
    # Residential care planned to end in IOP; IOP planned to end in inpatient care. Both are seen elsewhere first.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            ENDED | {"level_of_care": "residential", "discharge_to": "IOP"},
            {"patient_id": "p1", "level_of_care": "OP", "day": 40},
            ENDED | {"patient_id": "p2", "discharge_to": "inpatient"},
            {"patient_id": "p2", "level_of_care": "residential", "day": 40},
        ],
        sessions=[{"episode_id": f"e{number}", "day": day} for number, day in ((1, 0), (2, 3), (3, 0), (4, 3))],
    )
    assert steps(warehouse, "episode_id, direction, days_to_service, is_completed") == [
        ("e1", "down", 3, True),
        ("e3", "up", None, False),
    ]


def test_a_missed_appointment_another_level_or_another_person_completes_no_step(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            ENDED | {"discharge_to": "OP"},
            {"patient_id": "p1", "level_of_care": "OP", "day": 40},
            {"patient_id": "p1", "level_of_care": "residential", "day": 40},
            {"patient_id": "p2", "level_of_care": "OP", "day": 40},
        ],
        sessions=[
            {"day": 0},
            {"episode_id": "e2", "day": 1, "status": "no_show"},
            {"episode_id": "e3", "day": 1},
            {"episode_id": "e4", "day": 1},
        ],
    )
    assert steps(warehouse, "episode_id, days_to_service, is_completed") == [("e1", None, False)]


@pytest.mark.parametrize(
    ("destination", "direction"),
    [
        ("OP", "down"),
        ("IOP", "lateral"),
        ("PHP", "up"),
        ("residential", "up"),
        ("inpatient", "up"),
        ("withdrawal", "up"),
    ],
)
def test_the_direction_is_the_next_level_against_this_one(tmp_path: Path, destination: str, direction: str) -> None:
    warehouse = tiny_clinic(
        tmp_path, episodes=[ENDED | {"discharge_to": destination}], sessions=[{"day": 0}, {"day": 40}]
    )
    # The service on the last day is at the same level and belongs to the stay that ends: it completes nothing.
    assert steps(warehouse, "direction, days_to_service, is_planned_step_down") == [
        (direction, None, direction == "down")
    ]


def test_a_completion_with_a_next_level_is_a_planned_step_and_a_dropout_is_none(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            ENDED | {"discharge_reason": reason, "discharge_to": destination, "patient_id": patient}
            for patient, reason, destination in (
                ("p1", "completed", "OP"),
                ("p2", "completed", "none"),
                ("p3", "dropped_out", "OP"),
                ("p4", "transferred", None),
            )
        ],
        sessions=[{"episode_id": f"e{number}", "day": 0} for number in range(1, 5)],
    )
    assert steps(warehouse, "episode_id, is_planned_step_down") == [("e1", True)]


def test_an_exit_needs_its_whole_window_before_the_analysis_cut(tmp_path: Path) -> None:
    # The analysis cut is 31 August: exits of 17 August have 14 days, those of 18 August do not; 1 September is not yet.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            {"discharge_date": day, "discharge_reason": "transferred", "discharge_to": "OP"}
            for day in (date(2026, 8, 17), date(2026, 8, 18), date(2026, 9, 1))
        ],
        sessions=[{"episode_id": f"e{number}", "day": 0} for number in range(1, 4)],
    )
    assert steps(warehouse, "episode_id, has_full_window") == [("e1", True), ("e2", False)]
