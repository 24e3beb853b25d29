"""Looks into every file of a folder: format, tables, encoding, delimiter, header and a sample of records."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from etl.formats import CSV, format_of, rows_in, tables_in
from etl.formats.rows import open_bytes
from etl.progress import LoadError

SAMPLE_RECORDS = 2_000
HEAD_BYTES = 4 << 20
FURTHER_RECORDS = 500
FURTHER_BYTES = 256 << 10
NO_DATA = (".toml", ".md", ".py", ".log")
DELIMITERS = ",;\t|"
MISSING_WORDS = ("NULL", "null", "NA", "N/A", "n/a", "NaN", "None", "#N/A", "-")


@dataclass(frozen=True)
class Sniffed:
    """One table of one file."""

    raw: str
    """Name of the relation in the mapping's SQL."""
    path: str
    kind: str
    header: tuple[str, ...]
    records: list[list[str | None]] = field(repr=False)
    table: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    nulls: tuple[str, ...] = ()

    def values(self, column: str) -> list[str]:
        """The cells of a column in the sample that have a value."""
        place = self.header.index(column)
        return [cell for record in self.records if (cell := record[place]) is not None]


def sniff_folder(folder: Path) -> tuple[list[Sniffed], list[str]]:
    """Every table that can be read, and a sentence on each file that cannot. Raises LoadError for no such folder."""
    if not folder.is_dir():
        raise LoadError(f"There is no folder {folder}. Give the folder that holds the export's files.")
    found: list[Sniffed] = []
    said: list[str] = []
    for path in sorted(folder.iterdir()):
        kind = format_of(path.name)
        if not path.is_file() or path.name.startswith(".") or path.suffix in NO_DATA:
            continue
        if kind is None:
            said.append(f"{path.name} is of no format that can be read (CSV, TSV, Parquet, Excel, JSON, SQLite).")
            continue
        try:
            found += _tables(path, kind)
        except LoadError as error:
            said.append(str(error))
        except (csv.Error, zlib.error) as error:
            said.append(f"{path.name} cannot be read ({error}). Export it again.")
    return _named_apart(found), said


def _tables(path: Path, kind: str) -> Iterator[Sniffed]:
    if kind == CSV:
        yield _delimited(path)
        return
    for table in tables_in(path):
        rows = rows_in(path, table)
        records = [record.cells for record in islice(rows.records, SAMPLE_RECORDS) if record.cells is not None]
        name = table if kind in ("excel", "sqlite", "json") and table else path.name
        yield Sniffed(_relation(name), path.name, kind, rows.header, _without_nulls(records, ()), table)


def _delimited(path: Path) -> Sniffed:
    try:
        with open_bytes(path) as file:
            data = file.read(HEAD_BYTES)
    except (OSError, EOFError) as error:
        raise LoadError(f"{path.name} cannot be read ({error}). Export it again.") from error
    text, encoding = _decoded(path, data)
    if len(data) == HEAD_BYTES:
        text = text[: text.rfind("\n")]
    if not text.strip():
        raise LoadError(f"{path.name} is empty.")
    delimiter = _delimiter(text)
    rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), SAMPLE_RECORDS + 1))
    header = tuple(rows[0])
    rows += _further(path, len(data), delimiter, encoding)
    whole = [row for row in rows[1:] if len(row) == len(header)]
    nulls = tuple(word for word in MISSING_WORDS if any(word in row for row in whole))
    return Sniffed(
        raw=_relation(path.name),
        path=path.name,
        kind=CSV,
        header=header,
        records=_without_nulls([list(row) for row in whole], nulls),
        delimiter=delimiter,
        encoding=encoding,
        nulls=nulls,
    )


def _further(path: Path, read: int, delimiter: str, encoding: str) -> Iterator[list[str]]:
    """Records from the middle and the end of a file longer than what was read; a packed one is not opened there."""
    size = path.stat().st_size
    if read < HEAD_BYTES or path.name.endswith(".gz"):
        return
    with path.open("rb") as file:
        for place in (max(read, size // 2), max(read, size - FURTHER_BYTES)):
            file.seek(place)
            # The first and last lines of a part are cut.
            lines = file.read(FURTHER_BYTES).decode(encoding, errors="replace").splitlines()[1:-1]
            yield from csv.reader(lines[:: max(1, len(lines) // FURTHER_RECORDS)], delimiter=delimiter)


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    try:
        # The last character of a part of a file may be cut.
        text = data.decode("utf-8", errors="strict" if len(data) < HEAD_BYTES else "ignore")
        return text.removeprefix("\ufeff"), "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(data[: 256 << 10]).best()
    if best is None:
        raise LoadError(f"{path.name} is no text of a known encoding. Save it as CSV UTF-8.")
    encoding = "cp1252" if best.encoding.startswith(("cp125", "latin", "iso8859", "mac")) else best.encoding
    return data.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding


def _delimiter(text: str) -> str:
    """The mark that parts the first lines into the same number of fields, the more the better."""
    lines = [line for line in text.splitlines()[:50] if line]
    counts = {}
    for mark in DELIMITERS:
        fields = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
        number, agreeing = fields.most_common(1)[0]
        counts[mark] = (agreeing * (number > 1), number)
    return max(counts, key=lambda mark: counts[mark])


def _without_nulls(records: list[list[str | None]], nulls: tuple[str, ...]) -> list[list[str | None]]:
    missing = {"", *nulls}
    return [[None if cell is None or cell.strip() in missing else cell for cell in record] for record in records]


def _relation(name: str) -> str:
    stem = name.lower().split(".")[0]
    # Files of several months are one relation.
    stem = re.sub(r"[-_ ]*(19|20)\d\d([-_ ]?\d\d){0,2}$", "", stem)
    cleaned = re.sub(r"\W+", "_", stem).strip("_") or "records"
    return f"t_{cleaned}" if cleaned[0].isdigit() else cleaned


def _named_apart(found: list[Sniffed]) -> list[Sniffed]:
    """Files of one name and header are one relation with a pattern; other files of one name get a number."""
    by_name: dict[str, list[Sniffed]] = {}
    for entry in found:
        by_name.setdefault(entry.raw, []).append(entry)
    apart: list[Sniffed] = []
    for raw, entries in by_name.items():
        first = entries[0]
        same = [entry for entry in entries if set(entry.header) == set(first.header) and not entry.table]
        if len(same) > 1:
            apart.append(_together(first, same))
        rest = [entry for entry in entries if len(same) <= 1 or entry not in same]
        apart += [
            Sniffed(**{**vars(entry), "raw": raw if number == 0 and len(same) <= 1 else f"{raw}_{number + 1}"})
            for number, entry in enumerate(rest)
        ]
    return apart


def _together(first: Sniffed, same: list[Sniffed]) -> Sniffed:
    prefix = re.match(r"\D*", first.path)
    suffix = first.path[first.path.index(".") :]
    return Sniffed(**{**vars(first), "path": f"{prefix[0] if prefix else ''}*{suffix}"})
