"""XmR charts, for one value a period, and run charts, for a first look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from queries.statistics.baselines import BASELINE_POINTS, Phase, Rebase, describe_phases, split_phases

Spread = Literal["rounded", "exact", "median"]

MEAN_RANGE_OF_TWO = 1.128
"""d2: the mean moving range of two points of a normal process, in standard deviations."""

LIMITS: dict[Spread, float] = {"rounded": 2.66, "exact": 3 / MEAN_RANGE_OF_TWO, "median": 3.145}
"""Natural process limits in mean moving ranges (rounded as in the printed tables, or exact) or median ones."""

MOVING_RANGE_LIMIT = 3.267
"""The upper limit of a moving range, in mean moving ranges."""

_METHODS: dict[Spread, str] = {
    "rounded": "XmR, mean ± 2.66 mean moving ranges",
    "exact": "XmR, mean ± 3/1.128 mean moving ranges",
    "median": "XmR, median ± 3.145 median moving ranges",
}


def xmr_chart(
    values: ArrayLike,
    *,
    spread: Spread = "rounded",
    is_screened: bool = False,
    baseline: int = BASELINE_POINTS,
    rebases: Sequence[Rebase] = (),
) -> pd.DataFrame:
    """Natural process limits of a series from its moving ranges, one row a point in the order given.

    Columns: those of describe_phases; ``centre``, ``lower`` and ``upper``; ``deviation``, the distance from the centre
    where the limits are at −3 and 3; ``moving_range`` with its ``moving_range_upper``; ``method``. ``is_screened``
    drops moving ranges at or over their own limit once, so that one wild point does not widen the limits (the default
    of NHSRplotthedots; the NHS workbook does not). A period without a value (NaN) has no moving range on either side.
    A series that never varied has limits of no width. Raises ValueError for screened median ranges, which need none.
    Source: NHSRplotthedots R/ptd_spc_standard.R; qicharts2 R/helper.functions.R.
    """
    if is_screened and spread == "median":
        raise ValueError("Median moving ranges resist wild points by themselves. Leave the screening out.")
    series = np.asarray(values, dtype=float)
    phases = split_phases(series, rebases, baseline)
    chart = describe_phases(series, phases)
    lines = np.full((len(series), 3), np.nan)
    moving_range = np.full(len(series), np.nan)
    for phase in phases:
        # A step from one process to the next is not variation within either.
        moving_range[phase.points.start + 1 : phase.points.stop] = np.abs(np.diff(series[phase.points]))
        lines[phase.points] = _centre_and_ranges(series, moving_range, phase, spread, is_screened)
    centre, half_width, range_upper = lines.T
    return chart.assign(
        centre=centre,
        lower=centre - half_width,
        upper=centre + half_width,
        deviation=deviations(series, centre, half_width / 3),
        moving_range=moving_range,
        moving_range_upper=range_upper,
        method=_METHODS[spread] + (", screened" if is_screened else ""),
    )


def _centre_and_ranges(
    series: NDArray, moving_range: NDArray, phase: Phase, spread: Spread, is_screened: bool
) -> tuple[float, float, float]:
    """The centre, half the width between the limits and the upper limit of the moving ranges of one phase."""
    if not len(phase.baseline):
        return np.nan, np.nan, np.nan
    known = series[phase.baseline]
    ranges = moving_range[phase.points.start : phase.baseline[-1] + 1]
    ranges = ranges[~np.isnan(ranges)]
    average = float(np.mean(ranges)) if len(ranges) else np.nan
    if is_screened and average > 0:
        average = float(np.mean(ranges[ranges < MOVING_RANGE_LIMIT * average]))
    if spread == "median":
        middle = float(np.median(ranges)) if len(ranges) else np.nan
        return float(np.median(known)), LIMITS[spread] * middle, MOVING_RANGE_LIMIT * average
    # The mean of equal values can differ from them in the last digit, and every point would lie outside.
    centre = float(known[0]) if np.ptp(known) == 0 else float(np.mean(known))
    return centre, LIMITS[spread] * average, MOVING_RANGE_LIMIT * average


def deviations(values: NDArray, centre: NDArray, sigma: NDArray) -> NDArray:
    """Distance from the centre in standard deviations: 0 on it, infinite off it where there is no variation."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(values == centre, np.where(np.isnan(sigma), np.nan, 0.0), (values - centre) / sigma)


def run_chart(values: ArrayLike, *, baseline: int = BASELINE_POINTS, rebases: Sequence[Rebase] = ()) -> pd.DataFrame:
    """A series around the median of its baseline, without limits: ``lower``, ``upper`` and ``deviation`` are empty.

    Raises ValueError as split_phases does. Source: qicharts2 R/helper.functions.R, qic.run.
    """
    series = np.asarray(values, dtype=float)
    phases = split_phases(series, rebases, baseline)
    centre = np.full(len(series), np.nan)
    for phase in phases:
        centre[phase.points] = np.median(series[phase.baseline]) if len(phase.baseline) else np.nan
    return describe_phases(series, phases).assign(
        centre=centre, lower=np.nan, upper=np.nan, deviation=np.nan, method="run chart, median"
    )
