"""Kills real loads at random moments and looks at what each left: `make faults`, and fewer of them in the tests.

Every load is of another export and keeps one version, so that each builds, publishes and prunes. Every other kill is
drawn over the whole load, the rest over its publishing, which is too short to be met often otherwise.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from itertools import count
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import duckdb

from etl import publish, versions
from etl.build import load_export
from etl.progress import LoadError, SilentProgress
from tests.etl.exports import SESSION, write_export

KILLS_BETWEEN_WHOLE_LOADS = 4
fork = multiprocessing.get_context("fork")
"""Forked children have everything imported: the time of a load is that of loading."""


class Watched(SilentProgress):
    """Says in shared memory what stage the load is in, and through a pipe when it publishes.

    Nothing here has a lock: one that a killed load holds is never given back.
    """

    def __init__(self) -> None:
        self.name = fork.Array("c", 200, lock=False)
        self.publishes, self._says = fork.Pipe(duplex=False)

    def stage(self, name: str) -> None:
        """Notes the stage."""
        self.name.value = name.encode()[:200]
        if name == "Publishing":
            self._says.send_bytes(b".")


def sessions_of(number: int) -> int:
    """How many sessions an export has: what tells a version that is whole from one that is not."""
    return 1 + number % 100


def write_numbered(folder: Path, number: int) -> Path:
    """The export of a number, which stands in each of its sessions."""
    rows = [SESSION | {"session_id": f"s{n}", "billing_code": f"{number}"} for n in range(sessions_of(number))]
    return write_export(folder / "export", sessions=rows)


def load(export: Path, home: Path, watched: Watched) -> None:
    """A whole load that keeps one version; ends its process with 3 and a message where it is refused."""
    try:
        load_export(export, source="canonical", home=home, progress=watched, keep_versions=1)
    except LoadError as error:
        print(error, flush=True)
        os._exit(3)


def inspect(home: Path, found: Any) -> None:
    """Put into ``found`` the number of the current export and what is wrong with what a reader would see."""
    version = publish.current(home)
    assert version is not None
    problems = [] if publish.is_pointer_sound(home) else ["the pointer is damaged"]
    problems += [f"{info.version}: {p}" for info in versions.versions(home) for p in _wrong(home, info, version)]
    with duckdb.connect(str(publish.version_file(home, version)), read_only=True) as reader:
        sql = "select min(billing_code)::integer, max(billing_code)::integer, count(*) from core.sessions"
        first, last, sessions = reader.execute(sql).fetchall()[0]
        derived = reader.execute("select count(*) from mart.session").fetchall()[0][0]
    if not (first == last and sessions == derived == sessions_of(first)):
        problems.append(f"exports {first} to {last}, {sessions} sessions, {derived} in marts")
    found.put((first, "; ".join(problems)))


def _wrong(home: Path, info: versions.VersionInfo, serving: str) -> list[str]:
    # A version without a manifest was not published, or is being deleted: it is nobody's, unless it is current.
    has_manifest = (home / "versions" / f"{info.version}.json").exists()
    return versions.verify(home, info.version) if has_manifest or info.version == serving else []


def look(home: Path) -> int:
    """The number of the current export. Raises AssertionError for anything that a reader must not meet."""
    found = fork.SimpleQueue()
    process = fork.Process(target=inspect, args=(home, found))
    process.start()
    process.join()
    assert process.exitcode == 0, f"what the kill left cannot be opened in {home}"
    number, problem = found.get()
    assert not problem, f"{problem} in {home}"
    return int(number)


def load_whole(folder: Path, number: int) -> float:
    """Load undisturbed; returns its seconds. Raises AssertionError when it fails or leaves anything behind."""
    export, home = write_numbered(folder, number), folder / "home"
    started = time.monotonic()
    process = fork.Process(target=load, args=(export, home, Watched()))
    process.start()
    process.join()
    assert process.exitcode == 0, f"the next load failed in {home}"
    assert look(home) == number
    current = publish.current(home)
    left = {path.name for path in (home / "versions").iterdir()} - {f"{current}.duckdb", f"{current}.json"}
    left |= {path.name for path in home.iterdir() if path.name.startswith((publish.BUILDING, ".current"))}
    assert not left, f"left in {home}: {left}"
    return time.monotonic() - started


def kill_once(export: Path, home: Path, chance: random.Random, seconds: float, *, in_publishing: bool) -> str:
    """Start a load and kill it at a random moment; returns the stage that it was in, or ``ended``."""
    watched = Watched()
    process = fork.Process(target=load, args=(export, home, watched))
    process.start()
    if in_publishing and watched.publishes in wait([watched.publishes, process.sentinel]):
        process.join(chance.uniform(0, seconds / 25))
    else:
        process.join(chance.uniform(0, seconds))
    process.kill()
    process.join()
    stage = watched.name.value.decode().split(" ")[0] or "before the first stage"
    return "ended" if process.exitcode == 0 else stage


def kill_loads(kills: int, seed: int, folder: Path) -> Counter[str]:
    """Kill ``kills`` loads; returns how many in which stage. Raises AssertionError for damage."""
    chance, home, numbers = random.Random(seed), folder / "home", count()
    seconds = max(load_whole(folder, next(numbers)) for _ in range(2))
    stages: Counter[str] = Counter()
    while stages.total() - stages["ended"] < kills:
        before, number = look(home), next(numbers)
        export = write_numbered(folder, number)
        stages[kill_once(export, home, chance, seconds, in_publishing=stages.total() % 2 == 1)] += 1
        assert look(home) in (before, number)
        if stages.total() % KILLS_BETWEEN_WHOLE_LOADS == 0:
            load_whole(folder, next(numbers))
    return stages


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(kill_loads(options.kills, options.seed, Path(scratch))))
