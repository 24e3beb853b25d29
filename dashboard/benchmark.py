"""Published values beside our own, with whom and when they describe."""

from __future__ import annotations

from datetime import date

from dashboard.data import Benchmark
from dashboard.wording import in_unit, interval

OLD_YEARS = 10
COMPARABLE = {
    "yes": "same definition",
    "partly": "similar definition or population",
    "no": "for orientation only, not comparable",
}


def describe_benchmark(found: Benchmark, unit: str, today: date) -> str:
    """One line: value, interval, population, year (and its age from ten years on), comparability, source."""
    limits = interval(found.lower, found.upper, unit)
    value = in_unit(found.value, unit) + (f" ({limits})" if limits else "")
    whom = f"{found.population}, {describe_year(found, today)}"
    return f"{value}: {whom}; {COMPARABLE[found.comparable]}. {found.source}."


def marks(benchmarks: list[Benchmark]) -> tuple[tuple[float, str], ...]:
    """What a chart draws of them: the values that may be compared at least in part, and their years."""
    return tuple(
        (found.value, f"published {found.year}" if found.year else "published")
        for found in benchmarks
        if found.comparable != "no"
    )


def describe_year(found: Benchmark, today: date) -> str:
    """The year of the data, and how old they are when that matters."""
    if found.year is None:
        return "year not stated"
    age = today.year - found.year
    return f"{found.year}" + (f", **{age} years old**" if age >= OLD_YEARS else "")
