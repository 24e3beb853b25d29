"""Persons at risk and events by day and group, from counted rows: what the tests of curves need to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import NDArray

from queries.statistics.competing import CENSORED

NOT_TESTED = "not tested: no day has an event with two groups at risk"


@dataclass(frozen=True)
class RiskTable:
    """One stratum: distinct times (T), and arrays (T × groups) of persons at risk, events and competing exits."""

    groups: tuple[str, ...]
    time: NDArray
    at_risk: NDArray
    events: NDArray
    competing: NDArray


@dataclass(frozen=True)
class CurveTest:
    """A χ² test that the curves of all groups are one, with each group's events and those expected if they are.

    Weighted tests have weighted events. Where nothing can be tested, ``statistic`` and ``p_value`` are NaN, and
    ``degrees`` is 0.
    """

    groups: tuple[str, ...]
    observed: NDArray
    expected: NDArray
    statistic: float
    degrees: int
    p_value: float
    method: str


def tabulate_risk(counts: pd.DataFrame) -> list[RiskTable]:
    """Rows of ``group_name``, ``step`` (day), ``events`` and ``censored`` → one table a stratum.

    A column ``competing`` counts exits that make the event impossible; a column ``stratum``, where there is one,
    separates the tables. Rows may repeat a day. At a tie, events and competing exits come before censoring. Every table
    has all groups, in the order in which they first appear.
    """
    rows = counts.assign(competing=counts.get("competing", 0.0), stratum=counts.get("stratum", ""))
    groups = tuple(str(name) for name in pd.unique(rows["group_name"]))
    return [_tabulate(part, groups) for _, part in rows.groupby("stratum", sort=False, dropna=False)]


def tabulate_causes(counts: pd.DataFrame, cause: str) -> list[RiskTable]:
    """Rows of ``group_name``, ``step``, ``category`` (cause, or ``open`` for censored) and ``events`` → the same.

    Exits of ``cause`` are the events, all others compete with it.
    """
    number = counts["events"].astype(float)
    is_cause, is_open = counts["category"] == cause, counts["category"] == CENSORED
    return tabulate_risk(
        counts.assign(
            events=number.where(is_cause, 0.0),
            censored=number.where(is_open, 0.0),
            competing=number.where(~is_cause & ~is_open, 0.0),
        )
    )


def _tabulate(part: pd.DataFrame, groups: tuple[str, ...]) -> RiskTable:
    time, day = np.unique(part["step"].to_numpy(dtype=float), return_inverse=True)
    column = pd.Index(groups).get_indexer(pd.Index(part["group_name"].astype(str)))
    tables = {}
    for name in ("events", "competing", "censored"):
        tables[name] = np.zeros((len(time), len(groups)))
        np.add.at(tables[name], (day, column), part[name].to_numpy(dtype=float))
    leaving = tables["events"] + tables["competing"] + tables["censored"]
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    is_day = at_risk.sum(axis=1) > 0
    return RiskTable(groups, time[is_day], at_risk[is_day], tables["events"][is_day], tables["competing"][is_day])


def chi_square(
    tables: list[RiskTable], observed: NDArray, expected: NDArray, variance: NDArray, method: str
) -> CurveTest:
    """The χ² of observed less expected events with their variance, on as many degrees of freedom as it has."""
    groups = tables[0].groups if tables else ()
    is_compared = np.diag(variance) > 0 if len(groups) else np.zeros(0, dtype=bool)
    if not is_compared.any():
        return CurveTest(groups, observed, expected, np.nan, 0, np.nan, NOT_TESTED)
    # Scaled to correlations, a group of ten beside one of a million does not look like rounding.
    scale = np.sqrt(np.diag(variance)[is_compared])
    correlation = variance[np.ix_(is_compared, is_compared)] / np.outer(scale, scale)
    difference = (observed - expected)[is_compared] / scale
    degrees = int(np.linalg.matrix_rank(correlation, rtol=1e-9, hermitian=True))
    statistic = float(difference @ np.linalg.pinv(correlation, rtol=1e-9, hermitian=True) @ difference)
    return CurveTest(
        groups, observed, expected, statistic, degrees, float(scipy.stats.chi2.sf(statistic, degrees)), method
    )
