"""Reads what somebody asks by the flags of a command: of which warehouse, who is counted, and the parameters."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from queries import catalog
from queries.filters import FILTERS, FilterError, Selection, filter_options, select
from queries.measure import Measure
from queries.warehouse import Warehouse, open_warehouse

EVERYBODY = "all"
"""As a filter's value: everybody, also where the filter has a default."""


@dataclass(frozen=True)
class Question:
    """A measure asked of an open warehouse."""

    measure: Measure
    warehouse: Warehouse
    selection: Selection
    parameters: dict[str, str]


def read_question(
    home: Path | None,
    name: str,
    filters: Mapping[str, list[str]],
    *,
    date_from: str | None,
    date_to: str | None,
    by: str | None = None,
    settings: Sequence[str] | None,
) -> Question:
    """The question that the flags of a command ask.

    Raises MeasureError, WarehouseError or FilterError for what is not known, not there or written wrongly.
    """
    measure = catalog.measure(name)  # A misspelt name is told before anything is opened.
    warehouse, selection = read_selection(home, filters, date_from=date_from, date_to=date_to, by=by)
    return Question(measure, warehouse, selection, _parameters(settings or ()))


def read_selection(
    home: Path | None,
    filters: Mapping[str, list[str]],
    *,
    date_from: str | None,
    date_to: str | None,
    by: str | None = None,
) -> tuple[Warehouse, Selection]:
    """The open warehouse, and who is counted in it. Raises WarehouseError or FilterError."""
    warehouse = open_warehouse(home)
    return warehouse, select(_spelt(warehouse, filters), date_from=date_from, date_to=date_to, by=by)


def _spelt(warehouse: Warehouse, given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The chosen filters, spelt as the warehouse spells them. Raises FilterError for a value that it does not hold."""
    options = filter_options(warehouse)
    chosen: dict[str, list[str]] = {}
    for name, values in given.items():
        if EVERYBODY in values:
            chosen[name] = []
            continue
        # People may write the value or its label, in any case.
        spelling = {label.lower(): value for value, label in options[name]}
        spelling |= {value.lower(): value for value, _ in options[name]}
        for value in values:
            if value.lower() not in spelling:
                near = difflib.get_close_matches(value.lower(), spelling, 1, 0.6)
                hint = f" Did you mean {spelling[near[0]]!r}?" if near else ""
                some = ", ".join(known for known, _ in options[name][:12]) or "none"
                raise FilterError(f"{FILTERS[name].label} has no value {value!r}.{hint} It has: {some}.")
        chosen[name] = [spelling[value.lower()] for value in values]
    return chosen


def _parameters(settings: Sequence[str]) -> dict[str, str]:
    """``name=value`` texts as a dict. Raises MeasureError for one without ``=``."""
    chosen: dict[str, str] = {}
    for setting in settings:
        name, _, value = (part.strip() for part in setting.partition("="))
        if not name or not value:
            raise catalog.MeasureError(f"Write --set {setting!r} as --set name=value, for example --set day=60.")
        if name in chosen:
            raise catalog.MeasureError(f"--set {name} is given twice: choose {chosen[name]} or {value}.")
        chosen[name] = value
    return chosen
