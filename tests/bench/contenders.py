"""The ways to load an export that are compared, each timed in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from etl import contract
from etl.build import load_export
from tests.bench.pandas_checks import check_with_pandas

BYTES_PER_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
LOADING = "loading, validation and publishing"
DERIVING = "marts and checks of the data"


@dataclass(frozen=True)
class Took:
    """What a piece of work took."""

    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Run:
    """One contender's result and what it took, the start of Python and its imports aside."""

    rows: dict[str, int]
    """Rows kept, by table."""
    whole: Took
    parts: dict[str, Took]
    peak_bytes: int


@dataclass
class Clock:
    """Watches a load's progress and adds up what its two parts take."""

    parts: dict[str, Took] = field(default_factory=lambda: {LOADING: Took(0, 0), DERIVING: Took(0, 0)})
    part: str = LOADING
    since: Took = field(default_factory=lambda: now())

    def stage(self, name: str) -> None:
        """Book the time since the last stage to the part that it belongs to."""
        here, before = now(), self.parts[self.part]
        self.parts[self.part] = Took(
            before.wall_seconds + here.wall_seconds - self.since.wall_seconds,
            before.cpu_seconds + here.cpu_seconds - self.since.cpu_seconds,
        )
        self.part = DERIVING if name.startswith("Building mart.") or name == "Checking the data" else LOADING
        self.since = here

    def advance(self, fraction: float) -> None:
        """Not watched."""

    def note(self, text: str) -> None:
        """Not watched."""


def now() -> Took:
    """The clock and the processor time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Took(time.monotonic(), used.ru_utime + used.ru_stime)


def run_contender(name: str, data: Path, work: Path) -> Run:
    """Run a contender in a fresh process, so that neither memory nor caches of another help it."""
    work.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.bench.contenders", name, str(data), str(work)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} failed with exit code {done.returncode}.")
    said = json.loads(done.stdout)
    parts = {part: Took(**took) for part, took in said["parts"].items()}
    return Run(said["rows"], Took(**said["whole"]), parts, said["peak_bytes"])


def time_here(name: str, data: Path, work: Path) -> Run:
    """Run a contender in this process and say what it took."""
    clock = Clock()
    started = now()
    rows = CONTENDERS[name](data, work, clock)
    ended = now()
    whole = Took(ended.wall_seconds - started.wall_seconds, ended.cpu_seconds - started.cpu_seconds)
    clock.stage("end")
    parts = clock.parts if clock.parts[DERIVING].wall_seconds else {}
    return Run(rows, whole, parts, peak_bytes())


def peak_bytes() -> int:
    """Peak memory of this process. (On Linux ru_maxrss begins with the peak of the parent, so it is not used.)"""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_RSS_UNIT
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def read_bare(data: Path, work: Path, clock: Clock) -> dict[str, int]:
    """The floor: every file read with the contract's types into a DuckDB file, and nothing else."""
    rows = {}
    with duckdb.connect(str(work / "floor.duckdb")) as connection:
        connection.execute("set enable_progress_bar = false")
        for name, table in contract.tables().items():
            path = data / f"{name}.csv"
            if not path.is_file():
                continue
            columns = {column.name: column.duckdb_type for column in table.columns}
            connection.execute(
                f"create table {name} as from read_csv($path, header = true, columns = {columns!r}, "
                "dateformat = '%Y-%m-%d', timestampformat = '%Y-%m-%d %H:%M')",
                {"path": str(path)},
            )
            rows[name] = int((connection.execute(f"select count(*) from {name}").fetchone() or (0,))[0])
        connection.execute("checkpoint")
    return rows


def build(data: Path, work: Path, clock: Clock) -> dict[str, int]:
    """The product: read, validate, account, derive, check and publish."""
    report = load_export(data, source="canonical", home=work, progress=clock)
    return {file.table: file.accepted for file in report.files}


def check_in_memory(data: Path, work: Path, clock: Clock) -> dict[str, int]:
    """Pandas: the checks of loading and validation, with nothing written."""
    return {name: len(frame) for name, frame in check_with_pandas(data).items()}


CONTENDERS: dict[str, Callable[[Path, Path, Clock], dict[str, int]]] = {
    "floor": read_bare,
    "build": build,
    "pandas": check_in_memory,
}

if __name__ == "__main__":
    print(json.dumps(asdict(time_here(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
