"""The bytes of a file say the same wherever the reader's chunks happen to end."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from etl import precheck
from etl.mapping import RawFile
from etl.precheck import CHUNK_BYTES, CheckedFile, check_bytes
from etl.progress import LoadError

HEAD = b"a,b\n"
RECORD = b"1,2\n"


def check(path: Path, content: bytes) -> CheckedFile:
    path.write_bytes(content)
    return check_bytes(path, path.name, RawFile("raw", (path.name,), ("a", "b")))


def across_the_chunk(text: bytes, before: int) -> bytes:
    """A file in which ``text`` begins so many bytes before the end of the first chunk."""
    room = CHUNK_BYTES - before - len(HEAD)
    records = RECORD * (room // len(RECORD) - 1)
    return HEAD + records + b"1" * (room - len(records) - 3) + b",2\n" + text


@pytest.mark.parametrize("before", [1, 2, 3, 4])
def test_records_are_counted_across_chunks(tmp_path: Path, before: int) -> None:
    content = across_the_chunk(RECORD * 5, before)
    found = check(tmp_path / "x.csv", content)
    assert (found.records, found.is_even) == (content.count(b"\n") - 1, True)


@pytest.mark.parametrize(
    "text", [b"\n1,2\n", b'1,"2\n3"\n', b"\r\n", b"1\r,2\n"], ids=["blank", "quoted", "mixed", "cr"]
)
@pytest.mark.parametrize("before", [1, 2, 3, 4, 5, 6])
def test_what_makes_a_file_uneven_is_seen_across_chunks(tmp_path: Path, text: bytes, before: int) -> None:
    assert not check(tmp_path / "x.csv", across_the_chunk(text + RECORD, before)).is_even


@pytest.mark.parametrize("shift", range(5))
def test_windows_line_ends_are_even_across_chunks(tmp_path: Path, shift: int) -> None:
    content = b"a,b\r\n1," + b"2" * shift + b"\r\n" + b"1,2\r\n" * (CHUNK_BYTES // 5)
    found = check(tmp_path / "x.csv", content)
    assert (found.records, found.is_even) == (content.count(b"\n") - 1, True)


@pytest.mark.parametrize("before", [1, 2])
def test_a_character_across_chunks_is_whole(tmp_path: Path, before: int) -> None:
    assert check(tmp_path / "x.csv", across_the_chunk("€,2\n".encode(), before)).is_even
    with pytest.raises(LoadError, match="not UTF-8 at line"):
        check(tmp_path / "x.csv", across_the_chunk("€".encode()[:2] + b",2\n", before))


@pytest.mark.parametrize("end", [b"\n", b""], ids=["line end", "no line end"])
def test_a_very_long_last_line_is_refused(tmp_path: Path, end: bytes) -> None:
    with pytest.raises(LoadError, match=r"line of more than 1 MiB \(line 3\)"):
        check(tmp_path / "x.csv", HEAD + RECORD + b"x" * (CHUNK_BYTES + 1) + end)


def test_a_sample_comes_from_all_over_the_file(tmp_path: Path) -> None:
    content = HEAD + b"1,2\n" * 300_000 + b"3,4\n" * 300_000
    sample = check(tmp_path / "x.csv", content).sample
    assert set(sample.splitlines()) == {"1,2", "3,4"}


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precheck, "BOMB_FLOOR_BYTES", 2 * CHUNK_BYTES)
    with pytest.raises(LoadError, match="unpacks to more than"):
        check(tmp_path / "x.csv.gz", gzip.compress(HEAD + RECORD * 4_000_000))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"PAR1\x15\x04", "Parquet"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"),
        (b"\0\0\0\0\0\0", "NUL"),
        (b"a;b\n1;2\n", "separated by ';'"),
        (b"a\tb\n1\t2\n", "separated by"),
        (b"A, b\n1,2\n", "spaces or capitals only"),
        (b"a,bee\n1,2\n", "Missing: b. Unexpected: bee"),
        (b"a,b,\n1,2,\n", "Unexpected: a column without a name"),
        (b"\n\n", "is empty"),
        (b" \r\n<html>", "web page"),
        (b"a,b\n\x93x\x94,2\n", "not UTF-8 at line 2"),
    ],
    ids=[
        "xls",
        "parquet",
        "utf-16",
        "zeros",
        "semicolons",
        "tabs",
        "capitals",
        "names",
        "no name",
        "blank",
        "html",
        "cp1252",
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        check(tmp_path / "x.csv", content)
