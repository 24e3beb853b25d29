"""Cumulative incidence with competing causes, by Aalen and Johansen.

At a tie the exits come before the censoring, and "out by day d" includes day d. Nothing is jittered: ties are counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import Z_95
from queries.statistics.survival import BEYOND, first_time

CENSORED = "open"
IN_CARE = "in care"
METHOD = "Aalen–Johansen, complementary log-log 95 %"


@dataclass(frozen=True)
class Exits:
    """Exits by distinct time and cause; the risk set falls by the censored too."""

    time: NDArray
    at_risk: NDArray
    events: dict[str, NDArray]

    @property
    def n(self) -> float:
        return float(self.at_risk[0]) if len(self.at_risk) else 0.0

    def is_beyond(self, day: float) -> bool:
        """Whether nobody was followed until that day although some had not left."""
        if not len(self.time):
            return True
        leaving_last = sum(float(table[-1]) for table in self.events.values())
        return bool(day > self.time[-1] and self.at_risk[-1] > leaving_last)

    def at_risk_on(self, day: float) -> float:
        """Persons whose time is that day or later."""
        index = int(np.searchsorted(self.time, day, side="left"))
        return float(self.at_risk[index]) if index < len(self.time) else 0.0

    def censored_by(self, day: float) -> float:
        """Persons whose observation ended, without an exit, on that day or before."""
        index = int(np.searchsorted(self.time, day, side="right"))
        after = float(self.at_risk[index]) if index < len(self.time) else 0.0
        return self.n - after - sum(float(table[:index].sum()) for table in self.events.values())


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of a set of causes at the distinct times, with interval and number of exits so far."""

    time: NDArray
    value: NDArray
    variance: NDArray
    exits: NDArray

    @property
    def interval(self) -> tuple[NDArray, NDArray]:
        """Complementary log-log 95 % interval; NaN at 0 and 1, where it is not defined."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            width = Z_95 * np.sqrt(self.variance) / (self.value * np.log(self.value))
            low, high = self.value ** np.exp(-width), self.value ** np.exp(width)
        is_inside = (self.value > 0) & (self.value < 1)
        return np.where(is_inside, low, np.nan), np.where(is_inside, high, np.nan)


def count_exits(time: NDArray, cause: Sequence[str], number: NDArray) -> Exits:
    """Tabulate numbers of persons by time and cause; the cause ``open`` is censoring."""
    distinct, place = np.unique(np.asarray(time, dtype=float), return_inverse=True)
    causes = np.asarray(cause, dtype=object)
    number = np.asarray(number, dtype=float)
    tables = {
        name: np.bincount(place[causes == name], weights=number[causes == name], minlength=len(distinct))
        for name in sorted(set(causes))
    }
    leaving = np.sum(list(tables.values()), axis=0) if tables else np.array([])
    at_risk = leaving[::-1].cumsum()[::-1]
    return Exits(distinct, at_risk, {name: table for name, table in tables.items() if name != CENSORED})


def aalen_johansen(exits: Exits, causes: Sequence[str]) -> Incidence:
    """Incidence of any of the causes: CIF(t) = Σ S(u−)·d(u)/n(u) over u ≤ t.

    Its variance is the delta-method sum over the multinomial exits at each time, which equals the infinitesimal
    jackknife of R's survfit.
    """
    n = exits.at_risk
    nothing = np.zeros(len(exits.time))
    d = sum((table for table in exits.events.values()), nothing)
    d_cause = sum((exits.events[name] for name in causes if name in exits.events), nothing)
    with np.errstate(invalid="ignore", divide="ignore"):
        still_in = np.cumprod(np.where(n > 0, 1 - d / n, 1))
        before = np.concatenate(([1.0], still_in[:-1])) if len(n) else nothing
        increment = np.where(n > 0, before * d_cause / n, 0)
        value = np.cumsum(increment)
        # Once everybody has left nothing follows, so the term of the last exit does not count.
        hazard = np.where((d > 0) & (n > d), d / (n * (n - d)), 0)
        own = np.where(n > 0, before**2 * d_cause * (n - d_cause) / n**3, 0)
        shared = np.where(n > 0, before * d_cause / n**2, 0)
    variance = (
        value**2 * np.cumsum(hazard)
        - 2 * value * np.cumsum(value * hazard)
        + np.cumsum(value**2 * hazard)
        + np.cumsum(own)
        - 2 * (value * np.cumsum(shared) - np.cumsum(value * shared))
    )
    return Incidence(exits.time, value, np.maximum(variance, 0), np.cumsum(d_cause))


def competing(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``step`` (day), ``category`` (cause, or ``open`` for censored) and ``events`` → incidence by cause.

    Rows have statistic ``cumulative_incidence``: one category a cause, and ``in care`` for the rest, which sum to one.
    ``denominator`` is everybody who started, ``numerator`` those known to be in that class by that day, ``missing_n``
    those whose observation ended before it was known.
    Options: ``at`` (days), ``day`` (one day) or ``days`` (every day from 0 to it) choose the steps, otherwise every
    distinct time; ``retained`` lists the causes that are joined with ``in care`` under ``retained_label``; ``only``
    keeps one category, without its name; ``causes`` come first and are listed even where nobody left that way;
    ``median`` names a cause for a ``median`` row, with all who were censored as ``missing_n``;
    ``curve = false`` drops the incidence rows.
    """
    seen = sorted(set(counts["category"].dropna()) - {CENSORED})
    named = list(options.get("causes", []))
    causes = named + [name for name in seen if name not in named]
    parts = []
    for key, part in split_groups(counts, besides=["step", "category"]):
        exits = count_exits(part["step"].to_numpy(), part["category"].tolist(), part["events"].to_numpy())
        summaries = [_median_row(exits, str(options["median"]))] if options.get("median") else []
        found = [_incidence_rows(exits, causes, options)] if options.get("curve", True) else []
        rows = pd.concat([*found, build_rows(summaries)] if summaries else found, ignore_index=True)
        parts.append(rows.assign(**key, clusters=exits.n, denominator=exits.n))
    return pd.concat(parts, ignore_index=True) if parts else build_rows([])


def _steps(exits: Exits, options: Mapping[str, Any]) -> list[float]:
    if options.get("at"):
        return list(options["at"])
    if options.get("day") is not None:
        return [options["day"]]
    if options.get("days") is not None:
        return [day for day in range(int(options["days"]) + 1) if not exits.is_beyond(day)]
    return sorted({0.0, *exits.time})


def _incidence_rows(exits: Exits, causes: list[str], options: Mapping[str, Any]) -> pd.DataFrame:
    retained = list(options.get("retained", []))
    lost = [name for name in causes if name not in retained]
    label = options.get("retained_label", IN_CARE)
    # What is not lost is in care or left well: the complement of all other causes together.
    curves = {label: aalen_johansen(exits, lost)} | {name: aalen_johansen(exits, [name]) for name in lost}
    chosen = [name for name in curves if options.get("only") in (None, name)]
    steps = _steps(exits, options)
    missing = np.array([exits.censored_by(step) for step in steps])
    is_beyond = np.array([exits.is_beyond(step) for step in steps], dtype=bool)
    place = np.searchsorted(exits.time, steps, side="right")
    parts = []
    for order, name in enumerate(chosen):
        curve = curves[name]
        lower, upper = curve.interval
        value, low, high, out = (
            np.concatenate(([before], column))[place]
            for before, column in ((0.0, curve.value), (np.nan, lower), (np.nan, upper), (0.0, curve.exits))
        )
        if name == label:
            value, low, high, out = 1 - value, 1 - high, 1 - low, exits.n - missing - out
        rows = pd.DataFrame({"step": steps, "value": np.clip(value, 0, 1), "lower": low, "upper": high})
        rows.loc[is_beyond, ["value", "lower", "upper"]] = np.nan
        rows["numerator"], rows["missing_n"] = out, missing
        rows["statistic"] = "cumulative_incidence"
        rows["category"] = "" if options.get("only") else name
        rows["method"] = np.where(is_beyond, BEYOND, METHOD)
        parts.append(rows.assign(order=order))
    if not parts:
        return pd.DataFrame()
    return pd.concat(parts).sort_values(["step", "order"], kind="stable").drop(columns="order")


def _median_row(exits: Exits, cause: str) -> dict[str, Any]:
    curve = aalen_johansen(exits, [cause])
    lower, upper = curve.interval
    value = first_time(curve.time, curve.value, 0.5)
    return {
        "statistic": "median",
        "category": cause,
        "value": value,
        "lower": first_time(curve.time, upper, 0.5),
        "upper": first_time(curve.time, lower, 0.5),
        "missing_n": exits.censored_by(np.inf),
        "method": "not reached" if np.isnan(value) else METHOD,
    }
