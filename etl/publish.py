"""Publishes built versions: verify, fsync, rename, move the pointer. Readers keep the version that they opened."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.contract import SCHEMA_VERSION
from etl.progress import LoadError, nearest

POINTER = "current.json"
BUILDING = "building-"


@dataclass(frozen=True)
class VersionInfo:
    """One published version in the warehouse folder."""

    version: str
    path: Path
    created_at: datetime
    data_cut: date
    source: str
    bytes: int
    rows: int
    is_current: bool


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder's only write lock and clear what killed loads left. Raises LoadError when it is taken."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "versions").mkdir(mode=0o700, exist_ok=True)
        lock = os.open(home / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LoadError(
            f"The warehouse folder {home} cannot be written ({error.strerror}). Choose another with IOP_HOME."
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LoadError(f"Another load is writing to {home}. Wait until it has ended, then try again.") from None
        for leftover in home.glob(f"{BUILDING}*"):
            shutil.rmtree(leftover)
        yield
    finally:
        os.close(lock)


def current(home: Path) -> str | None:
    """The version that the pointer names, or None. Raises LoadError for a pointer that cannot be read."""
    try:
        return str(json.loads((home / POINTER).read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LoadError(
            f"{home / POINTER} is damaged. Run `iop versions`, then `iop versions --roll-back V`."
        ) from error


def refuse_newer(home: Path) -> None:
    """Raise LoadError when the pointer is of a newer IOP Outcomes: this one would put an older layout in its place."""
    try:
        written_as = int(json.loads((home / POINTER).read_text(encoding="utf-8"))["schema_version"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if written_as > SCHEMA_VERSION:
        raise LoadError(
            f"The warehouse at {home} was written by a newer IOP Outcomes (schema {written_as}, this code writes "
            f"{SCHEMA_VERSION}). Update the code: `git pull`, then `make run`; or load elsewhere with IOP_HOME."
        )


def manifest(home: Path, version: str) -> dict[str, Any] | None:
    """What was written beside a version when it was published, or None."""
    try:
        content: dict[str, Any] = json.loads(_manifest_path(home, version).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content


def publish(home: Path, built: Path, version: str, facts: dict[str, Any]) -> Path:
    """Make a built file the current version; ``facts`` go into its manifest, with ``rows`` by table.

    Raises LoadError, leaving the old version current, when the built file does not hold what was built.
    """
    found = count_rows(built)
    if found != facts["rows"]:
        different = sorted(
            name for name in found.keys() | facts["rows"].keys() if found.get(name) != facts["rows"].get(name)
        )
        raise LoadError(f"The new file does not hold what was loaded ({', '.join(different)}). Nothing was published.")
    os.chmod(built, 0o600)
    _fsync(built)
    target = home / "versions" / f"{version}.duckdb"
    content = facts | {
        "version": version,
        "schema_version": SCHEMA_VERSION,
        "sha256": sha256_of(built),
        "bytes": built.stat().st_size,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    _write_atomically(_manifest_path(home, version), content)
    built.rename(target)
    _fsync(target.parent)
    point_to(home, version)
    return target


def point_to(home: Path, version: str) -> None:
    """Move the pointer to a version, in one step."""
    facts = manifest(home, version) or {}
    _write_atomically(
        home / POINTER,
        {
            "version": version,
            "file": f"versions/{version}.duckdb",
            "sha256": facts.get("sha256"),
            "schema_version": facts.get("schema_version", SCHEMA_VERSION),
        },
    )


def versions(home: Path) -> list[VersionInfo]:
    """Every published version, newest first."""
    try:
        is_current = current(home)
    except LoadError:
        is_current = None
    found = []
    for path in (home / "versions").glob("*.duckdb"):
        facts = manifest(home, path.stem)
        if facts is None:
            continue
        found.append(
            VersionInfo(
                version=path.stem,
                path=path,
                created_at=datetime.fromisoformat(facts["created_at"]),
                data_cut=date.fromisoformat(facts["data_cut"]),
                source=facts["source"],
                bytes=path.stat().st_size,
                rows=sum(rows for name, rows in facts["rows"].items() if name.startswith("core.")),
                is_current=path.stem == is_current,
            )
        )
    return sorted(found, key=lambda info: (info.created_at, info.version), reverse=True)


def verify(home: Path, version: str) -> list[str]:
    """What is wrong with a version, in words; an empty list means that every byte and row count is as published."""
    path = home / "versions" / f"{version}.duckdb"
    facts = manifest(home, version)
    if not path.is_file():
        return [f"{path.name} is missing."]
    if facts is None:
        return [f"The manifest of {version} is missing or damaged."]
    if path.stat().st_size != facts["bytes"]:
        return [f"{path.name} has {path.stat().st_size:,} bytes instead of {facts['bytes']:,}."]
    if sha256_of(path) != facts["sha256"]:
        return [f"{path.name} was changed or damaged: its SHA-256 differs from the published one."]
    if count_rows(path) != facts["rows"]:
        return [f"{path.name} does not hold the rows that were published."]
    return []


def prune(home: Path, keep: int) -> list[str]:
    """Delete all but the newest ``keep`` versions, never the current one; returns the names of those deleted."""
    deleted = []
    for number, info in enumerate(versions(home)):
        if number >= max(1, keep) and not info.is_current:
            info.path.unlink()
            _manifest_path(home, info.version).unlink(missing_ok=True)
            deleted.append(info.version)
    return deleted


def roll_back(home: Path, version: str) -> None:
    """Make an older version current again. Raises LoadError when it is unknown or damaged."""
    with locked(home):
        known = [info.version for info in versions(home)]
        if version not in known:
            raise LoadError(f"There is no version {version!r}.{nearest(version, known)} `iop versions` lists them.")
        if problems := verify(home, version):
            raise LoadError(f"{problems[0]} Choose another version with `iop versions`, or load again.")
        point_to(home, version)


def count_rows(path: Path) -> dict[str, int]:
    """Rows of every table of a warehouse file, by ``schema.table``. Raises LoadError when it cannot be opened."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return rows_by_table(connection)
    except duckdb.Error as error:
        raise LoadError(f"{path.name} cannot be opened: {str(error).splitlines()[0]}") from error


def rows_by_table(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table of core, mart and load."""
    names = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where schema_name in ('core', 'mart', 'load') and not temporary order by 1"
    ).fetchall()
    return {name: int((connection.execute(f"select count(*) from {name}").fetchone() or (0,))[0]) for (name,) in names}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest_path(home: Path, version: str) -> Path:
    return home / "versions" / f"{version}.json"


def _write_atomically(path: Path, content: dict[str, Any]) -> None:
    waiting = path.with_name(f".{path.name}.new")
    with open(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, default=str)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
