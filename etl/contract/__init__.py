"""The canonical tables: one TOML file each; DDL, comments, checks and the data dictionary come from them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

SCHEMA_VERSION = 1
"""Raised when a warehouse written by this code can no longer be read by older code."""

_DUCKDB_TYPES = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}

LOAD_ORDER = (
    "sites", "patients", "episodes", "requests", "sessions", "assessments", "toxicology", "use_events",
    "medications", "costs", "authorizations", "rates", "price_index", "benchmarks", "targets",
    "baseline_changes", "certifications", "incidents", "functioning", "satisfaction",
    "instruments",
)  # fmt: skip
"""Parents before the tables that refer to them."""


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    type: str
    meaning: str
    required: bool = False
    unit: str = ""
    allowed: dict[str, str] = field(default_factory=dict)
    min: Any = None
    max: Any = None
    references: str = ""
    identifies: str = ""
    example: str = ""

    @property
    def duckdb_type(self) -> str:
        """The DuckDB type, for example ``DECIMAL(12,2)``."""
        return _DUCKDB_TYPES.get(self.type, self.type.upper())

    @property
    def description(self) -> str:
        """Meaning, and the column that it refers to."""
        return f"{self.meaning} Refers to {self.references}." if self.references else self.meaning

    @property
    def allowed_values(self) -> str:
        """The codes with their meanings, or the range; empty where every value of the type is allowed."""
        if self.allowed:
            return "; ".join(f"{code}: {meaning}" for code, meaning in self.allowed.items())
        low, high = (limit if limit != "data_cut" else "the data cut" for limit in (self.min, self.max))
        if low is not None and high is not None:
            return f"{low} to {high}"
        return f"from {low}" if low is not None else f"up to {high}" if high is not None else ""

    @property
    def comment(self) -> str:
        """Everything about the column in one line, for COMMENT ON COLUMN."""
        parts = [self.description]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.allowed_values:
            parts.append(f"Allowed: {self.allowed_values}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Rule:
    """A condition between columns of one row; a row that breaks it is rejected."""

    name: str
    sql: str
    says: str


@dataclass(frozen=True)
class Table:
    """One canonical table."""

    name: str
    meaning: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def comment(self) -> str:
        """Meaning, grain and key, for COMMENT ON TABLE."""
        return f"{self.meaning} {self.grain} Key: {', '.join(self.key)}."

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def ddl(self, schema: str = "core") -> Iterator[str]:
        """CREATE TABLE and the COMMENT statements, in order, without keys (the loader checks them itself)."""
        columns = ",\n  ".join(f"{c.name} {c.duckdb_type}{' NOT NULL' if c.required else ''}" for c in self.columns)
        yield f"create table {schema}.{self.name} (\n  {columns}\n)"
        yield f"comment on table {schema}.{self.name} is {_quote(self.comment)}"
        for column in self.columns:
            yield f"comment on column {schema}.{self.name}.{column.name} is {_quote(column.comment)}"


@cache
def tables() -> dict[str, Table]:
    """Every canonical table by name, in load order. Raises ValueError when a file is malformed."""
    found = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in resources.files(__package__).iterdir()
        if entry.name.endswith(".toml")
    }
    if set(found) != set(LOAD_ORDER):
        raise ValueError(f"Contract files and LOAD_ORDER differ: {sorted(set(found) ^ set(LOAD_ORDER))}")
    return {name: _table(name, found[name]) for name in LOAD_ORDER}


def _table(name: str, body: dict[str, Any]) -> Table:
    columns = tuple(Column(name=key, **value) for key, value in body["columns"].items())
    for column in columns:
        if column.type not in _DUCKDB_TYPES and not re.fullmatch(r"decimal\(\d+,\d+\)", column.type):
            raise ValueError(f"{name}.{column.name}: unknown type {column.type!r}")
    table = Table(
        name=name,
        meaning=body["meaning"],
        grain=body["grain"],
        key=tuple(body["key"]),
        columns=columns,
        rules=tuple(Rule(**rule) for rule in body.get("rules", [])),
    )
    missing = set(table.key) - set(table.column_names)
    if missing:
        raise ValueError(f"{name}: key columns are not in the table: {sorted(missing)}")
    return table


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
