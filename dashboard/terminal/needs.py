"""Which measures a warehouse can answer, and what the others lack: read off the SQL of measures and marts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from etl.build_marts import read_marts
from queries import catalog
from queries.filters import select
from queries.measure import Measure
from queries.warehouse import Warehouse

_OF_EVERY_MEASURE = {"episode", "episode_part", "instrument"}
_NOT_MISSED = {"costs", "sites", "instruments"}
"""What only adds to measures that have an answer without it."""


@dataclass(frozen=True)
class Availability:
    """Whether a measure has an answer with its defaults, and if not, why."""

    name: str
    is_available: bool
    reason: str = ""


def measures_available(warehouse: Warehouse) -> list[Availability]:
    """Every measure of the catalogue: hidden numbers are answers, none at all is not."""
    needs = _core_tables_of_marts()
    empty = {
        table
        for table in {name for names in needs.values() for name in names}
        if not warehouse.cursor().execute(f"select exists(from core.{table})").fetchall()[0][0]
    }
    found = []
    for name, measure in catalog.measures().items():
        frame = catalog.ask_selection(warehouse, name, select()).frame
        has_answer = bool((frame["value"].notna() | frame["is_suppressed"]).any())
        found.append(Availability(name, has_answer, "" if has_answer else _reason(measure, needs, empty)))
    return found


def _reason(measure: Measure, needs: dict[str, set[str]], empty: set[str]) -> str:
    """The empty tables that the measure itself reads, else those of its marts, the stays' own aside: all have these."""
    if measure.topic == "cost" and "costs" in empty:
        return "no costs"
    sql, empty = measure.executable_sql, empty - _NOT_MISSED
    marts = [name for name in re.findall(r"\bmart\.(\w+)", sql) if name not in _OF_EVERY_MEASURE]
    for tables in (set(re.findall(r"\bcore\.(\w+)", sql)), set().union(*(needs.get(mart, set()) for mart in marts))):
        if lacking := sorted(tables & empty - needs["episode"]) or sorted(tables & empty):
            return f"no {', '.join(lacking)}"
    return "no records of the kind that it counts"


def core_tables(sql: str, needs: dict[str, set[str]]) -> set[str]:
    """The canonical tables on which SQL rests, itself or through the marts that it reads."""
    return set(re.findall(r"\bcore\.(\w+)", sql)).union(
        *(needs.get(mart, set()) for mart in re.findall(r"\bmart\.(\w+)", sql))
    )


def _core_tables_of_marts() -> dict[str, set[str]]:
    needs: dict[str, set[str]] = {}
    for mart in read_marts():
        needs[mart.name] = core_tables(mart.sql, needs)
    return needs
