"""A small clinic for the terminal: large enough that some counts are shown and some are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

NORTH, SOUTH = 40, 5
"""Episodes by site. Of those in North, 25 complete after day 60 and 15 drop out in the second week."""


@pytest.fixture(scope="session")
def small_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """North: 25 completed on day 70, 15 last seen on day 10. South: 5, all completed."""
    episodes, sessions = [], []
    for number in range(NORTH + SOUTH):
        is_dropout = 25 <= number < NORTH
        episodes.append(
            {
                "episode_id": f"e{number}",
                "patient_id": f"p{number}",
                "site": "North" if number < NORTH else "South",
                "discharge_day": 40 if is_dropout else 70,
                "discharge_reason": "dropped_out" if is_dropout else "completed",
            }
        )
        for day in (0, 3, 7, 10) if is_dropout else (0, 10, 20, 30, 40, 50, 60, 70):
            sessions.append({"episode_id": f"e{number}", "day": day})
    warehouse = tiny_clinic(tmp_path_factory.mktemp("small_clinic"), episodes=episodes, sessions=sessions)
    yield warehouse
    warehouse.close()


@pytest.fixture
def home(small_clinic: Warehouse) -> Path:
    """Its warehouse folder."""
    return small_clinic.home
