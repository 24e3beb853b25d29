"""One rate month by month, or quarter by quarter where months are too small, as it may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from queries.answer import Answer
from queries.filters import Selection
from queries.review.contents import Reviewed
from queries.warehouse import Warehouse

Ask = Callable[[str, Selection, Mapping[str, Any]], Answer]
"""Gives the suppressed answer of a measure; the pages pass one that remembers."""

MOST_HIDDEN = 0.25
"""Where a larger share of the months is hidden, or under 12 are left, quarters are drawn."""

FEWEST_MONTHS = 12
DAYS_OF_EXPOSURE = 30
"""Counts are per 30 days, since months differ in length."""


@dataclass(frozen=True)
class Series:
    """The shown points of one rate in time order.

    ``frame``: ``period``, ``numerator``, ``denominator``, ``value``, ``missing_n`` and ``is_hidden``.

    For counts the denominator is the exposure in 30-day months. Hidden points have no numbers. ``answer`` names the
    measure, the population and the versions; its rows are those of the last period.
    """

    entry: Reviewed
    answer: Answer
    unit_of_time: str
    frame: pd.DataFrame


def read_series(ask: Ask, warehouse: Warehouse, entry: Reviewed, selection: Selection) -> Series | None:
    """The series of the chosen people, None where there is not one whole period.

    Months and quarters are whole ones within the chosen dates, up to the analysis cut-off less the days that the
    measure follows people. Which of the two is drawn follows from how much is hidden and is nobody's choice: both
    together could give a hidden month away.
    """
    whole = replace(selection, by=None)
    first, last = _first_day(warehouse, whole), entry.followed(whole, warehouse.analysis_cut).date_to
    months = _spans(first, last, 1)
    if not months:
        return None
    by_month = _read(ask, entry, whole, months, "month")
    hidden = float(by_month.frame["is_hidden"].mean())
    shown = int((~by_month.frame["is_hidden"]).sum())
    is_coarse = hidden > MOST_HIDDEN or (hidden > 0 and shown < FEWEST_MONTHS)
    quarters = _spans(first, last, 3) if is_coarse and not entry.is_count else []
    return _read(ask, replace(entry, by_month=""), whole, quarters, "quarter") if quarters else by_month


def _read(ask: Ask, entry: Reviewed, whole: Selection, spans: list[tuple[date, date]], unit: str) -> Series:
    if entry.by_month:
        answer = ask(entry.by_month, replace(whole, date_from=spans[0][0], date_to=spans[-1][1]), entry.parameters)
        rows = entry.rows_of(answer.frame).drop_duplicates("period").set_index("period")
        found = [rows.loc[day].to_dict() if (day := pd.Timestamp(start)) in rows.index else None for start, _ in spans]
    else:
        found = []
        for start, end in spans:
            answer = ask(entry.measure, replace(whole, date_from=start, date_to=end), entry.parameters)
            rows = entry.rows_of(answer.frame)
            found.append(rows.iloc[0].to_dict() if len(rows) else None)
    points = [_point(row, entry, start, end) for row, (start, end) in zip(found, spans, strict=True)]
    return Series(entry, replace(answer, selection=whole), unit, pd.DataFrame(points))


def _point(row: dict[Any, Any] | None, entry: Reviewed, start: date, end: date) -> dict[str, Any]:
    empty = {"period": pd.Timestamp(start), "numerator": np.nan, "denominator": np.nan, "value": np.nan}
    empty |= {"missing_n": np.nan}
    if row is None:
        return empty | {"is_hidden": False}
    if row["is_suppressed"] or pd.isna(row["value"]):
        return empty | {"is_hidden": bool(row["is_suppressed"])}
    value = float(row["value"])
    if entry.is_count:
        exposure = ((end - start).days + 1) / DAYS_OF_EXPOSURE
        numbers = {"numerator": value, "denominator": exposure, "value": value / exposure}
    else:
        numbers = {name: _number(row[name]) for name in ("numerator", "denominator")} | {"value": value}
    return empty | numbers | {"missing_n": _number(row["missing_n"]), "is_hidden": False}


def _number(value: Any) -> float:
    return np.nan if pd.isna(value) else float(value)


def _first_day(warehouse: Warehouse, selection: Selection) -> date:
    row = warehouse.cursor().execute("select min(admission_date) from mart.episode").fetchone()
    first = row[0] if row and row[0] else warehouse.data_cut
    return max(first, selection.date_from)


def _spans(first: date, last: date, months: int) -> list[tuple[date, date]]:
    """Whole calendar months or quarters between two days, in order."""
    year, place = first.year, (first.month - 1) // months * months
    spans: list[tuple[date, date]] = []
    while True:
        start = date(year, place + 1, 1)
        place += months
        year, place = year + place // 12, place % 12
        end = date(year, place + 1, 1) - timedelta(days=1)
        if end > last:
            return spans
        if start >= first.replace(day=1):
            spans.append((start, end))
