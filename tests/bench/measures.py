"""Times every measure of the catalogue on one warehouse."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse, open_warehouse

THREE_COLUMNS = "select status, service_type, max(session_date), count(*) from core.sessions group by all"
SCAN = "(the scan)"


@dataclass(frozen=True)
class Answered:
    """Seconds until the first answer on a file that was just opened, and the median of later ones."""

    first: float
    later: float


def time_measures(home: Path, repeats: int) -> dict[str, Answered]:
    """The three-column scan and every measure, each on a connection of its own: SQL, statistics and disclosure."""
    everybody = select({})

    def ask(name: str) -> Callable[[Warehouse], object]:
        return lambda warehouse: catalog.ask_selection(warehouse, name, everybody)

    questions: dict[str, Callable[[Warehouse], object]] = {
        SCAN: lambda warehouse: warehouse.cursor().execute(THREE_COLUMNS).fetchall()
    }
    questions |= {name: ask(name) for name in catalog.measures()}
    # Imports and the operating system's file cache are warm, as they are in a running server.
    warehouse = open_warehouse(home)
    for question in questions.values():
        question(warehouse)
    warehouse.close()
    return {name: answered(home, question, repeats) for name, question in questions.items()}


def answered(home: Path, question: Callable[[Warehouse], object], repeats: int) -> Answered:
    """Wall times of one question: what DuckDB keeps in memory is empty before the first."""
    first, later = [], []
    for _ in range(repeats):
        warehouse = open_warehouse(home)
        first.append(seconds(question, warehouse))
        later.append(seconds(question, warehouse))
        warehouse.close()
    return Answered(statistics.median(first), statistics.median(later))


def seconds(question: Callable[[Warehouse], object], warehouse: Warehouse) -> float:
    """Wall time of one answer."""
    started = time.perf_counter()
    question(warehouse)
    return time.perf_counter() - started
