"""The share with an event by a day after discharge, when some are lost from sight before that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.small_numbers import is_small
from queries.statistics.bounds import SMALLEST_FOLLOW_UP
from queries.statistics.competing import CENSORED, aalen_johansen, count_exits
from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import wilson
from queries.statistics.survival import BEYOND, Curve, kaplan_meier, log_log_interval

METHODS = {
    "follow_up": "Wilson 95 %, those with the event or seen on the day",
    "complete_case": "Wilson 95 %, those with the event or seen on the day",
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
    ``missing_n`` the lost. Before them stands ``follow_up``, the share not lost, and beside the estimate
    ``complete_case``, the events among those; where fewer than the option ``smallest_follow_up`` (else
    SMALLEST_FOLLOW_UP) were followed, neither has a value.
    """
    smallest_follow_up = float(options.get("smallest_follow_up", SMALLEST_FOLLOW_UP))
    records: list[dict[str, Any]] = []
    for key, part in split_groups(counts, besides=["step"]):
        day = float(options["day"])
        step, events, censored = (part[name].to_numpy(dtype=float) for name in ("step", "events", "censored"))
        competing = part["competing"].to_numpy(dtype=float) if "competing" in part else np.zeros(len(part))
        n = float(events.sum() + competing.sum() + censored.sum())
        happened, lost = float(events[step <= day].sum()), float(censored[step < day].sum())
        known = n - lost
        shared = key | {"step": int(day), "denominator": n, "missing_n": lost}
        # Beside the follow-up every other row gives the events away: with few of them or of the others it stands alone.
        few_lost, few_events, few_others, few = is_small(pd.Series([lost, happened, known - happened, n]))
        is_shown = not (few or few_lost or is_small(pd.Series([known])).any())
        is_given_away = few or (is_shown and (few_events or few_others))
        estimate = (
            _competing_incidence_on(step, events, competing, censored, day)
            if competing.any()
            else _incidence_on(kaplan_meier(step, events, censored), day)
        )
        estimated = {"statistic": "share", "numerator": happened} | estimate
        of_known = _share("complete_case", happened, known)
        if known < smallest_follow_up * n:
            thin: dict[str, Any] = {"value": np.nan, "lower": np.nan, "upper": np.nan}
            thin["method"] = f"only bounds: fewer than {smallest_follow_up:.0%} followed up"
            estimated, of_known = estimated | thin, of_known | thin
        hidden = {"is_suppressed": is_given_away}
        records.append(shared | _share("follow_up", known, n) | {"is_suppressed": not is_shown})
        records += [shared | row | hidden for row in (estimated, of_known)]
        records.append(shared | _share("lower_bound", happened, n) | hidden)
        records.append(shared | _share("upper_bound", happened + lost, n) | hidden)
    return build_rows(records)


def _share(statistic: str, numerator: float, n: float) -> dict[str, Any]:
    lower, upper = wilson(numerator, n)
    value = numerator / n if n > 0 else np.nan
    row: dict[str, Any] = {"statistic": statistic, "numerator": numerator, "denominator": n, "value": value}
    return row | {"lower": float(lower), "upper": float(upper), "method": METHODS[statistic]}


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
