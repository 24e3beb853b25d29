"""Whether a value meets its target: said of enough people only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.wording import in_unit
from queries.measure import Measure
from queries.small_numbers import SMALLEST_JUDGED

TOO_FEW = f"too few to judge (n < {SMALLEST_JUDGED})"


def is_judged(n: Any) -> bool:
    """Whether a value of that denominator may be held against a target; a hidden denominator may not."""
    return not pd.isna(n) and float(n) >= SMALLEST_JUDGED


def meets_target(row: Mapping[Any, Any], target: float, measure: Measure) -> bool | None:
    """Whether a row's value meets the target, in the measure's direction; None where n is too small to say."""
    if not is_judged(row["denominator"]):
        return None
    is_met = row["value"] <= target if measure.higher_is == "worse" else row["value"] >= target
    return bool(is_met)


def describe_verdict(row: Mapping[Any, Any], target: float, measure: Measure) -> str:
    """The target and whether it is met: "the target of 50.0 % is not met"."""
    value, is_met = in_unit(target, measure.unit), meets_target(row, target, measure)
    if is_met is None:
        return f"the target is {value}: {TOO_FEW}"
    return f"the target of {value} is {'met' if is_met else 'not met'}"
