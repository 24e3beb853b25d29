"""Which counts are small: the thresholds below which a count is hidden, or a value not judged."""

from __future__ import annotations

import os

import pandas as pd

from queries.thinning import are_small, floats

SMALLEST_SHOWN = 11
"""Counts below this, other than zero, are hidden. A stricter setting is allowed, a looser one is not."""
SMALLEST_JUDGED = 20
"""A value of a smaller denominator is shown with its interval and not held against a target: no traffic light
(definitions, 00)."""


class SettingError(ValueError):
    """A setting of this server cannot be read; the message says how to write it."""


def threshold() -> int:
    """The smallest count that is shown: IOP_SMALLEST_COUNT where it is stricter than 11.

    Raises SettingError for a setting that is no number: what it meant to hide would be shown.
    """
    setting = os.environ.get("IOP_SMALLEST_COUNT", "").strip() or str(SMALLEST_SHOWN)
    if not setting.isdecimal():
        raise SettingError(
            f"IOP_SMALLEST_COUNT is {setting!r}. Set it to a whole number from {SMALLEST_SHOWN} up, or leave it out."
        )
    return max(SMALLEST_SHOWN, int(setting))


def is_small(counts: pd.Series, smallest: int | None = None) -> pd.Series:
    """Whether each count is one of those that are hidden: above 0 and below the threshold."""
    smallest = threshold() if smallest is None else smallest
    return pd.Series(are_small(floats(counts), smallest), index=counts.index)
