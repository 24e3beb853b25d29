"""Gray's test of cumulative incidences when other exits compete, from counted tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from queries.statistics.risk_tables import CurveTest, RiskTable, chi_square


def gray(tables: list[RiskTable], rho: float = 0.0) -> CurveTest:
    """Compare the cumulative incidence of the event between groups, within strata where there are several tables.

    Unlike the log-rank test it asks who has had the event, not who has it among those left: a cause can be rarer only
    because another one came first. ``rho`` weighs each day by (1 − F(t−))^rho, F the incidence in all groups. Without
    competing exits it tests what the log-rank test tests, with another variance.
    Source: Gray 1988, Annals of Statistics 16:1141; R's cmprsk::cuminc.
    """
    groups = len(tables[0].groups) if tables else 0
    observed, expected, variance = np.zeros(groups), np.zeros(groups), np.zeros((groups, groups))
    for table in tables:
        for total, part in zip((observed, expected, variance), _compare(table, rho), strict=True):
            total += part
    within = ", within strata" if len(tables) > 1 else ""
    return chi_square(tables, observed, expected, variance, "Gray's test" + within)


def _compare(table: RiskTable, rho: float) -> tuple[NDArray, NDArray, NDArray]:
    """Weighted events, those expected, and the variance of their difference, in one stratum.

    Arrays are times × groups; ``before`` is the value just before a time. Each group's persons at risk are carried
    forward by 1/S, and those with the event already stay in the risk set of its subdistribution.
    """
    n, events, competing = table.at_risk, table.events, table.competing
    is_at_risk = n > 0
    safe = np.where(is_at_risk, n, 1)
    survival = np.cumprod(1 - (events + competing) / safe, axis=0)
    survival_before = _shift(survival, 1.0)
    incidence = np.cumsum(survival_before * events / safe, axis=0)
    carried = np.where(is_at_risk, n / np.where(is_at_risk, survival_before, 1), 0)
    carried_all = carried.sum(axis=1, keepdims=True)
    subrisk = carried * (1 - _shift(incidence, 0.0))
    d = events.sum(axis=1, keepdims=True)
    step = d / carried_all
    pooled = np.cumsum(step, axis=0)
    left_before = 1 - _shift(pooled, 0.0)
    weight = np.maximum(left_before, 0) ** rho

    # d > 0 needs somebody at risk without the event, so the pooled risk set is not empty there.
    share = subrisk / np.where(d > 0, subrisk.sum(axis=1, keepdims=True), 1)
    observed, expected = (weight * events).sum(axis=0), (weight * d * share).sum(axis=0)

    # direct[t, i, k]: how far an event in group k at t moves the score of group i; later: through the pooled curve.
    part = carried / carried_all
    direct = weight[:, :, None] * (carried[:, :, None] * np.eye(n.shape[1]) - carried[:, :, None] * part[:, None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled_hazard = np.where(left_before > 0, step / left_before, 0)
        remaining = np.where(survival > 0, (1 - pooled) / survival, 0)
        tied = np.where(d > 1, (d - 1) / (carried_all * survival_before - 1), 0)
        tied_competing = np.where(competing > 1, (competing - 1) / (n - 1), 0)
        hazard = np.where(is_at_risk, (1 - tied) * survival_before * step / safe, 0)
    hazard_competing = np.where(survival > 0, (1 - tied_competing) * survival_before**2 * competing / safe**2, 0)
    moved = np.cumsum(direct * pooled_hazard[:, :, None], axis=0)
    later = moved[-1] - moved
    influence = direct + (1 - remaining)[:, None, :] * later
    influence_competing = remaining[:, None, :] * later
    variance = np.einsum("tik,tjk,tk->ij", influence, influence, hazard, optimize=True) + np.einsum(
        "tik,tjk,tk->ij", influence_competing, influence_competing, hazard_competing, optimize=True
    )
    return observed, expected, variance


def _shift(curve: NDArray, start: float) -> NDArray:
    """The curve just before each time."""
    return np.concatenate((np.full((1, curve.shape[1]), start), curve[:-1]))
