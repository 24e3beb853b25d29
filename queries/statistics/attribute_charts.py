"""p and u charts: shares and rates whose denominators differ from period to period, and Laney's p′ and u′."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import ArrayLike, NDArray

from queries.statistics.baselines import BASELINE_POINTS, Rebase, describe_phases, split_phases
from queries.statistics.xmr_charts import MEAN_RANGE_OF_TWO, deviations

SMALLEST_EXPECTED = 5.0
"""Below this many expected events, or expected non-events, normal limits are wrong and exact ones take their place."""

NO_VARIATION = "no limits: the baseline has no events, or nothing but events"

_TAIL = float(scipy.stats.norm.sf(3))


@dataclass(frozen=True)
class _Kind:
    """What a p and a u chart do not share: from the centre line and the denominators n."""

    name: str
    sigma: Callable[[float, NDArray], NDArray]
    fewest_expected: Callable[[float, NDArray], NDArray]
    distribution: Callable[[float, NDArray], Any]
    highest: float


_SHARE = _Kind(
    "p",
    sigma=lambda p, n: np.sqrt(p * (1 - p) / n),
    fewest_expected=lambda p, n: n * min(p, 1 - p),
    distribution=lambda p, n: scipy.stats.binom(n, p),
    highest=1.0,
)
_RATE = _Kind(
    "u",
    sigma=lambda u, n: np.sqrt(u / n),
    fewest_expected=lambda u, n: n * u,
    distribution=lambda u, n: scipy.stats.poisson(n * u),
    highest=np.inf,
)


def p_chart(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    is_laney: bool = False,
    smallest_expected: float = SMALLEST_EXPECTED,
    baseline: int = BASELINE_POINTS,
    rebases: Sequence[Rebase] = (),
) -> pd.DataFrame:
    """Three-sigma limits of a share by period, one row a period in the order given.

    Columns: those of describe_phases; ``numerator``, ``denominator``; ``centre``, ``lower`` and ``upper``;
    ``deviation``, the distance from the centre in standard deviations; ``method``, which may differ by point. Limits
    stay within 0 and 1. Where n·p or n·(1 − p) is under ``smallest_expected`` they are exact binomial ones: outside
    them is what has a tail probability under that of three sigma. ``is_laney`` (p′) multiplies the standard deviation
    by the variation between periods instead. A period with a denominator of 0 has no value; a baseline with a share
    of 0 or 1 gives no limits. Raises ValueError for counts that are not whole, are negative or exceed their
    denominator, and as split_phases does.
    Source: qicharts2 R/helper.functions.R, qic.p and qic.pp; Laney 2002, Quality Engineering 14:531.
    """
    x, n = _read_counts(numerator, denominator)
    if (x > n).any() or (n != np.round(n)).any():
        raise ValueError("A share needs whole denominators, each at least as large as its numerator.")
    return _chart(_SHARE, x, n, is_laney, smallest_expected, baseline, rebases)


def u_chart(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    is_laney: bool = False,
    smallest_expected: float = SMALLEST_EXPECTED,
    baseline: int = BASELINE_POINTS,
    rebases: Sequence[Rebase] = (),
) -> pd.DataFrame:
    """Three-sigma limits of a rate (events per unit of exposure) by period, with the columns of p_chart.

    Limits stay over 0. Where fewer than ``smallest_expected`` events are expected they are exact Poisson ones.
    ``is_laney`` gives u′. Raises ValueError for counts that are not whole or are negative, and as split_phases does.
    Source: qicharts2 R/helper.functions.R, qic.u and qic.up.
    """
    x, n = _read_counts(count, exposure)
    return _chart(_RATE, x, n, is_laney, smallest_expected, baseline, rebases)


def _read_counts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[NDArray, NDArray]:
    x, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if (x < 0).any() or (n < 0).any() or (x != np.round(x)).any():
        raise ValueError("Counts are whole numbers of 0 or more, without gaps; an empty period has a denominator of 0.")
    return x, n


def _chart(
    kind: _Kind,
    x: NDArray,
    n: NDArray,
    is_laney: bool,
    smallest_expected: float,
    baseline: int,
    rebases: Sequence[Rebase],
) -> pd.DataFrame:
    values = np.divide(x, n, out=np.full(len(x), np.nan), where=n > 0)
    phases = split_phases(values, rebases, baseline)
    lines = np.full((len(x), 4), np.nan)
    method = np.full(len(x), f"{kind.name} chart, three sigma", dtype=object)
    for phase in phases:
        points, first = phase.points, phase.baseline
        exposure = float(n[first].sum())
        centre = float(x[first].sum()) / exposure if exposure > 0 else np.nan
        lines[points, 0] = centre
        if not 0 < centre < kind.highest:
            method[points] = NO_VARIATION
            continue
        safe = np.where(n > 0, n, np.nan)
        sigma = kind.sigma(centre, safe)
        if is_laney:
            sigma = sigma * _variation_between(((values - centre) / sigma)[first])
            method[points] = f"{kind.name}′ chart, three sigma of Laney"
        lines[points, 1] = np.maximum(centre - 3 * sigma, 0)[points]
        lines[points, 2] = np.minimum(centre + 3 * sigma, kind.highest)[points]
        lines[points, 3] = deviations(values, np.full(len(x), centre), sigma)[points]
        is_small = np.zeros(len(x), dtype=bool)
        is_small[points] = (kind.fewest_expected(centre, n) < smallest_expected)[points] & (n[points] > 0)
        if not is_laney and is_small.any():
            lines[is_small, 1:] = _exact_limits(kind, centre, x[is_small], n[is_small])
            method[is_small] = f"{kind.name} chart, exact limits of three sigma"
    chart = describe_phases(values, phases).assign(numerator=x, denominator=n, method=method)
    return chart.assign(**dict(zip(("centre", "lower", "upper", "deviation"), lines.T, strict=True)))


def _variation_between(z: NDArray) -> float:
    """Laney's σz: the mean moving range of standardised values over that of a normal process; NaN below two."""
    return float(np.mean(np.abs(np.diff(z)))) / MEAN_RANGE_OF_TWO if len(z) > 1 else np.nan


def _exact_limits(kind: _Kind, centre: float, x: NDArray, n: NDArray) -> NDArray:
    """Lower limit, upper limit and deviation: the normal quantile of the tail probability, on the side of the value."""
    counts = kind.distribution(centre, n)
    tail = np.where(x > n * centre, counts.sf(x - 1), counts.cdf(x))
    distance = np.maximum(scipy.stats.norm.isf(tail), 0)
    return np.column_stack((counts.ppf(_TAIL) / n, counts.isf(_TAIL) / n, np.where(x > n * centre, 1, -1) * distance))
