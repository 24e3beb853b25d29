"""Means, medians and quartiles of one value a person, or of several values of each person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom
from scipy.stats import t as student

from queries.statistics.clusters import linearised_variance
from queries.statistics.grouping import build_rows, split_groups, sum_or_zero
from queries.statistics.proportions import wilson

QUANTILES = {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}
_USUAL = ["mean", "median", "p25", "p75", "share_at_target"]
ROUNDING = 1e-6
_PER_CLUSTER = ["clusters", "sum_yy", "sum_yn", "sum_nn"]


def mean_interval(amount: NDArray, weight: NDArray) -> tuple[float, float, float]:
    """Mean and its t 95 % interval; the interval is NaN below two persons."""
    n = float(weight.sum())
    mean = float(amount @ weight) / n
    if n < 2:
        return mean, np.nan, np.nan
    variance = float(((amount - mean) ** 2) @ weight) / (n - 1)
    half = float(student.ppf(0.975, n - 1)) * np.sqrt(variance / n)
    return mean, mean - half, mean + half


def clustered_mean_interval(
    amount: NDArray, weight: NDArray, per_cluster: NDArray
) -> tuple[float, float, float, float]:
    """Mean, its 95 % interval with persons as clusters, and how many independent amounts these are worth.

    ``per_cluster`` holds the persons and Σy², Σy·n and Σn² over them, where y is the sum and n the number of a person's
    amounts. Below two persons the interval is NaN. Independent amounts: n over the design effect, which is the
    clustered variance of the mean over the plain one, and at least 1.
    """
    clusters, products = float(per_cluster[0]), per_cluster[1:]
    total, n = float(amount @ weight), float(weight.sum())
    mean = total / n
    if clusters < 2:
        return mean, np.nan, np.nan, 1.0
    sums = np.array([total, n, clusters, *products])
    clustered = float(linearised_variance(*sums[:, np.newaxis])[0])
    half = float(student.ppf(0.975, clusters - 1)) * np.sqrt(clustered)
    plain = float(((amount - mean) ** 2) @ weight) / (n - 1) / n
    size = n / max(clustered / plain, 1.0) if plain > 0 else clusters
    return mean, mean - half, mean + half, size


def quantile_interval(amount: NDArray, weight: NDArray, p: float, size: float = np.inf) -> tuple[float, float, float]:
    """Quantile (linear between order statistics) with the binomial 95 % interval of its rank.

    ``amount`` ascends; ``weight`` holds whole numbers. ``size`` is how many independent amounts they are worth, where
    that is fewer. A limit beyond the smallest or largest value is NaN.
    """
    last_rank = np.cumsum(weight)
    n = int(last_rank[-1])

    def at_rank(rank: float) -> float:
        if not 1 <= rank <= n:
            return np.nan
        return float(amount[np.searchsorted(last_rank, rank)])

    position = (n - 1) * p
    below = np.floor(position)
    low = at_rank(below + 1)
    high = at_rank(min(below + 2, n))
    value = low + (position - below) * (high - low)
    # Ranks among the independent amounts, stretched over all of them. Sums of hours differ in the last digit with
    # the order of the rows, which must not move a rank.
    independent = int(min(n, max(size, 1)) + ROUNDING)
    stretch = n / independent
    lowest, highest = binom.ppf(0.025, independent, p), binom.ppf(0.975, independent, p) + 1
    return value, at_rank(np.floor(lowest * stretch + ROUNDING)), at_rank(np.ceil(highest * stretch - ROUNDING))


def distribution(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``amount`` and ``weight`` (persons with that amount) → mean, median, p25 and p75 with 95 % intervals.

    Rows without an amount count as missing, beside ``missing_n``. Option ``target`` adds ``share_at_target``, the
    share with at least that amount (Wilson); option ``statistics`` names the rows that are wanted, ``p90`` among them.
    Where a person has several amounts, such as weeks, every row repeats ``clusters``, the persons behind its
    distribution, and, for intervals with persons as clusters, ``sum_yy``, ``sum_yn`` and ``sum_nn`` (see
    ``clustered_mean_interval``).
    """
    wanted = options.get("statistics") or _USUAL
    records = []
    for key, part in split_groups(counts):
        persons = part.dropna(subset=["amount"]).astype({"amount": float}).groupby("amount")["weight"].sum()
        persons = persons[persons > 0]
        amount, weight = persons.index.to_numpy(dtype=float), persons.to_numpy(dtype=float)
        n = float(weight.sum())
        missing = float(part.loc[part["amount"].isna(), "weight"].sum()) + sum_or_zero(part, "missing_n")
        shared = key | {"denominator": n, "missing_n": missing}
        if "clusters" in part.columns:
            shared["clusters"] = float(part["clusters"].iloc[0])
        per_cluster = part[_PER_CLUSTER].iloc[0].to_numpy(dtype=float) if set(_PER_CLUSTER) <= set(part) else None
        for statistic in wanted:
            if statistic == "share_at_target" and options.get("target") is None:
                continue
            described = _describe(statistic, amount, weight, per_cluster, options)
            records.append(shared | {"statistic": statistic} | described)
    return build_rows(records)


def _describe(
    statistic: str, amount: NDArray, weight: NDArray, per_cluster: NDArray | None, options: Mapping[str, Any]
) -> dict[str, Any]:
    if statistic == "share_at_target":
        reached = float(weight[amount >= float(options["target"])].sum())
        lower, upper = wilson(reached, weight.sum())
        value = reached / weight.sum() if len(weight) else np.nan
        return {
            "value": value,
            "lower": float(lower),
            "upper": float(upper),
            "numerator": reached,
            "method": "Wilson 95 %",
        }
    if not len(weight):
        return {"value": np.nan, "lower": np.nan, "upper": np.nan, "method": "nobody"}
    size, how = np.inf, ""
    if per_cluster is not None:
        value, low, high, size = clustered_mean_interval(amount, weight, per_cluster)
        how = ", clustered by person"
    else:
        value, low, high = mean_interval(amount, weight)
    if statistic == "mean":
        return {"value": value, "lower": low, "upper": high, "method": ("linearised" if how else "t") + f" 95 %{how}"}
    value, low, high = quantile_interval(amount, weight, QUANTILES[statistic], size)
    return {"value": value, "lower": low, "upper": high, "method": f"order statistics, binomial 95 %{how}"}
