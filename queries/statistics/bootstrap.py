"""Ratios of sums over persons: percentile bootstrap from binned values, or linearised where they are many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.distributions import quantile_interval
from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.proportions import Z_95

REPLICATES = 2000
SEED = 20240701
DRAWN = f"bootstrap 95 % over persons, {REPLICATES} draws"
PERSONS_A_BIN = 20
"""Above this many persons for each distinct value it is quicker to draw values than persons."""
MANY = 5000
"""Above this many persons the linearised interval says the same in no time: their sums are normal."""

Seed = int | tuple[int, int]


def read_persons(part: pd.DataFrame) -> tuple[NDArray, NDArray, NDArray]:
    """Numerator, denominator (1 where absent) and number of the persons who have both, in any order."""
    weight = part["weight"].to_numpy(dtype=float)
    numerator = part["numerator_amount"].to_numpy(dtype=float)
    denominator = (
        part["denominator_amount"].to_numpy(dtype=float) if "denominator_amount" in part else np.ones(len(part))
    )
    return numerator, denominator, weight


def resample_ratio(numerator: NDArray, denominator: NDArray, weight: NDArray, seed: Seed = SEED) -> NDArray:
    """Bootstrap replicates of Σnumerator/Σdenominator over bins of persons, drawing persons with replacement.

    A replicate whose denominator is 0 is infinite. Above MANY persons the replicates are normal, with the linearised
    standard error.
    """
    persons = int(weight.sum())
    generator = np.random.default_rng(seed)
    if persons > MANY:
        ratio, error = linearise_ratio(numerator, denominator, weight)
        return ratio + error * generator.standard_normal(REPLICATES)
    numerator, denominator, weight = _bin(numerator, denominator, weight)
    draw = _draw_bins if persons > PERSONS_A_BIN * len(weight) else draw_persons
    tops, bottoms = draw(numerator, denominator, weight, persons, generator)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = tops / bottoms
    return np.where(np.isnan(ratios), np.inf, ratios)


def linearise_ratio(numerator: NDArray, denominator: NDArray, weight: NDArray) -> tuple[float, float]:
    """Σnumerator/Σdenominator over bins of persons, and its standard error by Taylor linearisation."""
    persons, total, exposure = (float(weight.sum()), float(numerator @ weight), float(denominator @ weight))
    ratio = total / exposure
    squares = float((numerator - ratio * denominator) ** 2 @ weight)
    return ratio, float(np.sqrt(persons / (persons - 1) * squares)) / exposure


def _bin(numerator: NDArray, denominator: NDArray, weight: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Equal values are one bin, ascending, so that a draw depends on the values and not on the rows."""
    pairs, place = np.unique(np.column_stack((numerator, denominator))[weight > 0], axis=0, return_inverse=True)
    return pairs[:, 0], pairs[:, 1], np.bincount(place.ravel(), weights=weight[weight > 0])


def _draw_bins(
    numerator: NDArray, denominator: NDArray, weight: NDArray, persons: int, generator: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """Sums of each replicate where many persons share few values: how often each value is drawn."""
    draws = generator.multinomial(persons, weight / weight.sum(), size=REPLICATES)
    return draws @ numerator, draws @ denominator


def draw_persons(
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


def ratio_interval(numerator: NDArray, denominator: NDArray, weight: NDArray) -> tuple[float, float, str]:
    """The 95 % interval of Σnumerator/Σdenominator, and how it was found: drawn, or above MANY persons linearised."""
    if weight.sum() > MANY:
        ratio, error = linearise_ratio(numerator, denominator, weight)
        return ratio - Z_95 * error, ratio + Z_95 * error, "linearised 95 % over persons"
    lower, upper = percentile_interval(resample_ratio(numerator, denominator, weight))
    return lower, upper, DRAWN


def bootstrap_ratio(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of binned values → ratio of sums with its 95 % interval over persons (see ratio_interval).

    Columns: ``numerator_amount``, ``denominator_amount`` (1 for each person where absent), ``weight`` (persons with
    these values) and ``missing_n`` (repeated in every row). Below two persons, or where the denominator is 0, there is
    no interval. Option ``median`` adds the median of the persons' own ratios, with the binomial interval of its rank.
    """
    records = []
    for key, part in split_groups(counts):
        numerator, denominator, weight = read_persons(part)
        total, exposure, persons = float(numerator @ weight), float(denominator @ weight), float(weight.sum())
        lower, upper, method = np.nan, np.nan, DRAWN
        if persons > 1 and exposure > 0:
            lower, upper, method = ratio_interval(numerator, denominator, weight)
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
                "method": method,
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
