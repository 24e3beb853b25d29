"""The four zone rules of the Western Electric handbook."""

from __future__ import annotations

import numpy as np

from queries.statistics.nhs_rules import Signals
from queries.statistics.runs import Points, in_windows, run_lengths

RUN = 8


def western_electric_signals(points: Points, run: int = RUN) -> Signals:
    """One point beyond three sigma; two of three beyond two; four of five beyond one; ``run`` points on one side.

    All points that count towards a pattern are marked, and they lie on the same side. A missing point breaks a run.
    Source: Western Electric Statistical Quality Control Handbook 1956, from memory [R]: verify before relying on it.
    """
    side = points.side
    return [
        ("outside limits", points.beyond(3)),
        ("two of three", in_windows(points.beyond(2), 2, 3)),
        ("four of five", in_windows(points.beyond(1), 4, 5)),
        ("shift", np.where(run_lengths(side) >= run, side, 0)),
    ]
