"""The interval of a rate or mean by drawing persons, on request: what stands beside the linearised one on screen.

The measure's own SQL answers for every person, as if each were a group; the draws need only these sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from queries import catalog
from queries.answer import Answer
from queries.filters import Selection
from queries.measure import Measure, MeasureError
from queries.selected import EACH_PERSON
from queries.statistics.bootstrap import REPLICATES, SEED, draw_persons, percentile_interval
from queries.statistics.grouping import KEYS
from queries.warehouse import Warehouse

LINEARISED = "linearised 95 %, clustered by person"
METHOD = f"bootstrap 95 % over persons, {REPLICATES:,} draws, seed {SEED}"
DIGITS = {"share": 4, "hours": 2}
"""Limits are told in so many digits: in those of a percentile no single person can be read."""

_PARTS = [key for key in KEYS if key != "group_name"]


def can_resample(measure: Measure) -> bool:
    """Whether a measure has one sum a person: rates of sessions, weeks and specimens, and means of hours a week."""
    if "selected_episode" not in measure.sql:
        return False
    per_cluster = measure.statistic == "distribution" and "sum_yy" in measure.sql
    return measure.statistic == "cluster_ratio" or per_cluster


@dataclass(frozen=True)
class Resampled:
    """An answer as it is shown, with the two limits of the bootstrap for each of its rows."""

    answer: Answer
    lower: pd.Series
    upper: pd.Series

    def frame(self) -> pd.DataFrame:
        """The rows of the answer with ``bootstrap_lower``, ``bootstrap_upper``, the draws and their seed."""
        added = {"bootstrap_lower": self.lower, "bootstrap_upper": self.upper}
        return self.answer.frame.assign(**added, bootstrap_draws=REPLICATES, bootstrap_seed=SEED)


def resample(
    warehouse: Warehouse, name: str, selection: Selection, parameters: Mapping[str, Any] | None = None
) -> Resampled:
    """The suppressed answer of a measure, and its intervals by a percentile bootstrap over persons.

    Hidden rows have no limits, nor those in which all persons are the same: draws see no difference there either.
    Raises MeasureError where the measure has no sum a person.
    """
    measure = catalog.measure(name)
    if not can_resample(measure):
        raise MeasureError(
            f"{name} has no draws by person: they are for rates of sessions and weeks, and for means of hours a week. "
            "The method that is printed with its interval says how it was made."
        )
    answer = catalog.ask_selection(warehouse, name, selection, parameters)
    limits = {}
    groups = [None] if selection.by is None else [str(group) for group in answer.frame["group_name"].unique()]
    for group in groups:
        chosen = selection if group is None else _only(selection, group)
        for key, part in sums_by_person(warehouse, measure, chosen, answer.parameters).items():
            limits[group or "All", *key] = draw_interval(part)
    digits = DIGITS.get(measure.unit, 2)
    told = [
        (np.nan, np.nan)
        if row["is_suppressed"] or row["method"] != LINEARISED or row["statistic"] not in ("share", "mean")
        else limits.get((row["group_name"], *_key(row)), (np.nan, np.nan))
        for row in answer.frame.to_dict("records")
    ]
    index = answer.frame.index
    lower, upper = (pd.Series([limit[side] for limit in told], index, dtype=float).round(digits) for side in (0, 1))
    return Resampled(answer, lower, upper)


def sums_by_person(
    warehouse: Warehouse, measure: Measure, selection: Selection, own: Mapping[str, Any]
) -> dict[tuple[Any, ...], pd.DataFrame]:
    """Numerator and denominator of each person, for each part of the measure: category, step and period.

    Exact: only what is drawn from them may be shown.
    """
    counts = catalog.count(warehouse, measure, replace(selection, by=EACH_PERSON), own)
    if measure.statistic == "distribution":
        counts = counts.dropna(subset=["amount"])
        weight = counts["weight"].astype(float)
        counts = counts.assign(numerator=counts["amount"].astype(float) * weight, denominator=weight)
    parts = [key for key in _PARTS if key in counts.columns]
    sums = counts.groupby(["group_name", *parts], dropna=False, sort=True)[["numerator", "denominator"]].sum()
    sums = sums.reset_index().astype({"numerator": float, "denominator": float})
    if not parts:
        return {_key({}): sums} if len(sums) else {}
    found = sums.groupby(parts, dropna=False, sort=False)
    return {_key(dict(zip(parts, values, strict=True))): part for values, part in found}


def draw_interval(sums: pd.DataFrame) -> tuple[float, float]:
    """Percentile bootstrap 95 % interval of Σnumerator/Σdenominator over persons; NaN below two persons.

    The draws depend on the values of the persons and not on their order, and they are real draws however many they are.
    """
    if len(sums) < 2 or not sums["denominator"].sum() > 0:
        return np.nan, np.nan
    ordered = sums.sort_values(["numerator", "denominator"])
    numerator, denominator = (ordered[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    one = np.ones(len(ordered))
    tops, bottoms = draw_persons(numerator, denominator, one, len(ordered), np.random.default_rng(SEED))
    with np.errstate(invalid="ignore", divide="ignore"):
        return percentile_interval(np.where(bottoms > 0, tops / bottoms, np.inf))


def _only(selection: Selection, group: str) -> Selection:
    """The same choice within one compared group."""
    values = tuple((name, (group,) if name == selection.by else chosen) for name, chosen in selection.values)
    return replace(selection, values=values, by=None)


def _key(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Category, step and period in types that compare equal wherever they come from."""
    category, step, period = (row.get(name) for name in _PARTS)
    return (
        str(category or ""),
        None if step is None or pd.isna(step) else int(step),
        None if period is None or pd.isna(period) else pd.Timestamp(period).date(),
    )
