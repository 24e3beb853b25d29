"""Funnel plots: the shares of sites or clinicians against the range that chance allows at their size. No ranking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import ArrayLike, NDArray

from queries.statistics.overdispersion import SMALLEST_UNITS, estimate_overdispersion

TAILS = {"95": 0.025, "998": 0.001}
"""The probability in each tail of the inner and the outer funnel."""

PLAIN = "exact binomial, interpolated"
TOO_FEW = f"exact binomial, interpolated; fewer than {SMALLEST_UNITS} units, so overdispersion is not estimated"
NO_OVERDISPERSION = "exact binomial, interpolated; the units differ no more than chance makes them"
OVERDISPERSED = "arcsine with the variance between units, z-scores winsorised by 10 %"


def binomial_limit(n: ArrayLike, target: float, p: float) -> NDArray:
    """The share under which a fraction p of samples of n lies if the target is true, interpolated between counts.

    With F the binomial distribution and r the smallest count with F(r) ≥ p: (r − (F(r) − p)/(F(r) − F(r − 1)))/n. For
    few persons it may lie outside 0 and 1; it is NaN for nobody. This is a line to draw: interpolated, its upper side
    counts shares as extreme that are not rare (two of two), so the position of a unit comes from its tail probability.
    Source: Spiegelhalter 2005, Statistics in Medicine 24:1185.
    """
    size = np.asarray(n, dtype=float)
    whole = np.where(size > 0, size, 1)
    r = scipy.stats.binom.ppf(p, whole, target)
    reached, before = scipy.stats.binom.cdf(r, whole, target), scipy.stats.binom.cdf(r - 1, whole, target)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size > 0, (r - (reached - p) / (reached - before)) / whole, np.nan)


def funnel(
    numerator: ArrayLike, denominator: ArrayLike, *, target: float | None = None, is_overdispersed: bool = False
) -> pd.DataFrame:
    """Each unit's share with the funnel around the target, one row a unit in the order given.

    ``target`` is the share of all units together where it is not given. Columns: ``numerator``, ``denominator``,
    ``value``, ``target``; ``z``, the distance from the target in standard errors (arcsine scale, with the variance
    between units where it is used); ``method``; the limits ``lower_95``, ``upper_95``, ``lower_998`` and
    ``upper_998``, within 0 and 1; ``p_value``, two-sided; ``position`` (``within``, ``above 95 %``, ``below 99.8 %`` …,
    ``nobody``); ``phi`` and ``tau_squared``, from 10 units on. ``is_overdispersed`` widens the funnel by the variance
    between units, where that is known and over 0; otherwise it stays the exact one, and the method says why. Raises
    ValueError for counts that are not whole, are negative or exceed their denominator.
    Source: Spiegelhalter 2005; FunnelPlotR R/od_adjustment.R; limits are not confidence intervals (BMC Med Res
    Methodol 12:98).
    """
    x, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if (x < 0).any() or (x > n).any() or (x != np.round(x)).any() or (n != np.round(n)).any():
        raise ValueError("A funnel needs whole counts of 0 or more, each at most its denominator.")
    if target is None:
        target = float(x.sum() / n.sum()) if n.sum() > 0 else np.nan
    size = np.where(n > 0, n, np.nan)
    standard_error = 1 / (2 * np.sqrt(size))
    distance = np.arcsin(np.sqrt(x / size)) - np.arcsin(np.sqrt(target))
    z = distance / standard_error
    can_estimate = np.count_nonzero(n) >= SMALLEST_UNITS
    spread = estimate_overdispersion(z[can_estimate & (n > 0)], standard_error[can_estimate & (n > 0)])
    units = pd.DataFrame({"numerator": x, "denominator": n, "value": x / size, "target": target, "z": z})
    if not is_overdispersed:
        units = units.assign(method=PLAIN, **_exact_funnel(x, n, target))
    elif not can_estimate:
        units = units.assign(method=TOO_FEW, **_exact_funnel(x, n, target))
    elif spread.tau_squared > 0:
        sigma = np.sqrt(standard_error**2 + spread.tau_squared)
        units = units.assign(method=OVERDISPERSED, **_widened_funnel(distance / sigma, sigma, target))
    else:
        units = units.assign(method=NO_OVERDISPERSION, **_exact_funnel(x, n, target))
    return units.assign(phi=spread.phi, tau_squared=spread.tau_squared)


def funnel_lines(sizes: ArrayLike, target: float, tau_squared: float = 0.0) -> pd.DataFrame:
    """The limits of a funnel at any sizes, to draw: ``denominator`` and the four limits, exact where τ² is 0."""
    n = np.asarray(sizes, dtype=float)
    if tau_squared > 0:
        limits = _widened_limits(np.sqrt(1 / (4 * n) + tau_squared), target)
    else:
        limits = _exact_limits(n, target)
    return pd.DataFrame({"denominator": n} | limits)


def _exact_limits(n: NDArray, target: float) -> dict[str, NDArray]:
    return {
        f"{side}_{name}": np.clip(binomial_limit(n, target, p), 0, 1)
        for name, tail in TAILS.items()
        for side, p in (("lower", tail), ("upper", 1 - tail))
    }


def _widened_limits(sigma: NDArray, target: float) -> dict[str, NDArray]:
    limits = {}
    for name, tail in TAILS.items():
        for side, p in (("lower", tail), ("upper", 1 - tail)):
            angle = np.arcsin(np.sqrt(target)) + scipy.stats.norm.ppf(p) * sigma
            limits[f"{side}_{name}"] = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
    return limits


def _exact_funnel(x: NDArray, n: NDArray, target: float) -> dict[str, Any]:
    p_value = [
        scipy.stats.binomtest(int(count), int(size), target).pvalue if size > 0 else np.nan
        for count, size in zip(x, n, strict=True)
    ]
    below, above = scipy.stats.binom.cdf(x, n, target), scipy.stats.binom.sf(x - 1, n, target)
    return _exact_limits(n, target) | {"p_value": p_value, "position": _positions(below, above, n > 0)}


def _widened_funnel(z: NDArray, sigma: NDArray, target: float) -> dict[str, Any]:
    below, above = scipy.stats.norm.cdf(z), scipy.stats.norm.sf(z)
    return _widened_limits(sigma, target) | {
        "z": z,
        "p_value": 2 * np.minimum(below, above),
        "position": _positions(below, above, ~np.isnan(z)),
    }


def _positions(below: NDArray, above: NDArray, is_known: NDArray) -> NDArray:
    """Which funnel a unit is outside of, from the probabilities of shares as low and as high as its own."""
    inner, outer = TAILS["95"], TAILS["998"]
    conditions = [~is_known, below < outer, above < outer, below < inner, above < inner]
    names = ["nobody", "below 99.8 %", "above 99.8 %", "below 95 %", "above 95 %"]
    return np.select(conditions, names, default="within")
