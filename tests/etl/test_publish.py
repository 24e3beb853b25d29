"""A killed or failed load leaves the last good version; versions can be verified, pruned and rolled back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from etl import publish
from etl.build import load_export
from etl.progress import LoadError
from tests.etl.exports import SESSION, write_export

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from etl.build import load_export
from etl.progress import SilentProgress

class Kill(SilentProgress):
    def stage(self, name):
        if name.startswith(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

load_export(Path(sys.argv[1]), source="canonical", home=Path(sys.argv[2]), progress=Kill())
"""


@pytest.mark.parametrize("stage", ["Reading episodes", "Checking sessions", "Building mart.episode", "Publishing"])
def test_a_killed_load_leaves_the_last_good_version_and_the_next_one_works(tmp_path: Path, stage: str) -> None:
    home = tmp_path / "home"
    good = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    folder = write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}])
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, str(folder), str(home), stage], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert publish.current(home) == good.version
    assert publish.verify(home, good.version) == []
    after = load_export(folder, source="canonical", home=home)
    assert publish.current(home) == after.version
    assert not list(home.glob("building-*"))


KILLED_AT_RENAME = """
import os, signal, sys
from pathlib import Path
from etl.build import load_export

renames = []

def kill(event, arguments):
    if event == "os.rename":
        renames.append(arguments)
        if len(renames) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
load_export(Path(sys.argv[1]), source="canonical", home=Path(sys.argv[2]))
"""


@pytest.mark.parametrize("rename", [1, 2, 3], ids=["manifest", "version", "pointer"])
def test_a_load_killed_in_the_middle_of_publishing_leaves_the_last_good_version(tmp_path: Path, rename: int) -> None:
    home = tmp_path / "home"
    good = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    folder = write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}])
    command = [sys.executable, "-c", KILLED_AT_RENAME, str(folder), str(home), str(rename)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert publish.current(home) == good.version
    assert publish.verify(home, good.version) == []
    after = load_export(folder, source="canonical", home=home)
    assert publish.current(home) == after.version
    assert publish.verify(home, after.version) == []


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from etl.build import load_export
from etl.progress import LoadError

resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    load_export(Path(sys.argv[1]), source="canonical", home=Path(sys.argv[2]))
except LoadError as error:
    print(error)
"""


def test_a_disk_without_room_leaves_the_last_good_version_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    good = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    folder = write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}])
    command = [sys.executable, "-c", ON_A_FULL_DISK, str(folder), str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "could not write" in done.stdout
    assert "Free some space" in done.stdout
    assert publish.current(home) == good.version
    assert publish.verify(home, good.version) == []
    assert not list(home.glob("building-*"))


def test_a_warehouse_of_a_newer_version_is_not_loaded_into(tmp_path: Path) -> None:
    home = tmp_path / "home"
    good = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    pointer = json.loads((home / "current.json").read_text())
    (home / "current.json").write_text(json.dumps(pointer | {"schema_version": publish.SCHEMA_VERSION + 1}))
    folder = write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}])
    with pytest.raises(LoadError, match="written by a newer IOP Outcomes"):
        load_export(folder, source="canonical", home=home)
    assert publish.current(home) == good.version


def test_a_reader_keeps_its_version_while_a_new_one_is_published(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    with duckdb.connect(str(first.path), read_only=True) as reader:
        folder = write_export(tmp_path / "export", sessions=[SESSION, SESSION | {"session_id": "s2"}])
        load_export(folder, source="canonical", home=home)
        assert reader.execute("select count(*) from core.sessions").fetchall() == [(1,)]


def test_two_loads_at_once_are_refused(tmp_path: Path) -> None:
    folder, home = write_export(tmp_path / "export"), tmp_path / "home"
    with publish.locked(home), pytest.raises(LoadError, match="Another load"):
        load_export(folder, source="canonical", home=home)


def test_damage_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    report = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    content = bytearray(report.path.read_bytes())
    content[len(content) // 2] ^= 1
    report.path.write_bytes(content)
    assert "changed or damaged" in publish.verify(home, report.version)[0]
    report.path.write_bytes(content[:-4096])
    assert "bytes instead of" in publish.verify(home, report.version)[0]
    report.path.unlink()
    assert "missing" in publish.verify(home, report.version)[0]


def test_roll_back_and_prune(tmp_path: Path) -> None:
    home = tmp_path / "home"
    names = []
    for count in range(1, 4):
        sessions = [SESSION | {"session_id": f"s{number}"} for number in range(count)]
        folder = write_export(tmp_path / "export", sessions=sessions)
        names.append(load_export(folder, source="canonical", home=home).version)
    publish.roll_back(home, names[0])
    assert json.loads((home / "current.json").read_text())["version"] == names[0]
    deleted = publish.prune(home, keep=1)
    assert names[0] not in deleted
    assert {info.version for info in publish.versions(home)} == set(names) - set(deleted)
    with pytest.raises(LoadError, match="no version"):
        publish.roll_back(home, "20200101-000000000000")


def test_a_damaged_version_cannot_be_rolled_back_to(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    second = load_export(write_export(tmp_path / "export", sessions=[]), source="canonical", home=home)
    first.path.write_bytes(b"not a database")
    with pytest.raises(LoadError, match="bytes instead of"):
        publish.roll_back(home, first.version)
    assert publish.current(home) == second.version


def test_files_are_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    report = load_export(write_export(tmp_path / "export"), source="canonical", home=home)
    assert home.stat().st_mode & 0o077 == 0
    assert report.path.stat().st_mode & 0o077 == 0
