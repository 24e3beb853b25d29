"""Shows an answer of the catalogue in the terminal: its rows, and under them what a reviewer needs to trace them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.benchmark import describe_benchmark
from dashboard.table import unit_of
from dashboard.terminal.output import Format, console, say, show_rows, write
from dashboard.terminal.question import Question
from dashboard.wording import p_value
from queries import catalog, disclosure
from queries.answer import Answer
from queries.export import rows_with_provenance
from queries.filters import FILTERS


def ask(question: Question) -> Answer:
    """The suppressed answer: the same function that the pages call."""
    return catalog.ask_selection(question.warehouse, question.measure.name, question.selection, question.parameters)


def show_answer(answer: Answer, chosen: Format, out: Path | None) -> None:
    """Show or write an answer in the format asked for."""
    if chosen is Format.table:
        show_table(answer)
    else:
        content = {**answer.provenance(), "question": answer.measure.question, "formula": answer.measure.formula}
        content["unit"] = answer.measure.unit
        content["unused_filters"] = ", ".join(answer.measure.unused_filters(answer.selection))
        write(rows_with_provenance(answer), chosen, out, json_content={**content, "rows": answer.frame})


def show_table(answer: Answer) -> None:
    """The rows as people read them, then population, cut-offs, versions and definition."""
    measure = answer.measure
    console().print(f"[bold]{measure.title}[/bold]")
    say(measure.question)
    if answer.is_empty:
        say("\nNo episodes match. Widen the dates, or leave out a filter; a filter's value 'all' counts everybody.")
    else:
        columns, rows = table_of(answer)
        show_rows("", columns, rows)
    for line in footnotes(answer):
        say(line)


def table_of(answer: Answer) -> tuple[dict[str, str], list[list[str]]]:
    """Headers with their justification, and the cells; columns that say nothing are left out."""
    frame, unit = answer.frame, answer.measure.unit
    by = answer.selection.by
    labels: dict[str, tuple[str, str]] = {}
    if by or frame["group_name"].nunique() > 1:
        labels["group_name"] = (FILTERS[by].label if by else "Group", "left")
    if (frame["category"] != "").any():
        labels["category"] = ("Part", "left")
    for name, label in (("step", "Step"), ("period", "From")):
        if frame[name].notna().any():
            labels[name] = (label, "right")
    if frame["statistic"].nunique() > 1:
        labels["statistic"] = ("Statistic", "left")
    columns = dict(labels.values()) | {"Value": "right", "95 % interval": "right", "Count": "right", "n": "right"}
    columns["Missing"] = "right"
    rows = []
    for row in frame.to_dict("records"):
        cells = [label_of(row[name]) for name in labels]
        if row["is_suppressed"]:
            cells += ["hidden", "", "", "", ""]
        else:
            kind = unit_of(str(row["statistic"]), unit)
            cells += [in_unit(row["value"], kind), interval(row, kind), whole(row["numerator"])]
            cells += [whole(row["denominator"]), whole(row["missing_n"])]
        rows.append(cells)
    said = [number for number, name in enumerate(columns) if name == "Value" or any(row[number] for row in rows)]
    if unit == "count":
        said = [number for number in said if list(columns)[number] not in ("Count", "n")]
    return {list(columns)[n]: list(columns.values())[n] for n in said}, [[row[n] for n in said] for row in rows]


def label_of(value: Any) -> str:
    """A group, step or first day of a period as text."""
    if pd.isna(value):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def in_unit(value: Any, unit: str) -> str:
    """A value with its unit: 61.4 %, 8.72 hours, USD 4,180.00."""
    if pd.isna(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "USD":
        return f"USD {value:,.2f}"
    if unit in ("count", "persons"):
        return whole(value)
    if unit == "p-value":
        return p_value(float(value))
    return f"{value:,.2f} {unit}".rstrip()


def interval(row: Mapping[Any, Any], unit: str) -> str:
    """The 95 % interval with its unit once, as in 39.6–55.3 %, or nothing."""
    lower, upper = row["lower"], row["upper"]
    if pd.isna(lower) or pd.isna(upper):
        return ""
    if unit == "share":
        return f"{100 * lower:.1f}–{100 * upper:.1f} %"
    if unit == "USD":
        return f"USD {lower:,.2f} to {upper:,.2f}"
    if unit in ("count", "persons"):
        return f"{whole(lower)}–{whole(upper)}"
    return f"{lower:,.2f}{' to ' if lower < 0 else '–'}{upper:,.2f} {unit}"


def whole(value: Any) -> str:
    """A count with thousands separated; a sum of hours keeps one decimal; nothing where there is none."""
    if pd.isna(value):
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def footnotes(answer: Answer) -> list[str]:
    """What is printed under every table."""
    facts, measure = answer.provenance(), answer.measure
    lines = [f"Counted: {facts['population']}" + (f" · {facts['parameters']}" if facts["parameters"] else "")]
    if unused := measure.unused_filters(answer.selection):
        lines.append(f"Not used by this measure: {', '.join(unused)}.")
    methods = [str(method) for method in answer.frame["method"].dropna().unique()]
    if methods and measure.unit != "count":
        lines.append(f"Method: {'; '.join(methods)}")
    if answer.frame["is_suppressed"].any():
        lines.append(hidden_counts())
    if answer.warning:
        lines.append(f"Mind: {answer.warning}")
    lines += [
        "Published: " + describe_benchmark(found, measure.unit, answer.data_cut).replace("**", "")
        for found in answer.published
    ]
    lines.append(cut_offs(facts))
    lines.append(f"Definition {facts['specification']}: `iop ask {measure.name} --definition`")
    return lines


def hidden_counts() -> str:
    """Which counts the small-number rules hide."""
    return f"Counts of 1–{disclosure.threshold() - 1}, and what gives them away, are hidden."


def cut_offs(facts: Mapping[str, Any]) -> str:
    """The last days and the versions that an answer rests on, from its provenance."""
    return (
        f"Data to {facts['data_cut']}, evaluated at {facts['analysis_cut']} · version {facts['data_version']} "
        f"· rules {facts['rule_version']}"
    )


def show_measures() -> None:
    """Every measure with its question, by topic."""
    topics: dict[str, list[catalog.Measure]] = {}
    for entry in catalog.measures().values():
        topics.setdefault(entry.topic, []).append(entry)
    for topic, entries in topics.items():
        rows = [(entry.name, entry.title, entry.question) for entry in entries]
        show_rows(topic.capitalize(), {"Measure": "left", "Title": "left", "Question": "left"}, rows)
    say("Ask one: iop ask MEASURE --by site. Its parameters and definition: iop ask MEASURE --definition.")


def show_definition(name: str) -> None:
    """A measure's definition: question, formula, parameters, source, and the SQL that runs."""
    entry = catalog.measure(name)
    console().print(f"[bold]{entry.title}[/bold]  ({entry.name}, {', '.join(entry.spec)})")
    facts = {"Question": entry.question, "Formula": entry.formula, "Unit": entry.unit, "Source": entry.source}
    facts |= {"Dated by": entry.dated_by, "Notes": entry.notes, "Mind": entry.warning, "Review": entry.reviewed}
    for label, text in facts.items():
        if text:
            say(textwrap.fill(f"{label}: {text}", 110, subsequent_indent="  "))
    for parameter in entry.parameters:
        choices = f"; one of {', '.join(map(str, parameter.choices))}" if parameter.choices else ""
        say(f"--set {parameter.name}={parameter.default}  {parameter.label}{choices}")
    say("\n" + entry.sql)
    if entry.executable_sql != entry.sql:
        say("\nThe whole statement, with what it shares with other measures:\n\n" + entry.executable_sql)
