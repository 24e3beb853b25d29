"""Reads uneven CSV files record by record: exact line numbers whatever is between the quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from etl.precheck import CheckedFile, open_text_bytes

LONGEST_RECORD_LINES = 100
BATCH_ROWS = 100_000


@dataclass(frozen=True)
class BadRecord:
    """A record that could not be parsed."""

    line: int
    rule: str
    message: str
    raw_text: str
    column: str = ""


def lines(file: CheckedFile) -> Iterator[tuple[int, str]]:
    """Physical lines after the header, with their number, without line ends."""
    with open_text_bytes(file.path, file.is_gzip) as binary:
        text = io.TextIOWrapper(binary, encoding=file.raw.encoding, newline=None)
        for number, line in enumerate(text, start=1):
            if number > 1:
                yield number, line.rstrip("\n")


def records(file: CheckedFile) -> Iterator[tuple[int, str, list[str] | None]]:
    """Line, raw text and fields of each record; fields are None after a quote that never closes.

    A quote that is still open after 100 lines, or at the end, spoils its own line only.
    """
    waiting: list[tuple[int, str]] = []
    source = lines(file)
    while True:
        number, text = waiting.pop(0) if waiting else next(source, (0, ""))
        if not number:
            return
        if not text.strip():
            continue
        if text.count('"') % 2 == 0:
            yield number, text, _fields(text, file)
            continue
        taken: list[tuple[int, str]] = []
        joined = text
        while joined.count('"') % 2 and len(taken) < LONGEST_RECORD_LINES:
            follower = waiting.pop(0) if waiting else next(source, None)
            if follower is None:
                break
            taken.append(follower)
            joined += "\n" + follower[1]
        fields = _fields(joined, file) if joined.count('"') % 2 == 0 else None
        if fields is not None and len(fields) == len(file.header):
            yield number, joined, fields
        else:
            waiting = taken + waiting
            yield number, text, None


def _fields(text: str, file: CheckedFile) -> list[str] | None:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=file.raw.delimiter, strict=True))
    except csv.Error:
        return None


def read_slowly(connection: duckdb.DuckDBPyConnection, file: CheckedFile, relation: str) -> tuple[int, list[BadRecord]]:
    """Fill a temp table with the file's columns as text and ``_line``; returns records read and the bad ones."""
    columns = ", ".join(f'"{name}" varchar' for name in file.header)
    connection.execute(f"create or replace temp table {relation} ({columns}, _line bigint)")
    schema = pa.schema([(name, pa.string()) for name in file.header] + [("_line", pa.int64())])
    nulls = set(file.raw.nulls)
    bad: list[BadRecord] = []
    rows: list[tuple[str | int | None, ...]] = []
    count = 0

    def flush() -> None:
        if rows:
            arrays = [
                pa.array(values, type=kind.type) for values, kind in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            connection.register("slow_rows", pa.Table.from_arrays(arrays, schema=schema))
            connection.execute(f"insert into {relation} select * from slow_rows")
            connection.unregister("slow_rows")
            rows.clear()

    for number, text, fields in records(file):
        count += 1
        if fields is None:
            bad.append(BadRecord(number, "unterminated_quote", "a quote does not close, or text follows it", text))
        elif len(fields) != len(file.header):
            message = f"{len(fields)} fields where the header has {len(file.header)}"
            bad.append(BadRecord(number, "wrong_field_count", message, text))
        else:
            rows.append((*(None if value in nulls else value for value in fields), number))
            if len(rows) == BATCH_ROWS:
                flush()
    flush()
    return count, bad


def raw_texts(file: CheckedFile, wanted: set[int]) -> dict[int, str]:
    """Raw text of the records that begin at the wanted lines."""
    if not wanted:
        return {}
    last = max(wanted)
    found: dict[int, str] = {}
    source = lines(file) if file.is_even else ((number, text) for number, text, _ in records(file))
    for number, text in source:
        if number in wanted:
            found[number] = text
        if number >= last:
            break
    return found
