"""Writes the catalogue of measures to queries/README.md and the number of their tests to counted_tests.toml.

`python -m queries.documentation` writes, with --check it compares.
"""

from __future__ import annotations

import sys
import tomllib
from itertools import groupby
from pathlib import Path

from queries.catalog import measures, unavailable
from queries.counted_tests import COUNTED, CountedTests, count_tests, write_counts
from queries.filters import FILTERS
from queries.measure import Measure, MeasureError, Parameter

README = Path(__file__).parent / "README.md"
BENCHMARKS = Path(__file__).resolve().parent.parent / "sample_data" / "benchmarks.toml"
"""The published values that come with the product."""

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
    "curve_test": "log-rank test or Gray's test of equal curves",
    "curve_difference": "difference of curves or of their areas at a day, with its 95 % interval",
    "counts": "count",
    "incidence_by_day": "one less Kaplan–Meier at a day, with the lost as without and with the event",
    "bounds": "share where a missing result counts as the worst, with complete cases and bounds (Wilson 95 %)",
}

_INTRODUCTION = """# Measures

Every measure is one SQL file, `queries/<topic>/<name>.sql`, with its definition in the header. This page is written
from those headers, and its numbers of tests from the tests, by `python -m queries.documentation` (`make docs`); change
a header, not this page. Tests of its statistic are shared by all measures of a kind.

Ask for one with `iop ask NAME`. Every answer is over the episodes that pass the filters, up to the analysis cut-off,
and passes the small-number rules: counts of 1 to 10, and what gives them away, are hidden.
"""


def render_catalogue(tests: dict[str, CountedTests] | None = None) -> str:
    """The catalogue as Markdown: a table for each topic, then every definition."""
    counted = count_tests() if tests is None else tests
    published = _published()
    parts = [_INTRODUCTION]
    for topic, members in groupby(measures().values(), key=lambda member: member.topic):
        chosen = list(members)
        parts += [f"## {topic.capitalize()}\n", _render_table(chosen)]
        parts += [_render_definition(member, counted[member.name], published.get(member.name, [])) for member in chosen]
    parts += ["## Not available\n", "| Specification | Measure | Reason |", "|---|---|---|"]
    parts += [f"| {entry.spec} | {_escape(entry.title)} | {_escape(entry.reason)} |" for entry in unavailable()]
    return "\n".join(parts).rstrip() + "\n"


def _render_table(chosen: list[Measure]) -> str:
    lines = ["| Measure | Title | Question | Specification |", "|---|---|---|---|"]
    for member in chosen:
        cells = (f"[`{member.name}`](#{member.name})", member.title, member.question, ", ".join(member.spec))
        lines.append("| " + " | ".join(_escape(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _render_definition(member: Measure, tests: CountedTests, published: list[str]) -> str:
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
        "Left out": _describe_exclusions(member),
        "Notes": member.notes,
        "Warning": member.warning,
        "Published values": "; ".join(published),
        "Tests": tests.describe(),
        "Reviewed": member.reviewed,
        "SQL": f"[{member.topic}/{member.name}.sql]({member.topic}/{member.name}.sql)",
    }
    lines = [f"### {member.name}\n", "| | |", "|---|---|"]
    lines += [f"| {name} | {_escape(text)} |" for name, text in facts.items() if text]
    return "\n".join(lines) + "\n"


def _published() -> dict[str, list[str]]:
    """Published values of each measure with their population and year, in the order of the file."""
    found: dict[str, list[str]] = {}
    for entry in tomllib.loads(BENCHMARKS.read_text(encoding="utf-8"))["benchmark"]:
        year = entry.get("year", "year not stated")
        value = f"{entry['benchmark_value']:g} ({entry['population']}, {year}; {entry['source']}; "
        found.setdefault(entry["measure"], []).append(f"{value}comparable: {entry['comparable']})")
    return found


def _describe_parameter(parameter: Parameter) -> str:
    choices = f", one of {', '.join(map(str, parameter.choices))}" if parameter.choices else ""
    default = "none" if parameter.default is None else parameter.default
    return f"`{parameter.name}` ({parameter.label}; {parameter.type}{choices}; default {default})"


def _describe_exclusions(member: Measure) -> str:
    """Why an episode that passes the filters is not counted: the first of these that holds."""
    listed = [f"{place}. {exclusion.describe()}" for place, exclusion in enumerate(member.exclusions, 1)]
    return "; ".join(listed) or member.not_listed


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
    """Write the documentation, or with --check compare it. Returns 1 where it is stale or a header is malformed."""
    try:
        tests = count_tests()
        rendered = {README: render_catalogue(tests), COUNTED: write_counts(tests)}
    except MeasureError as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in rendered.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" not in arguments:
        for path in stale:
            path.write_text(rendered[path], encoding="utf-8")
        return 0
    for path in stale:
        print(f"queries/{path.name} is not current. Run `python -m queries.documentation`.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
