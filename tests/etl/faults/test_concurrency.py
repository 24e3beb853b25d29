"""Two writers at once, readers throughout, clocks moved back, odd places: never a torn read, never two publications."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from etl import publish, versions
from etl.build import load_export
from etl.progress import LoadError
from queries.warehouse import open_warehouse
from tests.cli.terminal import iop
from tests.etl.exports import SESSION, write_export

WAITING = """
import sys
from pathlib import Path
from etl.build import load_export
from etl.progress import SilentProgress

class Waiting(SilentProgress):
    def stage(self, name):
        if name == sys.argv[3]:
            print("waits", flush=True)
            sys.stdin.readline()

print(load_export(Path(sys.argv[1]), source="canonical", home=Path(sys.argv[2]), progress=Waiting()).version)
"""


def sessions(count: int) -> list[dict[str, str]]:
    return [SESSION | {"session_id": f"s{number}"} for number in range(count)]


@contextmanager
def waiting_load(export: Path, home: Path, stage: str) -> Iterator[subprocess.Popen[str]]:
    """A load in a process of its own that has come to ``stage`` and goes on when a line is written to it."""
    command = [sys.executable, "-c", WAITING, str(export), str(home), stage]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        yield process
        if process.poll() is None:
            process.kill()


def test_what_would_write_during_a_load_is_refused_and_the_load_ends_well(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for count in (1, 2):
        good = load_export(write_export(tmp_path / "old", sessions=sessions(count)), source="canonical", home=home)
    export = write_export(tmp_path / "new", sessions=sessions(3))
    with waiting_load(export, home, "Publishing") as process:
        for command in (
            ["load", str(tmp_path / "new"), "--source", "canonical"],
            ["versions", "--roll-back", "previous"],
            ["versions", "--prune", "1"],
        ):
            refused = iop(*command, home=home)
            assert refused.returncode == 1
            assert "Another load is writing" in refused.stderr
        assert publish.current(home) == good.version
        assert iop("versions", "--prune", "1", "--dry-run", home=home).stdout.count("Would delete") == 1
        published = process.communicate("go on\n")[0].strip()
    assert publish.current(home) == published
    assert len(versions.versions(home)) == 3


def test_readers_never_meet_a_torn_version_and_keep_the_one_that_they_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    exports = [write_export(tmp_path / f"export{count}", sessions=sessions(count)) for count in (1, 2, 3)]
    first = load_export(exports[0], source="canonical", home=home, keep_versions=1)
    kept = duckdb.connect(str(first.path), read_only=True)
    for export in exports[1:]:
        load_export(export, source="canonical", home=home, keep_versions=2)
    assert not first.path.exists()
    is_over, seen, wrong = threading.Event(), set(), []

    def read() -> None:
        while not is_over.is_set():
            warehouse = open_warehouse(home)
            read_twice = [warehouse.cursor().execute(f"select count(*) from {t}").fetchall()[0][0] for t in TABLES]
            seen.add(read_twice[0])
            if len(set(read_twice)) > 1 or warehouse.version != versions_by_count.get(read_twice[0]):
                wrong.append((warehouse.version, read_twice))
            warehouse.close()

    versions_by_count = {2: versions.versions(home)[1].version, 3: versions.versions(home)[0].version}
    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(100):
        load_export(exports[1 + turn % 2], source="canonical", home=home, keep_versions=2)
    is_over.set()
    reader.join()
    assert wrong == []
    assert seen == {2, 3}
    assert [kept.execute(f"select count(*) from {table}").fetchall() for table in TABLES] == [[(1,)], [(1,)]]
    kept.close()


TABLES = ("core.sessions", "mart.session")


def test_a_clock_that_was_moved_back_changes_nothing_in_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    names = []
    for count, year in ((1, 2031), (2, 2028), (3, 2026)):

        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None, year: int = year) -> datetime:
                return datetime(year, 1, 1, tzinfo=UTC)

        monkeypatch.setattr(publish, "datetime", Clock)
        export = write_export(tmp_path / "export", sessions=sessions(count))
        names.append(load_export(export, source="canonical", home=home, keep_versions=2).version)
    listed = versions.versions(home)
    assert [info.version for info in listed] == names[:0:-1]
    assert listed[0].created_at is not None
    assert listed[1].created_at is not None
    assert listed[0].created_at < listed[1].created_at
    assert versions.roll_back(home, "previous") == names[1]
    assert [info.version for info in versions.prunable(home, 1)] == []
    versions.roll_back(home, names[2])
    assert [info.version for info in versions.prunable(home, 1)] == [names[1]]


def test_pruning_says_what_it_would_free_and_then_frees_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for count in (1, 2, 3):
        load_export(write_export(tmp_path / "export", sessions=sessions(count)), source="canonical", home=home)
    newest, *older = versions.versions(home)
    freed = f"{sum(info.bytes for info in older) / 1e6:,.1f} MB"
    dry = iop("versions", "--prune", "1", "--dry-run", home=home, COLUMNS="300").stdout
    assert f"It would free {freed}" in dry
    assert len(versions.versions(home)) == 3
    done = iop("versions", "--prune", "1", home=home, COLUMNS="300").stdout
    assert f"Freed {freed}" in done
    assert [info.version for info in versions.versions(home)] == [newest.version]
    assert "nothing to delete" in iop("versions", "--prune", "1", home=home).stdout


def test_a_half_deleted_version_is_cleared_away_and_a_hand_made_file_is_not(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = load_export(write_export(tmp_path / "export", sessions=sessions(1)), source="canonical", home=home)
    second = load_export(write_export(tmp_path / "export", sessions=sessions(2)), source="canonical", home=home)
    (home / "versions" / f"{first.version}.json").unlink()
    (home / "versions" / "my copy.duckdb").write_bytes(second.path.read_bytes())
    (home / "versions" / f".{first.version}.json.new").write_text("{")
    with publish.locked(home):
        assert sorted(publish.names(home)) == sorted([second.version, "my copy"])
        assert not list((home / "versions").glob(".*"))


@pytest.mark.parametrize("name", ["a folder with blanks", "Käse 雪 'quoted' \"twice\"", "-home", "a;b$c%d"])
def test_a_warehouse_may_lie_anywhere(tmp_path: Path, name: str) -> None:
    home = tmp_path / name / "home"
    report = load_export(write_export(tmp_path / name / "export"), source="canonical", home=home)
    assert versions.verify(home, report.version) == []
    assert versions.roll_back(home, report.version) == report.version
    open_warehouse(home).close()


def test_a_link_that_is_moved_during_a_load_does_not_split_it(tmp_path: Path) -> None:
    for name in ("old", "new"):
        load_export(write_export(tmp_path / "export", sessions=sessions(1)), source="canonical", home=tmp_path / name)
    before = publish.current(tmp_path / "new")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "old")
    export = write_export(tmp_path / "export", sessions=sessions(2))
    with waiting_load(export, link, "Publishing") as process:
        link.unlink()
        link.symlink_to(tmp_path / "new")
        published = process.communicate("go on\n")[0].strip()
    assert publish.current(tmp_path / "old") == published
    assert publish.current(tmp_path / "new") == before
    for name in ("old", "new"):
        assert all(versions.verify(tmp_path / name, info.version) == [] for info in versions.versions(tmp_path / name))


def test_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(LoadError, match="cannot be written"):
        load_export(write_export(tmp_path / "export"), source="canonical", home=tmp_path / "loop")
