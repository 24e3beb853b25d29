"""Mean change within persons, from sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student


def mean_change(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``n``, ``sum_x`` and ``sum_xx`` (one x a person) → mean with its t 95 % interval.

    The interval is empty below two persons.
    """
    n, sum_x, sum_xx = (counts[name].astype(float).to_numpy() for name in ("n", "sum_x", "sum_xx"))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, sum_x / n, np.nan)
        variance = np.where(n > 1, np.maximum(sum_xx - n * mean**2, 0) / (n - 1), np.nan)
        half = student.ppf(0.975, np.where(n > 1, n - 1, np.nan)) * np.sqrt(variance / n)
    return counts.assign(
        value=mean, lower=mean - half, upper=mean + half, denominator=n, statistic="mean", method="t 95 %"
    )
