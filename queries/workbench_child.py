"""The child process that runs one statement of somebody's own SQL, and then ends.

It reads a task as JSON from stdin, says ``ready``, runs the statement on a locked connection and writes the rows as
Arrow into a file that its parent has opened; what became of it goes to stdout as one line of JSON. Limits on memory,
processor time and file size are set before anything else, since DuckDB's own limits do not bind scalar functions.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

THREADS = 2
ROWS_PER_BATCH = 1024
MOST_COLUMNS = 1000
"""A page or terminal cannot show more, and each costs the reader's process memory."""

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
    limits = {
        "RLIMIT_AS": task["memory_bytes"],
        "RLIMIT_CPU": int(task["timeout_seconds"] * THREADS) + 10,
        "RLIMIT_FSIZE": task["result_bytes"],
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))
    # Where memory or processors run short, the dashboard goes first and this process is the one to be ended.
    with contextlib.suppress(OSError):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


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

    too_large = f"The result is larger than {task['result_bytes'] // 1024**2} MB. Select fewer rows or columns."
    started = time.monotonic()
    try:
        check_statement(connection, task["sql"])
        reader = connection.execute(task["sql"]).to_arrow_reader(ROWS_PER_BATCH)
        with os.fdopen(task["result_descriptor"], "wb") as file:
            is_truncated = write_rows(reader, file, task["limit_rows"])
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
        return {"error": too_large}
    except Exception as error:  # Whatever it is, it ends here: nothing of it may pass the gate.
        return {"error": f"This cannot be run ({type(error).__name__}). Write one SELECT over the warehouse's tables."}
    return {"is_truncated": is_truncated, "seconds": round(time.monotonic() - started, 4)}


def write_rows(reader: Any, file: IO[bytes], limit_rows: int) -> bool:
    """Write at most ``limit_rows`` rows as an Arrow file; returns whether there were more. Raises Refused."""
    import pyarrow as pa

    from queries.workbench_gate import Refused

    if len(reader.schema) > MOST_COLUMNS:
        raise Refused(f"The result has {len(reader.schema):,} columns. Select at most {MOST_COLUMNS:,}.")
    schema = pa.schema([plain_field(field) for field in reader.schema])
    left = limit_rows
    with pa.ipc.new_file(file, schema) as writer:
        for batch in reader:
            columns = [
                column if field.type == plain.type else as_text(column)
                for column, field, plain in zip(batch.slice(0, left).columns, reader.schema, schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            if batch.num_rows > left:
                return True
            left -= batch.num_rows
    return False


def plain_field(field: Any) -> Any:
    """A field as it is handed over: numbers, text, dates and times as they are, everything else as text."""
    import pyarrow as pa

    kind = field.type
    is_plain = pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_string(kind)
    is_odd = pa.types.is_interval(kind) or isinstance(kind, pa.ExtensionType)
    return field if is_plain and not is_odd else pa.field(field.name, pa.string())


def as_text(column: Any) -> Any:
    """Lists, structs and other values as text, made here, where memory has a limit, and not by who reads them."""
    import pyarrow as pa

    return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


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
