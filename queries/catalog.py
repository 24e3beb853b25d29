"""Finds the measures, reads their headers, binds their parameters, runs them."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from queries import disclosure, statistics
from queries.answer import Answer, shape
from queries.benchmarks import read_benchmarks
from queries.binding import bind
from queries.filters import FILTERS, Selection, select
from queries.headers import fill_parameter, fill_sentences
from queries.measure import Measure, MeasureError, Parameter
from queries.reasons import read_exclusions
from queries.warehouse import Warehouse

_ROOT = Path(__file__).parent
_HEADER = re.compile(r"\A\s*/\*(?P<toml>.*?)\*/(?P<sql>.*)\Z", re.DOTALL)


@cache
def measures() -> dict[str, Measure]:
    """Every measure by name, by topic and then name. Raises MeasureError when a file is malformed."""
    found: dict[str, Measure] = {}
    for path in sorted(_ROOT.glob("*/*.sql")):
        if path.name.endswith(".cases.sql"):  # Lists of people are read by queries.cases alone.
            continue
        if path.stem in found:
            raise MeasureError(f"Two measures are called {path.stem}.")
        found[path.stem] = read_measure(path)
    return found


def measure(name: str) -> Measure:
    """The measure of that name. Raises MeasureError with the nearest names when there is none."""
    try:
        return measures()[name]
    except KeyError:
        near = difflib.get_close_matches(name, measures(), 3, 0.4)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise MeasureError(f"There is no measure {name!r}.{hint} `iop ask` lists them all.") from None


def read_measure(path: Path) -> Measure:
    """Read one file: its TOML header and its SQL. Raises MeasureError when either is malformed."""
    match = _HEADER.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise MeasureError(f"{path.name} does not start with a /* header */.")
    try:
        header = tomllib.loads(match["toml"])
        parameters = tuple(
            Parameter(
                name=name,
                type=body["type"],
                default=body.get("default"),
                label=body["label"],
                choices=tuple(body.get("choices", ())),
            )
            for name, given in header.pop("parameters", {}).items()
            for body in [fill_parameter(name, given)]
        )
        return Measure(
            name=path.stem,
            topic=path.parent.name,
            sql=match["sql"].strip(),
            parameters=parameters,
            spec=tuple(header.pop("spec")),
            ignores_filters=_known_filters(header.pop("ignores_filters", ())),
            exclusions=read_exclusions(header.pop("exclusions", ())),
            notes=fill_sentences(header.pop("notes", "")),
            warning=fill_sentences(header.pop("warning", "")),
            **header,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise MeasureError(f"The header of {path.name} is malformed: {error}") from error


@dataclass(frozen=True)
class Unavailable:
    """A measure of the specification that the canonical tables cannot feed, and why."""

    spec: str
    title: str
    reason: str


@cache
def unavailable() -> tuple[Unavailable, ...]:
    """What is asked for and cannot be answered yet."""
    listed = tomllib.loads((_ROOT / "unavailable.toml").read_text(encoding="utf-8"))
    return tuple(Unavailable(**entry) for entry in listed["measure"])


def _known_filters(names: Iterable[str]) -> tuple[str, ...]:
    if unknown := set(names) - set(FILTERS):
        raise TypeError(f"ignores_filters has {', '.join(sorted(unknown))}, which is no filter")
    return tuple(names)


def ask(
    warehouse: Warehouse,
    name: str,
    filters: Mapping[str, Any] | None = None,
    *,
    by: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Answer:
    """Answer a measure: count in SQL, derive, then pass the disclosure gate.

    ``filters`` may hold ``date_from`` and ``date_to`` beside the names of FILTERS. Raises MeasureError or FilterError
    for anything unknown.
    """
    return disclosure.suppress(answer_unsuppressed(warehouse, measure(name), select(filters, by=by), parameters))


def ask_selection(
    warehouse: Warehouse, name: str, selection: Selection, parameters: Mapping[str, Any] | None = None
) -> Answer:
    """Like ask, for a selection that is already normalised (the pages' cache key)."""
    return disclosure.suppress(answer_unsuppressed(warehouse, measure(name), selection, parameters))


def answer_unsuppressed(
    warehouse: Warehouse, chosen: Measure, selection: Selection, parameters: Mapping[str, Any] | None = None
) -> Answer:
    """The exact answer, for tests and the gate only: nothing else may show it."""
    own = read_parameters(chosen, parameters)
    counts = count(warehouse, chosen, selection, own)
    rows = statistics.derive(chosen.statistic, counts, unit=chosen.unit, options=chosen.options | own)
    return Answer(
        measure=chosen,
        selection=selection,
        parameters=own,
        frame=shape(rows),
        data_cut=warehouse.data_cut,
        analysis_cut=warehouse.analysis_cut,
        version=warehouse.version,
        rule_version=warehouse.rule_version,
        published=tuple(read_benchmarks(warehouse).get(chosen.name, ())),
    )


def read_parameters(chosen: Measure, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Every parameter of the measure with the value that is given, or its default. Raises MeasureError."""
    given = dict(parameters or {})
    unknown = set(given) - {parameter.name for parameter in chosen.parameters}
    if unknown:
        known = ", ".join(parameter.name for parameter in chosen.parameters) or "no parameters"
        raise MeasureError(f"{chosen.name} has {known}, not {', '.join(sorted(unknown))}.")
    return {p.name: p.read(given.get(p.name, p.default)) for p in chosen.parameters}


def count(warehouse: Warehouse, chosen: Measure, selection: Selection, own: Mapping[str, Any]) -> pd.DataFrame:
    """Run the measure's SQL and return its counts. Raises MeasureError when a parameter has no value."""
    bound = bind(chosen.executable_sql, warehouse, selection, own)
    return warehouse.cursor().execute(chosen.executable_sql, bound).df()
