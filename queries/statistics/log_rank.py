"""The log-rank test of survival curves and its relatives, from counted tables."""

from __future__ import annotations

import numpy as np

from queries.statistics.risk_tables import CurveTest, RiskTable, chi_square


def log_rank(tables: list[RiskTable], rho: float = 0.0) -> CurveTest:
    """Compare the survival curves of groups, within strata where there are several tables.

    ``rho`` weighs each day by S(t−)^rho, S the Kaplan–Meier curve of all groups of the stratum: 0 is the log-rank test
    (Mantel–Haenszel), 1 that of Peto and Peto, which looks at early differences. A competing exit counts as censored:
    the test is one of the cause-specific hazards. A group that is never at risk beside another has no part in it.
    Source: R's survival::survdiff; Harrington and Fleming 1982, Biometrika 69:553.
    """
    groups = len(tables[0].groups) if tables else 0
    observed, expected, variance = np.zeros(groups), np.zeros(groups), np.zeros((groups, groups))
    for table in tables:
        n, d = table.at_risk.sum(axis=1), table.events.sum(axis=1)
        share = table.at_risk / n[:, None]
        weight = np.concatenate(([1.0], np.cumprod(1 - d / n)[:-1])) ** rho
        observed += weight @ table.events
        expected += (weight * d) @ share
        spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
        variance += np.diag(spread @ share) - (share * spread[:, None]).T @ share
    within = ", within strata" if len(tables) > 1 else ""
    name = {0.0: "log-rank test", 1.0: "Peto–Peto test"}.get(rho, f"G-rho test, rho = {rho:g}")
    return chi_square(tables, observed, expected, variance, name + within)
