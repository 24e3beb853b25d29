"""The share with an event by a day after discharge, when some are lost from sight before that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.competing import CENSORED, aalen_johansen, count_exits
from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import wilson
from queries.statistics.survival import BEYOND, Curve, kaplan_meier, log_log_interval

METHODS = {
    "share": "Kaplan–Meier, log-log 95 %, the lost censored when last seen",
    "competing": "Aalen–Johansen, complementary log-log 95 %, the lost censored when last seen",
    "lower_bound": "Wilson 95 %, the lost without the event",
    "upper_bound": "Wilson 95 %, the lost with the event",
}


def incidence_by_day(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``step`` (day), ``events`` and ``censored`` → the share with the event up to and including a day.

    Option ``day`` is that day. Statistic ``share`` is one less the Kaplan–Meier estimate, or, where a column
    ``competing`` counts people who can no longer have the event, the Aalen–Johansen one. ``lower_bound`` and
    ``upper_bound`` take everybody who was lost before the day as without and as with the event, since being lost is
    hardly independent of the event. ``numerator`` counts the events (with the lost, in the upper bound) and
    ``missing_n`` the lost.
    """
    records: list[dict[str, Any]] = []
    for key, part in split_groups(counts, besides=["step"]):
        day = float(options["day"])
        step, events, censored = (part[name].to_numpy(dtype=float) for name in ("step", "events", "censored"))
        competing = part["competing"].to_numpy(dtype=float) if "competing" in part else np.zeros(len(part))
        n = float(events.sum() + competing.sum() + censored.sum())
        happened, lost = float(events[step <= day].sum()), float(censored[step < day].sum())
        shared = key | {"step": int(day), "denominator": n, "missing_n": lost, "clusters": n}
        estimate = (
            _competing_incidence_on(step, events, competing, censored, day)
            if competing.any()
            else _incidence_on(kaplan_meier(step, events, censored), day)
        )
        records.append(shared | {"statistic": "share", "numerator": happened} | estimate)
        for statistic, numerator in (("lower_bound", happened), ("upper_bound", happened + lost)):
            lower, upper = wilson(numerator, n)
            interval = {"value": numerator / n, "lower": float(lower), "upper": float(upper)}
            row = {"statistic": statistic, "numerator": numerator, "method": METHODS[statistic]}
            records.append(shared | row | interval)
    return build_rows(records)


def _incidence_on(curve: Curve, day: float) -> dict[str, Any]:
    row: dict[str, Any] = {"value": 0.0, "lower": np.nan, "upper": np.nan, "method": METHODS["share"]}
    if curve.is_beyond(day):
        return row | {"value": np.nan, "method": BEYOND}
    index = curve.position(day)
    if index < 0:
        return row
    low, high = log_log_interval(curve.survival, curve.hazard_variance)
    return row | {"value": 1 - curve.survival[index], "lower": 1 - high[index], "upper": 1 - low[index]}


def _competing_incidence_on(
    step: NDArray, events: NDArray, competing: NDArray, censored: NDArray, day: float
) -> dict[str, Any]:
    causes = [name for name in ("event", "competing", CENSORED) for _ in step]
    exits = count_exits(np.tile(step, 3), causes, np.concatenate((events, competing, censored)))
    row: dict[str, Any] = {"value": 0.0, "lower": np.nan, "upper": np.nan, "method": METHODS["competing"]}
    if exits.is_beyond(day):
        return row | {"value": np.nan, "method": BEYOND}
    index = int(np.searchsorted(exits.time, day, side="right")) - 1
    if index < 0:
        return row
    curve = aalen_johansen(exits, ["event"])
    low, high = curve.interval
    return row | {"value": curve.value[index], "lower": low[index], "upper": high[index]}
