"""Runs people's own SQL in a child process, where it can read the warehouse and break nothing.

DuckDB treats SQL as trusted code, so three layers stand around it: a gate that lets one reading statement pass, a
locked read-only connection without files, network or extensions, and a process of its own with a limit on memory and
time that ends with SIGKILL. The child is ``queries.workbench_child``; nothing of it shares memory with the dashboard.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.ipc

from queries import disclosure
from queries.warehouse import current_version, open_warehouse
from queries.workbench_child import too_slow

START_SECONDS = 30
"""How long the child may take to start, which does not count against the query."""

GRACE_SECONDS = 1.5
"""Beyond the deadline the child has this long to stop by itself and to hand over what it has."""

MEMORY_BYTES = 3 * 1024**3
MOST_CHARACTERS = 100_000
LARGEST_RESULT, SMALLEST_LIMIT, BYTES_PER_ROW = 256 * 1024**2, 16 * 1024**2, 16 * 1024

MOST_AT_ONCE = 2
"""Children at a time: each may take MEMORY_BYTES, and a dashboard has many readers."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class WorkbenchError(Exception):
    """The SQL was refused or could not be run; the message says why and what to do."""


@dataclass(frozen=True)
class Result:
    """The rows of somebody's own SQL."""

    frame: pd.DataFrame
    is_truncated: bool
    seconds: float


def run_sql(home: Path, sql: str, *, limit_rows: int = 1000, timeout_seconds: float = 5) -> Result:
    """Run one SELECT, EXPLAIN, DESCRIBE, SHOW, SUMMARIZE or PIVOT on the current version of the warehouse.

    At most ``limit_rows`` rows come back. Raises WorkbenchError when the setting IOP_SHOW_CASES does not allow rows of
    single patients, the statement is refused or wrong, or it takes more time or memory than it may; WarehouseError
    when there is no warehouse.
    """
    if not disclosure.may_see_cases():
        raise WorkbenchError(
            "Your own SQL shows rows of single patients, which this setting hides. Where you may see them, set "
            "IOP_SHOW_CASES=yes and try again; the measures (`iop ask`) are open without it."
        )
    if not sql.strip():
        raise WorkbenchError("There is no SQL. Try: select site, count(*) as episodes from mart.episode group by site")
    if len(sql) > MOST_CHARACTERS:
        raise WorkbenchError(f"The SQL has {len(sql):,} characters. Write at most {MOST_CHARACTERS:,}.")
    # A file without a name: nothing of the rows stays behind, even where this process is killed.
    with tempfile.TemporaryFile() as result:
        task = {
            "path": str(_current_file(home).resolve()),
            "result_descriptor": result.fileno(),
            "result_bytes": min(LARGEST_RESULT, max(SMALLEST_LIMIT, limit_rows * BYTES_PER_ROW)),
            "sql": sql,
            "limit_rows": limit_rows,
            "timeout_seconds": timeout_seconds,
            "memory_bytes": MEMORY_BYTES,
        }
        started = time.monotonic()
        if not _places.acquire(timeout=timeout_seconds):
            raise WorkbenchError(f"{MOST_AT_ONCE} other queries are running. Try again when they have ended.")
        try:
            outcome = _run_child(task, timeout_seconds)
        finally:
            _places.release()
        if "error" in outcome:
            raise WorkbenchError(outcome["error"])
        frame = _read_frame(result)
    return Result(frame, bool(outcome["is_truncated"]), float(outcome.get("seconds", time.monotonic() - started)))


def _current_file(home: Path) -> Path:
    open_warehouse(home).close()  # Says what is wrong with the folder or the file, and how to mend it.
    return home / "versions" / f"{current_version(home)}.duckdb"


def _run_child(task: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryFile() as words:
        # As a file, since a pipe would hold this process up when the child does not read.
        words.write(json.dumps(task).encode())
        words.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "queries.workbench_child"],
            stdin=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(Path(__file__).resolve().parent.parent), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            pass_fds=[task["result_descriptor"]],
            start_new_session=True,
        )
    assert child.stdout is not None
    is_ready = False
    try:
        is_ready = _read_line(child.stdout.fileno(), START_SECONDS) == b"ready"
        answer = _read_line(child.stdout.fileno(), timeout_seconds + GRACE_SECONDS) if is_ready else b""
    except TimeoutError:
        answer = json.dumps({"error": too_slow(timeout_seconds)}).encode()
    finally:
        _kill(child)
    if not is_ready:
        raise WorkbenchError("The process for your SQL could not start. Free some memory and try again.")
    try:
        outcome: dict[str, Any] = json.loads(answer)
    except ValueError:
        raise WorkbenchError(
            "The query was stopped because it needed more memory or time than it may use. Select fewer rows or columns."
        ) from None
    return outcome


def _read_line(stream: int, timeout_seconds: float) -> bytes:
    """One line from the child, read byte by byte so that the next one stays in the pipe.

    Raises TimeoutError at the deadline; ends early when the child does.
    """
    deadline = time.monotonic() + timeout_seconds
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        byte = os.read(stream, 1)
        if not byte:
            break
        line += byte
    return line.strip()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and everything that it may have started, and collect it."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.poll()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _read_frame(result: IO[bytes]) -> pd.DataFrame:
    result.seek(0)
    with pa.ipc.open_file(pa.BufferReader(result.read())) as reader:
        table = reader.read_all()
    columns = [_plain_integers(column) for column in table.columns]
    try:
        return pa.table(columns, names=_unique(table.column_names)).to_pandas()
    except (ValueError, OverflowError, pa.ArrowException) as error:
        raise WorkbenchError(
            f"The result holds a value that cannot be shown ({error}). Cast it to text, as in select day::varchar."
        ) from error


def _plain_integers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A sum of integers comes as decimal(38, 0): an ordinary integer where it fits."""
    if pa.types.is_decimal(column.type) and column.type.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column
    return column


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name] - 1}")
    return unique
