"""Anhøj's rules for run charts: unusually long runs, unusually few crossings of the centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from queries.statistics.nhs_rules import Signals
from queries.statistics.runs import Points, run_lengths

SMALLEST_USEFUL = 10
"""With fewer useful points the rules say nothing."""


@dataclass(frozen=True)
class RunsAnalysis:
    """Runs and crossings of the useful points, those that are not on the centre, with what chance would allow."""

    useful: int
    longest_run: int
    longest_allowed: int
    crossings: int
    fewest_allowed: int

    @property
    def is_long_run(self) -> bool:
        return self.useful >= SMALLEST_USEFUL and self.longest_run > self.longest_allowed

    @property
    def is_crossing_rarely(self) -> bool:
        return self.useful >= SMALLEST_USEFUL and self.crossings < self.fewest_allowed

    @property
    def is_signal(self) -> bool:
        """Whether the series does not vary as chance would; which way, only a long run can say."""
        return self.is_long_run or self.is_crossing_rarely


def analyse_runs(side: NDArray) -> RunsAnalysis:
    """Count runs and crossings from the side (1, 0, −1) of each point, in order.

    Source: qicharts2 R/helper.functions.R, runs.analysis; Schilling 2012; Chen 2010.
    """
    useful = side[side != 0]
    n = len(useful)
    return RunsAnalysis(
        useful=n,
        longest_run=int(run_lengths(useful).max(initial=0)),
        longest_allowed=round(float(np.log2(n))) + 3 if n else 0,
        crossings=int(np.count_nonzero(np.diff(useful))),
        fewest_allowed=int(scipy.stats.binom.ppf(0.05, n - 1, 0.5)) if n > 1 else 0,
    )


def anhoej_signals(points: Points) -> Signals:
    """The points of every run that is longer than chance allows; rare crossings are a signal of the whole series.

    A point on the centre neither breaks nor lengthens a run.
    """
    side = points.side
    analysis = analyse_runs(side)
    found = np.zeros(len(side), dtype=int)
    if analysis.is_long_run:
        is_useful = side != 0
        lengths = np.zeros(len(side), dtype=int)
        lengths[is_useful] = run_lengths(side[is_useful])
        found = np.where(lengths > analysis.longest_allowed, side, 0)
    return [("long run", found)]
