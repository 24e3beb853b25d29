"""Writes the catalogue of measures to queries/README.md: `python -m queries.documentation`, with --check to compare."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from queries.catalog import Measure, MeasureError, Parameter, measures, unavailable
from queries.filters import FILTERS

README = Path(__file__).parent / "README.md"

_UNITS = {"share": "share", "hours": "hours", "days": "days", "USD": "US dollars", "persons": "persons"}
STATISTICS = {
    "proportion": "share with its Wilson 95 % interval",
    "cluster_ratio": "ratio of sums with a 95 % interval clustered by person",
    "distribution": "mean, median and quartiles with 95 % intervals",
    "mean_change": "mean with its t 95 % interval",
    "standardised_change": "mean change in standard deviations of the first score, normal 95 % interval",
    "survival": "Kaplan–Meier, log-log 95 %",
    "time_lost": "area under Aalen–Johansen to a horizon, bootstrap 95 %",
    "competing": "Aalen–Johansen, complementary log-log 95 %",
    "bootstrap": "ratio of sums, bootstrap 95 % over persons",
    "contrast": "difference or ratio of means, bootstrap 95 % over persons within each arm",
    "weighted_difference": "difference of weighted means, bootstrap 95 % over persons within each arm",
    "balance": "standardised mean differences before and after weighting",
    "icer": "ratio of weighted differences, percentile bootstrap 95 % over persons within each arm",
    "plane": "shares of bootstrap draws in the quadrants of cost and result",
    "net_benefit": "weighted difference in money, bootstrap 95 % over persons within each arm",
    "acceptability": "share of bootstrap draws",
    "counts": "count",
    "incidence_by_day": "one less Kaplan–Meier at a day, with the lost as without and with the event",
    "bounds": "share where a missing result counts as the worst, with complete cases and bounds (Wilson 95 %)",
}

_INTRODUCTION = """# Measures

Every measure is one SQL file, `queries/<topic>/<name>.sql`, with its definition in the header. This page is written
from those headers by `python -m queries.documentation`; change a header, not this page.

Ask for one with `iop ask NAME`. Every answer is over the episodes that pass the filters, up to the analysis cut-off,
and passes the small-number rules: counts of 1 to 10, and what gives them away, are hidden.
"""


def render_catalogue() -> str:
    """The catalogue as Markdown: a table for each topic, then every definition."""
    parts = [_INTRODUCTION]
    for topic, members in groupby(measures().values(), key=lambda member: member.topic):
        chosen = list(members)
        parts += [f"## {topic.capitalize()}\n", _render_table(chosen)]
        parts += [_render_definition(member) for member in chosen]
    parts += ["## Not available\n", "| Specification | Measure | Reason |", "|---|---|---|"]
    parts += [f"| {entry.spec} | {_escape(entry.title)} | {_escape(entry.reason)} |" for entry in unavailable()]
    return "\n".join(parts).rstrip() + "\n"


def _render_table(chosen: list[Measure]) -> str:
    lines = ["| Measure | Title | Question | Specification |", "|---|---|---|---|"]
    for member in chosen:
        cells = (f"[`{member.name}`](#{member.name})", member.title, member.question, ", ".join(member.spec))
        lines.append("| " + " | ".join(_escape(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _render_definition(member: Measure) -> str:
    facts = {
        "Title": member.title,
        "Question": member.question,
        "Formula": member.formula,
        "Unit": f"{_UNITS.get(member.unit, member.unit)}; higher is {member.higher_is}",
        "Statistic": STATISTICS.get(member.statistic, member.statistic),
        "Unit of analysis": f"{member.unit_of_analysis}; dated by {member.dated_by.replace('_', ' ')}"
        + (f"; the denominator counts {member.denominator_unit}s" if member.counted else ""),
        "Specification": ", ".join(member.spec),
        "Source": member.source,
        "Parameters": "; ".join(_describe_parameter(parameter) for parameter in member.parameters),
        "Filters": _describe_filters(member),
        "Notes": member.notes,
        "Warning": member.warning,
        "Reviewed": member.reviewed,
    }
    lines = [f"### {member.name}\n", "| | |", "|---|---|"]
    lines += [f"| {name} | {_escape(text)} |" for name, text in facts.items() if text]
    return "\n".join(lines) + "\n"


def _describe_parameter(parameter: Parameter) -> str:
    choices = f", one of {', '.join(map(str, parameter.choices))}" if parameter.choices else ""
    default = "none" if parameter.default is None else parameter.default
    return f"`{parameter.name}` ({parameter.label}; {parameter.type}{choices}; default {default})"


def _describe_filters(member: Measure) -> str:
    used = [entry.label for name, entry in FILTERS.items() if name in member.bound_names]
    used += ["Dates"] if "date_from" in member.bound_names else []
    every = [entry.label for entry in FILTERS.values()] + ["Dates"]
    if used == every:
        return "all"
    return ", ".join(used) or "none"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    """Write queries/README.md, or with --check compare it. Returns 1 where it is stale or a header is malformed."""
    try:
        rendered = render_catalogue()
    except MeasureError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" not in arguments:
        README.write_text(rendered, encoding="utf-8")
        return 0
    if README.is_file() and README.read_text(encoding="utf-8") == rendered:
        return 0
    print("queries/README.md is not current. Run `python -m queries.documentation`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
