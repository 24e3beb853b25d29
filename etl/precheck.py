"""Looks at the bytes of a CSV file before anything parses it: what parsers pass over in silence is refused here."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from etl.mapping import RawFile
from etl.progress import LoadError, nearest

CHUNK_BYTES = 1 << 20
LONGEST_LINE_BYTES = CHUNK_BYTES
DECOMPRESSED_CAP_BYTES = 100 << 30
BOMB_RATIO = 100
BOMB_FLOOR_BYTES = 256 << 20
SAMPLE_BLOCK_LINES = 100
MOST_SAMPLE_BLOCKS = 500
_NEWLINE, _RETURN, _QUOTE = b'\n\r"'


@dataclass(frozen=True)
class CheckedFile:
    """What the bytes of one physical file say."""

    path: Path
    name: str
    raw: RawFile
    sha256: str
    bytes: int
    records: int
    header: tuple[str, ...]
    is_even: bool
    """One record is one line: no line breaks inside quotes, no blank lines, one kind of line end, UTF-8."""
    is_gzip: bool
    sample: str = field(repr=False)
    """Whole lines from all over the file, without the header; of use for even files."""


def open_text_bytes(path: Path, is_gzip: bool) -> BinaryIO:
    """The decompressed bytes of a file."""
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value]


class _Hashed:
    """A file that hashes what is read from it, so that gzip and sha256 share one pass."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        self.count += len(data)
        return data

    def drain(self) -> None:
        while self.read(CHUNK_BYTES):
            pass


def check_bytes(path: Path, name: str, raw: RawFile) -> CheckedFile:
    """Read a file once: hash, records, header, encoding and shape.

    Raises LoadError, naming the file and the remedy, for anything that must not be parsed.
    """
    try:
        with path.open("rb") as file:
            hashed = _Hashed(file)
            return _check(path, name, raw, hashed)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(f"{name} cannot be read ({reason}). Export it again, or check that you may read it.") from error


def _check(path: Path, name: str, raw: RawFile, hashed: _Hashed) -> CheckedFile:
    magic = hashed.file.read(4)
    hashed.file.seek(0)
    is_gzip = magic[:2] == b"\x1f\x8b"
    _refuse_other_formats(name, magic, is_gzip)
    scan = _Scan(name, raw)
    for chunk in _chunks(hashed, name, is_gzip):
        scan.take(chunk)
    hashed.drain()
    header = scan.finish()
    return CheckedFile(
        path=path,
        name=name,
        raw=raw,
        sha256=hashed.digest.hexdigest(),
        bytes=hashed.count,
        records=scan.records,
        header=header,
        is_even=scan.is_even,
        is_gzip=is_gzip,
        sample=b"".join(scan.blocks).decode() if scan.is_even else "",
    )


def _refuse_other_formats(name: str, magic: bytes, is_gzip: bool) -> None:
    if magic.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise LoadError(f"{name} is an Excel or zip file. Save it as CSV (UTF-8), or unpack it.")
    if magic == b"PAR1":
        raise LoadError(f"{name} is a Parquet file. Save it as CSV UTF-8.")
    if magic[:2] in (b"\xff\xfe", b"\xfe\xff") or (not is_gzip and b"\0" in magic and magic.strip(b"\0")):
        raise LoadError(f"{name} is UTF-16. Save it as CSV UTF-8.")
    if is_gzip != name.endswith(".gz"):
        state = "is compressed with gzip but not named .gz" if is_gzip else "is named .gz but is not gzip"
        raise LoadError(f"{name} {state}. Name it for what it is.")


def _chunks(hashed: _Hashed, name: str, is_gzip: bool) -> Iterator[bytes]:
    source = gzip.GzipFile(fileobj=hashed, mode="rb") if is_gzip else hashed  # type: ignore[call-overload]
    total = 0
    while chunk := source.read(CHUNK_BYTES):
        total += len(chunk)
        is_bomb = is_gzip and total > BOMB_FLOOR_BYTES and total > BOMB_RATIO * hashed.count
        if is_bomb or total > DECOMPRESSED_CAP_BYTES:
            raise LoadError(f"{name} unpacks to more than {total >> 20} MiB, far beyond its size. Export it again.")
        yield chunk


class _Scan:
    """State of one pass over the decompressed bytes."""

    def __init__(self, name: str, raw: RawFile) -> None:
        self.name = name
        self.raw = raw
        self.decoder = codecs.getincrementaldecoder(raw.encoding)(errors="strict")
        self.is_even = codecs.lookup(raw.encoding).name == "utf-8"
        self.head = b""
        self.offset = 0
        self.last_newline = -1
        self.last_byte = 0
        self.last_content = -1
        self.first_blank: int | None = None
        self.newlines = 0
        self.trailing_newlines = 0
        self.is_quoted = False
        self.blocks: list[bytes] = []
        self.chunks = 0
        self.chunks_per_block = 1
        self.crlf = 0
        self.cr = 0

    def take(self, chunk: bytes) -> None:
        """Take the next bytes. Raises LoadError where the bytes are not text of the declared encoding."""
        if not self.head:
            self.head = chunk
            self._refuse_web_page()
        self._check_text(chunk)
        data = np.frombuffer(chunk, dtype=np.uint8)
        newlines = np.flatnonzero(data == _NEWLINE)
        lengths = np.diff(newlines, prepend=self.last_newline - self.offset) - 1
        self._check_line_length(lengths, len(chunk))
        after_return = self._count_returns(chunk, data, newlines)
        if self.first_blank is None:
            blank = newlines[(lengths == 0) | ((lengths == 1) & after_return)]
            self.first_blank = self.offset + int(blank[0]) if len(blank) else None
        self._count(chunk, newlines, self._newlines_inside_quotes(chunk, data, newlines))
        self._keep_sample(chunk, newlines)
        self.offset += len(chunk)
        self.last_byte = chunk[-1]

    def _keep_sample(self, chunk: bytes, newlines: np.ndarray) -> None:
        if self.chunks % self.chunks_per_block == 0 and len(newlines) > 1:
            end = newlines[min(SAMPLE_BLOCK_LINES, len(newlines) - 1)]
            self.blocks.append(chunk[newlines[0] + 1 : end + 1])
        self.chunks += 1
        if len(self.blocks) > MOST_SAMPLE_BLOCKS:
            self.blocks = self.blocks[::2]
            self.chunks_per_block *= 2

    def _refuse_web_page(self) -> None:
        start = self.head[:512].removeprefix(codecs.BOM_UTF8).lstrip()
        if start.startswith(b"<"):
            raise LoadError(f"{self.name} is a web page, perhaps a login page saved as CSV. Export the file again.")

    def _check_text(self, chunk: bytes) -> None:
        if b"\0" in chunk:
            raise LoadError(f"{self.name} holds NUL bytes: it is damaged or not text. Export it again as CSV UTF-8.")
        try:
            if not (chunk.isascii() and not self.decoder.getstate()[0]):
                self.decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line = self.newlines + self.trailing_newlines + chunk[: error.start].count(b"\n") + 1
            raise LoadError(
                f"{self.name} is not {self.raw.encoding.upper()} at line {line}. Save it as CSV UTF-8, or declare "
                "its encoding in source.toml."
            ) from error

    def _check_line_length(self, lengths: np.ndarray, size: int) -> None:
        open_line = self.offset + size - self.last_newline - 1 if not len(lengths) else 0
        if open_line <= LONGEST_LINE_BYTES and not (lengths > LONGEST_LINE_BYTES).any():
            return
        line = self.newlines + self.trailing_newlines + int(np.argmax(lengths) if len(lengths) else 0) + 1
        raise LoadError(
            f"{self.name} has a line of more than {LONGEST_LINE_BYTES >> 20} MiB (line {line}). "
            "A quote or line end is missing there: export it again."
        )

    def _count_returns(self, chunk: bytes, data: np.ndarray, newlines: np.ndarray) -> np.ndarray:
        """Which line ends follow a carriage return."""
        if b"\r" not in chunk and self.last_byte != _RETURN:
            return np.zeros(len(newlines), dtype=bool)
        before = data[newlines - 1]
        if len(newlines) and newlines[0] == 0:
            before[0] = self.last_byte
        after_return = before == _RETURN
        self.crlf += int(np.count_nonzero(after_return))
        self.cr += chunk.count(b"\r")
        return np.asarray(after_return)

    def _newlines_inside_quotes(self, chunk: bytes, data: np.ndarray, newlines: np.ndarray) -> int:
        if b'"' not in chunk:
            return len(newlines) if self.is_quoted else 0
        parity = np.cumsum(data == _QUOTE, dtype=np.uint8) & 1
        if self.is_quoted:
            parity ^= 1
        self.is_quoted = bool(parity[-1])
        return int(np.count_nonzero(parity[newlines]))

    def _count(self, chunk: bytes, newlines: np.ndarray, inside: int) -> None:
        if inside:
            self.is_even = False
        if len(newlines):
            self.last_newline = self.offset + int(newlines[-1])
        content = len(chunk.rstrip(b"\r\n"))
        after = chunk[content:].count(b"\n")
        if content:
            self.newlines += self.trailing_newlines + len(newlines) - inside - after
            self.trailing_newlines = after
            self.last_content = self.offset + content - 1
        else:
            self.trailing_newlines += after

    @property
    def records(self) -> int:
        """Records after the header, as far as line breaks outside quotes tell."""
        return self.newlines

    def finish(self) -> tuple[str, ...]:
        """The header. Raises LoadError when it is not the declared one."""
        try:
            self.decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise LoadError(f"{self.name} ends inside a character: it was cut short. Export it again.") from error
        if self.last_content < 0:
            raise LoadError(f"{self.name} is empty. Export it again; an export without rows still has a header line.")
        is_blank_inside = self.first_blank is not None and self.first_blank < self.last_content
        is_mixed = self.cr != 0 and not (self.cr == self.crlf == self.newlines + self.trailing_newlines)
        if is_blank_inside or is_mixed or self.is_quoted:
            self.is_even = False
        return self._header()

    def _header(self) -> tuple[str, ...]:
        text = self.head.decode(self.raw.encoding, errors="replace").removeprefix("\ufeff")
        line = text.splitlines()[0] if text.splitlines() else ""
        header = tuple(next(csv.reader([line], delimiter=self.raw.delimiter), []))
        twice = sorted({column for column in header if header.count(column) > 1})
        if twice:
            raise LoadError(f"{self.name} has two columns of one name: {', '.join(twice)}. Rename or remove one.")
        missing = [column for column in self.raw.columns if column not in header]
        extra = [column for column in header if column not in self.raw.columns]
        if missing or (extra and self.raw.extra_columns == "refuse"):
            raise LoadError(self._wrong_columns(missing, extra))
        return header

    def _wrong_columns(self, missing: list[str], extra: list[str]) -> str:
        if len(extra) == 1 and (other := [mark for mark in ",;\t|" if mark in extra[0]]):
            return (
                f"{self.name} is separated by {other[0]!r}, not by {self.raw.delimiter!r}. Export it again, or declare "
                "its delimiter in source.toml."
            )
        if missing and {column.strip().lower() for column in extra} >= set(missing):
            return (
                f"{self.name} has column names that differ in spaces or capitals only: {', '.join(extra)}. Write them "
                f"as the source does: {', '.join(missing)}."
            )
        says = [f"{self.name} has the wrong columns."]
        if missing:
            says.append(f"Missing: {', '.join(missing)}.")
        if extra:
            says.append(f"Unexpected: {', '.join(name or 'a column without a name' for name in extra)}.")
        hints = [nearest(column, missing).replace("Did you mean", f"{column}: did you mean") for column in extra]
        says += [hint.strip() for hint in hints if hint]
        says.append("Line 1 must hold every column of the mapping, in any order; leave cells empty where unknown.")
        return " ".join(says)
