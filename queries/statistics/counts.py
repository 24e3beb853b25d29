"""Plain counts: nothing is estimated, so there is no interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


def show_counts(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of a count → the count as value, numerator and denominator.

    The count is in the column ``count``, or ``numerator`` where the measure has no ``count``.
    """
    rows = counts.copy()
    amount = rows["count" if "count" in rows.columns else "numerator"].astype(float)
    rows["value"] = rows["numerator"] = rows["denominator"] = amount
    rows["statistic"] = "count"
    rows["method"] = "count"
    return rows
