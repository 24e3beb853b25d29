"""Proportions with Wilson intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Z_95 = float(ndtri(0.975))


def wilson(numerator: ArrayLike, denominator: ArrayLike, z: float = Z_95) -> tuple[NDArray, NDArray]:
    """Wilson score interval of a proportion, without continuity correction; NaN where the denominator is 0."""
    x, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def proportion(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of numerator, denominator and missing n → share with its Wilson 95 % interval."""
    rows = counts.copy()
    lower, upper = wilson(rows["numerator"], rows["denominator"])
    denominator = rows["denominator"].astype(float)
    rows["value"] = rows["numerator"].astype(float) / denominator.where(denominator > 0)
    rows["lower"], rows["upper"] = lower, upper
    rows["statistic"] = "share"
    rows["method"] = "Wilson 95 %"
    return rows
