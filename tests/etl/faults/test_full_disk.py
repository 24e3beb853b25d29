"""A disk that is full at any stage of a load: the last good version keeps serving, and the load says what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl import publish, versions
from etl.build import load_export
from tests.etl.exports import SESSION, write_export

STAGES = (
    "Checking the files",
    "Reading episodes",
    "Checking sessions",
    "Building mart.",
    "Checking the data",
    "Publishing",
)

FULL_AT = """
import os, resource, sys
from pathlib import Path
from etl.build import load_export
from etl.progress import LoadError, SilentProgress

export, home, full_at, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

class Filling(SilentProgress):
    def stage(self, name):
        if not name.startswith(full_at):
            return
        if how == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        else:
            with (home / "ballast").open("ab", buffering=0) as ballast:
                try:
                    while True:
                        ballast.write(bytes(4096))
                except OSError:
                    pass

try:
    load_export(export, source="canonical", home=home, progress=Filling())
except LoadError as error:
    print(error)
else:
    print("published")
"""


def load_onto_full_disk(export: Path, home: Path, stage: str, how: str) -> str:
    command = [sys.executable, "-c", FULL_AT, str(export), str(home), stage, how]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one version."""
    folder = tmp_path_factory.mktemp("good")
    load_export(write_export(folder / "export"), source="canonical", home=folder / "home")
    return folder / "home"


@pytest.mark.parametrize("stage", STAGES)
def test_no_file_can_grow_from_a_stage_on(good: Path, tmp_path: Path, stage: str) -> None:
    check_full_disk(good, tmp_path / "export", tmp_path / "home", stage, "limit")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MiB of its own, where the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("only root can mount a small disk; the limit on file sizes is tested everywhere")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("stage", STAGES[1::2])
def test_the_disk_is_full_from_a_stage_on(good: Path, tmp_path: Path, small_disk: Path, stage: str) -> None:
    check_full_disk(good, tmp_path / "export", small_disk, stage, "ballast")


def check_full_disk(good: Path, folder: Path, home: Path, stage: str, how: str) -> None:
    shutil.copytree(good, home, dirs_exist_ok=True)
    before = publish.current(home)
    assert before is not None
    export = write_export(folder, sessions=[SESSION, SESSION | {"session_id": "s2"}])
    said = load_onto_full_disk(export, home, stage, how)
    assert "could not write" in said or "more memory or disk" in said
    assert "space" in said
    assert publish.current(home) == before
    assert versions.verify(home, before) == []
    assert not list(home.glob("building-*"))
    (home / "ballast").unlink(missing_ok=True)
    after = load_export(export, source="canonical", home=home)
    assert publish.current(home) == after.version
    assert versions.verify(home, after.version) == []
    assert {path.suffix for path in (home / "versions").iterdir()} == {".duckdb", ".json"}
