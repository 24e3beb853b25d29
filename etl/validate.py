"""Holds staged rows against the contract: row rules, references, duplicates. Bad rows are listed, good ones stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from etl.contract import Column, Table
from etl.mapping import Duplicates
from etl.stage import Staged, literal, used_parameters

LATEST_DATE = date(2100, 12, 31)
EARLIEST_DATE = date(1900, 1, 1)
EARLIEST_TIMESTAMP = date(1990, 1, 1)

_PARSE_RULES = {
    "integer": ("not_an_integer", "is not a whole number"),
    "number": ("not_a_number", "is not a number"),
    "date": ("not_a_date", "is not a date of the form 2026-09-30"),
    "timestamp": ("not_a_timestamp", "is not a time of the declared form"),
    "boolean": ("not_a_boolean", "is not true or false"),
}


@dataclass(frozen=True)
class Check:
    """One rule of one table: SQL that is true for a good row."""

    rule: str
    column: str
    message: str
    sql: str


@dataclass
class Verdict:
    """Which staged rows of a table may not be loaded."""

    checks: list[Check]
    bad: str
    """Temp table: _row, check_number (into ``checks``)."""
    superseded: str
    """Temp table: _row."""


def row_checks(staged: Staged) -> list[Check]:
    """Every condition on single rows that the contract and the mapping set."""
    checks: list[Check] = []
    for column in staged.table.columns:
        checks += _column_checks(column, column.name in staged.text_columns)
    checks += [Check(r.name, "", r.says, f"coalesce(({r.sql}), true)") for r in staged.table.rules]
    seen = set()
    for piece in staged.pieces:
        for name in piece.part.values:
            key = f"not_allowed:{name}"
            if key not in seen:
                checks.append(
                    Check("not_allowed", name, "the source's value map does not know this value", _unbroken(key))
                )
            seen.add(key)
        for rule in piece.part.rules:
            if rule.name not in seen:
                checks.append(Check(rule.name, "", rule.says, _unbroken(f"{rule.name}:")))
            seen.add(rule.name)
    return checks


def _unbroken(key: str) -> str:
    return f"(_broken is null or not list_contains(_broken, {literal(key)}))"


def _column_checks(column: Column, has_text: bool) -> list[Check]:
    name = column.name
    checks = []
    given = f"_text_{name}" if has_text else name
    if column.required:
        # A typed piece has no text and a text piece may have text without a value.
        sql = f"({name} is not null or {given} is not null)" if has_text else f"{name} is not null"
        checks.append(Check("required", name, "a required value is missing", sql))
    if has_text:
        rule, says = _PARSE_RULES.get(column.type, ("not_a_number", "is not a decimal number of the allowed places"))
        checks.append(Check(rule, name, f"the value {says}", f"({given} is null or {name} is not null)"))
    if column.type == "number" and (column.min is None or column.max is None):
        # 'nan' sorts above every number; two limits refuse it and infinity already.
        checks.append(Check("not_a_number", name, "the value is not a number", f"({name} is null or isfinite({name}))"))
    if column.allowed:
        known = ", ".join(literal(value) for value in column.allowed)
        says = f"the value is not one of {', '.join(column.allowed)}"
        checks.append(Check("not_allowed", name, says, f"({name} is null or {name} in ({known}))"))
    low, high = _limits(column)
    if low or high:
        condition = " and ".join(
            part for part in (f"{name} >= {low}" if low else "", f"{name} <= {high}" if high else "") if part
        )
        says = f"the value is outside {_shown(low)} to {_shown(high)}"
        checks.append(Check("out_of_range", name, says, f"({name} is null or ({condition}))"))
    return checks


def _limits(column: Column) -> tuple[str, str]:
    low = column.min if column.min is not None else None
    high = column.max if column.max is not None else None
    if column.type == "date":
        upper = "$data_cut" if high == "data_cut" else f"date {literal(str(high or LATEST_DATE))}"
        return f"date {literal(str(low or EARLIEST_DATE))}", upper
    if column.type == "timestamp":
        return (
            f"timestamp {literal(f'{low or EARLIEST_TIMESTAMP} 00:00:00')}",
            f"timestamp {literal(f'{LATEST_DATE} 00:00:00')}",
        )
    return ("" if low is None else str(low), "" if high is None else str(high))


def _shown(limit: str) -> str:
    plain = limit.replace("date ", "").replace("timestamp ", "").strip("'")
    return {"": "any", "$data_cut": "the data cut"}.get(plain, plain)


def validate(
    connection: duckdb.DuckDBPyConnection, staged: Staged, duplicates: Duplicates, parameters: dict[str, Any]
) -> Verdict:
    """List the rows that break a rule, refer to nobody or repeat a key. Parents must be loaded already."""
    name = staged.table.name
    verdict = Verdict(row_checks(staged), f"bad_{name}", f"superseded_{name}")
    connection.execute(f"create or replace temp table {verdict.superseded} (_row bigint)")
    _check_rows(connection, staged, verdict, parameters)
    _check_references(connection, staged, verdict)
    _check_keys(connection, staged, verdict, duplicates)
    return verdict


def _check_rows(
    connection: duckdb.DuckDBPyConnection, staged: Staged, verdict: Verdict, parameters: dict[str, Any]
) -> None:
    good = " and ".join(check.sql for check in verdict.checks)
    broken = ", ".join(f"case when not {check.sql} then {number} end" for number, check in enumerate(verdict.checks))
    sql = (
        f"create or replace temp table {verdict.bad} as select _row, "
        f"unnest(list_filter([{broken}], lambda x: x is not null))::integer as check_number "
        f"from {staged.relation} where not ({good})"
    )
    connection.execute(sql, used_parameters(sql, parameters, f"The rules of {staged.table.name}"))


def _check_references(connection: duckdb.DuckDBPyConnection, staged: Staged, verdict: Verdict) -> None:
    for column in staged.table.columns:
        if not column.references:
            continue
        parent, key = column.references.split(".")
        says = f"there is no accepted row in {parent} with this {key}"
        verdict.checks.append(Check("unknown_reference", column.name, says, ""))
        connection.execute(
            f"insert into {verdict.bad} select s._row, {len(verdict.checks) - 1} from {staged.relation} as s "
            f"where s.{column.name} is not null and s.{column.name} not in (select {key} from core.{parent})"
        )


def _check_keys(
    connection: duckdb.DuckDBPyConnection, staged: Staged, verdict: Verdict, duplicates: Duplicates
) -> None:
    table: Table = staged.table
    if _is_ascending(connection, staged):
        return
    key = ", ".join(table.key)
    good = f"{staged.relation} where _row not in (select _row from {verdict.bad})"
    connection.execute(
        f"create or replace temp table repeated as select {key} from {good} group by {key} having count(*) > 1"
    )
    order = f"{duplicates.order_by}, _row" if duplicates.order_by else "_row"
    wanted = "copies" if duplicates.keep == "last" else "1"
    match = " and ".join(f"s.{column} is not distinct from r.{column}" for column in table.key)
    extra = (
        f"select _row from (select _row, row_number() over (partition by {key} order by {order}) as place, "
        f"count(*) over (partition by {key}) as copies from {good} "
        f"and exists (select 1 from repeated as r where {match.replace('s.', staged.relation + '.')})) as ranked "
        f"where place <> {wanted}"
    )
    if duplicates.keep == "reject":
        verdict.checks.append(Check("duplicate_key", key, "an earlier row has the same key", ""))
        connection.execute(f"insert into {verdict.bad} select _row, {len(verdict.checks) - 1} from ({extra}) as extra")
    else:
        connection.execute(f"insert into {verdict.superseded} {extra}")
    connection.execute("drop table repeated")


def _is_ascending(connection: duckdb.DuckDBPyConnection, staged: Staged) -> bool:
    """Whether a single key only ever rises in file order: then nothing repeats, and no grouping is needed."""
    if len(staged.table.key) != 1:
        return False
    key = staged.table.key[0]
    row = connection.execute(
        f"select count(*) from (select {key} as k, lag({key}) over () as previous from {staged.relation}) "
        "where k <= previous or k is null"
    ).fetchone()
    return row is not None and row[0] == 0
