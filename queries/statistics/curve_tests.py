"""Whether the curves of groups differ: the log-rank test and its relatives, and Gray's test of each kind of exit.

What a test adds to the shown curves is one number about the order in which at least eleven people of each group left,
and the gate tells it to two digits: countless orders give the same two digits, so nobody's day can be had from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from queries.statistics.compared_groups import EXITS, ComparedGroups, choose_groups
from queries.statistics.competing import CENSORED
from queries.statistics.gray import gray
from queries.statistics.grouping import build_rows
from queries.statistics.log_rank import log_rank
from queries.statistics.risk_tables import CurveTest, tabulate_risk

RHO = {"log-rank": 0.0, "peto": 1.0}


def curve_test(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``group_name``, ``step``, ``events`` and ``censored`` → one test over all groups, as two rows.

    Statistic ``p_value`` and ``chi_square``; ``denominator`` is everybody in the test, ``missing_n`` the censored. A
    column ``stratum`` compares within strata. Option ``test`` is log-rank or peto; ``pairs = "all"`` adds the tests of
    every two groups, adjusted by Holm. With a column ``category`` (cause, or ``open``) it is Gray's test, of each cause
    by itself. Without two groups that may be compared, one row says so.
    """
    if "category" in counts.columns:
        return build_rows(_test_causes(counts, options))
    rho = RHO[str(options.get("test", "log-rank"))]
    chosen = choose_groups(counts)
    records = _describe(log_rank(tabulate_risk(chosen.counts), rho) if not chosen.reason else None, chosen, counts)
    if options.get("pairs") == "all" and len(chosen.names) > 2:
        records += _test_pairs(chosen, rho)
    return build_rows(records)


def _test_causes(counts: pd.DataFrame, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    seen = sorted(set(counts["category"].dropna()) - {CENSORED})
    causes = [*options.get("causes", []), *(name for name in seen if name not in options.get("causes", []))]
    number = counts["events"].astype(float)
    is_open = counts["category"] == CENSORED
    records: list[dict[str, Any]] = []
    for cause in causes if not counts.empty else []:
        is_cause = counts["category"] == cause
        exits = counts.assign(
            events=number.where(is_cause, 0.0),
            competing=number.where(~is_cause & ~is_open, 0.0),
            censored=number.where(is_open, 0.0),
        )
        chosen = choose_groups(exits)
        if chosen.reason and counts["group_name"].nunique() < 2:
            return _describe(None, chosen, exits)
        test = gray(tabulate_risk(chosen.counts)) if not chosen.reason else None
        records += [row | {"category": cause} for row in _describe(test, chosen, exits)]
    return records


def _describe(test: CurveTest | None, chosen: ComparedGroups, everybody: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of one test, or the one that says why there is none."""
    counts = everybody if test is None else chosen.counts
    if counts.empty:
        return []
    people = sum(float(counts[name].sum()) for name in EXITS if name in counts.columns)
    row: dict[str, Any] = {"group_name": "All", "denominator": people, "clusters": people}
    if (
        test is None or not chosen.left_out
    ):  # Otherwise what is missing here, less than elsewhere, is of those left out.
        row["missing_n"] = float(counts["censored"].sum())
    if test is None:
        return [row | {"statistic": "p_value", "value": np.nan, "method": chosen.reason + chosen.note}]
    return [
        row | {"statistic": name, "value": value, "method": _method(test) + chosen.note}
        for name, value in (("p_value", test.p_value), ("chi_square", test.statistic))
    ]


def _test_pairs(chosen: ComparedGroups, rho: float) -> list[dict[str, Any]]:
    pairs = list(combinations(chosen.names, 2))
    tests = [log_rank(tabulate_risk(chosen.of(*pair)), rho) for pair in pairs]
    adjusted = adjust_by_holm(np.array([test.p_value for test in tests]))
    return [
        {
            "group_name": "All",
            "category": f"{first} and {second}",
            "statistic": "p_value",
            "value": value,
            "denominator": float(chosen.of(first, second)[[*EXITS]].sum().sum()),
            "method": f"{_method(test)}, p adjusted by Holm for {len(pairs)} pairs",
        }
        for (first, second), test, value in zip(pairs, tests, adjusted, strict=True)
    ]


def adjust_by_holm(p_value: np.ndarray) -> np.ndarray:
    """p-values made larger, so that the chance of any false alarm among them is kept; NaN stays and is not counted.

    Source: Holm 1979, Scandinavian Journal of Statistics 6:65.
    """
    known = np.flatnonzero(~np.isnan(p_value))
    order = known[np.argsort(p_value[known], kind="stable")]
    stepped = p_value[order] * np.arange(len(order), 0, -1)
    adjusted = np.full(len(p_value), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1) if len(order) else stepped
    return adjusted


def _method(test: CurveTest) -> str:
    if not test.degrees:
        return test.method
    return f"{test.method}, χ² on {test.degrees} degree{'' if test.degrees == 1 else 's'} of freedom"
