"""What a number rests on: the line under every chart."""

from __future__ import annotations

import pandas as pd

from dashboard.wording import counted, day, listed
from queries import disclosure
from queries.answer import Answer

CURVES = ("survival", "cumulative_incidence")


def describe_basis(answer: Answer, numbers: list[str] | None = None) -> str:
    """n, missing, what is hidden, unused filters and the cut-offs: the line under every chart.

    ``numbers`` are the first three of a chart whose points are not the answer's rows.
    """
    parts = list(_numbers(answer) if numbers is None else numbers)
    if unused := answer.measure.unused_filters(answer.selection):
        parts.append(f"not used here: {', '.join(unused)}")
    return " · ".join([*parts, f"data to {day(answer.data_cut)}, evaluated at {day(answer.analysis_cut)}"])


def describe_points(answer: Answer, points: pd.DataFrame, hidden: int, thing: str) -> list[str]:
    """n, missing and what is hidden of points that differ from the answer's rows: its periods or groups."""
    n = points["numerator" if answer.measure.unit == "count" else "denominator"].sum()
    parts = [f"n = {counted(float(n), answer.measure.denominator_unit)}"]
    if "missing_n" in points and points["missing_n"].notna().any():
        parts.append(f"missing {float(points['missing_n'].sum()):,.0f}")
    if hidden:
        parts.append(f"{hidden} of {len(points)} {thing}s hidden (too few people)")
    return parts


def _numbers(answer: Answer) -> list[str]:
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
    return parts


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
