"""The ways to load an export that are compared, each timed in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from etl import contract
from etl.build import load_export
from tests.bench.pandas_checks import check_with_pandas

BYTES_PER_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One contender's result and what it took, the start of Python and its imports aside."""

    rows: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def run_contender(name: str, data: Path, work: Path) -> Run:
    """Run a contender in a fresh process, so that neither memory nor caches of another help it."""
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.contenders", name, str(data), str(work)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} failed with exit code {done.returncode}.")
    return Run(**json.loads(done.stdout))


def time_here(name: str, data: Path, work: Path) -> Run:
    """Run a contender in this process and say what it took."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    rows = CONTENDERS[name](data, work)
    wall_seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(rows, wall_seconds, cpu_seconds, peak_bytes() or after.ru_maxrss * BYTES_PER_RSS_UNIT)


def peak_bytes() -> int:
    """Peak memory of this process as Linux says; 0 elsewhere. (ru_maxrss begins with the peak of the parent.)"""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def read_bare(data: Path, work: Path) -> int:
    """The floor: every file read with the contract's types into a DuckDB file, and nothing else."""
    rows = 0
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
            rows += int((connection.execute(f"select count(*) from {name}").fetchone() or (0,))[0])
        connection.execute("checkpoint")
    return rows


def build(data: Path, work: Path) -> int:
    """The product: read, validate, account, derive, check and publish."""
    report = load_export(data, source="canonical", home=work)
    return sum(file.accepted for file in report.files)


CONTENDERS = {"floor": read_bare, "build": build, "pandas": lambda data, work: check_with_pandas(data)}

if __name__ == "__main__":
    print(json.dumps(asdict(time_here(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
