"""Phrases that compare groups or list categories: the parts of the sentences above charts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.nesting import WHOLE, nest
from dashboard.wording import in_unit, listed, with_interval
from queries.answer import Answer


def compare_groups(answer: Answer, rows: pd.DataFrame) -> str:
    """Lowest and highest group, and whether their intervals overlap."""
    unit = answer.measure.unit
    names = [_name(row) for row in rows.to_dict("records")]
    ranked = rows.assign(name=names).sort_values("value", ascending=False, kind="stable")
    if len(ranked) == 1:
        return f"{ranked.iloc[0]['name']}: {with_interval(ranked.iloc[0].to_dict(), unit)}."
    top, bottom = ranked.iloc[0], ranked.iloc[-1]
    sentence = (
        f"From {in_unit(bottom['value'], unit)} ({bottom['name']}) to {in_unit(top['value'], unit)} ({top['name']})"
    )
    if pd.isna(top["lower"]) or pd.isna(bottom["upper"]):
        return sentence + "."
    apart = top["lower"] > bottom["upper"]
    return sentence + ("; these two intervals do not overlap." if apart else "; these two intervals overlap.")


def leading_category(rows: pd.DataFrame) -> str:
    """The category that most groups have, the first of those: groups are compared within one, never across."""
    shown = rows.groupby("category", sort=False)["group_name"].nunique()
    return str(shown.idxmax())


def compare_within_category(answer: Answer, rows: pd.DataFrame) -> str:
    """Groups compared in the leading category, which is named where there are several."""
    if rows["category"].nunique() <= 1:
        return compare_groups(answer, rows)
    lead = leading_category(rows)
    words = compare_groups(answer, rows[rows["category"] == lead].assign(category=""))
    return f"{capitalise(lead)}: {continue_with(words)}"


def list_categories(answer: Answer, rows: pd.DataFrame) -> str:
    """The highest categories with their values; all in their order where the measure has one, as stages have."""
    unit = answer.measure.unit
    is_ordered = bool(answer.measure.options.get("ordered"))
    ranked = rows if is_ordered else rows.sort_values("value", ascending=False, kind="stable").head(3)
    parts = [f"{row['category']} {in_unit(row['value'], unit)}" for row in _records(ranked)]
    return f"{'highest are ' if len(rows) > len(ranked) else ''}{listed(parts)}."


def describe_nested(answer: Answer, rows: pd.DataFrame) -> str:
    """The wholes of the outer categories; where there are none, the inner ones of the first two outer categories."""
    unit = answer.measure.unit
    nested = nest(rows)
    wholes = nested[nested["inner"] == WHOLE]
    if len(wholes):
        return capitalise(listed([f"{row['outer']} {in_unit(row['value'], unit)}" for row in _records(wholes)])) + "."
    said = []
    for outer in list(dict.fromkeys(nested["outer"]))[:2]:
        parts = [f"{row['inner']} {in_unit(row['value'], unit)}" for row in _records(nested[nested["outer"] == outer])]
        said.append(f"{outer}: {listed(parts)}")
    return f"{capitalise('; '.join(said))}."


def _records(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    return rows.to_dict("records")


def _name(row: dict[Any, Any]) -> str:
    parts = [str(row[key]) for key in ("group_name", "category") if str(row[key]) not in ("All", "")]
    return ", ".join(parts) or "All"


def capitalise(words: str) -> str:
    """A sentence with a capital letter."""
    return words[:1].upper() + words[1:]


def continue_with(words: str) -> str:
    """A sentence as the continuation of another."""
    return words[:1].lower() + words[1:] if words.startswith("From") else words
