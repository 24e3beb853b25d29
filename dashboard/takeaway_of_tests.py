"""Sentences about tests and differences of curves: that groups differ, or that there is no sign of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.phrases import capitalise
from dashboard.wording import listed, p_value
from queries.answer import Answer

ALPHA = 0.05


def describe_test(tested: Answer, curve: Answer) -> str:
    """Whether the curves of the groups differ, with their medians: "Day and evening differ (log-rank, p = 0.003)"."""
    overall = _overall(tested)
    if overall.empty or tested.selection.by is None:
        return ""
    row = overall.iloc[0].to_dict()
    if pd.isna(row["value"]):
        return f"{_reason(row)}."
    name = "Peto–Peto" if tested.parameters.get("test") == "peto" else "log-rank"
    medians = _medians(curve)
    if float(row["value"]) >= ALPHA:
        return f"No sign of a difference: {_p(row)} ({name}){f'; {medians}' if medians else ''}."
    shown = curve.frame[~curve.frame["is_suppressed"]]
    groups = [str(group) for group in dict.fromkeys(shown["group_name"])]
    who = f"{groups[0]} and {groups[1]}" if len(groups) == 2 else "The groups"
    return f"{capitalise(who)} differ ({name}, {_p(row)}){f': {medians}' if medians else ''}."


def describe_tests_of_exits(tested: Answer) -> str:
    """In which ways of leaving the groups differ, by Gray's test of each."""
    if tested.selection.by is None:
        return ""
    rows = _overall(tested, every_category=True)
    known = [row for row in rows.to_dict("records") if not pd.isna(row["value"]) and row["category"] != UNRECORDED]
    if not known:
        return f"{_reason(rows.iloc[0].to_dict())}." if len(rows) else ""
    differ = [f"{row['category']} ({_p(row)})" for row in known if float(row["value"]) < ALPHA]
    alike = [f"{row['category']} ({_p(row)})" for row in known if float(row["value"]) >= ALPHA]
    said = [f"the groups differ in {listed(differ)}"] if differ else []
    said += [f"no sign of a difference in {' or '.join(_in_twos(alike))}"] if alike else []
    return f"{capitalise('; '.join(said))} by Gray's test."


def describe_differences(answer: Answer, shown: pd.DataFrame) -> str:
    """Who differs from the reference, in the measure's words: "evening keeps 7 points fewer to day 30 (3 to 11)"."""
    rows = shown[shown["statistic"] == "difference"].to_dict("records")
    apart = [row for row in rows if _is_apart(row)]
    reference = str(rows[0]["category"]).removeprefix("less ")
    if not apart:
        if len(rows) > 1:
            return f"No sign of a difference from {reference} in any of the other {len(rows)} groups."
        return f"No sign of a difference from {reference}: {_amount(answer, rows[0])} ({_limits(rows[0])})."
    apart.sort(key=lambda row: -abs(float(row["value"])))
    said = [f"{row['group_name']} {_amount(answer, row)} ({_limits(row)})" for row in apart[:2]]
    sentence = f"Against {reference}, {listed(said)}"
    if len(apart) > 2:
        sentence += f"; {len(apart) - 2} more differ"
    rest = len(rows) - len(apart)
    if rest:
        other = next(str(row["group_name"]) for row in rows if not _is_apart(row))
        sentence += f"; no sign of a difference in {other if rest == 1 else f'the other {rest}'}"
    return f"{sentence}."


UNRECORDED = "reason not recorded"


def _overall(tested: Answer, *, every_category: bool = False) -> pd.DataFrame:
    frame = tested.frame
    rows = frame[(frame["statistic"] == "p_value") & ~frame["is_suppressed"]]
    return rows if every_category else rows[rows["category"] == ""]


def _reason(row: dict[Any, Any]) -> str:
    return capitalise(str(row["method"]).split(";")[0])


def _p(row: dict[Any, Any]) -> str:
    words = p_value(float(row["value"]))
    return f"p {words}" if words.startswith("<") else f"p = {words}"


def _in_twos(names: list[str]) -> list[str]:
    """Names for "a, b or c"."""
    return names if len(names) < 3 else [", ".join(names[:-1]), names[-1]]


def _medians(curve: Answer) -> str:
    frame = curve.frame
    rows = frame[(frame["statistic"] == "median") & ~frame["is_suppressed"] & frame["value"].notna()]
    rows = rows.sort_values("value", kind="stable")
    if len(rows) < 2:
        return ""
    days = [f"{float(value):,.0f}" for value in rows["value"]]
    if days[0] == days[-1]:
        return f"half have left by day {days[0]} in each"
    if len(rows) == 2:
        names = list(rows["group_name"])
        return f"half have left by day {days[0]} ({names[0]}) against day {days[1]} ({names[1]})"
    first, last = rows.iloc[0]["group_name"], rows.iloc[-1]["group_name"]
    return f"half have left between day {days[0]} ({first}) and day {days[-1]} ({last})"


def _is_apart(row: dict[Any, Any]) -> bool:
    known = not (pd.isna(row["lower"]) or pd.isna(row["upper"]))
    return known and (float(row["lower"]) > 0 or float(row["upper"]) < 0)


def _amount(answer: Answer, row: dict[Any, Any]) -> str:
    value = float(row["value"])
    words = str(answer.measure.options["more" if value >= 0 else "fewer"])
    return words.format(amount=f"{abs(value):,.4g}", **answer.parameters)


def _limits(row: dict[Any, Any]) -> str:
    if pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return "no interval"
    lower, upper = float(row["lower"]), float(row["upper"])
    if upper < 0:
        lower, upper = -upper, -lower
    return f"{lower:,.4g} to {upper:,.4g}".replace("-", "−")
