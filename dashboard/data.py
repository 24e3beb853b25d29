"""The only cached code: the open warehouse, the answers and the few facts that every page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.table import csv_of
from queries import catalog, disclosure
from queries.answer import Answer
from queries.benchmarks import Benchmark, read_benchmarks
from queries.filters import Selection, filter_options
from queries.targets import choose_target, read_targets
from queries.warehouse import Warehouse, current_version, open_warehouse, warehouse_home

QUARTERS_OF_TREND = 6
"""Quarters, not months: fewer questions to answer at each new filter, and fewer that are too small to show."""

Parameters = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Coverage:
    """Which episodes there are at all, for the page that finds none."""

    sites: int
    episodes: int
    first_day: date | None
    last_day: date | None


def current_warehouse() -> Warehouse:
    """The published version, open for reading; a newer one is picked up at the next rerun.

    Raises WarehouseError, with the remedy in its message, when there is none that can be read.
    """
    home = warehouse_home().resolve()
    return _open(home, current_version(home))


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Warehouse.close)
def _open(home: Path, version: str) -> Warehouse:
    # Old versions stay open for the sessions that still read them; the fourth newest is closed.
    return open_warehouse(home)


def answer(name: str, selection: Selection, parameters: Mapping[str, Any] | None = None) -> Answer:
    """The suppressed answer of a measure. Raises MeasureError when it is not known or its parameters are not."""
    warehouse = current_warehouse()
    own = tuple(sorted((parameters or {}).items()))
    return _answer(warehouse, name, repr(selection), own, cache_key(warehouse), selection)


@st.cache_data(max_entries=4000, show_spinner=False)
def _answer(
    _warehouse: Warehouse,
    name: str,
    selection_key: str,
    parameters: Parameters,
    key: str,
    _s: Selection,
) -> Answer:
    return catalog.ask_selection(_warehouse, name, _s, dict(parameters))


def csv(answer: Answer) -> bytes:
    """The suppressed rows as CSV."""
    parameters = tuple(sorted(answer.parameters.items()))
    key = cache_key(current_warehouse(), answer.version)
    return _csv(answer, answer.measure.name, repr(answer.selection), parameters, key)


@st.cache_data(max_entries=200, show_spinner=False)
def _csv(_a: Answer, name: str, selection_key: str, parameters: Parameters, key: str) -> bytes:
    return csv_of(_a)


def cache_key(warehouse: Warehouse, version: str | None = None) -> str:
    """What is the same while a cached answer may be shown: the data, their version and what this server may show.

    ``version`` is that of an answer which is older than the warehouse now open.
    """
    may_show = f"cases={disclosure.may_see_cases()} smallest={disclosure.threshold()}"
    return f"{warehouse.home}/{version or warehouse.version} {may_show}"


def quarters_before(last: date, number: int) -> list[tuple[date, date]]:
    """The last ``number`` spans of three whole months that end on or before a day, oldest first."""
    end = (last + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    quarters = []
    for _ in range(number):
        start = end.replace(day=1)
        for _ in range(2):
            start = (start - timedelta(days=1)).replace(day=1)
        quarters.append((start, end))
        end = start - timedelta(days=1)
    return quarters[::-1]


def quarterly_answers(
    name: str, selection: Selection, parameters: Mapping[str, Any] | None, last: date
) -> list[Answer]:
    """The same question asked of each quarter within the chosen dates: what a tile's sparkline shows."""
    whole = replace(selection, by=None)
    quarters = quarters_before(last, QUARTERS_OF_TREND)
    inside = [(start, end) for start, end in quarters if start >= selection.date_from and end <= selection.date_to]
    return [answer(name, replace(whole, date_from=start, date_to=end), parameters) for start, end in inside]


def options(warehouse: Warehouse) -> dict[str, list[tuple[str, str]]]:
    """Values and labels of every filter."""
    return _options(warehouse, cache_key(warehouse))


@st.cache_data(max_entries=8, show_spinner=False)
def _options(_warehouse: Warehouse, key: str) -> dict[str, list[tuple[str, str]]]:
    return filter_options(_warehouse)


def coverage(warehouse: Warehouse) -> Coverage:
    """Sites, episodes and first and last admission of the whole warehouse."""
    return _coverage(warehouse, cache_key(warehouse))


@st.cache_data(max_entries=8, show_spinner=False)
def _coverage(_warehouse: Warehouse, key: str) -> Coverage:
    row = _warehouse.cursor().execute(
        "select count(distinct site), count(*), min(admission_date), max(admission_date) from mart.episode"
    )
    return Coverage(*(row.fetchone() or (0, 0, None, None)))


def target(warehouse: Warehouse, name: str, selection: Selection) -> float | None:
    """The program's own target for a measure, at the data cut-off."""
    return choose_target(_targets(warehouse, cache_key(warehouse)), name, selection)


@st.cache_data(max_entries=8, show_spinner=False)
def _targets(_warehouse: Warehouse, key: str) -> dict[tuple[str, str], float]:
    return read_targets(_warehouse)


def benchmarks(warehouse: Warehouse, name: str) -> list[Benchmark]:
    """The published values of a measure, the most comparable first."""
    return _benchmarks(warehouse, cache_key(warehouse)).get(name, [])


@st.cache_data(max_entries=8, show_spinner=False)
def _benchmarks(_warehouse: Warehouse, key: str) -> dict[str, list[Benchmark]]:
    return read_benchmarks(_warehouse)


def version_facts(warehouse: Warehouse) -> dict[str, Any]:
    """When the current version was exported and what built it."""
    row = warehouse.cursor().execute("select exported_at, code_version from load.version").fetchone()
    return dict(zip(("exported_at", "code_version"), row, strict=True)) if row else {}


def is_invented(warehouse: Warehouse) -> bool:
    """Whether the data are the sample clinic, whose rates all say that they are invented."""
    return _is_invented(warehouse, cache_key(warehouse))


@st.cache_data(max_entries=8, show_spinner=False)
def _is_invented(_warehouse: Warehouse, key: str) -> bool:
    row = _warehouse.cursor().execute("select bool_and(starts_with(source, 'Invented')) from core.rates").fetchone()
    return bool(row and row[0])
