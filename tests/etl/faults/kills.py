"""Kills real loads at random moments and looks at what each left: `make faults`, and fewer of them in the tests.

Two exports take turns and one version is kept, so that every load builds, publishes and prunes. Every other kill is
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
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import duckdb

from etl import publish, versions
from etl.build import load_export
from etl.progress import LoadError, SilentProgress
from tests.etl.exports import SESSION, write_export

KILLS_BETWEEN_WHOLE_LOADS = 4
SESSIONS = {"one": 1, "many": 200}
"""Sessions in each of the two exports: what tells one version from the other."""

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


def write_exports(folder: Path) -> dict[str, Path]:
    """The two exports, which differ in their sessions only."""
    return {
        name: write_export(folder / name, sessions=[SESSION | {"session_id": f"s{n}"} for n in range(count)])
        for name, count in SESSIONS.items()
    }


def load(export: Path, home: Path, watched: Watched) -> None:
    """A whole load that keeps one version; ends its process with 3 and a message where it is refused."""
    try:
        load_export(export, source="canonical", home=home, progress=watched, keep_versions=1)
    except LoadError as error:
        print(error, flush=True)
        os._exit(3)


def inspect(home: Path, found: Any) -> None:
    """Put into ``found`` what the current version holds, or what is wrong with what a reader would see."""
    version = publish.current(home)
    if version is None:
        found.put(("", "no current version"))
        return
    problems = [] if publish.is_pointer_sound(home) else ["the pointer is damaged"]
    problems += [f"{info.version}: {p}" for info in versions.versions(home) for p in _wrong(home, info, version)]
    with duckdb.connect(str(publish.version_file(home, version)), read_only=True) as reader:
        sessions = reader.execute("select count(*) from core.sessions").fetchall()[0][0]
        minutes = reader.execute("select count(*) from mart.session").fetchall()[0][0]
    names = [name for name, count in SESSIONS.items() if (sessions, minutes) == (count, count)]
    found.put((names[0] if names else "", "; ".join(problems) if names else f"{sessions} sessions, {minutes} in marts"))


def _wrong(home: Path, info: versions.VersionInfo, serving: str) -> list[str]:
    # A version without a manifest was not published, or is being deleted: it is nobody's, unless it is current.
    has_manifest = (home / "versions" / f"{info.version}.json").exists()
    return versions.verify(home, info.version) if has_manifest or info.version == serving else []


def look(home: Path) -> str:
    """Which export is current. Raises AssertionError for anything that a reader must not meet."""
    found = fork.SimpleQueue()
    process = fork.Process(target=inspect, args=(home, found))
    process.start()
    process.join()
    assert process.exitcode == 0, f"what the kill left cannot be opened in {home}"
    name, problem = found.get()
    assert not problem, f"{problem} in {home}"
    return str(name)


def load_whole(export: Path, home: Path) -> float:
    """Load undisturbed; returns its seconds. Raises AssertionError when it fails or leaves anything behind."""
    started = time.monotonic()
    process = fork.Process(target=load, args=(export, home, Watched()))
    process.start()
    process.join()
    assert process.exitcode == 0, f"the next load failed in {home}"
    assert look(home) == export.name
    left = [path.name for path in home.iterdir() if path.name.startswith((publish.BUILDING, ".current"))]
    # Beside the current version there may be one that a killed load published already, or was about to prune.
    present = sorted(path.name for path in (home / "versions").iterdir())
    of_versions = [f"{name}.{kind}" for name in publish.names(home) for kind in ("duckdb", "json")]
    assert not left, f"left in {home}: {left}"
    assert present == of_versions, f"left in {home}: {present}"
    assert len(present) <= 4
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
    chance = random.Random(seed)
    exports, home = write_exports(folder), folder / "home"
    seconds = max(load_whole(exports[name], home) for name in SESSIONS)
    stages: Counter[str] = Counter()
    while stages.total() - stages["ended"] < kills:
        before = look(home)
        target = next(name for name in SESSIONS if name != before)
        stages[kill_once(exports[target], home, chance, seconds, in_publishing=stages.total() % 2 == 1)] += 1
        assert look(home) in (before, target)
        if stages.total() % KILLS_BETWEEN_WHOLE_LOADS == 0:
            load_whole(exports[next(name for name in SESSIONS if name != look(home))], home)
    return stages


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(kill_loads(options.kills, options.seed, Path(scratch))))
