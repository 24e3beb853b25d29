"""Writes the canonical tables as CSV in bulk: whole columns go to Arrow, and Arrow writes the text."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from etl import contract

FORMATS = ("csv.gz", "csv")
GZIP_LEVEL = 4


def codes(values: tuple[str, ...], places: np.ndarray) -> pa.Array:
    """Text by its place in a list; a negative place and an empty text are empty cells."""
    words = pa.array([value or None for value in values], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=places < 0), words)


def keys(prefix: str, numbers: np.ndarray, width: int = 7) -> pa.Array:
    """Keys such as P0000042; a negative number is an empty cell."""
    digits = pc.utf8_lpad(pa.array(numbers, mask=numbers < 0).cast(pa.string()), width, padding="0")
    return pc.binary_join_element_wise(prefix, digits, "")


def dates(days: np.ndarray, is_known: np.ndarray | None = None) -> pa.Array:
    """Dates from day numbers; not known is an empty cell."""
    mask = None if is_known is None else ~is_known
    return pa.array(days.astype(np.int32), mask=mask).cast(pa.date32())


def times(days: np.ndarray, minutes: np.ndarray) -> pa.Array:
    """Clock times as 2026-09-30 17:30 from day numbers and minutes after midnight; negative minutes are empty."""
    seconds = pa.array((days * 1440 + minutes) * 60, mask=minutes < 0).cast(pa.timestamp("s"))
    return pc.utf8_slice_codeunits(seconds.cast(pa.string()), 0, 16)


def numbers(values: np.ndarray, is_known: np.ndarray | None = None) -> pa.Array:
    """Whole or decimal numbers; not known is an empty cell."""
    return pa.array(values, mask=None if is_known is None else ~is_known)


def cents(amounts: np.ndarray) -> pa.Array:
    """Amounts of money with two places."""
    return pa.array(np.round(amounts, 2)).cast(pa.decimal128(12, 2))


@dataclass
class TableWriter:
    """Open files of an export, one a table; rows are appended chunk by chunk."""

    out: Path
    file_format: str
    rows: dict[str, int] = field(default_factory=dict)
    _streams: dict[str, IO[Any]] = field(default_factory=dict)
    _raw: list[IO[Any]] = field(default_factory=list)

    def write(self, table: str, **columns: pa.Array) -> None:
        """Append rows; columns of the contract that are not given are empty. ValueError for unknown columns."""
        declared = contract.tables()[table]
        unknown = set(columns) - set(declared.column_names)
        if unknown:
            raise ValueError(f"{table} has no columns {sorted(unknown)}")
        size = len(next(iter(columns.values())))
        arrays = [columns[name] if name in columns else pa.nulls(size, pa.string()) for name in declared.column_names]
        stream = self._stream(table, declared.column_names)
        self.rows[table] += size
        if size == 0:
            return
        is_free_text = table in ("baseline_changes", "benchmarks", "instruments", "price_index", "rates")
        options = pyarrow.csv.WriteOptions(
            include_header=False, quoting_style="needed" if is_free_text else "none", batch_size=16_384
        )
        pyarrow.csv.write_csv(pa.table(arrays, names=list(declared.column_names)), pa.PythonFile(stream, "w"), options)

    def _stream(self, table: str, header: tuple[str, ...]) -> IO[Any]:
        if table not in self._streams:
            path = self.out / f"{table}.{self.file_format}"
            raw = path.open("wb")
            self._raw.append(raw)
            self._streams[table] = _packed(raw) if self.file_format.endswith(".gz") else raw
            self._streams[table].write((",".join(header) + "\n").encode())
            self.rows[table] = 0
        return self._streams[table]

    def close(self) -> None:
        """Finish every file."""
        for stream in self._streams.values():
            stream.close()
        for raw in self._raw:
            raw.close()


def _packed(raw: IO[bytes]) -> IO[bytes]:
    # No name and no time in the gzip header: the same rows give the same bytes.
    packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=GZIP_LEVEL, mtime=0)
    return io.BufferedWriter(packed, 1 << 20)  # type: ignore[arg-type,return-value]
