"""A share with people whose result is missing: how many have one, the conservative reading, what the truth could be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from queries.small_numbers import is_small
from queries.statistics.proportions import share_with_interval

SMALLEST_FOLLOW_UP = 0.6
"""Where fewer of those due have a result, no rate is claimed, only what it can lie between (03, missing follow-up)."""

_HEADLINES = ("missing_is_worst", "complete_case")


def bound_by_missing(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of events among those observed, n observed and n due → five shares in this order, with Wilson 95 %.

    Columns: ``numerator`` (events observed), ``observed`` (with a result), ``denominator`` (all who were due).
    ``follow_up`` is the share with a result. ``missing_is_worst`` counts a missing result as the option ``higher_is``
    says: "better" (default) as no event, "worse" as an event. ``complete_case`` leaves the missing out; where a weekly
    word is known in part, ``complete_numerator`` and ``complete_denominator`` say what the known weeks alone give.
    ``lower_bound`` and ``upper_bound`` take every missing result as no event and as an event. Where fewer than the
    option ``smallest_follow_up`` (else SMALLEST_FOLLOW_UP) of those due have a result, only the two bounds and
    ``follow_up`` have a value. A column ``unavailable`` says why there is no result at all.
    Source: decision 11 of the definitions (missing = not improved; missing = deteriorated).
    """
    is_event_bad = options.get("higher_is", "better") == "worse"
    events, observed, due = (counts[name].astype(float) for name in ("numerator", "observed", "denominator"))
    missing = due - observed
    smallest_follow_up = float(options.get("smallest_follow_up", SMALLEST_FOLLOW_UP))
    worst = events + missing if is_event_bad else events
    worst_method = "Wilson 95 %, missing counted as " + ("the event" if is_event_bad else "no event")
    known_events = counts.get("complete_numerator", events).astype(float)
    known = counts.get("complete_denominator", observed).astype(float)
    readings = [
        ("follow_up", observed, due, "Wilson 95 %, those with a result of all who were due"),
        ("missing_is_worst", worst, due, worst_method),
        ("complete_case", known_events, known, "Wilson 95 %, those with a result"),
        ("lower_bound", events, due, "Wilson 95 %, every missing result without the event"),
        ("upper_bound", events + missing, due, "Wilson 95 %, every missing result with the event"),
    ]
    # Beside the follow-up every other row gives the events away: with few of them, or of the others, it stands alone.
    is_hidden = is_small(missing) | is_small(observed) | is_small(due)
    is_given_away = ~is_hidden & (is_small(events) | is_small(observed - events))
    is_near = is_given_away | ~is_hidden & (is_small(known - observed) | is_small(known_events - events))
    parts = []
    for order, (statistic, numerator, denominator, method) in enumerate(readings):
        rows = counts.assign(numerator=numerator, denominator=denominator, missing_n=missing)
        rows = share_with_interval(rows, method)
        hidden = {"follow_up": is_hidden, "complete_case": is_near}.get(statistic, is_given_away)
        if statistic in _HEADLINES:
            is_thin = rows["value"].notna() & (observed < smallest_follow_up * due)
            rows.loc[is_thin, ["value", "lower", "upper"]] = np.nan
            rows.loc[is_thin, "method"] = f"only bounds: fewer than {smallest_follow_up:.0%} followed up"
        parts.append(rows.assign(statistic=statistic, is_suppressed=hidden, order=order, place=range(len(rows))))
    return pd.concat(parts).sort_values(["place", "order"]).reset_index(drop=True)
