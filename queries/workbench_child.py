"""The child process that runs one statement of somebody's own SQL, and then ends.

It reads a task as JSON from stdin, says ``ready``, runs the statement on a locked connection and writes the rows as an
Arrow file beside itself; what became of it goes to stdout as one line of JSON. Limits on memory, processor time and
file size are set before anything else, since DuckDB's own limits do not bind scalar functions.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

RESULT_BYTES = 256 * 1024**2
THREADS = 2
ROWS_PER_BATCH = 1024

SETTINGS = (
    "temp_directory = ''",
    "memory_limit = '512MB'",
    f"threads = {THREADS}",
    "max_execution_time = {milliseconds}",
    "max_expression_depth = 250",
    "autoload_known_extensions = false",
    "autoinstall_known_extensions = false",
    "allow_community_extensions = false",
    "allow_unsigned_extensions = false",
    "allow_extension_repositories = 'forbidden'",
    "allow_persistent_secrets = false",
    "python_enable_replacements = false",
    "secret_directory = '/nonexistent'",
    "allowed_configs = '[]'",
    "enable_external_access = false",
    "lock_configuration = true",
)
"""In this order: later ones forbid what earlier ones set."""


def limit_process(task: dict[str, Any]) -> None:
    """Bind this process to the task's memory and time. A limit that the system does not have is left out."""
    seconds = int(task["timeout_seconds"] * THREADS) + 10
    limits = {"RLIMIT_AS": task["memory_bytes"], "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": RESULT_BYTES, "RLIMIT_CORE": 0}
    for name, value in limits.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def connect_locked(path: str, timeout_seconds: float) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches no file, network, extension or Python object, and cannot be unlocked."""
    import duckdb

    connection = duckdb.connect(path, read_only=True)
    for setting in SETTINGS:
        connection.execute("set global " + setting.format(milliseconds=int(timeout_seconds * 1000)))
    return connection


def run(task: dict[str, Any], connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Gate and run the statement; says ``is_truncated`` and ``seconds``, or ``error`` in words."""
    import duckdb
    import pyarrow as pa

    from queries.workbench_gate import Refused, check_statement

    started = time.monotonic()
    try:
        check_statement(connection, task["sql"])
        reader = connection.execute(task["sql"]).to_arrow_reader(ROWS_PER_BATCH)
        is_truncated = write_rows(reader, task["result_path"], task["limit_rows"])
    except Refused as refusal:
        return {"error": str(refusal)}
    except (duckdb.OutOfMemoryException, MemoryError, pa.ArrowMemoryError):
        return {
            "error": "The query needs more memory than it may use. Select fewer rows or columns, or aggregate first."
        }
    except duckdb.InterruptException:
        return {"error": too_slow(task["timeout_seconds"])}
    except duckdb.Error as error:
        return {"error": explain(error)}
    except OSError:
        return {"error": f"The result is larger than {RESULT_BYTES // 1024**2} MB. Select fewer rows or columns."}
    return {"is_truncated": is_truncated, "seconds": round(time.monotonic() - started, 4)}


def write_rows(reader: Any, path: str, limit_rows: int) -> bool:
    """Write at most ``limit_rows`` rows as an Arrow file; returns whether there were more."""
    import pyarrow as pa

    left = limit_rows
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch.slice(0, left))
            if batch.num_rows > left:
                return True
            left -= batch.num_rows
    return False


def too_slow(timeout_seconds: float) -> str:
    """What a person is told whose query reached its deadline."""
    return (
        f"The query was stopped after {timeout_seconds:g} s. Select fewer rows, or aggregate a mart table instead of a "
        "core table."
    )


def explain(error: Exception) -> str:
    """DuckDB's own words with the place in the SQL, and where to look names up."""
    text = str(error).strip()
    if text.startswith(("Corrupt database file", "IO Error")):
        return f"The warehouse file cannot be read ({text.splitlines()[0]}). Run `iop versions --verify`."
    if "has been locked" in text or "disabled by configuration" in text or "read-only mode" in text:
        return f"Refused: {text.splitlines()[0]} Only the tables of the warehouse can be read here."
    return f"{text}\n`iop dictionary` lists the tables and columns."


def main() -> None:
    """Do the task on stdin."""
    task = json.load(sys.stdin)
    limit_process(task)
    try:
        connection = connect_locked(task["path"], task["timeout_seconds"])
        import pyarrow.ipc  # noqa: F401  # Loaded before the clock of the query starts.
    except Exception as error:
        reply("ready")
        reply(json.dumps({"error": f"The warehouse cannot be opened for SQL: {str(error).splitlines()[0]}"}))
        return
    reply("ready")
    reply(json.dumps(run(task, connection)))


def reply(line: str) -> None:
    """One line to the parent, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
