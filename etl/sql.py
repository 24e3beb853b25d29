"""Text of SQL: constants, and the named parameters that a statement uses."""

from __future__ import annotations

from typing import Any

import duckdb

from etl.progress import LoadError


def literal(text: str) -> str:
    """A constant of the contract or of a mapping as SQL text (never a value that a person typed)."""
    return "'" + text.replace("'", "''") + "'"


def used_parameters(sql: str, values: dict[str, Any], where: str) -> dict[str, Any]:
    """The named parameters that a statement uses. Raises LoadError, naming ``where``, for an unknown one."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise LoadError(f"{where}: the SQL cannot be parsed: {str(error).splitlines()[0]}") from error
    if len(statements) != 1:
        raise LoadError(f"{where}: expected one statement, found {len(statements)}.")
    names = set(statements[0].named_parameters)
    unknown = sorted(names - set(values))
    if unknown:
        raise LoadError(f"{where}: unknown parameter ${unknown[0]}. Rules are in etl/rules.toml.")
    return {name: values[name] for name in names}
