"""Published values beside our own numbers, with whom and when they describe."""

from __future__ import annotations

from dataclasses import dataclass

from queries.warehouse import Warehouse


@dataclass(frozen=True)
class Benchmark:
    """A published value to hold beside a measure; ``comparable`` is yes, partly or no."""

    value: float
    lower: float | None
    upper: float | None
    population: str
    year: int | None
    source: str
    comparable: str
    is_from_memory: bool = False
    """Written down from memory: to be verified before anybody quotes it."""

    def describe(self) -> str:
        """One line for files: the value in the measure's unit, and all that it must not be quoted without."""
        limits = f" ({self.lower:g} to {self.upper:g})" if self.lower is not None and self.upper is not None else ""
        facts = [f"{self.value:g}{limits}: {self.population}", str(self.year or "year not stated"), self.source]
        facts.append(f"comparable: {self.comparable}")
        return ", ".join([*facts, *(["from memory: verify before quoting"] if self.is_from_memory else [])])


def read_benchmarks(warehouse: Warehouse) -> dict[str, list[Benchmark]]:
    """The published values by measure, the most comparable first, then the newest."""
    # A warehouse of an older version does not have the last column yet.
    rows = warehouse.cursor().execute(
        """
        select *
        from core.benchmarks
        order by measure, list_position(['yes', 'partly', 'no'], comparable), year desc, benchmark_id
        """
    )
    names = [column[0] for column in rows.description]
    found: dict[str, list[Benchmark]] = {}
    for row in (dict(zip(names, values, strict=True)) for values in rows.fetchall()):
        entry = Benchmark(
            value=row["benchmark_value"],
            lower=row["lower"],
            upper=row["upper"],
            population=row["population"],
            year=row["year"],
            source=row["source"],
            comparable=row["comparable"],
            is_from_memory=bool(row.get("is_from_memory")),
        )
        found.setdefault(row["measure"], []).append(entry)
    return found
