"""Reads checked files into temporary relations with DuckDB, and proves that no record was lost on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb
import numpy as np

from etl.contract import Column
from etl.precheck import CheckedFile
from etl.progress import LoadError
from etl.read_slowly import BadRecord, field_count, read_slowly

SMALL_RECORDS = 50_000
DENSE_ERRORS_SHARE = 0.05
"""DuckDB keeps kilobytes of every error and loses rows where errors are dense: such a file is read record by record."""
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
_NAME_OF_TYPE = {"DATE": "a date", "TIMESTAMP": "a time", "BOOLEAN": "true or false", "DOUBLE": "a number"}
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
    result = _read_even(connection, file, relation, in_order, workspace) if file.is_even else None
    if result is None:
        return _read_uneven(connection, file, relation, dict.fromkeys(file.header, "VARCHAR"))
    refuse_mostly_errors(file.name, "records", result.rows_read, result.bad)
    return result


def _read_even(
    connection: duckdb.DuckDBPyConnection, file: CheckedFile, relation: str, types: dict[str, str], workspace: Path
) -> ReadFile | None:
    """The file as DuckDB reads it, or None where errors are dense or records are missing."""
    is_small = file.records <= SMALL_RECORDS
    as_text = {name: "VARCHAR" if kind == "TIMESTAMP" else kind for name, kind in types.items()}
    best_format, sample = _best_sample(connection, file, types, workspace)
    if sample.has_other_format:
        return _read_even(connection, file, relation, as_text, workspace)
    if not is_small:
        refuse_mostly_errors(file.name, "sampled records", sample.rows_read, sample.bad)
        if len(sample.bad_lines) > DENSE_ERRORS_SHARE * sample.rows_read:
            return None
    for is_parallel in (not is_small, False):
        result = ReadFile(file, relation, types)
        try:
            _scan(connection, result, file.path, best_format, is_parallel)
        except duckdb.Error:
            continue
        if result.rows_read == file.records:
            return _read_even(connection, file, relation, as_text, workspace) if result.has_other_format else result
    return None


def _read_uneven(
    connection: duckdb.DuckDBPyConnection, file: CheckedFile, relation: str, types: dict[str, str]
) -> ReadFile:
    count, bad = read_slowly(connection, file, relation)
    refuse_mostly_errors(file.name, "records", count, bad)
    parsed = int(_one(connection, f"select count(*) from {relation}"))
    if parsed + len({record.line for record in bad}) != count:
        raise LoadError(
            f"{file.name}: {count} records were read but {parsed} arrived. Load again; report this if it repeats."
        )
    return ReadFile(file, relation, types, rows_read=count, parsed=parsed, bad=bad, has_line_column=True)


def _best_sample(
    connection: duckdb.DuckDBPyConnection, file: CheckedFile, types: dict[str, str], workspace: Path
) -> tuple[str, ReadFile]:
    """The timestamp format under which most of the file's sample parses, and the sample read so."""
    path = workspace / "sample.csv"
    path.write_text(file.raw.delimiter.join(types) + "\n" + file.sample, encoding="utf-8", newline="")
    found: dict[str, ReadFile] = {}
    for timestamp_format in file.raw.timestamp_formats if "TIMESTAMP" in types.values() else ("",):
        found[timestamp_format] = sample = ReadFile(file, "sample_rows", types)
        try:
            _scan(connection, sample, path, timestamp_format, is_parallel=False)
        except duckdb.Error:
            del found[timestamp_format]
            continue
        if not sample.bad:
            break
    connection.execute("drop table if exists sample_rows")
    path.unlink()
    if not found:
        return file.raw.timestamp_formats[0], ReadFile(file, "sample_rows", types)
    return min(found.items(), key=lambda entry: len(entry[1].bad_lines))


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
    # A short record is reported once for each column that it lacks; the first says how many it has.
    rows = connection.execute(
        f"select line, column_name, error_type, csv_line, error_message from {rejects} "
        "qualify error_type <> 'MISSING COLUMNS' or row_number() over (partition by line order by column_idx) = 1 "
        "order by line, column_idx"
    ).fetchall()
    result.bad = [_bad_record(result, *row) for row in rows]
    result.rows_read = result.parsed + len(result.bad_lines)
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
    result: ReadFile, line: int, column: str | None, error: str, text: str | None, message: str
) -> BadRecord:
    raw_text = (text or "").strip("\r\n")
    rule = _RULE_OF_ERROR.get(error, "not_readable")
    if error == "CAST":
        kind = result.types.get(column or "", "")
        value = message.split('convert string "', 1)[-1].rsplit('" to', 1)[0]
        says = f"{value!r} is not {_NAME_OF_TYPE.get(kind, kind.lower())}"
        return BadRecord(line, _RULE_OF_TYPE.get(kind, "not_readable"), says, raw_text, column or "")
    if rule == "wrong_field_count" and (found := re.search(r"Found: (\d+)", message)):
        return BadRecord(line, rule, field_count(int(found[1]), result.file), raw_text)
    return BadRecord(line, rule, message.splitlines()[0], raw_text)


class BrokenRule(Protocol):
    """A record and the rule that it breaks."""

    @property
    def line(self) -> int: ...
    @property
    def rule(self) -> str: ...
    @property
    def column(self) -> str: ...
    @property
    def message(self) -> str: ...


def refuse_mostly_errors(name: str, what: str, rows: int, bad: Sequence[BrokenRule]) -> None:
    """Raise LoadError when more than half of at least 20 records are bad: such a file is of another kind."""
    lines = {record.line for record in bad}
    if rows < MOSTLY_ERRORS_FROM or len(lines) <= MOSTLY_ERRORS_SHARE * rows:
        return
    (rule, column), count = Counter((record.rule, record.column) for record in bad).most_common(1)[0]
    first = next(record for record in bad if (record.rule, record.column) == (rule, column))
    where = f" in column {column}" if column else ""
    raise LoadError(
        f"{name} is mostly errors: {len(lines):,} of {rows:,} {what}. Most often {rule}{where} ({count:,} times; "
        f"first {first.message}). Export it in the form that the source expects, or adapt source.toml."
    )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return row[0] if row else 0
