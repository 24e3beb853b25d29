"""Bits flipped, files cut short, zeroed or lost: found, said, and the last sound version can be taken back."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from etl import publish, versions
from etl.build import load_export
from queries.warehouse import WarehouseError, open_warehouse
from tests.cli.terminal import iop
from tests.etl.exports import SESSION, write_export


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of three versions with one, two and three sessions; the last is current."""
    folder = tmp_path_factory.mktemp("damage")
    for count in (1, 2, 3):
        sessions = [SESSION | {"session_id": f"s{number}"} for number in range(count)]
        load_export(write_export(folder / "export", sessions=sessions), source="canonical", home=folder / "home")
    return folder / "home"


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(whole, tmp_path / "home"))


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def zero(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    at = chance.randrange(len(content))
    path.write_bytes(content[:at] + bytes(len(content) - at))


def is_sound(home: Path) -> bool:
    every_version = [problem for info in versions.versions(home) for problem in versions.verify(home, info.version)]
    return publish.is_pointer_sound(home) and not every_version


@pytest.mark.parametrize("damage", [flip, cut, zero])
@pytest.mark.parametrize("file", ["version", "manifest", "pointer"])
def test_damage_anywhere_is_found_and_undone_by_going_back(
    home: Path, file: str, damage: Callable[[Path, random.Random], None]
) -> None:
    current = versions.versions(home)[0].version
    path = {
        "version": publish.version_file(home, current),
        "manifest": home / "versions" / f"{current}.json",
        "pointer": home / "current.json",
    }[file]
    content = path.read_bytes()
    chance = random.Random(f"{file} {damage.__name__}")
    for _ in range(8):
        damage(path, chance)
        if path.read_bytes() == content:
            continue
        assert not is_sound(home)
        before = versions.roll_back(home, "previous")
        assert versions.verify(home, before) == []
        assert publish.is_pointer_sound(home)
        open_warehouse(home).close()
        path.write_bytes(content)
        versions.roll_back(home, current)
    assert is_sound(home)


def test_a_damaged_current_version_is_told_and_left_behind_in_the_terminal(home: Path) -> None:
    newest, second, _ = versions.versions(home)
    flip(newest.path, random.Random(1))
    verified = iop("versions", "--verify", home=home, COLUMNS="300")
    assert verified.returncode == 1
    assert f"{newest.path.name} was changed or damaged" in verified.stdout
    assert "iop versions --roll-back previous" in verified.stdout
    back = iop("versions", "--roll-back", "previous", home=home)
    assert f"Version {second.version} is current again" in back.stdout
    assert publish.current(home) == second.version


def test_a_load_mends_whatever_is_current(home: Path, tmp_path: Path) -> None:
    current = versions.versions(home)[0]
    sessions = [SESSION | {"session_id": f"s{number}"} for number in range(3)]
    export = write_export(tmp_path / "export", sessions=sessions)
    for path in (current.path, home / "versions" / f"{current.version}.json", home / "current.json"):
        path.write_bytes(b"\0" * 100)
        again = load_export(export, source="canonical", home=home)
        assert again.version == current.version
        assert is_sound(home)


def test_a_lost_manifest_or_version_is_listed(home: Path) -> None:
    newest, second, third = versions.versions(home)
    (home / "versions" / f"{second.version}.json").write_text("{}")
    third.path.unlink()
    listed = {info.version: info.problem for info in versions.versions(home)}
    assert listed[newest.version] == ""
    assert "manifest" in listed[second.version]
    assert "missing" in listed[third.version]
    assert iop("versions", home=home, COLUMNS="300").stdout.count("missing") >= 2


def test_a_version_that_something_wrote_to_is_not_served(home: Path) -> None:
    current = versions.versions(home)[0]
    writer = duckdb.connect(str(current.path))
    writer.execute("set checkpoint_threshold = '1 TB'")
    writer.execute("set wal_autocheckpoint = '1 TB'")
    writer.execute("delete from core.sessions")
    copy = home.parent / "copy"
    shutil.copytree(home, copy)
    writer.close()
    assert (copy / "versions" / f"{current.version}.duckdb.wal").exists()
    assert "opened the version for writing" in versions.verify(copy, current.version)[0]
    with pytest.raises(WarehouseError, match="was written to after it was published"):
        open_warehouse(copy)
    versions.roll_back(copy, "previous")
    open_warehouse(copy).close()


def test_a_folder_that_cannot_be_written_is_read_but_not_changed(home: Path) -> None:
    (home / ".lock").unlink()
    (home / ".lock").mkdir()  # Root may write anywhere, but not into a folder as if it were a file.
    assert "current" in iop("versions", home=home).stdout
    refused = iop("versions", "--roll-back", "previous", home=home)
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert "IOP_HOME" in refused.stderr
