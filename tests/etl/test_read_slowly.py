"""Uneven files are read record by record, and exactly as DuckDB reads even ones."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import duckdb
import pytest

from etl.mapping import RawFile
from etl.precheck import check_bytes
from etl.read_slowly import Grammar, records

RAW = RawFile("raw", ("x.csv",), ("a", "b", "c"))


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["where needed", "everywhere"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_whatever_is_written_as_csv_is_read_back(tmp_path: Path, quoting: int, end: str) -> None:
    choose = random.Random(20260930)
    rows = [["".join(choose.choices('ab",\n é', k=choose.randint(0, 5))) for _ in "abc"] for _ in range(2000)]
    path = tmp_path / "x.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=quoting, lineterminator=end).writerows([["a", "b", "c"], *rows])  # type: ignore[call-overload]
    assert [fields for _, _, fields in records(check_bytes(path, "x.csv", RAW))] == rows


@pytest.mark.parametrize(
    "text",
    [
        "1,2", "1,", ",", "1,2,", "1,2,,", "1,2,3", "1", "   ", '"1","2"', '"1" ,"2"  ', ' "1", "2"', '"1""2",3',
        'a"b,2', 'a"b"c,2', '"a"b,2', '""a,2', '"",""', '1,2,""', '  "" ,2', '"a,b",2', "'a,b',2", '1,"2"x',
    ],
)  # fmt: skip
def test_one_record_has_the_verdict_that_duckdb_gives(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"a,b\n{text}\n", encoding="utf-8")
    read = (
        "from read_csv($path, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        "columns = {'a': 'varchar', 'b': 'varchar'}, store_rejects = true, parallel = false)"
    )
    with duckdb.connect() as connection:
        expected = connection.execute(read, {"path": str(path)}).fetchall()
    fields = Grammar(",", columns=2).fields(text)
    found = [tuple(value or None for value in fields)] if fields is not None and len(fields) == 2 else []
    assert found == expected


def test_two_quotes_far_apart_swallow_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b,c\n1,5" pipe,x\n2,y,z\n3,6" pipe,x\n4,"open,x\n5,y,z\n6,"w",v\n', encoding="utf-8")
    found = [(line, fields) for line, _, fields in records(check_bytes(path, "x.csv", RAW))]
    assert found == [
        (2, ["1", '5" pipe', "x"]),
        (3, ["2", "y", "z"]),
        (4, ["3", '6" pipe', "x"]),
        (5, None),
        (6, ["5", "y", "z"]),
        (7, ["6", "w", "v"]),
    ]
