"""Which points the limits of a control chart come from: the first, and later ones only where a cause is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

BASELINE_POINTS = 12
"""Limits are fixed on this many points; from fewer they are trial limits, and while the baseline is not complete."""


@dataclass(frozen=True)
class Rebase:
    """A point (0 is the first) from which the process is another one, and the cause that is on record for it."""

    position: int
    cause: str


@dataclass(frozen=True)
class Phase:
    """The points of a chart that share their limits; ``baseline`` are the positions that the limits come from."""

    number: int
    points: slice
    baseline: NDArray
    is_trial: bool
    cause: str


def split_phases(values: ArrayLike, rebases: Sequence[Rebase] = (), baseline: int = BASELINE_POINTS) -> list[Phase]:
    """The phases of a series, each with its first ``baseline`` points that have a value.

    Limits do not move after that, however long the phase: a slow drift would otherwise hide itself. Raises ValueError
    for a baseline below 2 points, a rebase without a recorded cause, one outside the series and one out of order.
    Source: NHSRplotthedots, fix_after_n_points and ptd_rebase.
    """
    known = ~np.isnan(np.asarray(values, dtype=float))
    if baseline < 2:
        raise ValueError(f"A baseline of {baseline} points has no variation. Use at least 2; the default is 12.")
    starts = [0, *(rebase.position for rebase in rebases)]
    causes = ["", *(rebase.cause.strip() for rebase in rebases)]
    if not all(causes[1:]):
        raise ValueError("Limits are rebased only for a cause that is on record. Say what changed.")
    if any(later <= earlier for earlier, later in pairwise(starts)) or max(starts[1:], default=-1) >= len(known):
        raise ValueError(f"Rebase at ascending points from 1 to {len(known) - 1}, not at {starts[1:]}.")
    stops = [*starts[1:], len(known)]
    phases = []
    for number, (start, stop, cause) in enumerate(zip(starts, stops, causes, strict=True), start=1):
        points = start + np.flatnonzero(known[start:stop])[:baseline]
        is_trial = len(points) < max(baseline, BASELINE_POINTS)
        phases.append(Phase(number, slice(start, stop), points, is_trial, cause))
    return phases


def describe_phases(values: NDArray, phases: Sequence[Phase]) -> pd.DataFrame:
    """One row a point: ``value``, ``phase``, ``is_baseline``, ``is_trial`` and the ``cause`` that opened its phase."""
    sizes = [phase.points.stop - phase.points.start for phase in phases]
    is_baseline = np.zeros(len(values), dtype=bool)
    is_baseline[np.concatenate([phase.baseline for phase in phases])] = True
    return pd.DataFrame(
        {
            "value": values,
            "phase": np.repeat([phase.number for phase in phases], sizes),
            "is_baseline": is_baseline,
            "is_trial": np.repeat([phase.is_trial for phase in phases], sizes),
            "cause": np.repeat(np.array([phase.cause for phase in phases], dtype=object), sizes),
        }
    )
