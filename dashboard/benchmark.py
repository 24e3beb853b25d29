"""Published values beside our own, with whom and when they describe."""

from __future__ import annotations

from datetime import date

from dashboard.wording import in_unit, interval
from queries.benchmarks import Benchmark

OLD_YEARS = 10
FROM_MEMORY = "from memory: verify before quoting"
COMPARABLE = {
    "yes": "same definition",
    "partly": "similar definition or population",
    "no": "for orientation only, not comparable",
}


def describe_benchmark(found: Benchmark, unit: str, today: date) -> str:
    """One line: value, interval, population, year (and its age from ten years on), comparability, source.

    A value that was written down from memory says so.
    """
    limits = interval(found.lower, found.upper, unit)
    value = in_unit(found.value, unit) + (f" ({limits})" if limits else "")
    whom = f"{found.population}, {describe_year(found, today)}"
    doubt = f" **{FROM_MEMORY.capitalize()}.**" if found.is_from_memory else ""
    return f"{value}: {whom}; {COMPARABLE[found.comparable]}. {found.source}.{doubt}"


def marks(benchmarks: list[Benchmark]) -> tuple[tuple[float, str], ...]:
    """What a chart draws of them: the values that may be compared at least in part, and their years."""
    return tuple(
        (found.value, f"published {found.year}" if found.year else "published")
        for found in benchmarks
        if found.comparable != "no"
    )


def describe_briefly(benchmarks: list[Benchmark], unit: str, today: date) -> str:
    """The most comparable value in a few words for a tile; nothing where none may be compared."""
    found = next((found for found in benchmarks if found.comparable != "no"), None)
    if found is None:
        return ""
    doubt = f", {FROM_MEMORY}" if found.is_from_memory else ""
    return f"published {in_unit(found.value, unit)} ({describe_year(found, today)}{doubt})"


def verified(source: str) -> str:
    """A source in which the tag [R] of the specification, for what was recalled, is said in words."""
    return source.replace("[R]", f"({FROM_MEMORY})")


def describe_year(found: Benchmark, today: date) -> str:
    """The year of the data, and how old they are when that matters."""
    if found.year is None:
        return "year not stated"
    age = today.year - found.year
    return f"{found.year}" + (f", **{age} years old**" if age >= OLD_YEARS else "")
