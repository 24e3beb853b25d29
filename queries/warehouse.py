"""Opens the published warehouse, read-only, and says what to do when there is none."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

SUPPORTED_SCHEMA = 1
"""The newest warehouse schema that this code can read."""


class WarehouseError(Exception):
    """The warehouse cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Warehouse:
    """One published version of the data, open for reading. Close over it with ``cursor()`` in every thread."""

    home: Path
    version: str
    source: str
    data_cut: date
    analysis_cut: date
    rule_version: str
    connection: duckdb.DuckDBPyConnection = field(repr=False)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor; one per thread, since DuckDB connections are not shared safely."""
        return self.connection.cursor()

    def close(self) -> None:
        self.connection.close()


def warehouse_home() -> Path:
    """The warehouse folder: IOP_HOME, or ``warehouse`` in the current directory."""
    return Path(os.environ.get("IOP_HOME") or "warehouse")


def current_version(home: Path) -> str:
    """The version that the pointer names. Raises WarehouseError when there is none or it is newer than the code."""
    return str(_pointer(home)["version"])


def _pointer(home: Path) -> dict[str, Any]:
    path = home / "current.json"
    try:
        pointer = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WarehouseError(
            f"No warehouse at {home}. Run `iop demo` for the sample clinic, or `iop load DIR --source NAME`."
        ) from None
    except NotADirectoryError:
        raise WarehouseError(f"{home} is a file. Set IOP_HOME, or --home, to a folder.") from None
    except PermissionError:
        raise WarehouseError(
            f"You may not read {path}. Ask its owner, or set IOP_HOME to a warehouse of your own."
        ) from None
    except (OSError, ValueError):
        pointer = None
    schema = pointer.get("schema_version") if isinstance(pointer, dict) else None
    if isinstance(schema, int) and schema > SUPPORTED_SCHEMA:
        raise WarehouseError(
            f"The warehouse at {home} was written by a newer IOP Outcomes (schema {schema}, this code reads "
            f"{SUPPORTED_SCHEMA}). Update the code: `git pull`, then `make run`."
        )
    match pointer:
        case {"version": str(), "file": str(), "schema_version": int()}:
            return dict(pointer)
    raise WarehouseError(f"{path}, which says what version is current, is damaged. {_way_back(home)}")


def _way_back(home: Path, lost: str = "") -> str:
    """The remedy where the current version is lost: another that is there, else a new load."""
    found = sorted(path.stem for path in (home / "versions").glob("*.duckdb") if path.stem != lost)
    if found:
        return f"Go back to another: `iop versions` lists them, `iop versions --roll-back {found[-1]}` takes one."
    return "Load again: `iop load DIR --source NAME`, or `iop demo` for the sample clinic."


def open_warehouse(home: Path | None = None) -> Warehouse:
    """Open the current version read-only.

    Raises WarehouseError, with the remedy in its message, when there is no warehouse, it is newer than this
    code, or its file is damaged.
    """
    home = home or warehouse_home()
    pointer = _pointer(home)
    path = home / pointer["file"]
    if not path.is_file():
        raise WarehouseError(
            f"The current version {pointer['version']} is missing from {home}. {_way_back(home, pointer['version'])}"
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
        row = connection.execute(
            "select version, source, data_cut, analysis_cut, rule_version from load.version"
        ).fetchone()
    except duckdb.Error as error:
        raise WarehouseError(
            f"The warehouse file of version {pointer['version']} cannot be read ({str(error).splitlines()[0]}). "
            f"{_way_back(home, pointer['version'])}"
        ) from error
    if row is None:
        raise WarehouseError(f"Version {pointer['version']} is empty. Load again.")
    version, source, data_cut, analysis_cut, rule_version = row
    return Warehouse(home, version, source, data_cut, analysis_cut, rule_version, connection)
