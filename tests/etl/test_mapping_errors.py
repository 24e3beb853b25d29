# ruff: noqa: E501
"""A wrong source.toml is one sentence: file, table, column and the nearest name that is known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from etl.build import load_export
from etl.declared import schema
from etl.mapping import SOURCES, known_sources, read_mapping
from etl.progress import LoadError
from tests.etl.test_declared import CLIENTS, HEAD, SESSION, Loaded, write_csv


def test_a_looked_up_key_that_repeats_is_said_with_its_lines(tmp_path: Path) -> None:
    mapping = (
        HEAD.format(columns='["id", "day"]')
        + SESSION
        + (
            'session_date = { constant = "2026-01-05" }\nbilling_code = "clients.arm"\n'
            '[[tables.sessions.joins]]\nraw = "clients"\non = { id = "id" }\n'
        )
    )
    (tmp_path / "in").mkdir()
    write_csv(tmp_path / "in" / "clients.csv", ["id", "consent", "arm"], [*CLIENTS, CLIENTS[0]])
    write_csv(tmp_path / "in" / "rows.csv", ["id", "day"], [["c1", 1]])
    (tmp_path / "source.toml").write_text(mapping, encoding="utf-8")
    with pytest.raises(
        LoadError,
        match=r"clients is looked up by id, but clients.csv has the same value 2 times .first on lines 2 and 4",
    ):
        load_export(tmp_path / "in", source=str(tmp_path / "source.toml"), home=tmp_path / "home")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('sesion_date = "day"', "table sessions: sessions has no column 'sesion_date'. Did you mean 'session_date'?"),
        ('session_date = { dat = "day" }', "column session_date: one of date, .* is needed. Did you mean 'date'?"),
        ('session_date = { date = "day", formt = "%Y" }', "column session_date: date does not know 'formt'. Did you mean 'format'?"),
        ('session_date = { date = "day", format = "mm/dd/yyyy" }', "column session_date: 'mm/dd/yyyy' is no form of a date"),
        ('session_date = { days = "day" }', "column session_date: days need an anchor"),
        ('session_date = { date = "day", days = "day" }', "date and days exclude each other"),
        ('modality = { codes = "day" }', "column modality: codes need values"),
        ('is_date_imputed = { flag = "day", yes = "1" }', "column is_date_imputed: a flag needs its polarity, both ways"),
        ('billing_code = { number = "day", unit = "minuts", to = "hours" }', "unknown unit 'minuts'. Did you mean 'minutes'?"),
        ('billing_code = { number = "day", unit = "cents", to = "hours" }', "cents cannot become hours"),
        ('billing_code = { number = "day", unit = "cents" }', "unit and to belong together"),
        ('actual_start = { time = "day", format = "%H:%M%z" }', "an offset \\(%z\\) needs the clinic's zone"),
        ('actual_start = { time = "day", format = ["%H:%M%z", "%H:%M"], zone = "UTC" }', "either all forms have an offset"),
        ('actual_start = { time = "day", zone = "America/NewYork" }', "zone is 'America/NewYork'. Did you mean 'America/New_York'"),
        ('actual_start = { time = "day", zone = 5 }', "column actual_start: zone is '5'"),
        ('actual_start = { time = "day", zone = "UTC", repeated_hour = "frist" }', "repeated_hour is 'frist'. Did you mean 'first'"),
        ("session_date = 5", "column session_date: 5 is neither SQL nor a construct"),
        ('session_date = { first_of = ["day"], imputed = "is_imputed" }', "sessions has no column 'is_imputed'. Did you mean"),
        ('[[tables.sessions.joins]]\nraw = "client"\non = { id = "id" }', "no 'client'. Did you mean 'clients'?"),
        ('[[tables.sessions.joins]]\nraw = "clients"\non = { id = "idd" }', "clients has no column 'idd'. Did you mean 'id'?"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_said_with_table_column_and_nearest_name(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "source.toml").write_text(
        HEAD.format(columns='["id", "day"]') + SESSION + line + "\n", encoding="utf-8"
    )
    with pytest.raises(LoadError, match=says) as refused:
        read_mapping(str(tmp_path / "source.toml"))
    assert "source.toml is malformed" in str(refused.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('session_date = "dayy"', 'table sessions, column session_date: .*"dayy" not found.*nearest columns are .*day'),
        ('session_date = "day +"', "table sessions, column session_date: "),
        ('session_date = "day::date"', "table sessions, column session_date: Conversion Error.*Use try_cast"),
        ('session_date = "$anchor"', "unknown parameter \\$anchor"),
    ],
)
def test_wrong_sql_is_said_with_table_and_column(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        Loaded(tmp_path, ["id", "day"], [["c1", "1"]], SESSION + line + "\n")


def test_the_schema_is_current_and_every_shipped_source_is_valid() -> None:
    assert schema.PATH.read_text(encoding="utf-8") == schema.text()
    for name in known_sources():
        body = tomllib.loads((SOURCES / name / "source.toml").read_text(encoding="utf-8"))
        assert list(schema.problems(body)) == []


VALID = HEAD.format(columns='["id", "day"]') + SESSION + 'session_date = "day"\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[source]", "[sorce]", r"needs source|does not know 'sorce'. Did you mean 'source'"),
        ('title = "An invented export"', "", r"\[source\] needs title"),
        ("data_cut = 2026-09-30", "data_cut = 2026-09-30\nzone = 1", r"\[source\] does not know 'zone'"),
        ('path = "rows.csv"', 'pth = "rows.csv"', r"\[files.rows\]"),
        ('path = "rows.csv"', 'path = "rows.csv"\nformat = "exel"', r"\[files.rows.format\] is 'exel'. Did you mean 'excel'"),
        ('path = "rows.csv"', 'path = "rows.csv"\nis_optional = "yes"', r"\[files.rows.is_optional\] is 'yes', which is not of"),
        ('path = "rows.csv"', 'path = "rows.csv"\nextra_columns = "drop"', r"is 'drop'. Known: refuse, ignore"),
        ('path = "rows.csv"', 'path = "rows.csv"\ndelimeter = ";"', r"does not know 'delimeter'. Did you mean 'delimiter'"),
        ("[tables.sessions]", "[tables.sesions]", r"\[tables\] does not know 'sesions'. Did you mean 'sessions'"),
        ('from = "rows"', 'form = "rows"', r"\[tables.sessions\] does not know 'form'. Did you mean 'from'"),
        ('from = "rows"', 'from = "row"', r"table sessions: \[files\] declares no 'row'. Did you mean 'rows'"),
        ('from = "rows"', 'from = "rows"\nfrom_sql = "select 1"', "exactly one of from and from_sql"),
        ('from = "rows"', 'from_sql = "select * from rows"\nwide = { columns = "a" }', "wide need from, not from_sql"),
        ('from = "rows"', 'from = "rows"\nwide = { columns = "bdi.*" }', "no column of rows matches 'bdi.*'. It has id, day"),
        ('from = "rows"', 'from = "rows"\nwide = { columns = "bdi(" }', r"wide.columns is 'bdi\(', which is no pattern"),
        ('from = "rows"', 'from = "rows"\nwide = { pattern = "bdi.*" }', r"\[tables.sessions.wide\]"),
        ('from = "rows"', 'from = "rows"\nduplicates = { keep = "newest" }', r"duplicates.keep\] is 'newest'"),
        ('from = "rows"', 'from = "rows"\njoins = [{ raw = "clients" }]', r"\[tables.sessions.joins.0\] needs on"),
        ('from = "rows"', 'from = "rows"\nrules = [{ name = "a", sql = "true" }]', r"\[tables.sessions.rules.0\] needs says"),
        ('{ constant = "attended" }', '{ codes = "day", values = { "A" = "atended" } }', "'A' becomes 'atended'. Did you mean 'attended'"),
        ("session_id =", "session_key =", "sessions has no column 'session_key'. Did you mean 'session_date'"),
        ("[tables.sessions]", "[[tables.sessions]]\nfrom = 3\n[[tables.sessions]]", "which is not of the kind"),
        ("data_cut = 2026-09-30", "data_cut = 2026-09-31", "malformed"),
    ],
)  # fmt: skip
def test_a_wrong_structure_is_one_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in VALID
    (tmp_path / "source.toml").write_text(VALID.replace(old, new), encoding="utf-8")
    with pytest.raises(LoadError, match=says) as refused:
        read_mapping(str(tmp_path / "source.toml"))
    assert len(str(refused.value).splitlines()) == 1
