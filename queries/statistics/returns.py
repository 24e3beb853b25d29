"""The share with an event by a day after discharge, when some are lost from sight before that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import wilson
from queries.statistics.survival import BEYOND, Curve, kaplan_meier, log_log_interval

METHODS = {
    "share": "Kaplan–Meier, log-log 95 %, the lost censored when last seen",
    "lower_bound": "Wilson 95 %, the lost without the event",
    "upper_bound": "Wilson 95 %, the lost with the event",
}


def incidence_by_day(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``step`` (day), ``events`` and ``censored`` → the share with the event up to and including a day.

    Option ``day`` is that day. Statistic ``share`` is one less the Kaplan–Meier estimate; ``lower_bound`` and
    ``upper_bound`` take everybody who was lost before the day as without and as with the event, since being lost is
    hardly independent of the event. ``numerator`` counts the events (with the lost, in the upper bound) and
    ``missing_n`` the lost.
    """
    records: list[dict[str, Any]] = []
    for key, part in split_groups(counts, besides=["step"]):
        day = float(options["day"])
        step, events, censored = (part[name].to_numpy(dtype=float) for name in ("step", "events", "censored"))
        curve = kaplan_meier(step, events, censored)
        happened, lost = float(events[step <= day].sum()), float(censored[step < day].sum())
        shared = key | {"step": int(day), "denominator": curve.n, "missing_n": lost, "clusters": curve.n}
        estimate = _incidence_on(curve, day)
        for statistic, numerator in (("share", happened), ("lower_bound", happened), ("upper_bound", happened + lost)):
            row = {"statistic": statistic, "numerator": numerator, "method": METHODS[statistic]}
            if statistic == "share":
                row |= estimate
            else:
                lower, upper = wilson(numerator, curve.n)
                row |= {"value": numerator / curve.n, "lower": float(lower), "upper": float(upper)}
            records.append(shared | row)
    return build_rows(records)


def _incidence_on(curve: Curve, day: float) -> dict[str, Any]:
    if curve.is_beyond(day):
        return {"value": np.nan, "lower": np.nan, "upper": np.nan, "method": BEYOND}
    index = curve.position(day)
    if index < 0:
        return {"value": 0.0, "lower": np.nan, "upper": np.nan}
    low, high = log_log_interval(curve.survival, curve.hazard_variance)
    return {"value": 1 - curve.survival[index], "lower": 1 - high[index], "upper": 1 - low[index]}
