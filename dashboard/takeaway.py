"""One plain sentence about an answer, computed from its rows: what a person should see in the chart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.phrases import (
    capitalise,
    compare_within_category,
    continue_with,
    describe_nested,
    leading_category,
    list_categories,
)
from dashboard.takeaway_of_bounds import describe_bounds, describe_response
from dashboard.takeaway_of_curves import describe_curve, describe_exits
from dashboard.takeaway_of_tests import describe_differences
from dashboard.takeaway_of_value import describe_value
from dashboard.verdict import describe_verdict
from dashboard.wording import counted, in_unit, listed, month, with_interval
from queries.answer import Answer

CENTRAL = (
    "missing_is_worst",
    "share",
    "missing_is_positive",
    "median",
    "mean",
    "survival",
    "cumulative_incidence",
    "count",
)
"""Which statistic speaks for a measure that has several."""


def state_takeaway(
    answer: Answer, target: float | None = None, step_word: str = "day", *, is_nested: bool = False
) -> str:
    """The sentence above a chart. Empty where nothing can be shown. ``is_nested``: categories have two levels."""
    shown = answer.frame[~answer.frame["is_suppressed"] & answer.frame["value"].notna()]
    if shown.empty:
        return ""
    if said := describe_value(answer):
        return said
    statistics = set(shown["statistic"])
    has_groups = shown["group_name"].nunique() > 1
    if "cumulative_incidence" in statistics:
        return describe_exits(answer, shown, has_groups)
    if "survival" in statistics:
        return describe_curve(answer, shown, has_groups, step_word)
    if "difference" in statistics and "fewer" in answer.measure.options:
        return describe_differences(answer, shown)
    if {"follow_up", "lower_bound", "upper_bound"} & statistics:
        return describe_bounds(answer, shown)
    if shown["period"].notna().any():
        return _about_months(answer, shown)
    central = central_rows(shown, answer.measure.unit)
    if central["step"].nunique() > 1:
        return _about_steps(answer, central)
    if answer.measure.partition and shown["category"].nunique() > 1:
        return _about_parts(answer, central, has_groups)
    if {"missing_is_positive", "missing_is_negative"} <= statistics:
        return _about_rules(answer, shown, has_groups)
    if is_nested:
        return describe_nested(answer, central[central["group_name"] == central.iloc[0]["group_name"]])
    if has_groups:
        return describe_response(answer, central) + compare_within_category(answer, central)
    if central["category"].nunique() > 1:
        return capitalise(list_categories(answer, central))
    return describe_response(answer, central) + _about_one(answer, shown, central.iloc[0].to_dict(), target)


def central_rows(shown: pd.DataFrame, unit: str = "") -> pd.DataFrame:
    """The rows of the statistic that speaks for the measure; of money the mean, since budgets are made of it."""
    present = set(shown["statistic"])
    order = ("mean", *CENTRAL) if unit == "USD" else CENTRAL
    chosen = next((name for name in order if name in present), None)
    return shown[shown["statistic"] == chosen] if chosen else shown


def _about_one(answer: Answer, shown: pd.DataFrame, row: dict[Any, Any], target: float | None) -> str:
    measure = answer.measure
    value = with_interval(row, measure.unit)
    said = {"median": f"Half are below {in_unit(row['value'], measure.unit)}, half above"}.get(row["statistic"])
    quartiles = shown.set_index("statistic")["value"]
    if said and {"p25", "p75"} <= set(quartiles.index):
        said += f"; the middle half lie between {in_unit(quartiles['p25'], measure.unit)}"
        said += f" and {in_unit(quartiles['p75'], measure.unit)}"
    sentence = said or value
    if measure.unit == "share" and pd.notna(row["denominator"]) and float(row["denominator"]).is_integer():
        sentence = f"{value} of {counted(row['denominator'], measure.denominator_unit)}"
    if target is not None:
        sentence += f"; {describe_verdict(row, target, measure)}"
    return (f"{row['category'].capitalize()}: " if row["category"] else "") + sentence + "."


def _about_parts(answer: Answer, rows: pd.DataFrame, has_groups: bool) -> str:
    unit = answer.measure.unit
    if {"baseline", "latest"} <= set(rows["statistic"]):
        return _about_occasions(answer, rows)
    if has_groups:
        lead = leading_category(rows)
        part = rows[rows["category"] == lead].sort_values("value", ascending=False, kind="stable")
        top, bottom = part.iloc[0], part.iloc[-1]
        return (
            f"{capitalise(lead)}: from {in_unit(bottom['value'], unit)} ({bottom['group_name']}) "
            f"to {in_unit(top['value'], unit)} ({top['group_name']})."
        )
    ranked = rows.sort_values("value", ascending=False, kind="stable").head(3)
    parts = [f"{row['category']} {in_unit(row['value'], unit)}" for row in ranked.to_dict("records")]
    return f"{capitalise(listed(parts))}."


def _about_occasions(answer: Answer, rows: pd.DataFrame) -> str:
    if rows["group_name"].nunique() > 1:
        return "First and latest scores of each group; those not followed up are shown, not left out."
    first, latest = (rows[rows["statistic"] == name].set_index("category")["value"] for name in ("baseline", "latest"))
    worst = [name for name in ("moderately severe", "severe") if name in first.index and name in latest.index]
    worst = worst or [name for name in first.index if name in latest.index][:1]
    if not worst:
        return ""
    before, after = (in_unit(part[worst].sum(), answer.measure.unit) for part in (first, latest))
    lost = latest.get("not followed up")
    sentence = f"{capitalise(listed(worst))}: {before} at the first score, {after} at the latest"
    return sentence + (f"; {in_unit(lost, answer.measure.unit)} were not followed up." if lost is not None else ".")


def _about_months(answer: Answer, shown: pd.DataFrame) -> str:
    rows = central_rows(shown)
    unit = answer.measure.unit
    if unit in ("count", "persons"):
        by_month = rows.groupby([rows["category"], "period"])["value"].sum().reset_index()
        means = by_month.groupby("category", sort=False)["value"].mean()
        parts = [f"{means[name]:,.0f} {name}".strip() for name in means.index]
        per = {"week": "week", "day": "day"}.get(answer.measure.dated_by, "month")
        return f"On average {listed(parts)} a {'week' if answer.measure.name.endswith('by_week') else per}."
    if rows["group_name"].nunique() > 1 or rows["category"].nunique() > 1:
        latest = rows[rows["period"] == rows["period"].max()]
        return f"{capitalise(month(rows['period'].max()))}: {continue_with(compare_within_category(answer, latest))}"
    rows = rows.sort_values("period")
    last, before = rows.iloc[-1], rows.iloc[:-1].tail(12)
    sentence = f"{month(last['period'])}: {with_interval(last.to_dict(), unit)}"
    if before.empty:
        return sentence + "."
    usual = float(before["value"].astype(float).mean())
    sentence += f", against {in_unit(usual, unit)} on average in the {len(before)} months before"
    lowest = rows.iloc[int(rows["value"].astype(float).argmin())]
    return sentence + f". Lowest: {in_unit(lowest['value'], unit)} in {month(lowest['period'])}."


def _about_steps(answer: Answer, rows: pd.DataFrame) -> str:
    unit = answer.measure.unit
    if rows["group_name"].nunique() > 1 or rows["category"].nunique() > 1:
        common = rows.groupby("step")["value"].count()
        step = common[common == common.max()].index.max()
        return f"In week {step}: {continue_with(compare_within_category(answer, rows[rows['step'] == step]))}"
    rows = rows.sort_values("step")
    first, last, lowest = rows.iloc[0], rows.iloc[-1], rows.iloc[int(rows["value"].astype(float).argmin())]
    dip = f", lowest {in_unit(lowest['value'], unit)} in week {lowest['step']}"
    return (
        f"From {in_unit(first['value'], unit)} in week {first['step']} to {in_unit(last['value'], unit)} in week "
        f"{last['step']}{dip if lowest['step'] not in (first['step'], last['step']) else ''}; n falls from "
        f"{first['denominator']:,.0f} to {last['denominator']:,.0f}."
    )


def _about_rules(answer: Answer, shown: pd.DataFrame, has_groups: bool) -> str:
    """The first two categories under both rules for missing weeks: what the truth lies between."""
    unit = answer.measure.unit
    if has_groups:
        worst = shown[shown["statistic"] == "missing_is_positive"]
        return f"With missing counted as use, {continue_with(compare_within_category(answer, worst))}"
    by_rule = shown.pivot_table(index="category", columns="statistic", values="value", sort=False)
    both = by_rule.dropna(subset=["missing_is_negative", "missing_is_positive"]).head(2)
    parts = [
        f"{category} {in_unit(row['missing_is_negative'], unit)} to {in_unit(row['missing_is_positive'], unit)}"
        for category, row in both.iterrows()
    ]
    # Whose answer is the same under both rules has one that no missing week could change.
    shares = 1 - (both["missing_is_positive"] - both["missing_is_negative"])
    known = [in_unit(share, unit) for share in (shares.min(), shares.max())]
    span = known[0] if known[0] == known[1] else f"{known[0]} to {known[1]}"
    return (
        f"{span} have an answer that no missing week could change. From missing counted as no use to missing counted "
        f"as use: {listed(parts)}."
    )
