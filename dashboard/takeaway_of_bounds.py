"""What to see in a share with missing results: first how many have one, then what is claimed and what could be true."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.phrases import capitalise, compare_within_category, continue_with
from dashboard.wording import in_unit, listed, with_interval
from queries.answer import Answer

FOLLOWED = "have a follow-up score"
"""What those with a result have, where the measure's option ``followed`` does not say it otherwise."""

CATEGORIES_SAID = 2


def describe_bounds(answer: Answer, shown: pd.DataFrame) -> str:
    """The response rate, the conservative reading, the bounds and those with a result; of several groups the range."""
    sentences = [_about_follow_up(answer, shown), _about_the_rate(answer, shown)]
    return " ".join(sentence for sentence in sentences if sentence)


def describe_response(answer: Answer, shown: pd.DataFrame) -> str:
    """How many of those who were due have a result, for a mean over those who have one; empty where it may not be said.

    Told of the measures whose option ``followed`` says what those with a result have.
    """
    known = shown.dropna(subset=["denominator", "missing_n"])
    if "followed" not in answer.measure.options or known.empty:
        return ""
    shares = known["denominator"] / (known["denominator"] + known["missing_n"])
    return _about_follow_up(answer, known.assign(statistic="follow_up", value=shares)) + " "


def _about_follow_up(answer: Answer, shown: pd.DataFrame) -> str:
    rows = shown[shown["statistic"] == "follow_up"].sort_values("value", kind="stable")
    if rows.empty:
        return ""
    low, high = (_named_share(rows.iloc[place].to_dict(), len(rows) > 1) for place in (0, -1))
    span = low if low == high else f"From {low} to {high}"
    return f"{span} {answer.measure.options.get('followed', FOLLOWED)}."


def _named_share(row: dict[Any, Any], is_one_of_several: bool) -> str:
    name = _name(row) if is_one_of_several else ""
    return in_unit(row["value"], "share") + (f" ({name})" if name else "")


def _name(row: dict[Any, Any]) -> str:
    return ", ".join(str(row[key]) for key in ("group_name", "category") if str(row[key]) not in ("All", ""))


def _about_the_rate(answer: Answer, shown: pd.DataFrame) -> str:
    shown = shown[shown["statistic"] != "follow_up"]
    if shown.empty:
        return ""
    keys = shown.drop_duplicates(["group_name", "category"])
    if len(keys) == 1:
        return _about_one(answer, shown)
    if keys["group_name"].nunique() == 1:
        return _about_categories(answer, shown)
    central = _central(shown)
    if central.empty:
        return "Too few for a rate: only the bounds are shown."
    words = compare_within_category(answer, central)
    if set(central["statistic"]) == {"missing_is_worst"}:
        words = f"When missing results count against us: {continue_with(words)}"
    thin = [name for name in dict.fromkeys(keys["group_name"]) if name not in set(central["group_name"])]
    if thin:
        words += f" Too few followed up for a rate: {listed(thin[:3])}{' and others' if len(thin) > 3 else ''}."
    return words


def _central(shown: pd.DataFrame) -> pd.DataFrame:
    name = next((name for name in ("missing_is_worst", "share") if name in set(shown["statistic"])), "")
    return shown[shown["statistic"] == name]


def _about_one(answer: Answer, shown: pd.DataFrame) -> str:
    unit = answer.measure.unit
    rows = {row["statistic"]: row for row in shown.to_dict("records")}
    parts = []
    if "missing_is_worst" in rows:
        parts.append(f"{with_interval(rows['missing_is_worst'], unit)} when a missing result counts against us")
    if "share" in rows:
        parts.append(f"{with_interval(rows['share'], unit)} estimated")
    if {"lower_bound", "upper_bound"} <= rows.keys():
        low, high = (in_unit(rows[name]["value"], unit) for name in ("lower_bound", "upper_bound"))
        within = f"the truth lies between {low} and {high}"
        parts.append(within if parts else f"that is too few for a rate; {within}, whatever became of those lost")
    if "complete_case" in rows:
        parts.append(f"{in_unit(rows['complete_case']['value'], unit)} among those with a result")
    return capitalise("; ".join(parts)) + "." if parts else ""


def _about_categories(answer: Answer, shown: pd.DataFrame) -> str:
    """The first categories with their bounds: what each truth lies between."""
    unit = answer.measure.unit
    wide = shown.pivot_table(index="category", columns="statistic", values="value", sort=False)
    if not {"lower_bound", "upper_bound"} <= set(wide.columns):
        return ""
    both = wide.dropna(subset=["lower_bound", "upper_bound"]).head(CATEGORIES_SAID)
    parts = [
        f"{category} between {in_unit(row['lower_bound'], unit)} and {in_unit(row['upper_bound'], unit)}"
        for category, row in both.iterrows()
    ]
    return f"{capitalise(listed(parts))}, whatever is true of the missing." if parts else ""
