"""Many tests at once: which signals of a panel are worth a review when some would come by chance alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import ArrayLike, NDArray

FALSE_DISCOVERY_RATE = 0.10


def deviation_p_value(deviation: ArrayLike) -> NDArray:
    """Two-sided p-value of a point of a control chart from its distance in standard deviations."""
    return 2 * scipy.stats.norm.sf(np.abs(np.asarray(deviation, dtype=float)))


def flag_for_review(p_value: ArrayLike, rate: float = FALSE_DISCOVERY_RATE) -> pd.DataFrame:
    """Benjamini–Hochberg over a panel: ``p_value``, ``q_value`` and ``is_for_review`` of each test, in the order given.

    Of what is flagged, a share of ``rate`` is expected to be chance: a flag asks for a review and is no verdict. A test
    without a p-value (NaN) is not counted and not flagged. Raises ValueError for p-values outside 0 and 1.
    Source: Benjamini and Hochberg 1995, by scipy.stats.false_discovery_control.
    """
    p = np.asarray(p_value, dtype=float)
    is_known = ~np.isnan(p)
    q = np.full(len(p), np.nan)
    if is_known.any():
        q[is_known] = scipy.stats.false_discovery_control(p[is_known], method="bh")
    return pd.DataFrame({"p_value": p, "q_value": q, "is_for_review": is_known & (np.nan_to_num(q, nan=1) <= rate)})
