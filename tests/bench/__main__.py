"""``python -m tests.bench``: how long a load and each measure take, against plain yardsticks in the same run.

Ratios travel between machines, seconds do not: the load is divided by a bare typed DuckDB read of the same files and
by pandas doing the same checks; each measure by a scan of three columns of core.sessions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sample_data.generate import LARGEST, write_sample
from tests.bench.contenders import Run, run_contender
from tests.bench.measures import time_measures

SESSIONS_PER_EPISODE = 38
SEED = 20260930
screen = Console(width=110)


def main() -> int:
    """Make the data where they are not there yet, time everything, print two tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000_000, help="size of the clinic (default 10 million)")
    parser.add_argument("--data", type=Path, help="folder of the generated CSV files; reused when it has them")
    parser.add_argument("--without-pandas", action="store_true", help="leave pandas out: it needs much memory")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each measure; the median counts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="iop-bench-") as temporary:
        data = given.data or Path(temporary) / "data"
        make_data(data, given.sessions)
        work = Path(temporary)
        names = ["floor", "build"] + ([] if given.without_pandas else ["pandas"])
        runs = {}
        for name in names:
            screen.print(f"Running {name} …")
            runs[name] = run_contender(name, data, work / name)
        print_loads(runs)
        print_measures(work / "build", given.repeats)
    return 0


def make_data(folder: Path, sessions: int) -> None:
    """Write a clinic of about that many sessions as plain CSV, unless the folder holds one."""
    if (folder / "sessions.csv").is_file():
        screen.print(f"Using the data in {folder}.")
        return
    episodes = min(LARGEST, max(1, sessions // SESSIONS_PER_EPISODE))
    screen.print(f"Writing about {sessions:,} sessions of {episodes:,} episodes …")
    write_sample(folder, episodes=episodes, seed=SEED, formats="csv")


def print_loads(runs: dict[str, Run]) -> None:
    """The load against the bare read and against pandas."""
    floor = runs["floor"]
    table = Table(title="Load: all tables, from CSV", title_justify="left")
    for header in ("", "rows", "wall s", "CPU s", "peak memory GB", "wall ÷ bare read", "CPU ÷ bare read"):
        table.add_column(header, justify="right" if header else "left")
    labels = {
        "floor": "bare typed DuckDB read into a file",
        "build": "iop load: checks, marts, publishing",
        "pandas": "pandas: the same checks, in memory",
    }
    for name, run in runs.items():
        table.add_row(
            labels[name],
            f"{run.rows:,}",
            f"{run.wall_seconds:.2f}",
            f"{run.cpu_seconds:.2f}",
            f"{run.peak_bytes / 1e9:.2f}",
            f"{run.wall_seconds / floor.wall_seconds:.2f}",
            f"{run.cpu_seconds / floor.cpu_seconds:.2f}",
        )
    screen.print(table)
    if "pandas" in runs:
        build, pandas = runs["build"], runs["pandas"]
        screen.print(
            f"iop load ÷ pandas: {build.wall_seconds / pandas.wall_seconds:.2f} wall, "
            f"{build.cpu_seconds / pandas.cpu_seconds:.2f} CPU"
        )


def print_measures(home: Path, repeats: int) -> None:
    """Every measure with its defaults, against a scan of three columns."""
    scan_seconds, seconds = time_measures(home, repeats)
    table = Table(title="Measures, everybody, default parameters", title_justify="left")
    for header in ("measure", "ms", "÷ scan of 3 columns of core.sessions"):
        table.add_column(header, justify="left" if header == "measure" else "right")
    table.add_row("(the scan)", f"{1000 * scan_seconds:.1f}", "1.00")
    for name, taken in sorted(seconds.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{1000 * taken:.1f}", f"{taken / scan_seconds:.2f}")
    screen.print(table)


if __name__ == "__main__":
    sys.exit(main())
