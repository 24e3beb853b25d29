"""Exports that are not CSV: the same rows, the same rejects, and one sentence for what cannot be read."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from etl.build import load_export
from etl.formats import format_of, rows_in, tables_in
from etl.mapping import read_mapping
from etl.progress import LoadError

COLUMNS = ["visit", "day", "began", "minutes", "note"]
ROWS: list[list[Any]] = [
    ["v1", date(2026, 1, 5), datetime(2026, 1, 5, 9, 30), 180, None],
    ["v2", date(2026, 1, 6), datetime(2026, 1, 6, 17, 0), 90, 'she said "no", and left'],
    ["v3", date(2026, 1, 7), datetime(2026, 1, 7, 9, 0), 7.5, "Grüße\nzwei Zeilen"],
]
TEXTS = [
    ["v1", "2026-01-05", "2026-01-05 09:30:00", "180", None],
    ["v2", "2026-01-06", "2026-01-06 17:00:00", "90", 'she said "no", and left'],
    ["v3", "2026-01-07", "2026-01-07 09:00:00", "7.5", "Grüße\nzwei Zeilen"],
]


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value


def as_objects(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in zip(COLUMNS, row, strict=True) if value is not None} for row in rows]


def write_xlsx(path: Path, rows: list[list[Any]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Visits")
        day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        sheet.write_row(0, 0, COLUMNS)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(number, place, datetime.combine(value, datetime.min.time()), day)
                elif value is not None:
                    sheet.write(number, place, value)


def write_sqlite(path: Path, rows: list[list[Any]]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"create table visits ({', '.join(COLUMNS)})")
        connection.executemany("insert into visits values (?, ?, ?, ?, ?)", [[plain(v) for v in row] for row in rows])


def write_parquet(path: Path, rows: list[list[Any]]) -> None:
    columns = list(zip(*rows, strict=True))
    types = [pa.string(), pa.date32(), pa.timestamp("s"), pa.float64(), pa.string()]
    arrays = [pa.array(values, kind) for values, kind in zip(columns, types, strict=True)]
    pyarrow.parquet.write_table(pa.table(arrays, names=COLUMNS), path)


def write_json(path: Path, rows: list[list[Any]]) -> None:
    path.write_text(json.dumps({"exported": "today", "visits": as_objects(rows)}), encoding="utf-8")


def write_ndjson(path: Path, rows: list[list[Any]]) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in as_objects(rows)), encoding="utf-8")


def write_ndjson_gz(path: Path, rows: list[list[Any]]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(entry) + "\n" for entry in as_objects(rows)).encode()))


Write = Callable[[Path, list[list[Any]]], None]
FORMATS: dict[str, Write] = {
    "visits.xlsx": write_xlsx,
    "visits.sqlite": write_sqlite,
    "visits.parquet": write_parquet,
    "visits.json": write_json,
    "visits.ndjson": write_ndjson,
    "visits.jsonl.gz": write_ndjson_gz,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_text(tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name, ROWS)
    rows = rows_in(tmp_path / name, columns=tuple(COLUMNS) if "json" in name else ())
    assert rows.header == tuple(COLUMNS)
    assert [record.cells for record in rows.records] == TEXTS


def test_the_tables_of_a_file_are_listed(tmp_path: Path) -> None:
    for name, write in FORMATS.items():
        write(tmp_path / name, ROWS)
    found = {name: tables_in(tmp_path / name) for name in FORMATS}
    assert found["visits.xlsx"] == ["Visits"]
    assert found["visits.sqlite"] == found["visits.json"] == ["visits"]
    assert found["visits.parquet"] == found["visits.ndjson"] == [""]
    assert format_of("A.CSV.gz") == "csv"
    assert format_of("notes.pdf") is None


MAPPING = """
[source]
name = "foreign"
title = "Visits of one person"
data_cut = 2026-09-30

[files.visits]
path = "visits.*"
format = "{kind}"
columns = ["visit", "day", "began", "minutes", "note"]

[tables.patients]
from_sql = "select min(_file) as _file, min(_line) as _line, 'p1' as patient_id from visits"

[tables.episodes]
from_sql = "select min(_file) as _file, min(_line) as _line, min(day) as day from visits"

[tables.episodes.columns]
episode_id = "'e1'"
patient_id = "'p1'"
site = "'North'"
program = "'SUD'"
level_of_care = "'IOP'"
admission_date = "'2026-01-05'"

[tables.sessions]
from = "visits"

[tables.sessions.columns]
session_id = "visit"
episode_id = "'e1'"
session_date = "day"
actual_start = "began"
actual_end = "try_cast(began as timestamp) + to_minutes(try_cast(minutes as double)::integer)"
status = "'attended'"
service_type = "'group'"
"""


def loaded(folder: Path, name: str) -> tuple[list[Any], list[Any], Any]:
    """Accepted sessions, rejects and the file's report of an export in one of the formats."""
    sources = folder / "sources" / "foreign"
    sources.mkdir(parents=True)
    (sources / "source.toml").write_text(MAPPING.replace("{kind}", format_of(name) or ""), encoding="utf-8")
    report = load_export(folder / "in", source=str(sources / "source.toml"), home=folder / "home")
    with duckdb.connect(str(report.path), read_only=True) as connection:
        sessions = connection.execute(
            "select session_id, session_date, actual_start from core.sessions order by all"
        ).fetchall()
        rejects = connection.execute("select line, rule, raw_text from load.reject order by all").fetchall()
    return sessions, rejects, report.files[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_load_of_any_format_accounts_for_every_record(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    late = ["v4", date(2031, 1, 1), datetime(2031, 1, 1, 9, 0), 60, "after the data cut"]
    FORMATS[name](tmp_path / "in" / name, [*ROWS, late])
    sessions, rejects, report = loaded(tmp_path, name)
    assert sessions == [(row[0], row[1], row[2]) for row in ROWS]
    line = 4 if "json" in name and name != "visits.json" else 5
    assert {(found_line, rule) for found_line, rule, _ in rejects} == {(line, "attended_not_in_the_future")}
    assert "after the data cut" in rejects[0][2]
    assert (report.rows_read, report.rejected) == (4, 1)
    assert report.accepted + report.rejected + report.superseded == 4


def test_a_broken_line_of_json_is_one_reject(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_ndjson(tmp_path / "in" / "visits.ndjson", ROWS)
    with (tmp_path / "in" / "visits.ndjson").open("a", encoding="utf-8") as file:
        file.write('{"visit": "v5", "day": \n["a list"]\n')
    sessions, rejects, report = loaded(tmp_path, "visits.ndjson")
    assert len(sessions) == 3
    assert [(line, rule) for line, rule, _ in rejects] == [(4, "not_readable"), (5, "not_readable")]
    assert rejects[0][2] == '{"visit": "v5", "day": '
    assert (report.rows_read, report.rejected) == (5, 2)


def test_a_cell_beyond_the_header_of_a_sheet_is_one_reject(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_xlsx(tmp_path / "in" / "visits.xlsx", [*ROWS, ["v9", date(2026, 1, 9), None, 10, "note", "one too many"]])
    sessions, rejects, _ = loaded(tmp_path, "visits.xlsx")
    assert len(sessions) == 3
    assert [(line, rule) for line, rule, _ in rejects] == [(5, "not_readable")]


def test_numbers_and_leading_zeros_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text('{"a": 1.10, "b": "007", "c": 1e2, "d": true, "e": {"f": [1]}, "g": null}\n', encoding="utf-8")
    rows = rows_in(path, columns=("a", "b", "c", "d", "e", "g", "not there"))
    assert next(rows.records).cells == ["1.10", "007", "1e2", "true", '{"f": ["1"]}', None, None]


def damaged(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"PK\x03\x04rest", "no workbook that can be read"),
        ("a.xlsx", b"", "no workbook that can be read"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1short", "no workbook that can be read"),
        ("a.parquet", b"PAR1", "cannot be read as Parquet"),
        ("a.parquet", b"a,b\n1,2\n", "cannot be read as Parquet"),
        ("a.sqlite", b"a,b\n1,2\n" * 200, "cannot be read as an SQLite file"),
        ("a.json", b'[{"a": 1}', "is not JSON"),
        ("a.json", b"7", "holds a single value"),
        ("a.json", b'{"a": 1}', "has no array of objects"),
    ],
)
def test_what_is_not_of_its_format_is_said_in_a_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(LoadError, match=says) as refused:
        list(rows_in(damaged(tmp_path / name, content)).records)
    assert name in str(refused.value)


def test_a_truncated_archive_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_ndjson_gz(tmp_path / "in" / "visits.ndjson.gz", ROWS * 50)
    path = tmp_path / "in" / "visits.ndjson.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(LoadError, match="cannot be read"):
        loaded(tmp_path, "visits.ndjson")


def test_a_header_without_a_name_and_an_unnamed_sheet_are_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name in ("One", "Two"):
            book.add_worksheet(name).write_row(0, 0, ["a", "", "c"])
    with pytest.raises(LoadError, match="several sheets \\(One, Two\\)"):
        rows_in(tmp_path / "a.xlsx")
    with pytest.raises(LoadError, match="Did you mean 'Two'"):
        rows_in(tmp_path / "a.xlsx", "Twoo")
    with pytest.raises(LoadError, match="column 2 of the header has no name"):
        rows_in(tmp_path / "a.xlsx", "One")


def test_a_source_may_be_a_file_or_a_folder_anywhere(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text(MAPPING.replace("{kind}", "csv"), encoding="utf-8")
    assert read_mapping(str(tmp_path)).name == read_mapping(str(tmp_path / "source.toml")).name == "foreign"
    with pytest.raises(LoadError, match="There is no file"):
        read_mapping(str(tmp_path / "sources.toml"))


def test_a_time_with_a_zone_keeps_its_offset(tmp_path: Path) -> None:
    moment = pa.array([datetime(2026, 7, 6, 13, 30)], pa.timestamp("s", tz="America/New_York"))
    pyarrow.parquet.write_table(pa.table([moment], names=["began"]), tmp_path / "a.parquet")
    assert [record.cells for record in rows_in(tmp_path / "a.parquet").records] == [["2026-07-06 13:30:00+00"]]
