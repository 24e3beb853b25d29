"""Decides whether a statement of somebody's own SQL may run: exactly one, and it only reads the warehouse.

It allows what it knows and refuses the rest: kinds of statement, kinds of query node, table functions, relations.
The locked connection stands behind it; neither trusts the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}

TABLE_FUNCTIONS = {
    "range", "generate_series", "unnest", "repeat", "json_each", "json_tree", "duckdb_tables", "duckdb_columns",
    "duckdb_constraints", "duckdb_functions", "duckdb_keywords", "duckdb_schemas", "duckdb_types", "duckdb_views",
    "pragma_table_info",
}  # fmt: skip

SCHEMAS = {"core", "mart", "load", "information_schema", "main", "pg_catalog", ""}

WRITING_WORDS = {
    "alter", "attach", "call", "checkpoint", "copy", "create", "deallocate", "delete", "detach", "drop", "execute",
    "export", "import", "insert", "install", "load", "merge", "pragma", "prepare", "reset", "set", "truncate", "update",
    "use", "vacuum",
}  # fmt: skip
"""Keywords that no PIVOT needs; a PIVOT has no syntax tree to look at, so its words are looked at."""

_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?(\((?:[^()'\"]*)\)\s*)?", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

READS_ONLY = "Only SELECT, EXPLAIN, DESCRIBE, SHOW, SUMMARIZE and PIVOT can be run here: the warehouse is read-only."


class Refused(Exception):
    """The statement may not run; the message says why and what may."""


def check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise Refused unless the SQL is exactly one statement that only reads."""
    try:
        kinds = [statement.type for statement in connection.extract_statements(sql)]
    except ValueError:  # A kind that has no name in Python.
        raise Refused(READS_ONLY) from None
    if len(kinds) != 1:
        raise Refused(f"Run one statement at a time; these are {len(kinds)}.")
    kind = kinds[0]
    if kind == duckdb.StatementType.EXPLAIN:
        _check_explained(connection, sql)
    elif kind == duckdb.StatementType.SELECT:
        _check_tree(_tree(connection, sql))
    elif kind == duckdb.StatementType.MULTI:
        _check_words(connection, sql)
    else:
        raise Refused(READS_ONLY)


def _check_explained(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    inner = _EXPLAIN.sub("", sql, count=1) if _EXPLAIN.match(sql) else ""
    if not inner or _EXPLAIN.match(inner):
        raise Refused("Begin with EXPLAIN and let a SELECT follow it directly.")
    check_statement(connection, inner)


def _tree(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    row = connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    tree: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if tree.get("error", True):
        raise Refused(READS_ONLY)
    return tree


def _check_tree(tree: dict[str, Any]) -> None:
    for node in _nodes(tree):
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in READING_NODES:
            raise Refused(READS_ONLY)
        if kind == "TABLE_FUNCTION":
            _check_function(str(node["function"].get("function_name", "")))
        elif kind == "BASE_TABLE":
            _check_relation(str(node.get("schema_name", "")), str(node.get("table_name", "")))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _check_function(name: str) -> None:
    if name.lower() not in TABLE_FUNCTIONS:
        raise Refused(f"The table function {name}() cannot be used here: only the tables of the warehouse can be read.")


def _check_relation(schema: str, name: str) -> None:
    if schema.lower() not in SCHEMAS or not _NAME.fullmatch(name):
        raise Refused(
            f"{name!r} is not a table of the warehouse. `iop dictionary` lists the tables; files cannot be read here."
        )


def _check_words(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """A PIVOT: it has the word, no other statement's keywords, and no table function that is not allowed."""
    rows = connection.execute(
        "select distinct function_name from duckdb_functions() "
        "where function_type in ('table', 'pragma', 'table_macro')"
    ).fetchall()
    forbidden = ({name for (name,) in rows} - TABLE_FUNCTIONS) | WRITING_WORDS
    words = list(_words(sql))
    if not {"pivot", "pivot_wider"} & set(words):
        raise Refused(READS_ONLY)
    for word in words:
        if word in forbidden:
            raise Refused(
                f"{word.upper()} cannot be part of a PIVOT here. Pivot one of the warehouse's tables or a SELECT."
            )


def _words(sql: str) -> Iterator[str]:
    """Words of the SQL outside text constants and comments, in lower case and without quotes."""
    encoded = sql.encode()
    tokens = duckdb.tokenize(sql)
    ends = [start for start, _ in tokens[1:]] + [len(encoded)]
    for (start, kind), end in zip(tokens, ends, strict=True):
        if kind not in (duckdb.token_type.string_const, duckdb.token_type.comment):
            for word in re.findall(r"\w+", encoded[start:end].decode(errors="replace")):
                yield word.lower()
