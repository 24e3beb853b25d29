"""Writes what a warehouse says about itself: its version, its rules and the dictionary of its tables and columns."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from etl import contract
from etl.rules import NamedRule


@dataclass(frozen=True)
class Facts:
    """The one row of load.version."""

    version: str
    source: str
    data_cut: date
    analysis_cut: date
    rule_version: str
    exported_at: datetime | None
    schema_version: int
    code_version: str
    input_digest: str


def write_version(connection: duckdb.DuckDBPyConnection, facts: Facts) -> None:
    """Fill load.version."""
    names = list(Facts.__dataclass_fields__)
    connection.execute(
        f"insert into load.version ({', '.join(names)}) values ({', '.join('$' + name for name in names)})",
        {name: getattr(facts, name) for name in names},
    )


def write_rules(connection: duckdb.DuckDBPyConnection, rules: Map[str, NamedRule]) -> None:
    """Fill load.rule."""
    for rule in rules.values():
        is_number = isinstance(rule.value, int | float) and not isinstance(rule.value, bool)
        connection.execute(
            "insert into load.rule values ($name, $value, $text, $meaning, $source)",
            {
                "name": rule.name,
                "value": float(rule.value) if is_number else None,
                "text": str(rule.value),
                "meaning": rule.meaning,
                "source": rule.source,
            },
        )


def write_dictionary(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill load.dictionary from the comments in the file, with unit, requirement and values from the contract."""
    connection.execute(
        """
        insert into load.dictionary
        select schema_name, table_name, '', 0, 'table', '', false, '', coalesce(comment, '')
        from duckdb_tables() where schema_name in ('core', 'mart', 'load') and not temporary
        union all
        select schema_name, table_name, column_name, column_index, data_type, '', not is_nullable, '',
            coalesce(comment, '')
        from duckdb_columns()
        where schema_name in ('core', 'mart', 'load') and database_name = current_database()
        order by schema_name, table_name, column_index
        """
    )
    for table in contract.tables().values():
        for column in table.columns:
            connection.execute(
                """
                update load.dictionary
                set unit = $unit, is_required = $required, allowed = $allowed, meaning = $meaning
                where schema_name = 'core' and table_name = $table and column_name = $column
                """,
                {
                    "unit": column.unit,
                    "required": column.required,
                    "allowed": column.allowed_values,
                    "meaning": column.description,
                    "table": table.name,
                    "column": column.name,
                },
            )
