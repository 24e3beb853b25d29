"""The rules of NHS England's Making Data Count, as NHSRplotthedots codes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from queries.statistics.runs import Points, compare, run_lengths

RUN = 7
"""Points of a shift and of a trend."""

Signals = list[tuple[str, NDArray]]
"""The rules in order of precedence, each with 1 (high or rising), −1 (low or falling) or 0 for every point."""


def nhs_signals(points: Points, run: int = RUN) -> Signals:
    """Outside the limits, trend, two of three near a limit, shift; the first that holds names a point.

    A trend is ``run`` points that all rise or all fall (a tie breaks it), a shift ``run`` points on one side of the
    centre (a point on it breaks it). Two of three: of three points on one side, two lie beyond two thirds of the way to
    the limit but not outside it; these two are marked. A missing point breaks every pattern.
    Source: NHSRplotthedots R/ptd_calculate_point_type.R.
    """
    side = points.side
    outside = points.beyond(3)
    near = np.where(outside == 0, points.beyond(2), 0)
    return [
        ("outside limits", outside),
        ("trend", _trend(points.value, run)),
        ("two of three", _two_of_three(near, side)),
        ("shift", np.where(run_lengths(side) >= run, side, 0)),
    ]


def _trend(value: NDArray, run: int) -> NDArray:
    found = np.zeros(len(value), dtype=int)
    step = compare(value[1:], value[:-1])
    # The turning point of two trends belongs to the later one.
    for end in np.flatnonzero(run_lengths(step) >= run - 1):
        found[end : end + 2] = step[end]
    return found


def _two_of_three(near: NDArray, side: NDArray) -> NDArray:
    found = np.zeros(len(near), dtype=int)
    for start in range(len(near) - 2):
        window = slice(start, start + 3)
        if abs(side[window].sum()) == 3 and np.count_nonzero(near[window]) >= 2:
            found[window] = np.where(near[window] != 0, near[window], found[window])
    return found
