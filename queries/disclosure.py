"""Small-number rules: the one gate through which every shared number leaves.

Counts of 1–10, and everything that would give them away (the rate, its interval, the other part of the same
denominator), are hidden. Zero may be shown. Source: CMS cell suppression policy.
"""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from queries.answer import Answer

SMALLEST_SHOWN = 11
"""Counts below this, other than zero, are hidden. A stricter setting is allowed, a looser one is not."""

_NUMBERS = ["value", "lower", "upper", "numerator", "denominator", "missing_n"]


def may_see_cases() -> bool:
    """Whether this server shows individual cases: the setting IOP_SHOW_CASES=yes. Everything that lists people asks here."""
    return os.environ.get("IOP_SHOW_CASES", "no").strip().lower() in {"yes", "true", "1"}


def threshold() -> int:
    """The smallest count that is shown: IOP_SMALLEST_COUNT where it is stricter than 11."""
    try:
        chosen = int(os.environ.get("IOP_SMALLEST_COUNT", SMALLEST_SHOWN))
    except ValueError:
        return SMALLEST_SHOWN
    return max(SMALLEST_SHOWN, chosen)


def suppress(answer: Answer) -> Answer:
    """Hide small counts and what gives them away; rows stay, marked ``is_suppressed``."""
    frame = answer.frame.copy()
    if frame.empty:
        return answer
    smallest = threshold()
    is_share = answer.measure.unit == "share"
    hidden = _is_small(frame["denominator"], smallest) | _is_small(frame["numerator"], smallest) & is_share
    if is_share:
        hidden |= _is_small(frame["denominator"] - frame["numerator"], smallest)
    if answer.measure.unit == "count":
        hidden |= _is_small(frame["value"], smallest)
    if answer.measure.partition:
        hidden |= _complement(frame, hidden, smallest)
    frame.loc[hidden, _NUMBERS] = pd.NA
    frame.loc[hidden, "is_suppressed"] = True
    frame.loc[_is_small(frame["missing_n"], smallest), "missing_n"] = pd.NA
    return answer.with_frame(frame)


def _is_small(counts: pd.Series, smallest: int) -> pd.Series:
    return ((counts > 0) & (counts < smallest)).fillna(False).astype(bool)


def _complement(frame: pd.DataFrame, hidden: pd.Series, smallest: int) -> pd.Series:
    """Where the parts of a whole hide one small part, hide the next smallest too, so that it cannot be subtracted."""
    also = pd.Series(False, index=frame.index)
    for _, part in frame.groupby(["group_name", "step", "period", "statistic"], dropna=False):
        covered = hidden[part.index]
        if not covered.any() or covered.all():
            continue
        total_hidden = part["numerator"][covered].sum()
        shown = part["numerator"][~covered].sort_values()
        for index in shown[shown > 0].index:
            if covered.sum() + also[part.index].sum() >= 2 and total_hidden >= smallest:
                break
            also[index] = True
            total_hidden += frame.at[index, "numerator"]
    return also & np.ones(len(also), dtype=bool)
