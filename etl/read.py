"""Reads checked files into temporary relations with DuckDB, and proves that no record was lost on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np

from etl.contract import Column
from etl.precheck import CheckedFile, open_text_bytes
from etl.progress import LoadError
from etl.read_slowly import BadRecord, read_slowly

SAMPLE_RECORDS = 50_000
MOSTLY_ERRORS_SHARE = 0.5
MOSTLY_ERRORS_FROM = 20
EARLIEST_TYPED = date(1900, 1, 2)
"""The reader turns 'infinity' and 'epoch' into 1900-01-01: a typed date needs a later lower limit."""

_RULE_OF_TYPE = {
    "DATE": "not_a_date",
    "TIMESTAMP": "not_a_timestamp",
    "BOOLEAN": "not_a_boolean",
    "DOUBLE": "not_a_number",
}
_RULE_OF_ERROR = {
    "MISSING COLUMNS": "wrong_field_count",
    "TOO MANY COLUMNS": "wrong_field_count",
    "UNQUOTED VALUE": "unterminated_quote",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "INVALID ENCODING": "not_utf8",
}


@dataclass
class ReadFile:
    """One physical file in a temp relation, with the records that could not be parsed."""

    file: CheckedFile
    relation: str
    types: dict[str, str]
    rows_read: int = 0
    parsed: int = 0
    bad: list[BadRecord] = field(default_factory=list)
    has_line_column: bool = False
    has_other_format: bool = False
    """A time was refused that has another of the declared forms: the reader knows one form a file."""

    def __post_init__(self) -> None:
        self._good_before: np.ndarray | None = None

    @property
    def bad_lines(self) -> set[int]:
        return {record.line for record in self.bad}

    def good_rows_before_bad_lines(self) -> np.ndarray:
        """For each bad line, in order, how many parsed rows are above it (even files only)."""
        if self._good_before is None:
            bad = np.array(sorted(self.bad_lines), dtype=np.int64)
            self._good_before = bad - 2 - np.arange(len(bad))
        return self._good_before

    def line_of(self, row: int) -> int:
        """Physical line of a parsed row of an even file, from its rowid."""
        return row + 2 + int(np.searchsorted(self.good_rows_before_bad_lines(), row, side="right"))


def reader_type(column: Column) -> str:
    """The type that the reader may give a plain column: one whose lenient casts a later rule closes, else text."""
    if column.type == "date" and column.min and date.fromisoformat(str(column.min)) >= EARLIEST_TYPED:
        return "DATE"
    return {"timestamp": "TIMESTAMP", "boolean": "BOOLEAN", "number": "DOUBLE"}.get(column.type, "VARCHAR")


def read_file(
    connection: duckdb.DuckDBPyConnection,
    file: CheckedFile,
    relation: str,
    types: dict[str, str],
    workspace: Path,
) -> ReadFile:
    """Read one file into a temp table. ``types`` are by raw column; the others are text.

    Raises LoadError for a file that is mostly errors.
    """
    in_order = {name: types.get(name, "VARCHAR") for name in file.header}
    if file.is_even:
        result = _read_even(connection, file, relation, in_order, workspace)
        if result is not None and result.has_other_format:
            as_text = {name: "VARCHAR" if kind == "TIMESTAMP" else kind for name, kind in in_order.items()}
            result = _read_even(connection, file, relation, as_text, workspace)
        if result is not None:
            refuse_mostly_errors(file.name, result.rows_read, result.bad)
            return result
    return _read_uneven(connection, file, relation, dict.fromkeys(file.header, "VARCHAR"))


def _read_even(
    connection: duckdb.DuckDBPyConnection, file: CheckedFile, relation: str, types: dict[str, str], workspace: Path
) -> ReadFile | None:
    """The file as DuckDB reads it, or None where records are missing."""
    is_small = file.records <= SAMPLE_RECORDS
    formats = file.raw.timestamp_formats if "TIMESTAMP" in types.values() else ("",)
    best = _best_format(connection, file, types, workspace, formats)
    for is_parallel in (not is_small, False):
        result = ReadFile(file, relation, types)
        try:
            _scan(connection, result, file.path, best, is_parallel)
        except duckdb.Error:
            continue
        if result.parsed + len(result.bad_lines) == file.records:
            result.rows_read = file.records
            return result
    return None


def _read_uneven(
    connection: duckdb.DuckDBPyConnection, file: CheckedFile, relation: str, types: dict[str, str]
) -> ReadFile:
    count, bad = read_slowly(connection, file, relation)
    refuse_mostly_errors(file.name, count, bad)
    parsed = int(_one(connection, f"select count(*) from {relation}"))
    if parsed + len({record.line for record in bad}) != count:
        raise LoadError(
            f"{file.name}: {count} records were read but {parsed} arrived. Load again; report this if it repeats."
        )
    return ReadFile(file, relation, types, rows_read=count, parsed=parsed, bad=bad, has_line_column=True)


def _best_format(
    connection: duckdb.DuckDBPyConnection,
    file: CheckedFile,
    types: dict[str, str],
    workspace: Path,
    formats: tuple[str, ...],
) -> str:
    """The timestamp format under which most of the first records parse; refuses a file that is mostly errors."""
    is_small = file.records <= SAMPLE_RECORDS
    if is_small and len(formats) == 1:
        return formats[0]
    sample = workspace / "sample.csv"
    with open_text_bytes(file.path, file.is_gzip) as source, sample.open("wb") as target:
        target.writelines(islice(source, SAMPLE_RECORDS + 1))
    found: dict[str, ReadFile] = {}
    for timestamp_format in formats:
        result = ReadFile(file, "sample_rows", types)
        try:
            _scan(connection, result, sample, timestamp_format, is_parallel=False)
        except duckdb.Error:
            continue
        found[timestamp_format] = result
        if not result.bad:
            break
    connection.execute("drop table if exists sample_rows")
    sample.unlink()
    if not found:
        return formats[0]
    best = min(found, key=lambda key: len(found[key].bad_lines))
    refuse_mostly_errors(file.name, min(file.records, SAMPLE_RECORDS), found[best].bad)
    return best


def _scan(
    connection: duckdb.DuckDBPyConnection, result: ReadFile, path: Path, timestamp_format: str, is_parallel: bool
) -> None:
    # The reader's options take no bound parameters inside create table; they come from the mapping and the header.
    rejects = f"rejects_{result.relation}"
    options = {
        "path": str(path),
        "delimiter": result.file.raw.delimiter,
        "columns": result.types,
        "nulls": list(result.file.raw.nulls),
        "compression": "gzip" if path.suffix == ".gz" else "none",
        "rejects": rejects,
        "scans": f"scans_{result.relation}",
        "is_parallel": is_parallel,
    }
    if timestamp_format:
        options["timestamp_format"] = timestamp_format
    connection.execute(f"drop table if exists {rejects}")
    connection.execute(f"drop table if exists scans_{result.relation}")
    connection.execute(
        f"""
        create or replace temp table {result.relation} as
        select * from read_csv(
            $path, auto_detect = false, header = true, delim = $delimiter, quote = '"', escape = '"',
            columns = $columns, nullstr = $nulls, compression = $compression, null_padding = false,
            dateformat = '%Y-%m-%d', {"timestampformat = $timestamp_format," if timestamp_format else ""}
            store_rejects = true, rejects_table = $rejects, rejects_scan = $scans, rejects_limit = 0,
            parallel = $is_parallel
        )
        """,
        options,
    )
    result.parsed = int(_one(connection, f"select count(*) from {result.relation}"))
    rows = connection.execute(
        f"select line, column_name, error_type, csv_line, error_message from {rejects} order by line, column_idx"
    ).fetchall()
    result.bad = [_bad_record(result.types, *row) for row in rows]
    if timestamp_format and result.bad:
        times = [name for name, kind in result.types.items() if kind == "TIMESTAMP"]
        sql = (
            f"select count(*) from {rejects} where error_type = 'CAST' and list_contains($times, column_name) and "
            "try_strptime(regexp_extract(error_message, 'convert string \"(.*)\" to', 1), $formats) is not null"
        )
        found = connection.execute(sql, {"times": times, "formats": list(result.file.raw.timestamp_formats)}).fetchone()
        result.has_other_format = found is not None and found[0] > 0
    connection.execute(f"drop table {rejects}")
    connection.execute(f"drop table scans_{result.relation}")


def _bad_record(
    types: dict[str, str], line: int, column: str | None, error: str, text: str | None, message: str
) -> BadRecord:
    raw_text = (text or "").strip("\r\n")
    if error == "CAST":
        kind = types.get(column or "", "")
        value = message.split('convert string "', 1)[-1].rsplit('" to', 1)[0]
        return BadRecord(
            line, _RULE_OF_TYPE.get(kind, "not_readable"), f"{value!r} is not a {kind.lower()}", raw_text, column or ""
        )
    return BadRecord(line, _RULE_OF_ERROR.get(error, "not_readable"), message.splitlines()[0], raw_text)


def refuse_mostly_errors(name: str, rows: int, bad: list[BadRecord]) -> None:
    """Raise LoadError when more than half of at least 20 records are bad: such a file is of another kind."""
    lines = {record.line for record in bad}
    if rows < MOSTLY_ERRORS_FROM or len(lines) <= MOSTLY_ERRORS_SHARE * rows:
        return
    (rule, column), count = Counter((record.rule, record.column) for record in bad).most_common(1)[0]
    first = next(record for record in bad if (record.rule, record.column) == (rule, column))
    where = f" in column {column}" if column else ""
    raise LoadError(
        f"{name} is mostly errors: {len(lines):,} of {rows:,} records. Most often {rule}{where} ({count:,} times; "
        f"line {first.line}: {first.message}). Export it in the form that the source expects, or adapt source.toml."
    )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return row[0] if row else 0
