"""Sentences about curves: how many remain, and how people left."""

from __future__ import annotations

import pandas as pd

from dashboard.phrases import capitalise, compare_groups, continue_with, list_categories
from dashboard.wording import counted, in_unit, listed, with_interval
from queries.answer import Answer

HORIZON_DAYS = 90
CURVE_DAYS = (90, 60, 30)
"""A curve is read at the first of these days at which a tenth remains: a reading near zero says nothing."""
IN_CARE = "in care"
LOST = "dropped out or terminated"


def describe_curve(answer: Answer, shown: pd.DataFrame, has_groups: bool, word: str) -> str:
    """What remains at the last shown step up to day 90, and the median."""
    curve = shown[shown["statistic"] == "survival"]
    remains = str(answer.measure.options.get("remains", "remain"))
    lines = ["group_name", "category"]
    step = _reading_day(curve)
    last = _latest(curve[curve["step"] <= step], lines)
    if has_groups:
        return f"At {word} {step}, {remains}: {continue_with(compare_groups(answer, last))}"
    if len(last) > 1:
        return f"At {word} {step}, {remains}: {list_categories(answer, last)}"
    sentence = f"At {word} {step}: {with_interval(last.iloc[0].to_dict(), 'share')} {remains}"
    median = shown[shown["statistic"] == "median"]["value"]
    if len(median):
        sentence += f"; down to half by {word} {float(median.iloc[0]):,.0f}"
    return sentence + "."


def describe_exits(answer: Answer, shown: pd.DataFrame, has_groups: bool) -> str:
    """How people had left by the last shown day up to day 90."""
    rows = shown[shown["statistic"] == "cumulative_incidence"]
    unit = answer.measure.unit
    if has_groups:
        return _compare_exits(answer, rows)
    step = _horizon(rows)
    at_step = _latest(rows[rows["step"] <= step], ["category"])
    # Exits only accumulate, so a hidden step keeps the value before it; those in care fall and cannot.
    at_step = at_step[(at_step["category"] != IN_CARE) | (at_step["step"] == step)]
    at_step = at_step.sort_values("value", ascending=False, kind="stable")
    if len(at_step) == 1 and not str(at_step.iloc[0]["category"]):
        n = counted(at_step.iloc[0]["denominator"], answer.measure.denominator_unit)
        return f"{with_interval(at_step.iloc[0].to_dict(), unit)} of {n} at day {step}."
    parts = [f"{in_unit(row['value'], unit)} {_several(row['category'])}" for row in at_step.head(3).to_dict("records")]
    return f"By day {step}: {listed(parts)}."


def _compare_exits(answer: Answer, rows: pd.DataFrame) -> str:
    """Groups in the class of exit that is shown for most of them: dropout on a curve, else the first."""
    step = _horizon(rows)
    at_step = _latest(rows[rows["step"] <= step], ["group_name", "category"])
    groups = at_step.groupby("category", sort=False)["group_name"].nunique()
    is_curve = rows["step"].nunique() > 1
    chosen = LOST if is_curve and groups.get(LOST, 0) == groups.max() else str(groups.idxmax())
    own = at_step[at_step["category"] == chosen].assign(category="")
    subject = f"{capitalise(_several(chosen))} by day {step}" if chosen else f"At day {step}"
    if len(own) == 1:
        row = own.iloc[0].to_dict()
        return (
            f"{subject}: {with_interval(row, answer.measure.unit)} of {row['group_name']}; elsewhere too few to show."
        )
    if own["value"].max() == 0:
        return f"{subject}: nobody in any group."
    return f"{subject}: {continue_with(compare_groups(answer, own))}"


def _several(category: object) -> str:
    """A class of exit as it is said of several people."""
    return {"other exit": "other exits", "reason not recorded": "without a reason on record"}.get(
        str(category), str(category)
    )


def _horizon(rows: pd.DataFrame) -> int:
    """Day 90, or the last day that is shown before it."""
    last = int(rows["step"].max())
    return last if rows["step"].nunique() == 1 else min(HORIZON_DAYS, last)


def _reading_day(curve: pd.DataFrame) -> int:
    """The day at which a curve is read, or its last shown day where it ends before."""
    last = int(curve["step"].max())
    for day in CURVE_DAYS:
        before = curve[curve["step"] <= day]
        if day <= last and len(before) and float(_latest(before, ["group_name", "category"])["value"].max()) >= 0.1:
            return day
    return min(CURVE_DAYS[-1], last)


def _latest(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Each line's last shown value: a hidden step keeps the one before it."""
    return rows.sort_values("step").groupby(keys, sort=False).tail(1)
