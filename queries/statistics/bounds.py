"""A share with people whose result is missing: the conservative reading first, then what the truth could be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from queries.statistics.proportions import share_with_interval

_HEADLINES = ("missing_is_worst", "complete_case")


def bound_by_missing(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of events among those observed, n observed and n due → four shares with Wilson 95 % intervals.

    Columns: ``numerator`` (events observed), ``observed`` (with a result), ``denominator`` (all who were due).
    Option ``higher_is`` says what the event means: "better" (default), where a missing result counts as no event, or
    "worse", where it counts as an event. ``missing_is_worst`` is that reading; ``complete_case`` leaves the missing
    out; ``lower_bound`` and ``upper_bound`` take every missing result as no event and as an event. Where fewer than
    the option ``smallest_follow_up`` of those due have a result, only the two bounds have a value. A column
    ``unavailable`` says why there is no result at all.
    Source: decision 11 of the definitions (missing = not improved; missing = deteriorated).
    """
    is_event_bad = options.get("higher_is", "better") == "worse"
    events, observed, due = (counts[name].astype(float) for name in ("numerator", "observed", "denominator"))
    missing = due - observed
    smallest_follow_up = float(options.get("smallest_follow_up", 0))
    worst = events + missing if is_event_bad else events
    worst_method = "Wilson 95 %, missing counted as " + ("the event" if is_event_bad else "no event")
    readings = [
        ("missing_is_worst", worst, due, worst_method),
        ("complete_case", events, observed, "Wilson 95 %, those with a result"),
        ("lower_bound", events, due, "Wilson 95 %, every missing result without the event"),
        ("upper_bound", events + missing, due, "Wilson 95 %, every missing result with the event"),
    ]
    parts = []
    for order, (statistic, numerator, denominator, method) in enumerate(readings):
        rows = counts.assign(numerator=numerator, denominator=denominator, missing_n=missing)
        rows = share_with_interval(rows, method)
        if statistic in _HEADLINES:
            is_thin = rows["value"].notna() & (observed < smallest_follow_up * due)
            rows.loc[is_thin, ["value", "lower", "upper"]] = np.nan
            rows.loc[is_thin, "method"] = f"only bounds: fewer than {smallest_follow_up:.0%} followed up"
        parts.append(rows.assign(statistic=statistic, order=order, place=range(len(rows))))
    return pd.concat(parts).sort_values(["place", "order"]).reset_index(drop=True)
