"""Paired change in standard deviations of the first scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from queries.statistics.proportions import Z_95


def small_sample_correction(degrees: NDArray) -> NDArray:
    """Hedges' exact factor c(m) = √(2/m)·Γ(m/2)/Γ((m−1)/2); NaN where m is below 2."""
    m = np.where(degrees >= 2, degrees, np.nan)
    return np.sqrt(2 / m) * np.exp(gammaln(m / 2) - gammaln((m - 1) / 2))


def standardised_mean_change(
    n: NDArray, mean_change: NDArray, sd_first: NDArray, correlation: NDArray
) -> tuple[NDArray, NDArray]:
    """g = c(n−1)·(mean change)/(SD of the first scores) and its variance 2(1−r)/n + g²/(2n).

    The correlation is that of first and latest score. Source: Becker 1988; the large-sample variance that metafor
    calls SMCR.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        size = small_sample_correction(n - 1) * mean_change / sd_first
        return size, 2 * (1 - correlation) / n + size**2 / (2 * n)


def standardised_change(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of sums over persons → standardised mean change with its normal 95 % interval; positive is better.

    Columns, where x is the first and y the latest score: ``n``, ``sum_x``, ``sum_xx``, ``sum_y``, ``sum_yy``,
    ``sum_xy``, and ``direction``: 1 where a higher score is better, else −1. Below three persons, or where all first
    scores are equal, there is no value; where all latest scores are equal, there is no interval.
    """
    n, x, xx, y, yy, xy, direction = (
        counts[name].astype(float).to_numpy()
        for name in ("n", "sum_x", "sum_xx", "sum_y", "sum_yy", "sum_xy", "direction")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        variance_x, variance_y = _variance(n, x, xx), _variance(n, y, yy)
        correlation = np.clip((xy - x * y / n) / (n - 1) / np.sqrt(variance_x * variance_y), -1, 1)
        size, variance = standardised_mean_change(n, direction * (y - x) / n, np.sqrt(variance_x), correlation)
        half = Z_95 * np.sqrt(variance)
    return counts.assign(
        value=size,
        lower=size - half,
        upper=size + half,
        denominator=n,
        statistic="mean",
        method="standardised mean change, normal 95 %",
    )


def _variance(n: NDArray, total: NDArray, squares: NDArray) -> NDArray:
    deviations = squares - total**2 / n
    # Equal values leave rounding noise, which is no variance.
    return np.where(deviations > 1e-12 * squares, deviations / (n - 1), np.nan)
