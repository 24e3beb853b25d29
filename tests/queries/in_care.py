"""Clinics of a few stays for the tests of retention: who came on which days, and how they left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

ANALYSIS_CUT = date(2026, 8, 31)
WELL = "in care, completed or stepped down"


def stay(last_day: int, reason: str | None = None, to: str | None = None, **columns) -> dict:
    """An episode attended on day 0 and on its last day, where it is discharged if there is a reason."""
    episode = {"last_day": last_day, **columns}
    if reason:
        episode |= {"discharge_day": last_day, "discharge_reason": reason}
    return episode | ({"discharge_to": to} if to else {})


def clinic(folder: Path, *stays: dict, **settings) -> Warehouse:
    episodes, sessions = [], []
    for number, one in enumerate(stays, start=1):
        columns = dict(one)
        last_day = columns.pop("last_day")
        episodes.append({"episode_id": f"e{number}", "patient_id": f"p{number}", **columns})
        sessions += [{"episode_id": f"e{number}", "day": day} for day in sorted({0, last_day})]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, **settings)


def rows(warehouse: Warehouse, name: str, *, filters=None, by=None, **parameters):
    chosen = select(filters, by=by)
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), chosen, parameters).frame


def by_category(frame, column="value") -> dict:
    return dict(zip(frame["category"], frame[column], strict=True))


def only_value(frame) -> float:
    assert len(frame) == 1
    return float(frame["value"].iloc[0])
