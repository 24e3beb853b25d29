"""Sentences about 24-hour care against IOP for the same kind of patient: what it costs more, brings more, is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from dashboard.wording import in_unit, interval, listed
from queries.answer import Answer

RESULTS = {
    "completed or stepped down": "completion",
    "abstinent days": "abstinent day",
    "reliably improved": "reliable improvement",
}
Rows = dict[str, dict[Any, Any]]


def describe_value(answer: Answer) -> str:
    """The sentence of a measure that compares with 24-hour care; empty where the answer is of another kind."""
    frame = answer.frame[~answer.frame["is_suppressed"]]
    if frame.empty:
        return ""
    if whole := WHOLE_SENTENCES.get(answer.measure.name):
        return whole(answer, frame) if frame["group_name"].nunique() == 1 else ""
    say = SENTENCES.get(answer.measure.statistic)
    if say is None:
        return ""
    groups = list(dict.fromkeys(frame["group_name"]))
    frame = frame[frame["group_name"] == groups[0]]
    sentences = [f"{groups[0]}:"] if len(groups) > 1 else []
    if "step" in frame and answer.measure.axis == "step":
        frame = frame[frame["step"] == answer.parameters["willingness_to_pay"]]
    level = frame["category"].astype(str).str.split(" less IOP").str[0]
    for name, part in frame.groupby(level, sort=False):
        parts = (
            part["category"].astype(str).str.split(": ").str[-1]
            if part["category"].nunique() > 1
            else part["statistic"]
        )
        rows = {str(key): row for key, row in zip(parts, part.to_dict("records"), strict=True)}
        sentences.append(say(answer, str(name), rows))
    return " ".join(sentence for sentence in sentences if sentence)


def _of_difference(answer: Answer, level: str, rows: Rows) -> str:
    weighted, crude = rows["weighted"], rows["crude"]
    if pd.isna(weighted["value"]):
        words = _without(level, "no number for the same kind of patient", weighted)
        return f"{words}; as they are, {_more(crude['value'], answer)}."
    said = f"For the same kind of patient {level} care "
    if answer.measure.unit == "USD":
        said += f"costs {_more(weighted['value'], answer)} than IOP"
    else:
        said += f"brings {_more(weighted['value'], answer, _result(answer) + 's')} than IOP"
    limits = interval(weighted["lower"], weighted["upper"], answer.measure.unit).removesuffix(" per 100 people")
    return f"{said} ({limits}); as they are, {_more(crude['value'], answer)}."


def _more(value: Any, answer: Answer, things: str = "") -> str:
    unit = answer.measure.unit
    size = in_unit(abs(value), unit).removesuffix(f" {unit}")
    if unit == "USD":
        return f"{size} {'more' if value >= 0 else 'less'}"
    return f"{size} {'more' if value >= 0 else 'fewer'} {f'{things} ' if things else ''}{unit}"


def _of_ratio(answer: Answer, level: str, rows: Rows) -> str:
    ratio, benefit = rows["icer"], rows["net_benefit"]
    if pd.notna(ratio["value"]):
        limits = interval(ratio["lower"], ratio["upper"], "USD")
        price = in_unit(ratio["value"], "USD") + (f" ({limits})" if limits else "")
        if "does worse" in str(ratio["method"]):
            return f"IOP costs {price} more than {level} care for each {_result(answer)} that it adds."
        return f"For each extra {_result(answer)}, {level} care costs {price} more than IOP."
    if pd.isna(benefit["value"]):
        return f"{_without(level, 'no price', benefit)}."
    reason = str(ratio["method"]).removeprefix("no ratio: ").split(";")[0]
    no_price = f"{level.capitalize()}: one more {_result(answer)} has no price, since {reason}."
    return f"{no_price} {_of_benefit(answer, level, rows)}"


def _of_benefit(answer: Answer, level: str, rows: Rows) -> str:
    row = rows["net_benefit"]
    if pd.isna(row["value"]):
        return f"{_without(level, 'no number', row)}."
    value = in_unit(answer.parameters["willingness_to_pay"], "USD")
    better = f"{level} care" if row["value"] > 0 else "IOP"
    lower, upper = sorted((abs(row["lower"]), abs(row["upper"])))
    is_sure = row["lower"] > 0 or row["upper"] < 0
    doubt = f" ({interval(lower, upper, 'USD')})" if is_sure else ", which may be chance"
    other = "IOP" if row["value"] > 0 else f"{level} care"
    size = in_unit(abs(row["value"]), "USD")
    return f"At {value} {_each(answer)} {better} is the better buy than {other}, by {size} a person{doubt}."


def _of_curve(answer: Answer, level: str, rows: Rows) -> str:
    row = rows["of_draws"]
    if pd.isna(row["value"]):
        return f"{_without(level, 'no curve', row)}."
    value = in_unit(answer.parameters["willingness_to_pay"], "USD")
    return (
        f"At {value} for one more {_result(answer)}, {level} care is worth its price in {_percent(row['value'])} "
        f"of draws, IOP in {_percent(1 - row['value'])}."
    )


def _of_plane(answer: Answer, level: str, rows: Rows) -> str:
    worse = rows.get("costs more, does no better", {"value": None, "method": ""})
    if pd.isna(worse["value"]):
        return f"{_without(level, 'not drawn', worse)}."
    dearer = worse["value"] + rows["costs more, does better"]["value"]
    return (
        f"IOP costs less than {level} care in {_percent(dearer)} of draws, and costs less and does at least as well in "
        f"{_percent(worse['value'])}."
    )


def _of_balance(answer: Answer, frame: pd.DataFrame) -> str:
    apart = {name: frame[frame["statistic"] == name].set_index("category")["value"] for name in ("before", "after")}
    before = apart["before"].dropna().astype(float)
    if before.empty:
        return ""
    most = str(before.abs().idxmax())
    said = f"As they are, people differ by up to {abs(before[most]):.2f} standard deviations ({most})"
    after = apart["after"].dropna().astype(float)
    if after.empty:
        return f"{said}; there is no weighting."
    outside = [str(name) for name in apart["after"].index if pd.isna(apart["after"][name])]
    left = f" Left out, since one of the arms has hardly any: {listed(outside)}." if outside else ""
    return f"{said}; after weighting by up to {after.abs().max():.2f}. Below 0.10 is balanced.{left}"


def _of_days(answer: Answer, frame: pd.DataFrame) -> str:
    parts: list[str] = []
    for row in frame[frame["value"].notna()].to_dict("records"):
        stay = str(row["category"]).split(" (")[0]
        limits = interval(row["lower"], row["upper"], "count" if pd.isna(row["lower"]) else "days").removesuffix(
            " days"
        )
        days = "as much as" if parts else "costs as much as"
        unit = "" if parts else " days of IOP"
        parts.append(f"{stay} {days} {float(row['value']):,.1f}{unit}" + (f" ({limits})" if limits else ""))
    return f"{', '.join(parts).capitalize().replace('iop', 'IOP')}." if parts else ""


def _of_later_stays(answer: Answer, frame: pd.DataFrame) -> str:
    rows = {str(row["category"]).split(" (")[0]: row for row in frame.to_dict("records")}
    observed = rows.get("observed difference")
    seen = ""
    if observed is not None and pd.notna(observed["value"]):
        seen = f"; observed are {abs(100 * observed['value']):.1f} {'more' if observed['value'] >= 0 else 'fewer'}"
    even = rows.get("break-even difference")
    if even is not None and pd.notna(even["value"]):
        limits = f" ({100 * even['lower']:.1f} to {100 * even['upper']:.1f})" if pd.notna(even["lower"]) else ""
        return (
            f"IOP costs less as long as fewer than {100 * even['value']:.1f} more in 100 of its patients than of "
            f"inpatients are admitted later{limits}{seen}."
        )
    if "break-even difference: never" in rows:
        return f"IOP costs less even if everybody is admitted later{seen} in 100."
    if "break-even difference: always" in rows:
        return f"Inpatient care costs less, whoever is admitted later{seen} in 100."
    return ""


def _result(answer: Answer) -> str:
    return RESULTS[answer.parameters["outcome"]]


def _each(answer: Answer) -> str:
    return f"{'an' if _result(answer).startswith('a') else 'a'} {_result(answer)}"


def _without(level: str, what: str, row: dict[Any, Any]) -> str:
    """What a level of care cannot be given, and why: "Inpatient: no curve (too few)"."""
    return f"{level.capitalize()}: {what} ({str(row['method']).removeprefix('not shown: ')})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


SENTENCES: dict[str, Callable[[Answer, str, Rows], str]] = {
    "weighted_difference": _of_difference,
    "icer": _of_ratio,
    "net_benefit": _of_benefit,
    "acceptability": _of_curve,
    "plane": _of_plane,
}
"""By the statistic of a measure: a sentence a level of care."""

WHOLE_SENTENCES: dict[str, Callable[[Answer, pd.DataFrame], str]] = {
    "comparison_balance": _of_balance,
    "break_even": _of_days,
    "break_even_step_up": _of_later_stays,
}
"""By the name of a measure: one sentence, where groups are not compared."""
