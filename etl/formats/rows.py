"""What the readers of all formats give: a header, and records of text cells."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Record:
    """One record: its line or number (the header is 1), its cells, and how it stands in the file."""

    line: int
    cells: list[str | None] | None
    """None where the record cannot be read; then ``problem`` says why."""
    text: str
    problem: str = ""
    rule: str = "not_readable"


@dataclass(frozen=True)
class Rows:
    """One table of a file."""

    header: tuple[str, ...]
    records: Iterator[Record]


def as_text(value: Any) -> str | None:
    """A value of a typed file as the text that every format gives for it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        # A zone is kept as its offset, for the mapping to convert.
        return value.isoformat(" ", "seconds" if value.microsecond == 0 else "microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} minutes"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def open_bytes(path: Path) -> BinaryIO:
    """A file's bytes, unpacked where its name ends in .gz."""
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def as_line(cells: Iterable[str | None]) -> str:
    """Cells as one line of CSV: how a record of a workbook or table is kept where it is rejected."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
