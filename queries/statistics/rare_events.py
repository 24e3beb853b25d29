"""t and g charts: for events so rare that their monthly count is mostly zero, the time or the cases between two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from queries.statistics.baselines import BASELINE_POINTS, Rebase, describe_phases, split_phases
from queries.statistics.xmr_charts import deviations, xmr_chart

NELSON_POWER = 3.6
"""Times between events of a constant rate are exponential; to the power of 1/3.6 they are nearly normal."""


def t_chart(
    time_between: ArrayLike, *, baseline: int = BASELINE_POINTS, rebases: Sequence[Rebase] = ()
) -> pd.DataFrame:
    """An XmR chart of times between events on the scale x^(1/3.6), with centre and limits in units of time again.

    One row an interval, in order, with the columns of xmr_chart but those of the moving range; ``deviation`` is that on
    the transformed scale. A lower limit below 0 there is 0. Higher is better: long intervals mean few events. Raises
    ValueError for a negative time, and as split_phases does.
    Source: Nelson 1994, Journal of Quality Technology 26:239; qicharts2 R/helper.functions.R, qic.t.
    """
    times = np.asarray(time_between, dtype=float)
    if (times < 0).any():
        raise ValueError("A time between two events is 0 or more. Put the events in the order of their dates.")
    chart = xmr_chart(times ** (1 / NELSON_POWER), spread="exact", baseline=baseline, rebases=rebases)
    back = {name: np.maximum(chart[name], 0) ** NELSON_POWER for name in ("centre", "lower", "upper")}
    kept = chart.drop(columns=["moving_range", "moving_range_upper"])
    return kept.assign(value=times, **back, method="t chart, XmR of times to the power of 1/3.6")


def g_chart(
    cases_between: ArrayLike, *, baseline: int = BASELINE_POINTS, rebases: Sequence[Rebase] = ()
) -> pd.DataFrame:
    """Cases between events, with limits of the geometric distribution: mean ± 3 √(mean (mean + 1)), from 0.

    One row an interval, in order: the columns of describe_phases, ``centre``, ``lower``, ``upper``, ``deviation`` and
    ``method``. Raises ValueError for numbers that are not whole or are negative, and as split_phases does.
    Source: Benneyan 2001, Health Care Management Science 4:305; qicharts2 R/helper.functions.R, qic.g.
    """
    cases = np.asarray(cases_between, dtype=float)
    if (cases < 0).any() or (cases[~np.isnan(cases)] != np.round(cases[~np.isnan(cases)])).any():
        raise ValueError("Cases between two events are whole numbers of 0 or more.")
    phases = split_phases(cases, rebases, baseline)
    centre = np.full(len(cases), np.nan)
    for phase in phases:
        centre[phase.points] = np.mean(cases[phase.baseline]) if len(phase.baseline) else np.nan
    sigma = np.sqrt(centre * (centre + 1))
    return describe_phases(cases, phases).assign(
        centre=centre,
        lower=np.maximum(centre - 3 * sigma, 0),
        upper=centre + 3 * sigma,
        deviation=deviations(cases, centre, sigma),
        method="g chart, three sigma of the geometric distribution",
    )
