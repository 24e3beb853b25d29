"""Indirect standardisation: what a unit observed against what its own patients would be expected to have elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import ArrayLike, NDArray


def expect_from_strata(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``group_name``, ``stratum``, ``numerator`` and ``denominator`` → observed and expected by group.

    The expected events of a group are the sum over strata (severity, age …) of its persons times the share that all
    groups together have in that stratum; they add up to the observed ones. One row a group, in the order given:
    ``group_name``, ``observed``, ``expected``, ``persons``.
    """
    totals = counts.groupby("stratum")[["numerator", "denominator"]].transform("sum")
    persons = counts["denominator"].astype(float)
    share = (totals["numerator"] / totals["denominator"].where(totals["denominator"] > 0)).fillna(0.0)
    rows = counts.assign(observed=counts["numerator"].astype(float), expected=persons * share, persons=persons)
    return rows.groupby("group_name", sort=False)[["observed", "expected", "persons"]].sum().reset_index()


def standardise(
    observed: ArrayLike, expected: ArrayLike, *, persons: ArrayLike | None = None, overall: float | None = None
) -> pd.DataFrame:
    """Observed over expected events with exact 95 % limits, and the rate that this ratio means.

    ``expected`` is the sum of the predicted probabilities of a unit's own patients. Limits are binomial where the
    number of ``persons`` is given (an event a person at most), otherwise Poisson; ``p_value`` is exact and two-sided.
    ``overall`` is the share of everybody, Σ observed/Σ persons where it is not given; times the ratio it is
    ``adjusted``, with ``adjusted_lower`` and ``adjusted_upper`` (empty without persons or overall; over 1 is possible).
    Nothing is estimated where no events are expected. Raises ValueError for counts that are not whole or are negative,
    and for more events than persons.
    Source: Breslow and Day 1987, chapter 2 (exact limits after Garwood, and Clopper and Pearson).
    """
    o, e = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    n = None if persons is None else np.asarray(persons, dtype=float)
    if (o < 0).any() or (e < 0).any() or (o != np.round(o)).any() or (n is not None and (o > n).any()):
        raise ValueError("Observed events are whole, at least 0 and at most the persons; expected ones are at least 0.")
    divisor = np.where(e > 0, e, np.nan)
    low, high, p_value = _poisson(o, e) if n is None else _binomial(o, e, n)
    if overall is None:
        overall = float(o.sum() / n.sum()) if n is not None and n.sum() > 0 else np.nan
    rows = pd.DataFrame({"observed": o, "expected": e, "value": o / divisor, "lower": low / divisor})
    rows["upper"] = high / divisor
    for name, column in (("adjusted", "value"), ("adjusted_lower", "lower"), ("adjusted_upper", "upper")):
        rows[name] = rows[column] * overall
    family = "Poisson" if n is None else "binomial"
    return rows.assign(p_value=np.where(e > 0, p_value, np.nan), method=f"observed/expected, exact {family} 95 %")


def _poisson(o: NDArray, e: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    low = np.where(o > 0, scipy.stats.gamma.ppf(0.025, np.maximum(o, 1)), 0)
    tails = np.minimum(scipy.stats.poisson.cdf(o, e), scipy.stats.poisson.sf(o - 1, e))
    return low, scipy.stats.gamma.ppf(0.975, o + 1), np.minimum(2 * tails, 1)


def _binomial(o: NDArray, e: NDArray, n: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    found = np.full((3, len(o)), np.nan)
    for place in np.flatnonzero((n > 0) & (e <= n)):
        test = scipy.stats.binomtest(int(o[place]), int(n[place]), e[place] / n[place])
        interval = test.proportion_ci(0.95, method="exact")
        found[:, place] = interval.low * n[place], interval.high * n[place], test.pvalue
    return found[0], found[1], found[2]
