"""A warehouse folder that is missing, misplaced, damaged or too new: every command says so, and what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from queries import catalog
from queries.warehouse import WarehouseError, open_warehouse
from tests.cli.terminal import iop

COMMANDS = (["ask", "early_dropout"], ["check"], ["dictionary"], ["rejects"], ["versions"], ["sql", "select 1"])


def says(home: Path, *arguments: str) -> str:
    """What a command that cannot do its work says: one sentence on the error stream, nothing else anywhere."""
    done = iop(*arguments, home=home, IOP_SHOW_CASES="yes")
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.fixture
def folder(home: Path, tmp_path: Path) -> Path:
    """A copy of the small clinic's warehouse, to be spoilt."""
    return Path(shutil.copytree(home, tmp_path / "warehouse"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_without_a_warehouse_every_command_names_both_ways_to_one(tmp_path: Path, command: list[str]) -> None:
    said = says(tmp_path / "nothing", *command)
    assert "iop demo" in said
    assert "iop load" in said


def test_an_empty_setting_means_the_default_folder() -> None:
    done = iop("versions", IOP_HOME="")
    assert "No warehouse at warehouse." in done.stderr or "Versions in warehouse" in done.stdout


def test_a_file_in_place_of_the_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for command in (["ask", "early_dropout"], ["versions"], ["demo"]):
        done = iop(*command, home=tmp_path / "file", COLUMNS="300")
        assert (done.returncode, done.stdout) == (2, "")
        assert "is a file" in done.stderr


@pytest.mark.parametrize(
    "pointer",
    ["", "{", "null", "[]", '"x"', "{}", '{"version": 1, "file": "x", "schema_version": 1}', '{"schema_version": "a"}'],
)
def test_a_damaged_pointer_names_a_version_to_go_back_to(folder: Path, pointer: str) -> None:
    (folder / "current.json").write_text(pointer)
    assert "iop versions --roll-back 20260930-tiny" in says(folder, "ask", "early_dropout")


def test_going_back_mends_a_damaged_pointer(folder: Path) -> None:
    (folder / "current.json").write_text("null")
    assert "20260930-tiny" in iop("versions", home=folder).stdout
    assert iop("versions", "--roll-back", "20260930-tiny", home=folder).returncode == 0
    assert iop("ask", "early_dropout", home=folder).returncode == 0


def test_a_damaged_pointer_without_a_version_says_to_load_again_which_mends_it(tmp_path: Path) -> None:
    (tmp_path / "current.json").write_text("null")
    for command in (["ask", "early_dropout"], ["versions"]):
        assert "Load again" in says(tmp_path, *command)
    assert iop("demo", home=tmp_path).returncode == 0
    assert iop("versions", home=tmp_path).returncode == 0


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_version_that_was_deleted_says_to_load_again(folder: Path, command: list[str]) -> None:
    (folder / "versions" / "20260930-tiny.duckdb").unlink()
    said = says(folder, *command)
    assert "20260930-tiny is missing" in said
    assert "Load again" in said


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 100_000])
def test_a_version_that_is_no_database_says_to_load_again(folder: Path, content: bytes) -> None:
    (folder / "versions" / "20260930-tiny.duckdb").write_bytes(content)
    assert "cannot be read" in says(folder, "ask", "early_dropout")
    assert "Load again" in says(folder, "sql", "select 1")
    verified = iop("versions", "--verify", home=folder)
    assert verified.returncode == 1
    assert "bytes instead of" in verified.stdout


def test_damage_that_only_a_question_meets_is_told_as_damage(folder: Path) -> None:
    file = folder / "versions" / "20260930-tiny.duckdb"
    whole = file.read_bytes()
    for place in range(200_000, len(whole), 256 * 1024):
        content = bytearray(whole)
        content[place] ^= 0xFF
        file.write_bytes(content)
        if opens_but_does_not_answer(folder):
            break
    said = says(folder, "ask", "hours_per_week")
    assert "cannot be read (Corrupt database file" in said
    assert "iop versions --verify" in said


def opens_but_does_not_answer(folder: Path) -> bool:
    try:
        warehouse = open_warehouse(folder)
    except WarehouseError:
        return False
    try:
        catalog.ask(warehouse, "hours_per_week")
    except duckdb.Error:
        return True
    finally:
        warehouse.close()
    return False


@pytest.mark.parametrize(
    "newer", [{"schema_version": 99}, {"schema_version": 2, "version": ["of", "another", "shape"]}]
)
def test_a_newer_warehouse_says_to_update_the_code_whatever_its_pointer_holds(folder: Path, newer: dict) -> None:
    pointer = json.loads((folder / "current.json").read_text())
    (folder / "current.json").write_text(json.dumps(pointer | newer))
    for command in (["ask", "early_dropout"], ["sql", "select 1"]):
        said = says(folder, *command)
        assert "newer IOP Outcomes" in said
        assert "git pull" in said


def test_a_folder_that_may_not_be_written_says_which(tmp_path: Path) -> None:
    # /proc takes no folder from anybody, root included.
    said = iop("demo", home=Path("/proc/iop"))
    assert said.returncode == 1
    assert "/proc/iop cannot be written" in said.stderr
    assert "IOP_HOME" in said.stderr
