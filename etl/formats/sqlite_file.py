"""SQLite files: tables and views, read with the standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from etl.formats.rows import Record, Rows, as_line, as_text
from etl.progress import LoadError, nearest


def tables(path: Path) -> list[str]:
    """Names of the tables and views."""
    with closing(_open(path)) as connection:
        try:
            rows = connection.execute(
                "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' "
                "order by name"
            ).fetchall()
        except sqlite3.Error as error:
            raise _cannot_read(path, error) from error
    return [name for (name,) in rows]


def rows(path: Path, table: str, columns: tuple[str, ...]) -> Rows:
    """The rows of a table in the order in which they are stored; ``table`` may be empty where there is only one."""
    known = tables(path)
    if not table and len(known) == 1:
        table = known[0]
    if table not in known:
        said = f"no table {table!r}" if table else ("several tables" if known else "no table")
        raise LoadError(
            f'{path.name} has {said}.{nearest(table, known)} Say which one is meant: table = "…" in source.toml. '
            f"It has {', '.join(known) or 'none'}."
        )
    quoted = table.replace('"', '""')
    with closing(_open(path)) as connection:
        header = tuple(name for _, name, *_ in connection.execute(f'pragma table_info("{quoted}")'))
    return Rows(header, _records(path, quoted))


def _records(path: Path, quoted: str) -> Iterator[Record]:
    with closing(_open(path)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", errors="replace")
        try:
            for line, values in enumerate(connection.execute(f'select * from "{quoted}"'), start=2):
                cells = [as_text(value) for value in values]
                yield Record(line, cells, as_line(cells))
        except sqlite3.Error as error:
            raise _cannot_read(path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise _cannot_read(path, error) from error


def _cannot_read(path: Path, error: Exception) -> LoadError:
    return LoadError(f"{path.name} cannot be read as an SQLite file ({error}). Export it again, or as CSV.")
