"""Publishes built versions: verify, fsync, rename, move the pointer. Readers keep the version that they opened."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.contract import SCHEMA_VERSION
from etl.progress import LoadError

POINTER = "current.json"
BUILDING = "building-"
_OF_A_LOAD = re.compile(r"\d{8}-[0-9a-f]{12}")


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
        _clear_leftovers(home)
        yield
    finally:
        os.close(lock)


def _clear_leftovers(home: Path) -> None:
    """Delete what a killed load or a killed pruning left: its workspace, half-written files, a version not published.

    A version is published once its manifest is there, and deleted once its manifest is gone.
    """
    try:
        serving = current(home)
        for folder in home.glob(f"{BUILDING}*"):
            shutil.rmtree(folder)
        for file in (*home.glob(f".{POINTER}.new"), *(home / "versions").glob(".*.json.new")):
            file.unlink()
        for file in (home / "versions").glob("*.duckdb"):
            is_published = file.stem == serving or _manifest_path(home, file.stem).exists()
            if _OF_A_LOAD.fullmatch(file.stem) and not is_published:
                file.unlink()
    except LoadError:
        return  # A pointer that cannot be read may mean any of the versions: nothing is deleted.
    except OSError as error:
        raise LoadError(
            f"What an earlier load left in {home} cannot be deleted ({error.strerror}). Check that you may write there."
        ) from error


def current(home: Path) -> str | None:
    """The version that the pointer names, or None. Raises LoadError for a pointer that cannot be read."""
    try:
        return str(json.loads((home / POINTER).read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LoadError(
            f"{home / POINTER}, which says what version is current, is damaged. `iop versions --roll-back previous` "
            "takes the newest sound version, or load again."
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
    """What was written beside a version when it was published; None where it is missing or not as it was written."""
    try:
        content = json.loads(_manifest_path(home, version).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or content.pop("seal", None) != _seal(content):
        return None
    return content


def _seal(content: dict[str, Any]) -> str:
    """SHA-256 of a manifest, which tells a flipped bit from a number."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


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
    target = version_file(home, version)
    content = facts | {
        "version": version,
        "sequence": 1 + max((int((manifest(home, name) or {}).get("sequence", 0)) for name in names(home)), default=0),
        "schema_version": SCHEMA_VERSION,
        "sha256": sha256_of(built),
        "bytes": built.stat().st_size,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    built.rename(target)
    _fsync(target.parent)
    _write_atomically(_manifest_path(home, version), content | {"seal": _seal(content)})
    point_to(home, version)
    return target


def point_to(home: Path, version: str) -> None:
    """Move the pointer to a version, in one step."""
    _write_atomically(home / POINTER, _pointer_to(home, version))


def _pointer_to(home: Path, version: str) -> dict[str, Any]:
    facts = manifest(home, version) or {}
    return {
        "version": version,
        "file": f"versions/{version}.duckdb",
        "sha256": facts.get("sha256"),
        "schema_version": facts.get("schema_version", SCHEMA_VERSION),
    }


def is_pointer_sound(home: Path) -> bool:
    """Whether the pointer is exactly what was written for the version that it names, or there is none yet."""
    try:
        version = current(home)
        return version is None or json.loads((home / POINTER).read_text(encoding="utf-8")) == _pointer_to(home, version)
    except (LoadError, OSError, ValueError):
        return False


def names(home: Path) -> list[str]:
    """Every version of which there is a file or a manifest."""
    files = (path for path in (home / "versions").glob("*.*") if path.suffix in (".duckdb", ".json"))
    return sorted({path.stem for path in files if not path.name.startswith(".")})


def version_file(home: Path, version: str) -> Path:
    """The database of a version."""
    return home / "versions" / f"{version}.duckdb"


def delete(home: Path, version: str) -> None:
    """Delete a version: first its manifest, so that one that was half deleted is not taken for a published one."""
    _manifest_path(home, version).unlink(missing_ok=True)
    _fsync(home / "versions")
    version_file(home, version).unlink(missing_ok=True)


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
