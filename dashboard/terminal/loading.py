"""Loads exports from the terminal: a progress bar while it runs, then what became of every row."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from dashboard.terminal.errors import is_interruption
from dashboard.terminal.output import console, say, show_rows
from etl import contract, publish
from etl.build import LoadReport, load_export
from etl.progress import LoadError

SAMPLE_MARKER = "sample.json"
"""Names the version that holds the sample clinic, so that nobody's own data is taken for it."""

NEXT_STEPS = """
Next:
  iop dashboard                      the pages, in a browser
  iop ask                            the questions that can be asked
  iop ask retention_at --by site     one of them
  IOP_SHOW_CASES=yes iop sql 'select site, count(*) from mart.episode group by site'
                                     your own SQL; it shows single patients, so it needs this setting
  iop load DIR --source canonical    your own export (etl/sources/README.md says how to map one)"""


class TerminalProgress:
    """Progress of a load as one bar; where the output is not a terminal, one line per stage."""

    def __init__(self, bar: Progress, screen: Console) -> None:
        self.bar = bar
        self.screen = screen
        self.task = bar.add_task("Starting", total=1.0)

    def stage(self, name: str) -> None:
        """Show the stage."""
        if self.screen.is_terminal:
            self.bar.update(self.task, description=name)
        else:
            self.screen.print(name, markup=False)

    def advance(self, fraction: float) -> None:
        """Move the bar to the share that is done, 0 to 1; it never goes back."""
        done = max(self.bar.tasks[0].completed, min(1.0, fraction))
        self.bar.update(self.task, completed=done)

    def note(self, text: str) -> None:
        """Say something above the bar."""
        self.screen.print(f"Note: {text}", markup=False)


@contextmanager
def progress_bar(when_stopped: str) -> Iterator[TerminalProgress]:
    """A bar on the error stream, so that stdout holds results only; Ctrl-C is answered with ``when_stopped``."""
    screen = console(is_error=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )
    try:
        with bar:
            yield TerminalProgress(bar, screen)
    except (KeyboardInterrupt, RuntimeError) as stopped:
        if not is_interruption(stopped):
            raise
        screen.show_cursor()
        screen.print(when_stopped, markup=False, soft_wrap=True)
        raise KeyboardInterrupt from None


def load(folder: Path, source: str, home: Path, as_of: date | None) -> LoadReport:
    """Load an export with a progress bar. Raises LoadError."""
    with progress_bar("Stopped: nothing was published, and the last good version keeps serving.") as progress:
        return load_export(folder, source=source, home=home, as_of=as_of, progress=progress)


def show_report(report: LoadReport, home: Path) -> None:
    """What became of every row, and what the checks say."""
    if report.is_unchanged:
        say(f"Nothing changed: these files are already version {report.version} in {home}.")
        return
    rows = [(f.name, f.table, f.rows_read, f.accepted, f.rejected, f.superseded) for f in report.files]
    columns = {"File": "left", "Table": "left"} | dict.fromkeys(("Read", "Accepted", "Rejected", "Superseded"), "right")
    show_rows("Rows: read = accepted + rejected + superseded", columns, rows)
    if missing := [name for name in contract.tables() if name not in {f.table for f in report.files}]:
        say(f"No file was for: {', '.join(missing)}. What needs them has nothing to count.")
    if report.rejects_by_rule:
        show_rows("Rejected, by rule", {"Rule": "left", "Rows": "right"}, report.rejects_by_rule.items())
        say("`iop rejects` shows which files and columns.")
    noticed = [check for check in report.checks if check.violations]
    if noticed:
        columns = {"Check": "left", "Severity": "left", "Found": "right", "Of": "right", "Meaning": "left"}
        rows_of_checks = [(c.title, c.severity, c.violations, c.denominator, c.message) for c in noticed]
        show_rows("Checks that found something", columns, rows_of_checks, has_names_first=False)
    say(f"Loaded version {report.version} into {home}, data to {report.data_cut}, in {report.seconds:.1f} s.")


def load_sample(sample: Path, home: Path, *, is_kept: bool, is_replacing: bool) -> LoadReport | None:
    """Load the sample clinic; None where somebody's own data is there and is kept.

    Raises LoadError where own data is there and neither keeping nor replacing was asked for.
    """
    serving = _serving(home)
    if serving is not None and serving != _sample_version(home):
        if is_kept:
            return None
        if not is_replacing:
            raise LoadError(
                f"{home} holds your own data (version {serving}). Load the sample elsewhere with "
                "`iop demo --home DIR`, or make it the current version here with --replace."
            )
    report = load(sample, "canonical", home, None)
    (home / SAMPLE_MARKER).write_text(json.dumps({"version": report.version}), encoding="utf-8")
    return report


def show_sample(report: LoadReport | None, home: Path, *, with_next_steps: bool) -> None:
    """What the sample is, and what to do with it."""
    if report is None:
        say(f"Your own data in {home} is kept; the sample was not loaded.")
        return
    say(f"The sample clinic is in {home} (version {report.version}, data to {report.data_cut}). It is synthetic.")
    if with_next_steps:
        say(NEXT_STEPS)
        if shutil.which("iop") is None:
            folder = Path(sys.argv[0]).parent
            say(f"\n`iop` is {folder / 'iop'} here; `source {folder / 'activate'}` makes it plain `iop`.")


def _serving(home: Path) -> str | None:
    """The current version. A damaged pointer in a folder without versions names nobody's data. Raises LoadError."""
    try:
        return publish.current(home)
    except LoadError:
        if publish.versions(home):
            raise
        return None


def _sample_version(home: Path) -> str | None:
    try:
        return str(json.loads((home / SAMPLE_MARKER).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return None


def show_versions(home: Path) -> None:
    """Every published version, newest first."""
    rows = [
        (
            info.version,
            "current" if info.is_current else "",
            info.source,
            f"{info.data_cut}",
            f"{info.created_at:%Y-%m-%d %H:%M}",
            info.rows,
            f"{info.bytes / 1e6:,.1f} MB",
        )
        for info in publish.versions(home)
    ]
    columns = dict.fromkeys(("Version", "Serving", "Source", "Data to", "Loaded (UTC)"), "left")
    show_rows(f"Versions in {home}", columns | {"Rows": "right", "Size": "right"}, rows)


def verify_versions(home: Path) -> bool:
    """Compare every version's bytes and rows with what was published, say so, and return whether all hold."""
    is_sound = True
    for info in publish.versions(home):
        problems = publish.verify(home, info.version)
        is_sound &= not problems
        say(f"{info.version}: {' '.join(problems) or 'every byte and row as published'}")
    if not is_sound:
        say("Go back to a sound version with `iop versions --roll-back VERSION`, or load again.")
    return is_sound
