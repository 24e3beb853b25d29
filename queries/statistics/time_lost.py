"""Days of a horizon that are lost to each cause of exit: the area under its cumulative incidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.bootstrap import REPLICATES, SEED, percentile_interval
from queries.statistics.competing import CENSORED, Exits, count_exits
from queries.statistics.grouping import build_rows, split_groups
from queries.statistics.survival import SMALLEST_AT_RISK, not_estimable


def days_lost(leaving: NDArray, exits: NDArray, time: NDArray, tau: float) -> NDArray:
    """Σ S(t−)·d(t)/n(t)·(τ − t) over t < τ for each cause, where S is the share still in care.

    ``leaving`` counts who leaves the risk set at each time, the censored too; ``exits`` has the causes before the last
    axis. Leading axes, such as replicates, are kept.
    """
    at_risk = leaving[..., ::-1].cumsum(axis=-1)[..., ::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard = np.where(at_risk > 0, exits.sum(axis=-2) / at_risk, 0)
        still_in = np.cumprod(1 - hazard, axis=-1)
        before = np.concatenate([np.ones_like(still_in[..., :1]), still_in[..., :-1]], axis=-1)
        share = np.where(at_risk > 0, before / at_risk, 0)
    return np.asarray((exits * share[..., np.newaxis, :]) @ np.clip(tau - time, 0, None))


def time_lost(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``step`` (day), ``category`` (cause, or ``open`` for censored) and ``events`` → days lost by cause.

    Option ``tau`` is the horizon, ``causes`` the causes that come first and are listed even where nobody left that way.
    The days lost to all causes and the restricted mean in care fill the horizon. ``numerator`` counts the exits by the
    cause before the horizon, and ``missing_n`` who was censored before it. The interval draws people with replacement.
    Where fewer than ten are at risk at the horizon there is no value.
    """
    tau = float(options["tau"])
    seen = sorted(set(counts["category"].dropna()) - {CENSORED})
    causes = [*options.get("causes", []), *(name for name in seen if name not in options.get("causes", []))]
    records: list[dict[str, Any]] = []
    for key, part in split_groups(counts, besides=["step", "category"]):
        exits = count_exits(part["step"].to_numpy(), part["category"].tolist(), part["events"].to_numpy())
        records += [key | row for row in _rows(exits, causes, tau)]
    return build_rows(records)


def _rows(exits: Exits, causes: list[str], tau: float) -> list[dict[str, Any]]:
    none = np.zeros(len(exits.time))
    by_cause = np.array([exits.events.get(name, none) for name in causes])
    censored = exits.at_risk - np.append(exits.at_risk[1:], 0) - by_cause.sum(axis=0)
    before = exits.time < tau
    shared = {"statistic": "time_lost", "denominator": exits.n, "missing_n": float(censored[before].sum())}
    counted = [float(row[before].sum()) for row in by_cause]
    # Few exits by a cause are the people behind its days.
    rows = [shared | {"category": name, "numerator": n, "clusters": n} for name, n in zip(causes, counted, strict=True)]
    if exits.at_risk_on(tau) < SMALLEST_AT_RISK:
        return [row | {"method": not_estimable(tau, exits)} for row in rows]
    cells = np.vstack([by_cause, censored])
    values = days_lost(cells.sum(axis=0), by_cause, exits.time, tau)
    draws = np.random.default_rng(SEED).multinomial(int(exits.n), cells.ravel() / exits.n, size=REPLICATES)
    drawn = draws.reshape(REPLICATES, *cells.shape)
    replicates = days_lost(drawn.sum(axis=-2), drawn[:, :-1], exits.time, tau)
    method = f"area under Aalen–Johansen to day {tau:g}, bootstrap 95 %, {REPLICATES} draws"
    limits = [percentile_interval(replicates[:, place]) for place in range(len(causes))]
    return [
        row | {"value": float(value), "lower": low, "upper": high, "method": method}
        for row, value, (low, high) in zip(rows, values, limits, strict=True)
    ]
