"""Percentile bootstrap over persons, from binned values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.distributions import quantile_interval
from queries.statistics.grouping import build_rows, split_groups

REPLICATES = 2000
SEED = 20240701
PERSONS_A_BIN = 20
"""Above this many persons for each distinct value it is quicker to draw values than persons."""
MANY = 20_000
"""Above this many persons those of nearly equal influence are pooled before the draw."""
POOLS, EXTREMES = 1000, 500


Seed = int | tuple[int, int]


def bin_persons(part: pd.DataFrame) -> tuple[NDArray, NDArray, NDArray]:
    """Numerator, denominator (1 where absent) and number of the persons who have both, ascending.

    Equal values are one bin, so that a draw depends on the values and not on the rows.
    """
    values = part.assign(denominator_amount=part.get("denominator_amount", 1.0)).astype(
        {"numerator_amount": float, "denominator_amount": float, "weight": float}
    )
    bins = values.groupby(["numerator_amount", "denominator_amount"], as_index=False)["weight"].sum()
    bins = bins[bins["weight"] > 0]
    return (
        bins["numerator_amount"].to_numpy(),
        bins["denominator_amount"].to_numpy(),
        bins["weight"].to_numpy(),
    )


def resample_ratio(numerator: NDArray, denominator: NDArray, weight: NDArray, seed: Seed = SEED) -> NDArray:
    """Bootstrap replicates of Σnumerator/Σdenominator over bins of persons, drawing persons with replacement.

    A replicate whose denominator is 0 is infinite.
    """
    persons = int(weight.sum())
    if persons > MANY and len(weight) > 2 * (POOLS + 2 * EXTREMES):
        numerator, denominator, weight = _pool(numerator, denominator, weight)
    draw = _draw_bins if persons > MANY or persons > PERSONS_A_BIN * len(weight) else _draw_persons
    tops, bottoms = draw(numerator, denominator, weight, persons, np.random.default_rng(seed))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = tops / bottoms
    return np.where(np.isnan(ratios), np.inf, ratios)


def _pool(numerator: NDArray, denominator: NDArray, weight: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Bins of persons who move the ratio by nearly the same amount, with their means; the extremes stay by themselves.

    What is drawn within such a bin changes the ratio by next to nothing, and the sums stay exact.
    """
    ratio = (numerator @ weight) / (denominator @ weight)
    order = np.lexsort((denominator, numerator - ratio * denominator))
    inner = len(order) - 2 * EXTREMES
    pools = np.concatenate(
        (np.arange(EXTREMES), EXTREMES + np.arange(inner) * POOLS // inner, EXTREMES + POOLS + np.arange(EXTREMES))
    )
    total = np.bincount(pools, weights=weight[order])
    means = [np.bincount(pools, weights=(own * weight)[order]) / total for own in (numerator, denominator)]
    return means[0], means[1], total


def _draw_bins(
    numerator: NDArray, denominator: NDArray, weight: NDArray, persons: int, generator: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """Sums of each replicate where many persons share few values: how often each value is drawn."""
    draws = generator.multinomial(persons, weight / weight.sum(), size=REPLICATES)
    return draws @ numerator, draws @ denominator


def _draw_persons(
    numerator: NDArray, denominator: NDArray, weight: NDArray, persons: int, generator: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """Sums of each replicate where nearly everybody has a value of their own: who is drawn."""
    each = np.repeat(np.arange(len(weight)), weight.astype(int))
    tops, bottoms = numerator[each], denominator[each]
    sums = np.empty((2, REPLICATES))
    for replicate in range(REPLICATES):
        drawn = generator.integers(0, persons, size=persons, dtype=np.int32)
        sums[0, replicate], sums[1, replicate] = tops[drawn].sum(), bottoms[drawn].sum()
    return sums[0], sums[1]


def percentile_interval(replicates: NDArray) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile; NaN where it is not finite."""
    lower, upper = np.quantile(np.sort(replicates), [0.025, 0.975], method="inverted_cdf")
    return (float(lower) if np.isfinite(lower) else np.nan, float(upper) if np.isfinite(upper) else np.nan)


def bootstrap_ratio(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of binned values → ratio of sums with a percentile bootstrap 95 % interval.

    Columns: ``numerator_amount``, ``denominator_amount`` (1 for each person where absent), ``weight`` (persons with
    these values) and ``missing_n`` (repeated in every row). Below two persons, or where the denominator is 0, there is
    no interval. Option ``median`` adds the median of the persons' own ratios, with the binomial interval of its rank.
    """
    records = []
    for key, part in split_groups(counts):
        numerator, denominator, weight = bin_persons(part)
        total, exposure, persons = float(numerator @ weight), float(denominator @ weight), float(weight.sum())
        lower, upper = np.nan, np.nan
        if persons > 1 and exposure > 0:
            lower, upper = percentile_interval(resample_ratio(numerator, denominator, weight))
        records.append(
            key
            | {
                "statistic": "mean",
                "value": total / exposure if exposure > 0 else np.nan,
                "lower": lower,
                "upper": upper,
                "numerator": total,
                "denominator": exposure,
                "clusters": persons,
                "missing_n": float(part["missing_n"].max()) if "missing_n" in part else 0.0,
                "method": f"bootstrap 95 % over persons, {REPLICATES} draws",
            }
        )
        if options.get("median"):
            records.append(records[-1] | _describe_median(numerator, denominator, weight))
    return build_rows(records)


def _describe_median(numerator: NDArray, denominator: NDArray, weight: NDArray) -> dict[str, Any]:
    has_ratio = denominator > 0
    amount, place = np.unique(numerator[has_ratio] / denominator[has_ratio], return_inverse=True)
    persons = np.bincount(place, weights=weight[has_ratio], minlength=len(amount))
    row = {"statistic": "median", "numerator": np.nan, "denominator": float(persons.sum())}
    if not len(amount):
        return row | {"value": np.nan, "lower": np.nan, "upper": np.nan, "method": "nobody"}
    value, low, high = quantile_interval(amount, persons, 0.5)
    return row | {"value": value, "lower": low, "upper": high, "method": "order statistics, binomial 95 %"}
