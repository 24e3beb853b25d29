# ruff: noqa: E501
"""The constructs of source.toml on real files: what each line of the list of importers' needs asks for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.build import load_export

HEAD = """
[source]
name = "foreign"
title = "An invented export"
data_cut = 2026-09-30

[files.clients]
path = "clients.csv"
columns = ["id", "consent", "arm"]

[files.rows]
path = "rows.csv"
columns = {columns}

[tables.patients]
from = "clients"
columns = {{ patient_id = "id" }}

[tables.episodes]
from = "clients"

[tables.episodes.columns]
episode_id = "id"
patient_id = "id"
site = {{ constant = "North" }}
program = {{ constant = "SUD" }}
level_of_care = {{ constant = "IOP" }}
admission_date = {{ date = "consent", format = "%m/%d/%Y" }}
arm = "arm"
"""

SESSION = """
[tables.sessions]
from = "rows"

[tables.sessions.columns]
session_id = "id || '-' || _line"
episode_id = "id"
status = { constant = "attended" }
service_type = { constant = "visit" }
"""

CLIENTS = [["c1", "01/05/2026", "Methadone"], ["c2", "01/06/2026", "Buprenorphine"]]


def write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


class Loaded:
    """What became of an export: rows of a table, rejects, and the report."""

    def __init__(
        self,
        folder: Path,
        header: list[str],
        rows: list[list[Any]],
        mapping: str,
        **more: tuple[list[str], list[list[Any]]],
    ) -> None:
        (folder / "in").mkdir()
        for name, content in more.items():
            write_csv(folder / "in" / f"{name}.csv", *content)
        write_csv(folder / "in" / "clients.csv", ["id", "consent", "arm"], CLIENTS)
        write_csv(folder / "in" / "rows.csv", header, rows)
        (folder / "source.toml").write_text(HEAD.format(columns=repr(header)) + mapping, encoding="utf-8")
        self.report = load_export(folder / "in", source=str(folder / "source.toml"), home=folder / "home")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.report.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows("select line, column_name, rule from load.reject where file = 'rows.csv' order by all")


def test_1_days_count_from_an_anchor_of_each_patient_and_may_be_negative(tmp_path: Path) -> None:
    mapping = SESSION + (
        'session_date = { days = "day", after = "strptime(clients.consent, \'%m/%d/%Y\')" }\n'
        '[[tables.sessions.joins]]\nraw = "clients"\non = { id = "id" }\n'
    )
    found = Loaded(tmp_path, ["id", "day"], [["c1", 0], ["c1", -3], ["c2", 10], ["c2", "soon"]], mapping)
    assert found.rows("select session_date::varchar from core.sessions order by all") == [
        ("2026-01-02",), ("2026-01-05",), ("2026-01-16",),
    ]  # fmt: skip
    assert found.rejects() == [(5, "session_date", "not_a_date")]
    assert found.rows("select message from load.reject") == [
        ("the number of days is not whole, or the date from which it counts is missing",)
    ]


def test_2_columns_with_a_time_label_become_rows(tmp_path: Path) -> None:
    mapping = """
[tables.assessments]
from = "rows"
wide = { columns = "bdi\\\\.(?P<month>\\\\d+)m", value = "answer" }

[tables.assessments.columns]
assessment_id = "id || '-' || month"
patient_id = "id"
episode_id = "id"
assessed_date = "date '2026-01-05' + 30 * month::integer"
instrument = { constant = "PHQ-9" }
score = { number = "answer" }
timepoint = { codes = "month", values = { "0" = "intake" }, else = "week" }
"""
    rows = [["c1", 20, 10, ""], ["c2", 15, "", "x"], ["c3", "", "", ""]]
    found = Loaded(tmp_path, ["id", "bdi.0m", "bdi.2m", "bdi.3m"], rows, mapping)
    assert found.rows("select assessment_id, score, timepoint from core.assessments order by all") == [
        ("c1-0", 20, "intake"), ("c1-2", 10, "week"), ("c2-0", 15, "intake"),
    ]  # fmt: skip
    assert found.rejects() == [(3, "score", "not_a_number")]
    report = next(file for file in found.report.files if file.name == "rows.csv")
    assert (report.rows_read, report.accepted, report.rejected, report.superseded) == (3, 1, 1, 1)


def test_3_codes_have_missing_values_and_an_explicit_else(tmp_path: Path) -> None:
    mapping = SESSION.replace(
        '{ constant = "attended" }', '{ codes = "what", values = { "A" = "attended", "NS" = "no_show" } }'
    )
    mapping += (
        'session_date = { constant = "2026-01-05" }\n'
        'modality = { codes = "how", values = { "99" = "", "tele" = "telehealth" }, ignore_case = true, else = "unknown" }\n'
    )
    rows = [["c1", "A", "TELE"], ["c1", "NS", "99"], ["c1", "a", ""], ["c1", "A", "phone"]]
    found = Loaded(tmp_path, ["id", "what", "how"], rows, mapping)
    assert found.rows("select status, modality from core.sessions order by all") == [
        ("attended", "telehealth"), ("attended", "unknown"), ("no_show", None),
    ]  # fmt: skip
    assert set(found.rejects()) == {(4, "status", "not_allowed")}


@pytest.mark.parametrize(("flag", "expected"), [("1", True), ("0", False), ("", None)])
def test_4_a_flag_has_its_polarity_declared(tmp_path: Path, flag: str, expected: bool | None) -> None:
    mapping = SESSION + (
        'session_date = { constant = "2026-01-05" }\nis_date_imputed = { flag = "CENSOR", yes = ["1"], no = ["0"] }\n'
    )
    found = Loaded(tmp_path, ["id", "CENSOR"], [["c1", flag], ["c1", "2"]], mapping)
    assert found.rows("select is_date_imputed from core.sessions") == [(expected,)]
    assert found.rejects() == [(3, "is_date_imputed", "not_a_boolean")]


PRESENCE = """
[files.positives]
path = "positives.csv"
columns = ["id", "day", "drug"]

[tables.toxicology]
from = "rows"

[tables.toxicology.presence]
positives = "positives"
on = ["id", "day"]
column = "drug"
panel = ["Opioid", "THC"]

[tables.toxicology.columns]
specimen_id = "id || '-' || day"
patient_id = "id"
episode_id = "id"
specimen_date = { days = "day", after = "date '2026-01-01'" }
substance = { codes = "tested_for", values = { "opioid" = "opioid", "thc" = "cannabis" } }
result = "result"
"""


def test_5_and_8_positives_only_become_positives_and_negatives_of_a_panel_whatever_their_case(tmp_path: Path) -> None:
    positives = (["id", "day", "drug"], [["c1", 7, "Thc"], ["c2", 9, "OPIOID"]])
    found = Loaded(tmp_path, ["id", "day"], [["c1", 7], ["c1", 14]], PRESENCE, positives=positives)
    assert found.rows("select specimen_id, substance, result from core.toxicology order by all") == [
        ("c1-14", "cannabis", "negative"), ("c1-14", "opioid", "negative"),
        ("c1-7", "cannabis", "positive"), ("c1-7", "opioid", "negative"),
        ("c2-9", "opioid", "positive"),
    ]  # fmt: skip
    for file in found.report.files:
        assert file.rows_read == file.accepted + file.rejected + file.superseded


def test_6_a_slot_without_a_date_gets_one_and_a_flag(tmp_path: Path) -> None:
    mapping = SESSION + (
        'session_date = { first_of = ["seen", "\'2026-01-05\'::date + 7 * week::integer"], imputed = "is_date_imputed" }\n'
    )
    found = Loaded(tmp_path, ["id", "seen", "week"], [["c1", "2026-01-07", 0], ["c1", "", 2]], mapping)
    assert found.rows("select session_date::varchar, is_date_imputed from core.sessions order by all") == [
        ("2026-01-07", False), ("2026-01-19", True),
    ]  # fmt: skip


def test_7_a_duplicate_of_a_day_follows_a_stated_precedence(tmp_path: Path) -> None:
    mapping = SESSION.replace("id || '-' || _line", "id || day").replace(
        'from = "rows"', 'from = "rows"\nduplicates = { keep = "first", order_by = "status = \'attended\' desc" }'
    )
    mapping = mapping.replace(
        '{ constant = "attended" }', '{ codes = "what", values = { "A" = "attended", "M" = "no_show" } }'
    )
    mapping += 'session_date = { date = "day", format = ["%Y-%m-%d", "%d %b %Y"] }\n'
    rows = [["c1", "2026-01-05", "M"], ["c1", "2026-01-05", "A"], ["c2", "6 Jan 2026", "M"]]
    found = Loaded(tmp_path, ["id", "day", "what"], rows, mapping)
    assert found.rows("select session_date::varchar, status from core.sessions order by all") == [
        ("2026-01-05", "attended"), ("2026-01-06", "no_show"),
    ]  # fmt: skip


def test_10_and_11_weeks_count_and_an_event_without_a_time_is_listed(tmp_path: Path) -> None:
    mapping = SESSION + 'session_date = { weeks = "week", after = "date \'2026-01-05\'" }\n'
    found = Loaded(tmp_path, ["id", "week"], [["c1", 2], ["c1", ""]], mapping)
    assert found.rows("select session_date::varchar from core.sessions") == [("2026-01-19",)]
    assert found.rejects() == [(3, "session_date", "required")]


TIMES = (
    SESSION
    + """session_date = "began[:10]"
actual_start = {construct}
"""
)


@pytest.mark.parametrize(
    ("construct", "text", "stored"),
    [
        (
            '{ time = "began", format = "%Y-%m-%dT%H:%M:%S%z", zone = "America/New_York" }',
            "2026-01-05T14:30:00+00:00",
            "09:30",
        ),
        (
            '{ time = "began", format = "%Y-%m-%dT%H:%M:%S%z", zone = "America/New_York" }',
            "2026-07-06T09:30:00-05:00",
            "10:30",
        ),
        (
            '{ time = "began", format = "%Y-%m-%d %H:%M", zone = "UTC", clinic_zone = "America/New_York" }',
            "2026-07-06 13:30",
            "09:30",
        ),
        ('{ time = "began", format = "%Y-%m-%d %I:%M %p" }', "2026-07-06 05:30 PM", "17:30"),
    ],
)
def test_times_keep_their_offset_and_become_the_clinics_clock(
    tmp_path: Path, construct: str, text: str, stored: str
) -> None:
    found = Loaded(tmp_path, ["id", "began"], [["c1", text]], TIMES.replace("{construct}", construct))
    assert found.rows("select strftime(actual_start, '%H:%M') from core.sessions") == [(stored,)]


def test_an_hour_that_the_clocks_skipped_is_rejected(tmp_path: Path) -> None:
    construct = '{ time = "began", format = "%Y-%m-%d %H:%M", zone = "America/New_York" }'
    rows = [["c1", "2026-03-08 02:30"], ["c1", "2026-03-08 03:30"], ["c1", "08/03/2026 02:30"]]
    found = Loaded(tmp_path, ["id", "began"], rows, TIMES.replace("{construct}", construct))
    assert found.rows("select actual_start::varchar from core.sessions") == [("2026-03-08 03:30:00",)]
    assert {entry for entry in found.rejects() if entry[1] == "actual_start"} == {
        (2, "actual_start", "impossible_local_time"),
        (4, "actual_start", "not_a_timestamp"),
    }


@pytest.mark.parametrize(
    ("construct", "text", "stored"),
    [
        ('{ number = "n", unit = "minutes", to = "hours" }', "90", 1.5),
        ('{ number = "n", unit = "weeks", to = "days" }', "2", 14.0),
        ('{ number = "n", without = ["$", ","] }', "$1,234.50", 1234.5),
    ],
)
def test_units_are_converted(tmp_path: Path, construct: str, text: str, stored: float) -> None:
    mapping = HEAD.format(columns='["id", "n"]').replace(
        'arm = "arm"', "planned_hours = " + construct.replace('"n"', '"arm"')
    )
    (tmp_path / "in").mkdir()
    write_csv(
        tmp_path / "in" / "clients.csv",
        ["id", "consent", "arm"],
        [["c1", "01/05/2026", text], ["c2", "01/05/2026", "many"]],
    )
    write_csv(tmp_path / "in" / "rows.csv", ["id", "n"], [])
    (tmp_path / "source.toml").write_text(mapping, encoding="utf-8")
    report = load_export(tmp_path / "in", source=str(tmp_path / "source.toml"), home=tmp_path / "home")
    with duckdb.connect(str(report.path), read_only=True) as connection:
        assert connection.execute("select planned_hours from core.episodes").fetchall() == [(stored,)]
        assert connection.execute("select column_name, rule from load.reject").fetchall() == [
            ("planned_hours", "not_a_number")
        ]
