"""NDJSON: one JSON object a line, as FHIR's bulk export writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from etl.formats.json_file import KEYS_FROM, keys_of
from etl.formats.rows import Record, Rows, as_text, open_bytes
from etl.progress import LoadError

LONGEST_LINE = 64 << 20


def tables(path: Path) -> list[str]:
    """One table a file."""
    return [""]


def rows(path: Path, table: str, columns: tuple[str, ...]) -> Rows:
    """The objects, one a line; the keys that are declared are the columns. Lines count from 1: there is no header."""
    header = columns or _keys(path)
    return Rows(header, _records(path, header))


def _keys(path: Path) -> tuple[str, ...]:
    found = []
    for _, text in islice(_lines(path), KEYS_FROM):
        try:
            found.append(json.loads(text))
        except (ValueError, RecursionError):
            continue
    return keys_of(found)


def _records(path: Path, header: tuple[str, ...]) -> Iterator[Record]:
    for line, text in _lines(path):
        try:
            # Numbers stay as they are written: 1.10 is not 1.1.
            entry = json.loads(text, parse_float=str, parse_int=str)
        except (ValueError, RecursionError) as error:
            yield Record(line, None, text, f"not JSON: {str(error)[:80]}")
            continue
        if isinstance(entry, dict):
            yield Record(line, [as_text(entry.get(name)) for name in header], text)
        else:
            yield Record(line, None, text, "not a JSON object")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with open_bytes(path) as file:
        line = 0
        while data := file.readline(LONGEST_LINE + 1):
            line += 1
            if len(data) > LONGEST_LINE:
                raise LoadError(
                    f"{path.name} has a line of more than {LONGEST_LINE >> 20} MiB (line {line}). Export it again."
                )
            text = data.decode("utf-8-sig" if line == 1 else "utf-8", errors="replace").rstrip("\r\n")
            if text.strip():
                yield line, text
