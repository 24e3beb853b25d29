"""What a number rests on: the line under every chart."""

from __future__ import annotations

import pandas as pd

from dashboard.wording import counted, day, listed
from queries import disclosure
from queries.answer import Answer

CURVES = ("survival", "cumulative_incidence")


def describe_basis(answer: Answer) -> str:
    """n, missing, what is hidden and the cut-off: the line under every chart."""
    frame, measure = answer.frame, answer.measure
    parts = []
    n, missing = _total(frame, "denominator"), _total(frame, "missing_n")
    if measure.unit == "count":
        parts += _counts(answer)
    elif n:
        prefix = "up to " if frame["step"].nunique() > 1 or _differs_by_part(frame, "denominator") else ""
        parts.append(f"n = {prefix}{counted(n, measure.denominator_unit)}")
    if missing is not None and not frame["step"].nunique() > 1:
        parts.append(f"missing {'up to ' if _differs_by_part(frame, 'missing_n') else ''}{missing:,.0f}")
    hidden = int(frame["is_suppressed"].sum())
    if hidden and frame["statistic"].isin(CURVES).any():
        parts.append(f"steps of fewer than {disclosure.threshold()} people are joined")
    elif hidden:
        parts.append(f"{hidden} of {len(frame)} values hidden (too few people)")
    unused = measure.unused_filters(answer.selection)
    if unused:
        parts.append(f"not used here: {', '.join(unused)}")
    return " · ".join([*parts, f"data to {day(answer.data_cut)}, evaluated at {day(answer.analysis_cut)}"])


def _total(frame: pd.DataFrame, column: str) -> float | None:
    """Sum over groups and periods of the largest count among their rows; None where it is hidden or not given."""
    if frame.empty or frame[column].isna().all():
        return None
    largest = frame.groupby(["group_name", "period"], dropna=False)[column].max()
    return float(largest.fillna(0).sum())


def _differs_by_part(frame: pd.DataFrame, column: str) -> bool:
    """Whether the parts of one group are of different numbers of people: then the largest is that of one part."""
    keys = ["group_name", "period"]
    largest = frame.groupby([*keys, "category"], dropna=False)[column].max()
    return bool((largest.groupby(level=keys, dropna=False).nunique() > 1).any())


def _counts(answer: Answer) -> list[str]:
    """How many were counted in all, by category; of a stock, which is counted again each week, the most at once."""
    frame, measure = answer.frame, answer.measure
    shown = frame[~frame["is_suppressed"] & frame["value"].notna()]
    if shown.empty:
        return []
    if measure.options.get("is_stock"):
        most = shown.groupby(["category", "period"], sort=False)["value"].sum().groupby("category", sort=False).max()
        if len(most) == 1:
            return [f"n = up to {counted(float(most.iloc[0]), measure.denominator_unit)}"]
        return [f"n = up to {listed([f'{number:,.0f} {name}' for name, number in most.items()])}"]
    totals = shown.groupby("category", sort=False)["value"].sum()
    at_least = "at least " if len(shown) < len(frame) else ""
    if measure.partition or len(totals) == 1:
        return [f"n = {at_least}{counted(float(totals.sum()), measure.denominator_unit)}"]
    return [f"n = {at_least}{listed([f'{total:,.0f} {name}' for name, total in totals.items()])}"]
