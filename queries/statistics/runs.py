"""Runs and windows of neighbouring points: what the rules of control charts look for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Points:
    """The points of one phase of a chart: values, their centre and their distance from it in standard deviations."""

    value: NDArray
    centre: NDArray
    deviation: NDArray

    @property
    def side(self) -> NDArray:
        """1 above the centre, −1 below it, 0 on it or without a value."""
        return compare(self.value, self.centre)

    def beyond(self, sigmas: float) -> NDArray:
        """1 above the line at that many standard deviations, −1 below its mirror image, 0 between and on them."""
        outward = np.nan_to_num(self.deviation, nan=0.0)
        return np.where(compare(np.abs(outward), sigmas) > 0, np.sign(outward), 0).astype(int)


def compare(value: ArrayLike, line: ArrayLike) -> NDArray:
    """1 where a value is over a line, −1 under, 0 where they are equal within rounding or one is missing."""
    x, y = np.broadcast_arrays(np.asarray(value, dtype=float), np.asarray(line, dtype=float))
    with np.errstate(invalid="ignore"):
        is_equal = np.isclose(x, y, rtol=_ROUNDING, atol=0) | np.isnan(x) | np.isnan(y)
        return np.where(is_equal, 0, np.where(x > y, 1, -1))


def run_lengths(side: NDArray) -> NDArray:
    """For each point the length of the unbroken run of equal sides that it is in; 0 where the side is 0."""
    if not len(side):
        return np.zeros(0, dtype=int)
    number = np.concatenate(([0], np.cumsum(np.diff(side) != 0)))
    return np.where(side != 0, np.bincount(number)[number], 0)


def in_windows(side: NDArray, needed: int, width: int) -> NDArray:
    """Where at least ``needed`` of ``width`` neighbouring points have the same side: that side, for these points."""
    found = np.zeros(len(side), dtype=int)
    for start in range(len(side) - width + 1):
        window = side[start : start + width]
        for direction in (1, -1):
            if np.count_nonzero(window == direction) >= needed:
                found[start : start + width][window == direction] = direction
    return found
