"""Whether a process, left as it is, will meet its target."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from queries.statistics.run_rules import HigherIs
from queries.statistics.runs import compare

Assurance = Literal["consistent pass", "consistent fail", "hit and miss"]


def assure_target(chart: pd.DataFrame, target: float, higher_is: HigherIs) -> Assurance | None:
    """Consistent pass or fail where the target lies beyond the last limits, otherwise hit and miss.

    The chart has ``lower`` and ``upper``. None where neither way is better, or where the last point that has a value
    has no limits: a single month on the right side of a target assures nothing.
    Source: NHSRplotthedots R/ptd_calculate_assurance_type.R.
    """
    known = chart[chart["value"].notna()]
    if higher_is == "neutral" or known.empty or known[["lower", "upper"]].iloc[-1].isna().any():
        return None
    last = known.iloc[-1]
    is_over, is_under = compare(target, last["upper"]) > 0, compare(target, last["lower"]) < 0
    if not is_over and not is_under:
        return "hit and miss"
    return "consistent pass" if is_under == (higher_is == "better") else "consistent fail"
