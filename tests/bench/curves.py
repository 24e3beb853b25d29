"""``python -m tests.bench.curves``: drawing curves of 2.5 million episodes against 2,500, in one run.

Invented episodes are counted in SQL, which is timed apart; what follows (statistic, disclosure, chart) works on the
table of exits by day. That this table does not grow with the episodes is tested in test_event_tables.
"""

from __future__ import annotations

import statistics as averages
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd

from dashboard.charts.figure import Style
from dashboard.charts.retention_curve import draw_retention_curve
from queries.answer import shape
from queries.disclosure import suppress_rows
from queries.statistics import derive

SIZES = (2_500, 2_500_000)
REPEATS = 15
EPISODES = """
create or replace temp table stay as
select
  ['day', 'evening', 'weekend'][(1 + hash(i) % 3)::integer] as group_name,
  least(1 + hash(i * 7) % 90, 79) as step,
  hash(i * 11) % 20 as fate
from range(?) as numbers(i)
"""
COUNTED = """
select
  group_name,
  step::integer as step,
  count(*) filter (where fate < 9) as events,
  count(*) filter (where fate between 9 and 17) as competing,
  count(*) filter (where fate > 17) as censored
from stay
group by group_name, step
order by group_name, step
"""


def count_exits(episodes: int) -> tuple[pd.DataFrame, float]:
    """The table of exits by day of so many invented episodes, and the seconds of its SQL."""
    connection = duckdb.connect()
    connection.execute(EPISODES, [episodes])
    seconds = median_seconds(lambda: connection.execute(COUNTED).df())
    return connection.execute(COUNTED).df(), seconds


def draw(counts: pd.DataFrame) -> Any:
    """Curve, gate and chart, as a page does it."""
    joined = counts.assign(events=counts["events"] + counts["competing"]).drop(columns="competing")
    rows = derive("survival", joined, unit="share", options={"every": 15, "median": True})
    return draw_retention_curve(suppress_rows(shape(rows), unit="share", is_partition=False), Style("share"))


QUESTIONS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "curve, gate and chart": draw,
    "log-rank test": lambda counts: derive("curve_test", counts, unit="p-value", options={}),
    "difference on a day, 2,000 draws": lambda counts: derive(
        "curve_difference", counts, unit="percentage points", options={"day": 30}
    ),
    "difference of mean days": lambda counts: derive("curve_difference", counts, unit="days", options={"tau": 60}),
}


def median_seconds(work: Callable[[], Any]) -> float:
    """The median wall time of a few runs."""
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return averages.median(taken)


def main() -> None:
    """Print milliseconds at both sizes and their ratio."""
    tables = {size: count_exits(size) for size in SIZES}
    lines = {"SQL that counts": [1000 * seconds for _, seconds in tables.values()]}
    for question, answer in QUESTIONS.items():
        answer(tables[SIZES[0]][0])  # Imports are no part of it.
        lines[question] = [1000 * median_seconds(lambda a=answer, t=counts: a(t)) for counts, _ in tables.values()]
    print(f"{'medians of ' + str(REPEATS):34}{SIZES[0]:>12,}{SIZES[1]:>12,} episodes   ratio")
    print(f"{'rows that leave SQL':34}{len(tables[SIZES[0]][0]):>12,}{len(tables[SIZES[1]][0]):>12,}")
    for name, (few, many) in lines.items():
        print(f"{name:34}{few:>9.1f} ms{many:>9.1f} ms{many / few:>16.2f}")


if __name__ == "__main__":
    main()
