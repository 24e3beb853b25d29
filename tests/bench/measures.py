"""Times every measure of the catalogue on one warehouse."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from queries import catalog
from queries.filters import select
from queries.warehouse import open_warehouse

THREE_COLUMNS = "select status, service_type, max(session_date), count(*) from core.sessions group by all"


def time_measures(home: Path, repeats: int) -> tuple[float, dict[str, float]]:
    """Median seconds of the three-column scan and of each measure, SQL, statistics and disclosure included."""
    warehouse = open_warehouse(home)
    everybody = select({})

    def scan() -> object:
        return warehouse.cursor().execute(THREE_COLUMNS).fetchall()

    def ask(name: str) -> Callable[[], object]:
        return lambda: catalog.ask_selection(warehouse, name, everybody)

    scan_seconds = median_seconds(scan, repeats)
    seconds = {name: median_seconds(ask(name), repeats) for name in catalog.measures()}
    warehouse.close()
    return scan_seconds, seconds


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """Median wall time; a first run that fills caches is not counted."""
    run()
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
