"""Clinics of stays written as the hours of the sessions of each week, and the exact rows of a measure over them.

``[[3, 3, 3], [], [3]]`` is 9, 0 and 3 hours in three eligible weeks. Day 0 of every episode is Monday 2026-01-05 and
the analysis cut-off 2026-08-31, unless a test says otherwise.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def clinic(folder: Path, *stays: list[list[float]], sessions=(), columns=({},), **settings) -> Warehouse:
    """One completed episode a stay, open until the Sunday of its last week; ``sessions`` are added to it."""
    episodes, attended = [], []
    for number, weeks in enumerate(stays, start=1):
        own = columns[(number - 1) % len(columns)]
        end = {"discharge_day": 7 * len(weeks) - 1, "discharge_reason": "completed"}
        episodes.append({"episode_id": f"e{number}", "patient_id": f"p{number}", **end, **own})
        attended += [
            {"episode_id": f"e{number}", "day": 7 * week + place, "hours": hours}
            for week, lengths in enumerate(weeks)
            for place, hours in enumerate(lengths)
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=[*attended, *sessions], **settings)


def rows(warehouse: Warehouse, name: str, filters=None, by=None, **parameters) -> pd.DataFrame:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select(filters, by=by), parameters).frame


def by(frame: pd.DataFrame, key: str, column: str = "value") -> dict:
    return dict(zip(frame[key], frame[column], strict=True))


def only(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]
