"""Counts → rates, intervals and curves: pure functions over arrays, and the kinds that measure headers name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from queries.small_numbers import is_small
from queries.statistics.bootstrap import bootstrap_ratio
from queries.statistics.bounds import bound_by_missing
from queries.statistics.changes import mean_change
from queries.statistics.clusters import cluster_ratio
from queries.statistics.competing import competing
from queries.statistics.contrasts import contrast_arms
from queries.statistics.cost_effectiveness import (
    acceptability,
    cost_for_effect,
    describe_balance,
    net_benefit,
    quadrant_shares,
    weighted_difference,
)
from queries.statistics.counts import show_counts
from queries.statistics.curve_differences import curve_difference
from queries.statistics.curve_tests import curve_test
from queries.statistics.distributions import distribution
from queries.statistics.effect_sizes import standardised_change
from queries.statistics.proportions import proportion
from queries.statistics.returns import incidence_by_day
from queries.statistics.survival import survival
from queries.statistics.time_lost import time_lost

Derive = Callable[..., pd.DataFrame]

KINDS: dict[str, Derive] = {
    "proportion": proportion,
    "cluster_ratio": cluster_ratio,
    "distribution": distribution,
    "mean_change": mean_change,
    "standardised_change": standardised_change,
    "survival": survival,
    "time_lost": time_lost,
    "competing": competing,
    "curve_test": curve_test,
    "curve_difference": curve_difference,
    "bootstrap": bootstrap_ratio,
    "contrast": contrast_arms,
    "weighted_difference": weighted_difference,
    "balance": describe_balance,
    "icer": cost_for_effect,
    "plane": quadrant_shares,
    "net_benefit": net_benefit,
    "acceptability": acceptability,
    "counts": show_counts,
    "bounds": bound_by_missing,
    "incidence_by_day": incidence_by_day,
}
"""Each kind takes the counts of a measure's SQL, the unit and the options, and gives rows of the answer's shape.

Columns group_name, category, step and period name a row and pass through. ``clusters``, where the SQL or the statistic
has it, is the number of persons behind a row.
"""


def derive(kind: str, counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Derive the result rows of a measure from its counts. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"Unknown statistic {kind!r}; the kinds are {', '.join(KINDS)}.")
    rows = KINDS[kind](counts, unit=unit, options=options)
    if "clusters" in rows.columns:
        # Weeks, sessions and money can be many and still belong to few persons: the gate hides what is marked here.
        rows = rows.assign(is_suppressed=is_small(rows["clusters"].astype(float)))
    return rows
