"""The memory that a load may take: the setting ``IOP_MEMORY``, and what DuckDB does with it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from etl.progress import LoadError

DEFAULT_MIB = 2048
SMALLEST_MIB = 256
"""Less holds no group of rows of every column that is written at once."""
_UNITS = {"": 1 / 2**20, "K": 1 / 1024, "M": 1, "G": 1024, "T": 2**20}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B|bytes)?", re.IGNORECASE)


def bound_memory(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Hold DuckDB to the setting; what does not fit goes to ``spill``. Raises LoadError for a wrong setting.

    Without one: 2 GiB, or half of what the machine or its container has, where that is less.
    """
    connection.execute("set temp_directory = $folder", {"folder": str(spill)})
    connection.execute("set memory_limit = $limit", {"limit": f"{limit_mib(connection)} MiB"})


def limit_mib(connection: duckdb.DuckDBPyConnection) -> int:
    """The limit in MiB."""
    given = os.environ.get("IOP_MEMORY", "").strip()
    if not given:
        # DuckDB starts with 80 % of what it may use, containers counted.
        row = connection.execute("select current_setting('memory_limit')").fetchone()
        of_machine = _mib(str(row[0])) if row else None
        return int(min(DEFAULT_MIB, max(SMALLEST_MIB, (of_machine or DEFAULT_MIB) / 0.8 / 2)))
    mib = _mib(given)
    if mib is None or mib < SMALLEST_MIB:
        raise LoadError(
            f"IOP_MEMORY is {given!r}. Set it to a size from {SMALLEST_MIB} MiB up, such as 2GiB, or leave it out."
        )
    return int(mib)


def _mib(text: str) -> float | None:
    found = _SIZE.fullmatch(text)
    return float(found[1]) * _UNITS[found[2].upper()] if found else None
