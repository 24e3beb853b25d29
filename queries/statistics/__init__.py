"""Counts → rates, intervals and curves: pure functions over arrays, and the kinds that measures name in their header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from queries.statistics.proportions import proportion

Derive = Callable[..., pd.DataFrame]

KINDS: dict[str, Derive] = {"proportion": proportion}
"""Each kind takes the counts a measure's SQL returns, the unit and the options, and gives rows of the answer's shape."""


def derive(kind: str, counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Derive the result rows of a measure from its counts. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"Unknown statistic {kind!r}; the kinds are {', '.join(KINDS)}.")
    return KINDS[kind](counts, unit=unit, options=options)
