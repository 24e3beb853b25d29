"""Reads uneven CSV files record by record: exact line numbers whatever is between the quotes."""

from __future__ import annotations

import io
import re
from collections import deque
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


class Grammar:
    """What a record is, as DuckDB reads it.

    A blank before a quoted field, blanks after it and empty fields after the last column are nothing; a quote inside
    an unquoted field is text.
    """

    def __init__(self, delimiter: str, columns: int) -> None:
        self.columns = columns
        mark = re.escape(delimiter)
        quoted, plain = r' ?"(?:[^"]|"")*" *', rf'(?! ?")[^{mark}]*'
        field = f"(?:{quoted}|{plain})"
        self.delimiter = delimiter
        self.record = re.compile(f"{field}(?:{mark}{field})*")
        self.open_record = re.compile(rf'(?:{field}{mark})* ?"(?:[^"]|"")*')
        self.field = re.compile(f"({field})(?:{mark}|$)")

    def is_open(self, text: str) -> bool:
        """Whether a quoted field begins that does not end in this text."""
        return self.open_record.fullmatch(text) is not None and self.record.fullmatch(text) is None

    def fields(self, text: str) -> list[str] | None:
        """The fields of a whole record, or None where text follows a closing quote or a quote stays open."""
        fields = text.split(self.delimiter) if '"' not in text else self._quoted_fields(text)
        while fields and len(fields) > self.columns and fields[-1] == "":
            fields.pop()
        return fields

    def _quoted_fields(self, text: str) -> list[str] | None:
        if not self.record.fullmatch(text):
            return None
        found, at = [], 0
        while match := self.field.match(text, at):
            found.append(_unquoted(match[1]))
            if match.end() == len(text) and not text[match.end(1) :]:
                return found
            at = match.end()
        return None


def _unquoted(field: str) -> str:
    inner = field.removeprefix(" ")
    return inner.rstrip(" ")[1:-1].replace('""', '"') if inner.startswith('"') else field


def records(file: CheckedFile) -> Iterator[tuple[int, str, list[str] | None]]:
    """Line, raw text and fields of each record; fields are None where a quote never closes or text follows it.

    A quote that is still open after 100 lines, or at the end, spoils its own line only.
    """
    grammar = Grammar(file.raw.delimiter, len(file.header))
    waiting: deque[tuple[int, str]] = deque()
    source = lines(file)
    while True:
        number, text = waiting.popleft() if waiting else next(source, (0, ""))
        if not number:
            return
        if not text:
            continue
        if '"' not in text or not grammar.is_open(text):
            yield number, text, grammar.fields(text)
            continue
        taken: list[tuple[int, str]] = []
        fields = None
        while fields is None and len(taken) < LONGEST_RECORD_LINES:
            follower = waiting.popleft() if waiting else next(source, None)
            if follower is None:
                break
            taken.append(follower)
            if '"' in follower[1]:
                joined = "\n".join([text, *(line for _, line in taken)])
                fields = grammar.fields(joined)
                if fields is None and not grammar.is_open(joined):
                    break
        if fields is not None and len(fields) == len(file.header):
            yield number, joined, fields
        else:
            waiting.extendleft(reversed(taken))
            yield number, text, None


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
            bad.append(BadRecord(number, "wrong_field_count", field_count(len(fields), file), text))
        else:
            rows.append((*(None if value in nulls else value for value in fields), number))
            if len(rows) == BATCH_ROWS:
                flush()
    flush()
    return count, bad


def field_count(found: int, file: CheckedFile) -> str:
    """The message of a record with too few or too many fields."""
    return f"{found} fields where the header has {len(file.header)}"


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
