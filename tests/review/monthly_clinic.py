"""A clinic whose show rate of each month is what a test says, in a real warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from queries import catalog
from queries.answer import Answer
from queries.filters import Selection
from queries.review.series import Ask
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

PERSONS = 30
FIRST_MONTH = date(2024, 1, 1)


def months(number: int, first: date = FIRST_MONTH) -> list[date]:
    """First days of months that follow each other."""
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(number)]


def attended_clinic(
    folder: Path, shown: Mapping[str, Sequence[tuple[int, int]]], **other_tables: Iterable[Mapping[str, Any]]
) -> Warehouse:
    """One clinic whose sites have, month by month from January 2024, so many sessions shown of so many expected.

    Thirty people a site, all in care throughout. The data end two months after the last month.
    """
    length = max(len(points) for points in shown.values())
    episodes, sessions = [], []
    for site, points in shown.items():
        keys = [f"{site}-{number}" for number in range(PERSONS)]
        episodes += [
            {"episode_id": key, "patient_id": key, "site": site, "admission_date": FIRST_MONTH, "planned_days": 1500}
            for key in keys
        ]
        for month, (present, expected) in zip(months(len(points)), points, strict=True):
            for number in range(expected):
                day = month + timedelta(days=number // PERSONS % 28)
                status = "attended" if number < present else "no_show"
                sessions.append({"episode_id": keys[number % PERSONS], "session_date": day, "status": status})
    cut = months(length + 2)[-1]
    return tiny_clinic(folder, data_cut=cut, episodes=episodes, sessions=sessions, **other_tables)


def asker(warehouse: Warehouse) -> Ask:
    """The suppressed answers of a warehouse."""

    def ask(name: str, selection: Selection, parameters: Mapping[str, Any]) -> Answer:
        return catalog.ask_selection(warehouse, name, selection, parameters)

    return ask
