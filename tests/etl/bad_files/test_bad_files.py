"""Every bad file has one verdict: refused with a sentence, or each of its records accepted or rejected by a rule."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from etl.build import FileReport, load_export
from etl.progress import LoadError, SilentProgress
from tests.etl.bad_files.cases import ACCEPTED, GOOD, REFUSED, REJECTED, session, text
from tests.etl.exports import write_export


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("bad"))


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_with_its_name_and_a_reason(folder: Path, tmp_path: Path, case: str) -> None:
    name, content, pattern = REFUSED[case]
    for path in folder.glob("sessions.csv*"):
        path.unlink()
    (folder / name).write_bytes(content)
    with pytest.raises(LoadError) as refused:
        load_export(folder, source="canonical", home=tmp_path / "home")
    assert name in str(refused.value)
    assert re.search(pattern, str(refused.value))
    assert str(refused.value).endswith((".", "?"))
    assert not (tmp_path / "home" / "current.json").exists()


Verdicts = tuple[dict[str, FileReport], dict[str, dict[int, set[str]]], dict[str, int]]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """One load of all files with a bad record: reports and rules by line, by file."""
    export = write_export(tmp_path_factory.mktemp("rejected"), sessions=[])
    for number, (record, _) in enumerate(REJECTED.values()):
        # Keys of their own: duplicates across files are another matter.
        content = text(record).replace("good", f"g{number}_").replace("bad,", f"bad{number},")
        (export / f"sessions-r{number:03}.csv").write_bytes(content.encode())
    for number, raw in enumerate(ACCEPTED.values()):
        (export / f"sessions-a{number:03}.csv").write_bytes(raw.replace(b"good", f"a{number}_".encode()))
    report = load_export(export, source="canonical", home=export / "home")
    rules: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    with duckdb.connect(str(report.path), read_only=True) as connection:
        for file, line, rule in connection.execute("select file, line, rule from load.reject").fetchall():
            rules[file][line].add(rule)
        loaded = connection.execute("select count(*) from core.sessions").fetchall()[0][0]
    return {file.name: file for file in report.files}, rules, {"loaded": loaded}


@pytest.mark.parametrize("case", REJECTED)
def test_a_bad_record_is_rejected_by_its_rule_at_its_line(verdicts: Verdicts, case: str) -> None:
    name = f"sessions-r{list(REJECTED).index(case):03}.csv"
    file, rules = verdicts[0][name], verdicts[1][name]
    assert (file.rows_read, file.accepted, file.rejected, file.superseded) == (5, len(GOOD), 1, 0), dict(rules)
    assert set(rules) == {4}
    assert rules[4] & set(REJECTED[case][1].split("|")), rules[4]


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_only_looks_bad_is_read_whole(verdicts: Verdicts, case: str) -> None:
    file = verdicts[0][f"sessions-a{list(ACCEPTED).index(case):03}.csv"]
    assert (file.rows_read, file.accepted, file.rejected) == (len(GOOD), len(GOOD), 0)


def test_there_are_enough_bad_files_and_nothing_of_the_good_rows_is_lost(verdicts: Verdicts) -> None:
    assert len(REFUSED) + len(REJECTED) + len(ACCEPTED) >= 120
    assert verdicts[2]["loaded"] == len(GOOD) * (len(REJECTED) + len(ACCEPTED))


def make_folder(path: Path) -> None:
    path.mkdir()


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_broken_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_folder, make_loop, make_broken_link, make_pipe])
def test_what_is_no_file_is_refused(tmp_path: Path, make) -> None:
    export = write_export(tmp_path / "export")
    (export / "sessions.csv").unlink()
    make(export / "sessions.csv")
    with pytest.raises(LoadError, match=r"sessions\.csv is not a readable file"):
        load_export(export, source="canonical", home=tmp_path / "home")


def grow(path: Path) -> None:
    with path.open("a") as file:
        file.write(session(session_id="late") + "\n")


def edit(path: Path) -> None:
    path.write_text(path.read_text().replace("attended", "canceled", 1))


def replace(path: Path) -> None:
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)


@pytest.mark.parametrize("change", [Path.unlink, grow, edit, replace])
@pytest.mark.parametrize("stage", ["Reading patients", "Reading sessions", "Checking the data"])
def test_a_file_that_changes_during_the_load_is_refused(tmp_path: Path, change, stage: str) -> None:
    export = write_export(tmp_path / "export")

    class Meanwhile(SilentProgress):
        def stage(self, name: str) -> None:
            if name.startswith(stage):
                change(export / "sessions.csv")

    with pytest.raises(LoadError, match=r"sessions\.csv was changed or removed during the load"):
        load_export(export, source="canonical", home=tmp_path / "home", progress=Meanwhile())
    assert not (tmp_path / "home" / "current.json").exists()
