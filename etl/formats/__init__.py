"""Files that are not CSV: every record as text cells, with its line or record number, one module a format.

What a cell becomes does not depend on the format: dates 2026-09-30, times 2026-09-30 17:30:00, whole numbers without a
point, true and false, nested values as JSON. An empty cell is None.
"""

from __future__ import annotations

from pathlib import Path

from etl.formats import excel, json_file, json_lines, parquet, sqlite_file
from etl.formats.rows import Record, Rows

CSV = "csv"
_BY_SUFFIX = {
    ".csv": CSV,
    ".tsv": CSV,
    ".txt": CSV,
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
FORMATS = tuple(dict.fromkeys(_BY_SUFFIX.values()))
_READERS = {
    "parquet": parquet,
    "excel": excel,
    "json": json_file,
    "ndjson": json_lines,
    "sqlite": sqlite_file,
}

__all__ = ["CSV", "FORMATS", "Record", "Rows", "format_of", "rows_in", "tables_in"]


def format_of(name: str) -> str | None:
    """The format that a file's name says, ``.gz`` aside: csv, parquet, excel, json, ndjson, sqlite; None if none."""
    return _BY_SUFFIX.get(Path(name.lower().removesuffix(".gz")).suffix)


def tables_in(path: Path, kind: str | None = None) -> list[str]:
    """Sheets of a workbook, tables of an SQLite file; one empty name for a format with one table a file.

    Raises LoadError for a file that is not of its format.
    """
    return _READERS[kind or format_of(path.name) or CSV].tables(path)


def rows_in(path: Path, table: str = "", kind: str | None = None, columns: tuple[str, ...] = ()) -> Rows:
    """Header and records of one table of a file that is not CSV.

    ``columns`` are the keys that a mapping declares: JSON has no header, so they are its columns; without them, the
    keys of its first records are. Raises LoadError, naming the file and the remedy, for what cannot be read.
    """
    return _READERS[kind or format_of(path.name) or CSV].rows(path, table, columns)
