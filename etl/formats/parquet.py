"""Parquet files, read by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from etl.formats.rows import Record, Rows, as_line, as_text
from etl.progress import LoadError

BATCH = 10_000


def tables(path: Path) -> list[str]:
    """One table a file."""
    return [""]


def rows(path: Path, table: str, columns: tuple[str, ...]) -> Rows:
    """The rows of the file in their order."""
    connection = duckdb.connect()
    # A time with a zone is told as one instant, in UTC, whatever this machine's zone is.
    connection.execute("set timezone = 'UTC'")
    try:
        described = connection.execute("describe select * from read_parquet($path)", {"path": str(path)}).fetchall()
        columns_sql = ", ".join(_as_read(name, kind) for name, kind, *_ in described)
        found = connection.execute(f"select {columns_sql} from read_parquet($path)", {"path": str(path)})
    except duckdb.Error as error:
        raise _cannot_read(path, error) from error
    header = tuple(entry[0] for entry in found.description or [])
    return Rows(header, _records(path, found))


def _as_read(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return f"strftime({quoted}, '%Y-%m-%d %H:%M:%S%z') as {quoted}" if kind.endswith("WITH TIME ZONE") else quoted


def _records(path: Path, found: duckdb.DuckDBPyConnection) -> Iterator[Record]:
    line = 1
    try:
        while batch := found.fetchmany(BATCH):
            for values in batch:
                line += 1
                cells = [as_text(value) for value in values]
                yield Record(line, cells, as_line(cells))
    except duckdb.Error as error:
        raise _cannot_read(path, error) from error


def _cannot_read(path: Path, error: Exception) -> LoadError:
    reason = str(error).splitlines()[0]
    return LoadError(f"{path.name} cannot be read as Parquet ({reason}). Export it again.")
