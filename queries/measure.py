"""A measure: what its file's header says, its parameters, and the SQL that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import duckdb

from queries.filters import FILTERS, Selection
from queries.reasons import Exclusion
from queries.selected import with_selection


def _read_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


_KINDS: dict[str, Callable[[Any], Any]] = {"integer": int, "number": float, "text": str, "date": _read_date}
_EXPECTED = {"date": "date like 2026-01-31"}


class MeasureError(ValueError):
    """A measure, or one of its parameters, is not known or not usable; the message says what is."""


@dataclass(frozen=True)
class Parameter:
    """A choice that belongs to one measure, such as the instrument or the day."""

    name: str
    type: str
    default: Any
    label: str
    choices: tuple[Any, ...] = ()

    def read(self, value: Any) -> Any:
        """The value in its type. Raises MeasureError when it is not one of the choices."""
        try:
            typed = _KINDS[self.type](value) if value is not None else None
        except (TypeError, ValueError):
            kind = _EXPECTED.get(self.type, self.type)
            raise MeasureError(f"{self.label} ({self.name}) needs a {kind}, not {value!r}.") from None
        if self.choices and typed not in self.choices:
            raise MeasureError(f"{self.label} ({self.name}) is one of {', '.join(map(str, self.choices))}.")
        return typed


@dataclass(frozen=True)
class Measure:
    """One named SQL file of the catalogue."""

    name: str
    topic: str
    title: str
    question: str
    formula: str
    unit: str
    higher_is: str
    statistic: str
    spec: tuple[str, ...]
    source: str
    reviewed: str
    sql: str
    dated_by: str = "day_zero"
    unit_of_analysis: str = "episode"
    counted: str = ""
    """What the denominator counts, in the singular, where that is not the unit of analysis: an attended hour."""
    axis: str = "none"
    partition: bool = False
    ignores_filters: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    options: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)
    notes: str = ""
    warning: str = ""
    exclusions: tuple[Exclusion, ...] = ()
    """Why an episode that passes the filters is not counted, in order: the first that holds."""
    evidence: str = ""
    """What is added to the reason of an episode that counts, or the name of such words in reasons.toml."""
    listed: str = ""
    """Whom an explanation lists, where that is not each episode or request: person."""
    not_listed: str = ""
    """On what the measure rests, where there is nobody to list."""

    @property
    def executable_sql(self) -> str:
        """The SQL that runs: the file's own, with the shared selection of episodes or requests before it."""
        return with_selection(self.sql, self.ignores_filters)

    @property
    def denominator_unit(self) -> str:
        """What the denominator counts, in the singular."""
        return self.counted or self.unit_of_analysis

    @property
    def bound_names(self) -> frozenset[str]:
        """Names of the ``$parameters`` in the SQL."""
        return named_parameters(self.executable_sql)

    def unused_filters(self, selection: Selection) -> list[str]:
        """Labels of the chosen filters that this measure does not use; an ignored one even at its default."""
        chosen = [
            name
            for name, values in selection.values
            if values and (values != FILTERS[name].default or name in self.ignores_filters)
        ]
        unused = [FILTERS[name].label for name in chosen if name not in self.bound_names]
        is_dated = selection != Selection(selection.values, by=selection.by)
        return unused + (["Dates"] if is_dated and "date_from" not in self.bound_names else [])


@cache
def named_parameters(sql: str) -> frozenset[str]:
    """Names of the ``$parameters`` of one statement."""
    return frozenset(duckdb.extract_statements(sql)[0].named_parameters)
