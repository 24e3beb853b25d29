"""Rubin's rules: one estimate, with its interval, from the same analysis of several completed data sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from scipy.stats import t as student


@dataclass(frozen=True)
class Pooled:
    """``missing_information`` is the fraction of the information about the estimate that is lost with the missing."""

    value: float
    lower: float
    upper: float
    degrees_of_freedom: float
    missing_information: float
    scale: str


def pool(estimates: ArrayLike, variances: ArrayLike, complete_df: float = np.inf) -> Pooled:
    """Pool one number: estimates and squared standard errors of m ≥ 2 completed data sets, with a t 95 % interval.

    ``complete_df`` are the degrees of freedom that the complete data would have; the interval uses those of Barnard
    and Rubin (1999). Sources: Rubin 1987, 3.1.2 to 3.1.10; Barnard and Rubin 1999.
    """
    values, within = np.asarray(estimates, dtype=float), float(np.asarray(variances, dtype=float).mean())
    m, value, between = len(values), float(values.mean()), float(values.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    if added <= 1e-15 * max(within, 1e-300):
        df, lost = complete_df, 0.0
    else:
        share = added / total
        rubin_df = (m - 1) / share**2
        if np.isinf(complete_df):
            df = rubin_df
        else:
            observed_df = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
            df = rubin_df * observed_df / (rubin_df + observed_df)
        increase = added / within if within > 0 else np.inf
        lost = (increase + 2 / (df + 3)) / (1 + increase) if np.isfinite(increase) else 1.0
    half = float(student.ppf(0.975, df)) * total**0.5
    return Pooled(value, value - half, value + half, float(df), float(min(lost, 1.0)), "plain")


def pool_shares(events: ArrayLike, n: float) -> Pooled:
    """Pool the share with an event in completed data sets of n people each, on the logit scale.

    There the sampling distribution of a share is nearer to a normal one and the interval stays within 0 and 1. Where
    a completed data set has nobody or everybody with the event, the logit is infinite: then the plain scale, cut at 0
    and 1.
    """
    shares = np.asarray(events, dtype=float) / n
    if ((shares > 0) & (shares < 1)).all():
        pooled = pool(logit(shares), 1 / (n * shares * (1 - shares)), n - 1)
        value, lower, upper = (float(expit(number)) for number in (pooled.value, pooled.lower, pooled.upper))
        return Pooled(value, lower, upper, pooled.degrees_of_freedom, pooled.missing_information, "logit")
    pooled = pool(shares, shares * (1 - shares) / n, n - 1)
    lower, upper = max(0.0, pooled.lower), min(1.0, pooled.upper)
    return Pooled(pooled.value, lower, upper, pooled.degrees_of_freedom, pooled.missing_information, "plain")
