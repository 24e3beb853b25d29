"""How far apart two survival curves are on average: the difference of their restricted means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from queries.statistics.proportions import Z_95
from queries.statistics.survival import SMALLEST_AT_RISK, Curve, not_estimable, restricted_mean


@dataclass(frozen=True)
class Difference:
    """The first group less the second, with its 95 % interval; NaN where it cannot be estimated, and why in method."""

    value: float
    lower: float
    upper: float
    method: str
    standard_error: float = np.nan
    p_value: float = np.nan


def restricted_mean_difference(first: Curve, second: Curve, tau: float) -> Difference:
    """The difference of two areas under Kaplan–Meier to day ``tau``, in days, with Greenwood's standard error.

    Not estimable unless each group has at least 10 at risk at tau (decision 5 of the definitions). The p-value is
    two-sided; it is NaN where neither curve varies. Source: Royston and Parmar 2013, BMC Med Res Methodol 13:152.
    """
    if min(first.at_risk_on(tau), second.at_risk_on(tau)) < SMALLEST_AT_RISK:
        return Difference(np.nan, np.nan, np.nan, not_estimable(tau, first, second))
    (mean_first, error_first), (mean_second, error_second) = restricted_mean(first, tau), restricted_mean(second, tau)
    value, error = mean_first - mean_second, float(np.hypot(error_first, error_second))
    return Difference(
        value,
        value - Z_95 * error,
        value + Z_95 * error,
        f"difference of areas under Kaplan–Meier to day {tau:g}, Greenwood 95 %",
        error,
        2 * float(scipy.stats.norm.sf(abs(value) / error)) if error > 0 else np.nan,
    )
