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


def share_with_interval(rows: pd.DataFrame, method: str = "Wilson 95 %") -> pd.DataFrame:
    """The rows with value, lower and upper of numerator over denominator; empty where the denominator is 0.

    A text in the column ``unavailable``, where the SQL returns one, says why a row has no numerator: it becomes the
    method, and the row has no value.
    """
    numerator, denominator = rows["numerator"].astype(float), rows["denominator"].astype(float)
    reason = rows["unavailable"] if "unavailable" in rows.columns else pd.Series(None, rows.index, dtype=object)
    numerator = numerator.where(reason.isna())
    lower, upper = wilson(numerator, denominator)
    value = numerator / denominator.where(denominator > 0)
    return rows.assign(numerator=numerator, value=value, lower=lower, upper=upper, method=reason.fillna(method))


def proportion(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of numerator, denominator and missing n → share with its Wilson 95 % interval.

    A column ``statistic`` of the SQL names shares that have a category in common, such as two occasions.
    """
    return share_with_interval(counts).assign(statistic=counts.get("statistic", "share"))
