"""Ratios of sums over persons: weeks and sessions of one person are not independent of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from queries.statistics.proportions import wilson


def linearised_variance(
    numerator: NDArray, denominator: NDArray, clusters: NDArray, sum_yy: NDArray, sum_yn: NDArray, sum_nn: NDArray
) -> NDArray:
    """Variance of Σy/Σn with persons as clusters, by Taylor linearisation; NaN below two persons.

    The residual of a person is y − ratio·n; its squares need only the three sums of products.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = numerator / denominator
        squares = np.maximum(sum_yy - 2 * ratio * sum_yn + ratio**2 * sum_nn, 0)
        # Sums of products cancel to rounding noise when every person has the same ratio.
        squares = np.where(squares < 1e-12 * np.maximum(sum_yy, ratio**2 * sum_nn), 0, squares)
        return np.where(clusters > 1, clusters / (clusters - 1) * squares / denominator**2, np.nan)


def cluster_ratio(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of sums over persons → ratio of sums with its person-clustered 95 % interval.

    Columns, where y and n are one person's numerator and denominator: ``numerator`` Σy, ``denominator`` Σn,
    ``clusters`` persons, ``sum_yy`` Σy², ``sum_yn`` Σy·n, ``sum_nn`` Σn². The interval uses t with persons − 1 degrees
    of freedom; a share stays within 0 and 1, and where all persons have the same share (so that no variance can be
    seen) it takes the Wilson interval with the number of persons.
    """
    y, n, clusters, yy, yn, nn = (
        counts[name].astype(float).to_numpy()
        for name in ("numerator", "denominator", "clusters", "sum_yy", "sum_yn", "sum_nn")
    )
    variance = linearised_variance(y, n, clusters, yy, yn, nn)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(n > 0, y / n, np.nan)
        half = student.ppf(0.975, np.where(clusters > 1, clusters - 1, np.nan)) * np.sqrt(variance)
    lower, upper = ratio - half, ratio + half
    method = np.full(len(counts), "linearised 95 %, clustered by person", dtype=object)
    if unit == "share":
        lower, upper = np.clip(lower, 0, 1), np.clip(upper, 0, 1)
        is_flat = (n > 0) & ~(variance > 0)
        flat_lower, flat_upper = wilson(ratio * clusters, clusters)
        lower, upper = np.where(is_flat, flat_lower, lower), np.where(is_flat, flat_upper, upper)
        method[is_flat] = "Wilson 95 % with the number of persons"
    statistic = "share" if unit == "share" else "mean"
    return counts.assign(value=ratio, lower=lower, upper=upper, statistic=statistic, method=method)
