"""Kaplan–Meier curves: time until one event, with people still under observation.

At a tie the event comes before the censoring, and "retained at day d" means that the exit came after day d.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import Z_95

SMALLEST_AT_RISK = 10
"""A restricted mean is given where at least this many are at risk at its horizon (decision 5 of the definitions)."""

HORIZONS = (90, 60, 30)
"""The horizons, in days, that the measures of mean days offer."""

BEYOND = "not estimable: nobody was followed that long"

_TIE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Curve:
    """A survival curve at its distinct times, ascending."""

    time: NDArray
    at_risk: NDArray
    events: NDArray
    survival: NDArray
    hazard_variance: NDArray
    n: float

    def position(self, day: float) -> int:
        """Index of the last time up to and including the day; −1 before the first."""
        return int(np.searchsorted(self.time, day, side="right")) - 1

    def is_beyond(self, day: float) -> bool:
        """Whether nobody was followed until that day although some had no event."""
        return not len(self.time) or bool(day > self.time[-1] and self.survival[-1] > 0)

    def at_risk_on(self, day: float) -> float:
        """Persons whose time is that day or later."""
        index = int(np.searchsorted(self.time, day, side="left"))
        return float(self.at_risk[index]) if index < len(self.time) else 0.0


def kaplan_meier(time: NDArray, events: NDArray, censored: NDArray) -> Curve:
    """The product-limit estimate from events and censorings by time, with Greenwood's sum Σ d/(n(n−d))."""
    distinct, place = np.unique(np.asarray(time, dtype=float), return_inverse=True)
    d = np.bincount(place, weights=np.asarray(events, dtype=float), minlength=len(distinct))
    leaving = d + np.bincount(place, weights=np.asarray(censored, dtype=float), minlength=len(distinct))
    n = float(leaving.sum())
    at_risk = n - np.concatenate(([0.0], np.cumsum(leaving)[:-1])) if len(distinct) else np.array([])
    with np.errstate(invalid="ignore", divide="ignore"):
        survival = np.cumprod(1 - d / at_risk)
        terms = np.where(d > 0, d / (at_risk * (at_risk - d)), 0)
    return Curve(distinct, at_risk, d, survival, np.cumsum(terms), n)


def log_log_interval(survival: NDArray, hazard_variance: NDArray) -> tuple[NDArray, NDArray]:
    """Log-log 95 % interval of a survival probability; NaN at 0 and 1, where it is not defined."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        width = Z_95 * np.sqrt(hazard_variance) / np.log(survival)
        low, high = survival ** np.exp(-width), survival ** np.exp(width)
        is_inside = (survival > 0) & (survival < 1)
    return np.where(is_inside, low, np.nan), np.where(is_inside, high, np.nan)


def plain_interval(survival: NDArray, hazard_variance: NDArray) -> tuple[NDArray, NDArray]:
    """Symmetric 95 % interval of a survival probability, cut at 0 and 1; NaN where nobody remains."""
    with np.errstate(invalid="ignore"):
        half = Z_95 * survival * np.sqrt(hazard_variance)
    return np.maximum(survival - half, 0), np.minimum(survival + half, 1)


INTERVALS = {"log-log": log_log_interval, "plain": plain_interval}


def first_time(time: NDArray, probability: NDArray, p: float) -> float:
    """First time at which the rising ``probability`` reaches p; NaN if it never does."""
    reached = np.flatnonzero(probability >= p - _TIE)
    return float(time[reached[0]]) if len(reached) else np.nan


def quantile_time(time: NDArray, probability: NDArray, p: float) -> float:
    """Like first_time, but where the probability stays exactly at p (within rounding), the middle of that plateau.

    This is the rule of R's quantile.survfit.
    """
    is_known = ~np.isnan(probability)
    time, probability = time[is_known], probability[is_known]
    reached = np.flatnonzero(probability >= p - _TIE)
    if not len(reached):
        return np.nan
    first = reached[0]
    if abs(probability[first] - p) > _TIE:
        return float(time[first])
    beyond = np.flatnonzero(probability > p + _TIE)
    return float(time[first] + (time[beyond[0]] if len(beyond) else time[-1])) / 2


def restricted_mean(curve: Curve, tau: float) -> tuple[float, float]:
    """Area under the survival curve up to tau days, and its Greenwood standard error."""
    before = curve.time < tau
    edges = np.concatenate(([0.0], curve.time[before], [tau]))
    heights = np.concatenate(([1.0], curve.survival[before]))
    areas = np.diff(edges) * heights
    after = np.cumsum(areas[::-1])[::-1][1:]
    d, n = curve.events[before], curve.at_risk[before]
    with np.errstate(invalid="ignore", divide="ignore"):
        terms = np.where((d > 0) & (after > 0), after**2 * d / (n * (n - d)), 0)
    return float(areas.sum()), float(np.sqrt(terms.sum()))


class Followed(Protocol):
    """What says how many were followed until a day."""

    def at_risk_on(self, day: float) -> float: ...


def not_estimable(tau: float, *curves: Followed) -> str:
    """Why there is no restricted mean to day tau, and to which shorter horizon there is one."""
    of_each = " in one of the groups" if len(curves) > 1 else ""
    reason = f"not estimable: fewer than {SMALLEST_AT_RISK} at risk at day {tau:g}{of_each}"
    possible = [
        day for day in HORIZONS if day < tau and all(each.at_risk_on(day) >= SMALLEST_AT_RISK for each in curves)
    ]
    return f"{reason}; estimable to day {possible[0]}" if possible else reason


def survival(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``step`` (day), ``events`` and ``censored`` → a Kaplan–Meier curve for each group and category.

    Curve rows have statistic ``survival``: value with log-log interval, ``denominator`` at risk, ``numerator`` events
    so far, ``missing_n`` censored so far. Options: ``at`` (a list of days) or ``day`` gives these days only instead of
    every distinct time, without a value where nobody was followed that long; ``curve = false`` gives no curve;
    ``median = true`` adds a ``median`` row, with all who were censored as ``missing_n``; ``tau`` a ``restricted_mean``
    row, with those censored before it; ``interval`` is log-log or plain; ``every`` adds a step every so many days, for
    those at risk.
    """
    days = options.get("at") or ([options["day"]] if options.get("day") is not None else None)
    interval = str(options.get("interval", "log-log"))
    records: list[dict[str, Any]] = []
    for key, part in split_groups(counts, besides=["step"]):
        curve = kaplan_meier(part["step"].to_numpy(), part["events"].to_numpy(), part["censored"].to_numpy())
        shared = key | {"clusters": curve.n}
        if options.get("curve", True):
            steps = days if days is not None else _distinct_steps(curve, options.get("every"))
            records += [shared | row for row in _curve_rows(curve, steps, interval)]
        if options.get("median"):
            records.append(shared | _median_row(curve, interval))
        if options.get("tau") is not None:
            records.append(shared | _restricted_mean_row(curve, float(options["tau"])))
    return build_rows(records)


def _distinct_steps(curve: Curve, every: int | None) -> list[float]:
    regular = np.arange(0.0, curve.time.max(initial=0.0), every) if every else [0.0]
    return sorted({*regular, *curve.time})


def _curve_rows(curve: Curve, steps: list[float], interval: str) -> list[dict[str, Any]]:
    lower, upper = INTERVALS[interval](curve.survival, curve.hazard_variance)
    events = np.cumsum(curve.events)
    remaining = np.append(curve.at_risk[1:], 0.0)
    rows = []
    for step in steps:
        index = curve.position(step)
        rows.append(
            {
                "statistic": "survival",
                "step": int(step),
                "value": curve.survival[index] if index >= 0 else 1.0,
                "lower": lower[index] if index >= 0 else np.nan,
                "upper": upper[index] if index >= 0 else np.nan,
                "numerator": events[index] if index >= 0 else 0.0,
                "denominator": curve.at_risk_on(step),
                "missing_n": curve.n - remaining[index] - events[index] if index >= 0 else 0.0,
                "method": f"Kaplan–Meier, {interval} 95 %",
            }
        )
        if curve.is_beyond(step):
            rows[-1] |= {"value": np.nan, "lower": np.nan, "upper": np.nan, "method": BEYOND}
    return rows


def _median_row(curve: Curve, interval: str) -> dict[str, Any]:
    lower, upper = INTERVALS[interval](curve.survival, curve.hazard_variance)
    value = quantile_time(curve.time, 1 - curve.survival, 0.5)
    return {
        "statistic": "median",
        "value": value,
        "lower": quantile_time(curve.time, 1 - lower, 0.5),
        "upper": quantile_time(curve.time, 1 - upper, 0.5),
        "denominator": curve.n,
        "missing_n": curve.n - curve.events.sum(),
        "method": "not reached" if np.isnan(value) else f"Kaplan–Meier, {interval} 95 %",
    }


def _restricted_mean_row(curve: Curve, tau: float) -> dict[str, Any]:
    at_risk = curve.at_risk_on(tau)
    censored = curve.n - at_risk - float(curve.events[curve.time < tau].sum())
    row = {"statistic": "restricted_mean", "denominator": curve.n, "missing_n": censored}
    if at_risk < SMALLEST_AT_RISK:
        return row | {"method": not_estimable(tau, curve)}
    mean, error = restricted_mean(curve, tau)
    half = Z_95 * error
    return row | {
        "value": mean,
        "lower": max(mean - half, 0),
        "upper": min(mean + half, tau),
        "method": f"area under Kaplan–Meier to day {tau:g}, Greenwood 95 %",
    }
