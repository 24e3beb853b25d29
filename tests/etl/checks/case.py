"""A case of a check: a sound little clinic, and rows that break it, with what must be counted then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from etl import contract
from etl.build_marts import SHARED_RULES, Mart, read_marts
from etl.check_files import CheckFile
from etl.load_tables import LOAD_TABLES
from etl.rules import resolve_rules
from etl.sql import used_parameters
from tests.clinic import complete, insert_rows

Rows = list[dict[str, Any]]
DATA_CUT = date(2026, 9, 30)
MARTS = read_marts()
PARAMETERS = {name: rule.value for name, rule in resolve_rules({}).items()}
PARAMETERS |= {"data_cut": DATA_CUT, "analysis_cut": DATA_CUT - timedelta(days=30)}


@dataclass(frozen=True)
class Case:
    """``bad`` rows are added to the ``good`` ones, table by table; ``found`` is (violations, denominator) then."""

    good: dict[str, Rows]
    bad: dict[str, Rows]
    found: tuple[int, int]

    @property
    def damaged(self) -> dict[str, Rows]:
        return {name: self.good.get(name, []) + self.bad.get(name, []) for name in {**self.good, **self.bad}}


def count(check: CheckFile, tables: dict[str, Rows]) -> tuple[int, int]:
    """Violations and denominator of a check on a clinic of these rows (``load.x`` names a table of schema load)."""
    with duckdb.connect() as connection:
        _build(connection, tables, check.sql)
        parameters = used_parameters(check.sql, PARAMETERS, check.name)
        violations, denominator = connection.execute(check.counting_sql, parameters).fetchone() or (0, 0)
        listed = connection.execute(check.rows_sql, parameters).fetchall()
        assert bool(listed) == bool(violations)
        return int(violations or 0), int(denominator or 0)


def _build(connection: duckdb.DuckDBPyConnection, tables: dict[str, Rows], sql: str) -> None:
    for schema in ("core", "mart", "load"):
        connection.execute(f"create schema {schema}")
    for name, (_, columns) in LOAD_TABLES.items():
        connection.execute(f"create table load.{name} ({', '.join(f'{c} {kind}' for c, (kind, _) in columns.items())})")
        for row in tables.get(f"load.{name}", []):
            marks = ", ".join(f"${column}" for column in row)
            connection.execute(f"insert into load.{name} ({', '.join(row)}) values ({marks})", row)
    filled = complete({"episodes": [], **{name: rows for name, rows in tables.items() if "." not in name}})
    for name, table in contract.tables().items():
        connection.execute(next(iter(table.ddl())))
        insert_rows(connection, table, filled.get(name, []))
    connection.execute(SHARED_RULES.read_text(encoding="utf-8"))
    for mart in _needed(sql):
        connection.execute(f"create table mart.{mart.name} as {mart.sql}", used_parameters(mart.sql, PARAMETERS, ""))


def _needed(sql: str) -> list[Mart]:
    wanted = set(re.findall(r"\bmart\.(\w+)", sql))
    for mart in reversed(MARTS):
        if mart.name in wanted:
            wanted |= mart.needs
    return [mart for mart in MARTS if mart.name in wanted]
