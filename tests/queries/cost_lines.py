"""Clinics of episodes with cost lines, and the exact rows of a measure over them.

Every episode starts on Monday 2026-01-05 with a session on its first and last day; the analysis cut-off is 2026-08-31.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

INPATIENT = {"level_of_care": "inpatient"}


def episode(*amounts: float, basis="paid", days=(0, 9), reason="completed", **columns) -> dict:
    """An episode attended on ``days``, which ends on the last of them, with its cost lines."""
    return {"amounts": amounts, "basis": basis, "days": days, "reason": reason, **columns}


def clinic(folder: Path, *stays: dict, **tables) -> Warehouse:
    episodes, sessions, costs = [], [], []
    for number, stay in enumerate(stays, start=1):
        columns = dict(stay)
        amounts, basis, days, reason = (columns.pop(name) for name in ("amounts", "basis", "days", "reason"))
        key = f"e{number}"
        end = {"discharge_day": max(days), "discharge_reason": reason} if reason else {}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **end, **columns})
        sessions += [{"episode_id": key, "day": day} for day in days]
        bases = [basis] * len(amounts) if isinstance(basis, str) else basis
        costs += [
            {"episode_id": key, "cost_id": f"{key}-{place}", "amount": amount, "basis": name}
            for place, (amount, name) in enumerate(zip(amounts, bases, strict=True))
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, costs=costs, **tables)


def rows(warehouse: Warehouse, name: str, filters=None, **parameters) -> pd.DataFrame:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select(filters), parameters).frame


def means(frame: pd.DataFrame, column: str = "value") -> dict:
    frame = frame[frame["statistic"] == "mean"]
    return dict(zip(frame["category"], frame[column], strict=True))
