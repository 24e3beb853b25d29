"""Every kind of damage to a row or a file has one verdict, and no record is lost on the way."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from etl.build import LoadReport, load_export
from etl.progress import LoadError
from tests.etl.exports import EPISODE, PATIENT, SESSION, header, line, write_export

GOOD = [SESSION | {"session_id": f"s{number}"} for number in range(1, 41)]


def load_sessions(tmp_path: Path, extra: str, end: str = "\n") -> LoadReport:
    """Load forty good sessions with some damaged text after the twentieth."""
    folder = write_export(tmp_path / "export")
    texts = [line("sessions", **values) for values in GOOD]
    body = end.join([header("sessions"), *texts[:20], extra, *texts[20:]]) + end
    (folder / "sessions.csv").write_bytes(body.encode())
    return load_export(folder, source="canonical", home=tmp_path / "home")


def session(**values: str) -> str:
    return line("sessions", **(SESSION | {"session_id": "bad"} | values))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (session(session_date="02/03/2024"), "not_a_date"),
        (session(session_date="2023-02-29"), "not_a_date"),
        (session(session_date="infinity"), "not_a_date|out_of_range"),
        (session(session_date="epoch"), "not_a_date|out_of_range"),
        (session(session_date="24-01-06"), "not_a_date|out_of_range"),
        (session(session_date=""), "required"),
        (session(session_date="2026-01-07"), "times_on_session_date"),
        (session(status="came"), "not_allowed"),
        (session(service_type="Group"), "not_allowed"),
        (session(scheduled_start="2026-01-06 9h"), "not_a_timestamp"),
        (session(actual_end="2026-01-06 08:00"), "actual_end_after_start"),
        (session(actual_end="2026-01-07 08:00"), "at_most_a_day_long"),
        (session(is_date_imputed="maybe"), "not_a_boolean"),
        (session(session_id="s1"), "duplicate_key"),
        (session(episode_id="e404"), "unknown_reference"),
        (session() + ",surplus", "wrong_field_count"),
        ("bad,e1,2026-01-06", "wrong_field_count"),
        ("   ", "wrong_field_count"),
        ("Total,40" + "," * 12, "required"),
        (session(scheduled_start="2026-01-06 02:30-05:00"), "not_a_timestamp"),
        (session(scheduled_start="infinity"), "not_a_timestamp|out_of_range"),
        ("Total,40", "wrong_field_count"),
        (session(billing_code='"H0015'), "unterminated_quote|wrong_field_count"),
    ],
)
def test_one_bad_row_is_rejected_with_its_line_and_the_others_stay(tmp_path: Path, text: str, rule: str) -> None:
    report = load_sessions(tmp_path, text)
    file = next(file for file in report.files if file.name == "sessions.csv")
    assert (file.rows_read, file.accepted, file.rejected) == (41, 40, 1)
    with duckdb.connect(str(report.path), read_only=True) as connection:
        found = connection.execute("select distinct line, rule, raw_text from load.reject").fetchall()
    assert {entry[0] for entry in found} == {22}
    assert len(found) == len({entry[1] for entry in found})
    assert {entry[1] for entry in found} & set(rule.split("|"))
    assert found[0][2] == text


def test_a_short_record_is_one_reject(tmp_path: Path) -> None:
    report = load_sessions(tmp_path, "bad,e1,2026-01-06")
    assert report.rejects_by_rule == {"wrong_field_count": 1}
    with duckdb.connect(str(report.path), read_only=True) as connection:
        found = connection.execute("select line, message, raw_text from load.reject").fetchall()
    assert found == [(22, "3 fields where the header has 14", "bad,e1,2026-01-06")]


NASTY = {
    "session_date": ["2026-1-6", " 2026-01-06", "2026-01-06 00:00", "24-01-06", "-infinity", "20260106", "06.01.2026"],
    "scheduled_start": ["2026-01-06T09:00", "2026-01-06 09:00:00", " 2026-01-06 09:00", "2026-01-06 24:00", "epoch"],
    "is_date_imputed": ["TRUE", "t", "yes", "1", " true", "on", "2"],
    "billing_code": ['"a, ""b"""', 'a"b', '"a"b', "=1+1", "a\x0bb\u2028c"],
}


def test_a_verdict_does_not_depend_on_the_rest_of_the_file(tmp_path: Path) -> None:
    """A line break in quotes makes the whole file be read another way, record by record."""
    values = [(column, value) for column, listed in NASTY.items() for value in listed]
    nasty = "\n".join(session(session_id=f"n{n:02}", **{column: value}) for n, (column, value) in enumerate(values))
    nasty += "".join(f"\n{session(session_id=f'e{len(end)}')}{end}" for end in (",", ",,", ",,x"))
    verdicts = []
    for name, code in (("even", "two lines"), ("uneven", "two\nlines")):
        report = load_sessions(tmp_path / name, nasty + "\n" + session(session_id="last", billing_code=f'"{code}"'))
        with duckdb.connect(str(report.path), read_only=True) as connection:
            loaded = connection.execute(
                "select session_id, session_date, scheduled_start, is_date_imputed, billing_code from core.sessions "
                "where session_id <> 'last' order by all"
            ).fetchall()
            lines = connection.execute("select distinct line from load.reject order by line").fetchall()
        verdicts.append((loaded, lines))
    assert verdicts[0] == verdicts[1]
    assert len(verdicts[0][1]) + len(verdicts[0][0]) == len(values) + 3 + len(GOOD)
    assert 5 < len(verdicts[0][1]) < len(values)


def test_each_of_the_declared_forms_of_time_is_read_in_one_file(tmp_path: Path) -> None:
    report = load_sessions(tmp_path, session(scheduled_start="2026-01-06T09:00:00"))
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute("select count(*), count(distinct scheduled_start) from core.sessions").fetchall() == [
            (41, 1)
        ]


def test_a_quoted_line_break_keeps_line_numbers_true(tmp_path: Path) -> None:
    report = load_sessions(tmp_path, session(billing_code='"two\nlines"') + "\n" + session(session_id="x", status="?"))
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute("select line, rule from load.reject").fetchall() == [(24, "not_allowed")]
        assert connection.execute("select count(*) from core.sessions").fetchall() == [(41,)]


def test_windows_line_ends_and_a_byte_order_mark_load(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    text = "\r\n".join([header("sessions"), *(line("sessions", **values) for values in GOOD)]) + "\r\n"
    (folder / "sessions.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    assert sum(file.accepted for file in report.files if file.name == "sessions.csv") == 40


def test_mixed_line_ends_lose_nothing(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    texts = [line("sessions", **values) for values in GOOD]
    body = header("sessions") + "\n" + "\r\n".join(texts[:20]) + "\r\n" + "\n".join(texts[20:]) + "\n"
    (folder / "sessions.csv").write_bytes(body.encode())
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    assert sum(file.accepted for file in report.files if file.name == "sessions.csv") == 40


def test_columns_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export", sessions=[])
    names = header("sessions").split(",")[::-1]
    rows = [",".join(values.get(name, "") for name in names) for values in GOOD]
    (folder / "sessions.csv").write_text("\n".join([",".join(names), *rows]) + "\n")
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute(
            "select distinct scheduled_start::varchar, service_type from core.sessions"
        ).fetchall() == [("2026-01-06 09:00:00", "group")]


def test_too_many_decimals_are_rejected_not_rounded(tmp_path: Path) -> None:
    cost = {"cost_id": "c1", "episode_id": "e1", "service_date": "2026-01-06", "amount": "1.005", "basis": "paid"}
    folder = write_export(tmp_path / "export", costs=[cost, cost | {"cost_id": "c2", "amount": "1.50"}])
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute("select cost_id, amount::varchar from core.costs").fetchall() == [("c2", "1.50")]
        assert connection.execute("select column_name, raw_text from load.reject").fetchone()[0] == "amount"  # type: ignore[index]


@pytest.mark.parametrize("value", ["30.7", "1e2", "0x1F", "12 weeks"])
def test_an_integer_is_digits_only(tmp_path: Path, value: str) -> None:
    folder = write_export(
        tmp_path / "export", episodes=[EPISODE, EPISODE | {"episode_id": "e2", "planned_days": value}]
    )
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    assert report.rejects_by_rule == {"not_an_integer": 1}


@pytest.mark.parametrize(
    "is_bad",
    [
        lambda number: number % 1000 < 40,
        lambda number: number % 1000 < 300,
        lambda number: number % 2 == 0,
        lambda number: 20_000 <= number < 25_000,
        lambda number: number >= 55_000,
    ],
    ids=["few", "many", "every second", "one stretch", "the end"],
)
def test_errors_lose_no_good_row_wherever_they_are(tmp_path: Path, is_bad: Callable[[int], bool]) -> None:
    count = 60_000
    bad = {number for number in range(count) if is_bad(number)}
    folder = write_export(tmp_path / "export")
    with (folder / "sessions.csv").open("w") as file:
        file.write(header("sessions") + "\n")
        for number in range(count):
            day = "not a day" if number in bad else "2026-01-06"
            file.write(line("sessions", **(SESSION | {"session_id": f"s{number:06}", "session_date": day})) + "\n")
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    found = next(file for file in report.files if file.name == "sessions.csv")
    assert (found.rows_read, found.accepted, found.rejected) == (count, count - len(bad), len(bad))
    with duckdb.connect(str(report.path), read_only=True) as connection:
        lines = connection.execute("select line from load.reject order by line").fetchall()
        loaded = connection.execute("select session_id from core.sessions").fetchall()
    assert lines == [(number + 2,) for number in sorted(bad)]
    assert loaded == [(f"s{number:06}",) for number in range(count) if number not in bad]


def test_one_open_quote_costs_one_record_of_a_large_file(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    with (folder / "sessions.csv").open("w") as file:
        file.write(header("sessions") + "\n")
        for number in range(60_000):
            code = '"H0015' if number == 30_000 else "H0015"
            file.write(line("sessions", **(SESSION | {"session_id": f"s{number:06}", "billing_code": code})) + "\n")
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    found = next(file for file in report.files if file.name == "sessions.csv")
    assert (found.rows_read, found.accepted, found.rejected) == (60_000, 59_999, 1)
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute("select line, rule from load.reject").fetchall() == [(30_002, "unterminated_quote")]


def test_a_large_file_that_is_mostly_errors_is_refused_from_a_sample(tmp_path: Path) -> None:
    """Memory for millions of errors is never taken; the good beginning does not hide them."""
    folder = write_export(tmp_path / "export")
    with (folder / "sessions.csv").open("w") as file:
        file.write(header("sessions") + "\n")
        for number in range(100_000):
            whole = line("sessions", **(SESSION | {"session_id": f"s{number:06}"}))
            file.write((whole if number < 20_000 else whole[:-8]) + "\n")
    with pytest.raises(LoadError, match=r"mostly errors: .* sampled records\. Most often wrong_field_count"):
        load_export(folder, source="canonical", home=tmp_path / "home")


@pytest.mark.parametrize("code", ['"two lines"', '"two\nlines"'], ids=["even", "uneven"])
def test_a_file_with_another_coding_throughout_is_refused(tmp_path: Path, code: str) -> None:
    folder = write_export(tmp_path / "export")
    rows = [line("sessions", **(values | {"status": "CHECKED IN", "billing_code": code})) for values in GOOD]
    (folder / "sessions.csv").write_text("\n".join([header("sessions"), *rows]) + "\n")
    with pytest.raises(LoadError, match=r"mostly errors: 40 of 40 records\. Most often not_allowed in column status"):
        load_export(folder, source="canonical", home=tmp_path / "home")


def test_records_of_people_of_another_program_do_not_make_a_file_one_of_errors(tmp_path: Path) -> None:
    others = [row | {"episode_id": "elsewhere", "session_id": f"x{n}"} for n, row in enumerate(GOOD * 3)]
    report = load_export(
        write_export(tmp_path / "export", sessions=GOOD + others), source="canonical", home=tmp_path / "home"
    )
    assert report.rejects_by_rule == {"unknown_reference": 120}


def test_a_file_that_is_mostly_errors_is_refused_with_the_reason(tmp_path: Path) -> None:
    sessions = [row | {"session_date": "06.01.2026"} for row in GOOD]
    folder = write_export(tmp_path / "export", sessions=sessions)
    with pytest.raises(LoadError, match=r"mostly errors.*session_date"):
        load_export(folder, source="canonical", home=tmp_path / "home")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (header("sessions").encode() + b"\ns1,\x00", "NUL"),
        (header("sessions").encode() + b"\ns\xe9,e1\n", "UTF-8"),
        (header("sessions").encode("utf-16"), "UTF-16"),
        ((header("sessions") + ",status\n").encode(), "two columns of one name"),
        ((header("sessions") + ",surplus\n").encode(), "Unexpected: surplus"),
        ((header("sessions") + "\n" + "x" * (2 << 20) + "\n").encode(), "line of more than"),
        (gzip.compress(header("sessions").encode()), "gzip but not named"),
    ],
    ids=["nul", "latin-1", "utf-16", "twice", "surplus", "long line", "gzip"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    folder = write_export(tmp_path / "export")
    (folder / "sessions.csv").write_bytes(content)
    with pytest.raises(LoadError, match=says):
        load_export(folder, source="canonical", home=tmp_path / "home")


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export", patients=[PATIENT])
    whole = gzip.compress((folder / "sessions.csv").read_bytes())
    (folder / "sessions.csv").unlink()
    (folder / "sessions.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LoadError, match="cannot be read"):
        load_export(folder, source="canonical", home=tmp_path / "home")
