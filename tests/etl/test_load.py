"""A load accounts for every record, changes nothing twice, and leaves the last good version when it fails."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.build import LoadReport, load_export
from etl.progress import LoadError
from tests.etl.exports import EPISODE, PATIENT, SESSION, write_export


def load(folder: Path, home: Path, **options: object) -> LoadReport:
    return load_export(folder, source="canonical", home=home, **options)  # type: ignore[arg-type]


def rows(report: LoadReport, sql: str) -> list[tuple]:
    with duckdb.connect(str(report.path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_every_record_is_accepted_rejected_or_superseded(tmp_path: Path) -> None:
    folder = write_export(
        tmp_path / "export",
        patients=[PATIENT, {"patient_id": "p2"}, {"patient_id": ""}],
        episodes=[
            EPISODE,
            EPISODE | {"episode_id": "e2", "patient_id": "nobody"},
            EPISODE,
            EPISODE | {"episode_id": "e4", "discharge_date": "2026-01-01"},
            EPISODE | {"episode_id": "e5", "admission_date": "05/01/2026"},
        ],
        sessions=[SESSION, SESSION | {"session_id": "s2", "episode_id": "e5"}],
    )
    report = load(folder, tmp_path / "home")
    by_name = {file.name: file for file in report.files}
    assert (by_name["patients.csv"].rows_read, by_name["patients.csv"].accepted) == (3, 2)
    assert (by_name["episodes.csv"].rows_read, by_name["episodes.csv"].accepted) == (5, 1)
    for file in report.files:
        assert file.rows_read == file.accepted + file.rejected + file.superseded, file
    found = rows(report, "select file, line, column_name, rule from load.reject order by file, line, rule")
    assert found == [
        ("episodes.csv", 3, "patient_id", "unknown_reference"),
        ("episodes.csv", 4, "episode_id", "duplicate_key"),
        ("episodes.csv", 5, None, "discharge_not_before_admission"),
        ("episodes.csv", 6, "admission_date", "not_a_date"),
        ("patients.csv", 4, "patient_id", "required"),
        ("sessions.csv", 3, "episode_id", "unknown_reference"),
    ]
    raw = rows(report, "select raw_text from load.reject where file = 'episodes.csv' and line = 6")
    assert "05/01/2026" in raw[0][0]


def test_loading_the_same_files_twice_changes_nothing(tmp_path: Path) -> None:
    folder, home = write_export(tmp_path / "export"), tmp_path / "home"
    first = load(folder, home)
    before = {path.name: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    second = load(folder, home)
    after = {path.name: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    assert second.is_unchanged
    assert second.version == first.version
    assert (before | {".lock": 0}) == (after | {".lock": 0})


def test_the_same_inputs_give_the_same_rows_in_another_home(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    first, second = load(folder, tmp_path / "a"), load(folder, tmp_path / "b")
    assert first.version == second.version
    for table in ("core.sessions", "mart.episode", "load.reject", "load.file"):
        assert rows(first, f"select * from {table}") == rows(second, f"select * from {table}")


def test_changed_files_make_a_new_version_and_keep_the_old_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = load(write_export(tmp_path / "export"), home)
    second = load(write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}]), home)
    assert second.version != first.version
    assert first.path.exists()
    assert rows(second, "select count(*) from core.sessions") == [(2,)]


def test_as_of_overrides_the_data_cut(tmp_path: Path) -> None:
    report = load(write_export(tmp_path / "export"), tmp_path / "home", as_of=date(2026, 6, 30))
    assert report.data_cut == date(2026, 6, 30)
    assert rows(report, "select analysis_cut from load.version") == [(date(2026, 5, 31),)]


def test_every_table_and_column_says_what_it_is(tmp_path: Path) -> None:
    report = load(write_export(tmp_path / "export"), tmp_path / "home")
    silent = rows(
        report,
        "select schema_name || '.' || table_name || '.' || column_name from load.dictionary "
        "where meaning = '' order by 1",
    )
    assert silent == []


def test_a_source_without_sites_gets_those_of_its_episodes(tmp_path: Path) -> None:
    report = load(write_export(tmp_path / "export"), tmp_path / "home")
    assert rows(report, "select site from core.sites") == [("North",)]


def replace_by_broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere.csv"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: [path.unlink() for path in folder.iterdir()], "is empty"),
        (lambda folder: (folder / "episodes.csv").unlink(), "episodes.csv missing"),
        (lambda folder: (folder / "episodes.csv").write_text("a,b\n1,2\n"), "wrong columns"),
        (lambda folder: (folder / "episodes.csv").write_bytes(b"PK\x03\x04rest"), "Excel or zip"),
        (lambda folder: (folder / "episodes.csv").write_text("<html><body>Please sign in</body></html>"), "web page"),
        (lambda folder: (folder / "episodes.csv").write_bytes(b""), "is empty"),
        (lambda folder: (folder / "export.toml").unlink(), "data_cut"),
        (lambda folder: (folder / "export.toml").write_text("data_cut = soon"), "cannot be read"),
        (lambda folder: (folder / "export.toml").write_text("data_cut = 20260930"), "should say data_cut = 2026-09-30"),
        (lambda folder: (folder / "export.toml").write_text("data_cut = 9999-12-31"), "cannot be right"),
        (lambda folder: replace_by_broken_link(folder / "sessions.csv"), "a folder or a broken link"),
        (lambda folder: [(folder / "sessions.csv").unlink(), (folder / "sessions.csv").mkdir()], "is a folder or"),
    ],
    ids=[
        "empty folder",
        "missing",
        "columns",
        "excel",
        "login page",
        "empty file",
        "no cut",
        "bad cut",
        "number as cut",
        "cut in year 9999",
        "broken link",
        "folder for file",
    ],
)
def test_what_cannot_be_loaded_is_refused_with_the_remedy(tmp_path: Path, damage: object, says: str) -> None:
    folder, home = write_export(tmp_path / "export"), tmp_path / "home"
    good = load(folder, home)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(LoadError, match=says):
        load(folder, home)
    assert (home / "current.json").read_text().count(good.version) > 0


def with_rules(folder: Path, *rules: str) -> Path:
    (folder / "export.toml").write_text("\n".join(["data_cut = 2026-09-30", "[rules]", *rules]), encoding="utf-8")
    return folder


def test_an_export_may_be_evaluated_fourteen_days_before_its_cut(tmp_path: Path) -> None:
    folder, home = write_export(tmp_path / "export"), tmp_path / "home"
    usual = load(folder, home)
    report = load(with_rules(folder, "ascertainment_lag_days = 14", "no_contact_days = 14"), home)
    assert rows(usual, "select analysis_cut from load.version") == [(date(2026, 8, 31),)]
    assert rows(report, "select data_cut, analysis_cut from load.version") == [(date(2026, 9, 30), date(2026, 9, 16))]
    kept = "select value, source from load.rule where rule = 'ascertainment_lag_days'"
    assert rows(report, kept) == [(14.0, "the export's export.toml")]
    versions = [rows(each, "select rule_version from load.version") for each in (usual, report)]
    assert versions[0] != versions[1]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("ascertainment_lag = 14", "unknown rule 'ascertainment_lag'"),
        ("ascertainment_lag_days = 'two weeks'", "needs a number from 0 up"),
        ("ascertainment_lag_days = 14.5", "needs a whole number of days"),
        ("ascertainment_lag_days = -1", "needs a number from 0 up"),
        ("day_zero = 1", "needs a text"),
        ("ascertainment_lag_days = 14", "who left shortly before the analysis cut would count as in care"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(tmp_path: Path, rule: str, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        load(with_rules(write_export(tmp_path / "export"), rule), tmp_path / "home")


def test_an_unknown_source_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="Did you mean 'canonical'"):
        load_export(write_export(tmp_path / "export"), source="cannonical", home=tmp_path / "home")


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="There is no folder"):
        load(tmp_path / "nowhere", tmp_path / "home")


def test_an_export_without_an_accepted_episode_is_not_published(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export", episodes=[], sessions=[])
    with pytest.raises(LoadError, match="no accepted episode"):
        load(folder, tmp_path / "home")
    assert not (tmp_path / "home" / "current.json").exists()
