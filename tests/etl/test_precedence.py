"""Of records of one key the file that was exported last wins, as declared; where nobody says, nothing is guessed."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from etl.build import LoadReport, load_export
from etl.mapping import Mapping, read_mapping
from etl.progress import LoadError
from tests.etl.exports import SESSION, header, line, write_export

MAPPED = """
[source]
name = "mapped"
title = "Sessions by SQL"
data_cut = 2026-09-30
[files.patients]
path = "patients.csv"
columns = "contract:patients"
[tables.patients]
from = "patients"
[files.episodes]
path = "episodes.csv"
columns = "contract:episodes"
[tables.episodes]
from = "episodes"
[files.visits]
path = "sessions-*.csv"
columns = "contract:sessions"
exported_at = "name:%Y-%m"
[tables.sessions]
from = "visits"
where = "status is not null"
duplicates = { keep = "latest_export" }
"""


def export(folder: Path, said: str = "", **sessions: list[dict[str, str]]) -> Path:
    """An export whose sessions are in several files; ``aug`` becomes sessions-2026-08.csv."""
    write_export(folder)
    (folder / "sessions.csv").unlink()
    for name, content in sessions.items():
        file = {"aug": "sessions-2026-08.csv", "sep": "sessions-2026-09.csv"}.get(name, f"sessions-{name}.csv")
        rows = [header("sessions"), *(line("sessions", **SESSION | row) for row in content)]
        (folder / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "export.toml").write_text(f"data_cut = 2026-09-30\n{said}", encoding="utf-8")
    return folder


def load(folder: Path, home: Path, source: str = "canonical") -> LoadReport:
    return load_export(folder, source=source, home=home)


def rows(report: LoadReport, sql: str) -> list[tuple]:
    with duckdb.connect(str(report.path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


STATUS = "select session_id, status from core.sessions order by 1"
FATES = "select file, rows_read, rows_accepted, rows_rejected, rows_superseded from load.file where file like 'sess%'"
REASONS = "select file, rule, record_count from load.superseded order by all"


@pytest.mark.parametrize("source", ["canonical", "mapped"])
def test_the_record_of_the_later_export_wins_and_the_earlier_one_is_superseded(tmp_path: Path, source: str) -> None:
    folder = export(
        tmp_path / "export",
        aug=[{"session_id": "s1", "status": "attended"}, {"session_id": "s2"}],
        sep=[{"session_id": "s1", "status": "no_show"}, {"session_id": "s3"}],
    )
    (folder / "source.toml").write_text(MAPPED, encoding="utf-8")
    report = load(folder, tmp_path / "home", source if source == "canonical" else str(folder))
    assert rows(report, STATUS) == [("s1", "no_show"), ("s2", "attended"), ("s3", "attended")]
    assert sorted(rows(report, FATES)) == [("sessions-2026-08.csv", 2, 1, 0, 1), ("sessions-2026-09.csv", 2, 2, 0, 0)]
    assert rows(report, REASONS) == [("sessions-2026-08.csv", "late_correction", 1)]


def test_what_export_toml_says_of_a_file_goes_before_its_name(tmp_path: Path) -> None:
    said = '[files."sessions-2026-08.csv"]\nexported_at = 2026-10-01T02:00:00\n'
    folder = export(tmp_path / "export", said, aug=[{"status": "attended"}], sep=[{"status": "no_show"}])
    assert rows(load(folder, tmp_path / "home"), STATUS) == [("s1", "attended")]


def test_saying_another_time_of_the_same_files_makes_another_version(tmp_path: Path) -> None:
    folder = export(tmp_path / "export", aug=[{"status": "attended"}], sep=[{"status": "no_show"}])
    first = load(folder, tmp_path / "home")
    said = 'data_cut = 2026-09-30\n[files."sessions-2026-08.csv"]\nexported_at = 2026-10-01\n'
    (folder / "export.toml").write_text(said, encoding="utf-8")
    second = load(folder, tmp_path / "home")
    assert (rows(first, STATUS), rows(second, STATUS)) == ([("s1", "no_show")], [("s1", "attended")])


def test_neither_the_files_own_times_nor_the_order_of_arrival_matter(tmp_path: Path) -> None:
    content = {"aug": [{"status": "attended"}], "sep": [{"status": "no_show"}], "2026-07": [{"status": "late_cancel"}]}
    found = []
    for number, order in enumerate((["aug", "sep", "2026-07"], ["sep", "2026-07", "aug"])):
        folder = export(tmp_path / f"export{number}", **{name: content[name] for name in order})
        for age, path in enumerate(sorted(folder.glob("sessions-*"), reverse=number == 1)):
            os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))
        found.append(load(folder, tmp_path / f"home{number}"))
    assert found[0].version == found[1].version
    assert rows(found[0], STATUS) == rows(found[1], STATUS) == [("s1", "no_show")]


@pytest.mark.parametrize(
    ("first", "second"), [("a", "b"), ("a", "2026-09"), ("2026-09", "2026-09-01")], ids=["none", "one", "the same"]
)
def test_where_no_file_is_known_to_be_later_the_second_record_is_rejected(
    tmp_path: Path, first: str, second: str
) -> None:
    folder = export(tmp_path / "export", **{first: [{"status": "attended"}], second: [{"status": "no_show"}]})
    report = load(folder, tmp_path / "home")
    assert rows(report, "select rule from load.reject") == [("duplicate_key",)]
    assert rows(report, REASONS) == []


def test_a_file_that_repeats_a_key_still_has_its_second_record_rejected(tmp_path: Path) -> None:
    folder = export(tmp_path / "export", aug=[{}], sep=[{"status": "no_show"}, {"status": "attended"}])
    report = load(folder, tmp_path / "home")
    assert rows(report, "select file, line, rule from load.reject") == [("sessions-2026-09.csv", 3, "duplicate_key")]
    assert rows(report, STATUS) == [("s1", "no_show")]


def test_a_correction_that_is_rejected_leaves_the_earlier_record_in_place(tmp_path: Path) -> None:
    folder = export(tmp_path / "export", aug=[{"status": "attended"}], sep=[{"status": "came"}])
    report = load(folder, tmp_path / "home")
    assert rows(report, STATUS) == [("s1", "attended")]
    assert rows(report, "select file, rule from load.reject") == [("sessions-2026-09.csv", "not_allowed")]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ('[files."sessions-2026-90.csv"]\nexported_at = 2026-10-01', "Did you mean 'sessions-2026-09.csv'"),
        ('[files."sessions-2026-09.csv"]\nexported = 2026-10-01', "takes exported_at only"),
        ('[files."sessions-2026-09.csv"]\nexported_at = 5', "exported_at is 5"),
        ("files = 3", "files is not a section"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(tmp_path: Path, said: str, says: str) -> None:
    folder = export(tmp_path / "export", said, aug=[{}], sep=[{}])
    with pytest.raises(LoadError, match=says):
        load(folder, tmp_path / "home")


def test_a_pattern_that_holds_no_time_is_refused(tmp_path: Path) -> None:
    def mapping(form: str) -> Mapping:
        (tmp_path / "source.toml").write_text(MAPPED.replace("name:%Y-%m", form), encoding="utf-8")
        return read_mapping(str(tmp_path))

    assert mapping("name:%Y%m%d").files["visits"].exported_at == ("name:%Y%m%d",)
    for form in ("%Y-%m", "name:%Q", "name:today"):
        with pytest.raises(LoadError, match="should be of the form name:%Y-%m-%d"):
            mapping(form)
