"""``python -m tests.bench``: how long a load and each measure take, against plain yardsticks in the same run.

Ratios travel between machines, seconds do not: the load is divided by a bare typed DuckDB read of the same files, and
pandas doing the same checks by the load; each measure's first answer by a scan of three columns of core.sessions.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sample_data.generate import LARGEST, write_sample
from tests.bench.contenders import LOADING, Run, Took, run_contender
from tests.bench.measures import SCAN, time_measures

SESSIONS_PER_EPISODE = 38
SEED = 20260930
screen = Console(width=110)
LABELS = {
    "floor": "bare typed DuckDB read into a file",
    "build": "iop load",
    "pandas": "pandas: the checks of loading, in memory",
}


def main() -> int:
    """Make the data where they are not there yet, time everything, print two tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000_000, help="size of the clinic (default 10 million)")
    parser.add_argument("--data", type=Path, help="folder of the generated CSV files; reused when it has them")
    parser.add_argument("--without-pandas", action="store_true", help="leave pandas out: it needs much memory")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each load, in turn; the median counts")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each measure; the median counts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="iop-bench-") as temporary:
        data = given.data or Path(temporary) / "data"
        make_data(data, given.sessions)
        names = ["floor", "build"] + ([] if given.without_pandas else ["pandas"])
        runs: dict[str, list[Run]] = {name: [] for name in names}
        for number in range(1, given.rounds + 1):
            for name in names:
                screen.print(f"Round {number}: {LABELS[name]} …")
                runs[name].append(run_contender(name, data, Path(temporary) / f"{name}-{number}"))
        refuse_different_rows(runs)
        print_loads(runs)
        print_measures(Path(temporary) / "build-1", given.repeats)
    return 0


def make_data(folder: Path, sessions: int) -> None:
    """Write a clinic of about that many sessions as plain CSV, unless the folder holds one."""
    if (folder / "sessions.csv").is_file():
        screen.print(f"Using the data in {folder}.")
        return
    episodes = min(LARGEST, max(1, sessions // SESSIONS_PER_EPISODE))
    screen.print(f"Writing about {sessions:,} sessions of {episodes:,} episodes …")
    write_sample(folder, episodes=episodes, seed=SEED, formats="csv")


def refuse_different_rows(runs: dict[str, list[Run]]) -> None:
    """Times may only be compared where everybody kept the same rows."""
    expected = runs["floor"][0].rows
    for name, of_name in runs.items():
        if any(run.rows != expected for run in of_name):
            raise SystemExit(f"{name} kept {of_name[0].rows}, the bare read {expected}: the times compare nothing.")


def print_loads(runs: dict[str, list[Run]]) -> None:
    """The load and its two parts against the bare read and against pandas."""
    rows = {(LABELS[name], ""): [run.whole for run in of_name] for name, of_name in runs.items()}
    rows |= {(LABELS["build"], part): [run.parts[part] for run in runs["build"]] for part in runs["build"][0].parts}
    floor = rows[LABELS["floor"], ""]
    sessions, everything = runs["floor"][0].rows["sessions"], sum(runs["floor"][0].rows.values())
    table = Table(
        title=f"Load of {everything:,} rows, {sessions:,} of them sessions: medians of {len(floor)}",
        title_justify="left",
    )
    for header in ("", "wall s", "CPU s", "wall ÷ bare read", "CPU ÷ bare read", "peak GB"):
        table.add_column(header, justify="right" if header else "left")
    for (label, part), taken in sorted(rows.items()):
        name = next(name for name in LABELS if LABELS[name] == label)
        table.add_row(
            f"  {part}" if part else label,
            f"{median(taken, wall):.2f}",
            f"{median(taken, cpu):.2f}",
            f"{ratio(taken, floor, wall):.2f}",
            f"{ratio(taken, floor, cpu):.2f}",
            "" if part else f"{statistics.median(run.peak_bytes for run in runs[name]) / 1e9:.2f}",
        )
    screen.print(table)
    if "pandas" in runs:
        pandas = rows[LABELS["pandas"], ""]
        for label, taken in (("all of iop load", rows[LABELS["build"], ""]), (LOADING, rows[LABELS["build"], LOADING])):
            screen.print(
                f"pandas ÷ {label}: {ratio(pandas, taken, wall):.2f} wall, {ratio(pandas, taken, cpu):.2f} CPU"
            )


def wall(took: Took) -> float:
    """Seconds on the clock."""
    return took.wall_seconds


def cpu(took: Took) -> float:
    """Seconds of processors."""
    return took.cpu_seconds


def median(taken: list[Took], kind: Callable[[Took], float]) -> float:
    """The middle one of several runs."""
    return statistics.median(map(kind, taken))


def ratio(taken: list[Took], yardstick: list[Took], kind: Callable[[Took], float]) -> float:
    """Median of the ratios of each round, so that a busy minute weighs on both sides."""
    return statistics.median(kind(a) / kind(b) for a, b in zip(taken, yardstick, strict=True))


def print_measures(home: Path, repeats: int) -> None:
    """Every measure with its defaults, against a scan of three columns."""
    answers = time_measures(home, repeats)
    scan = answers[SCAN]
    table = Table(title=f"Measures, everybody, default parameters: medians of {repeats}", title_justify="left")
    for header in ("measure", "first answer ms", "÷ scan of 3 columns of core.sessions", "next answer ms"):
        table.add_column(header, justify="left" if header == "measure" else "right")
    for name, taken in sorted(answers.items(), key=lambda item: -item[1].first):
        table.add_row(name, f"{1000 * taken.first:.1f}", f"{taken.first / scan.first:.2f}", f"{1000 * taken.later:.1f}")
    screen.print(table)


if __name__ == "__main__":
    sys.exit(main())
