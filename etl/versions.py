"""Lists, verifies, prunes and rolls back the published versions of a warehouse folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from etl import publish
from etl.progress import LoadError, nearest

PREVIOUS = "previous"
"""Stands for the newest sound version that was published before the current one."""


@dataclass(frozen=True)
class VersionInfo:
    """One published version; a lost or damaged one has a problem, and no facts where its manifest is lost."""

    version: str
    path: Path
    sequence: int
    """Counts publications: clocks can be moved back."""
    created_at: datetime | None
    data_cut: date | None
    source: str
    bytes: int
    rows: int
    is_current: bool
    problem: str


def versions(home: Path) -> list[VersionInfo]:
    """Every published version, newest first, then those whose manifest is lost."""
    try:
        serving = publish.current(home)
    except LoadError:
        serving = None
    found = [_info(home, name, serving) for name in publish.names(home)]
    return sorted(found, key=lambda info: (info.sequence, info.version), reverse=True)


def _info(home: Path, version: str, serving: str | None) -> VersionInfo:
    path = publish.version_file(home, version)
    facts = publish.manifest(home, version)
    lost = "" if path.is_file() else f"{path.name} is missing."
    return VersionInfo(
        version=version,
        path=path,
        sequence=facts["sequence"] if facts else 0,
        created_at=datetime.fromisoformat(facts["created_at"]) if facts else None,
        data_cut=date.fromisoformat(facts["data_cut"]) if facts else None,
        source=facts["source"] if facts else "",
        bytes=0 if lost else path.stat().st_size,
        rows=sum(rows for name, rows in facts["rows"].items() if name.startswith("core.")) if facts else 0,
        is_current=version == serving,
        problem=lost or ("" if facts else f"The manifest of {version} is missing or damaged."),
    )


def verify(home: Path, version: str) -> list[str]:
    """What is wrong with a version, in words; an empty list means that every byte and row count is as published."""
    path = publish.version_file(home, version)
    facts = publish.manifest(home, version)
    if not path.is_file():
        return [f"{path.name} is missing."]
    if facts is None:
        return [f"The manifest of {version} is missing or damaged."]
    try:
        if path.stat().st_size != facts["bytes"]:
            return [f"{path.name} has {path.stat().st_size:,} bytes instead of {facts['bytes']:,}."]
        if publish.sha256_of(path) != facts["sha256"]:
            return [f"{path.name} was changed or damaged: its SHA-256 differs from the published one."]
        if path.with_name(f"{path.name}.wal").exists():
            return [f"{path.name}.wal lies beside it: something opened the version for writing and changed it."]
        if publish.count_rows(path) != facts["rows"]:
            return [f"{path.name} does not hold the rows that were published."]
    except LoadError as error:
        return [str(error)]
    except OSError as error:
        return [f"{path.name} cannot be read ({error.strerror})."]
    return []


def prunable(home: Path, keep: int) -> list[VersionInfo]:
    """All but the newest ``keep`` versions, and never the current one."""
    return [info for number, info in enumerate(versions(home)) if number >= max(1, keep) and not info.is_current]


def prune(home: Path, keep: int) -> list[VersionInfo]:
    """Delete all but the newest ``keep`` versions, never the current one; only under ``publish.locked``."""
    deleted = prunable(home, keep)
    for info in deleted:
        publish.delete(home, info.version)
    return deleted


def roll_back(home: Path, version: str) -> str:
    """Make an older version, or the ``previous`` one, current again; returns it.

    Raises LoadError when it is unknown or damaged.
    """
    with publish.locked(home):
        known = versions(home)
        if version == PREVIOUS:
            version = _previous(home, known)
        elif version not in (names := [info.version for info in known]):
            raise LoadError(f"There is no version {version!r}.{nearest(version, names)} `iop versions` lists them.")
        elif problems := verify(home, version):
            raise LoadError(f"{problems[0]} Choose another version with `iop versions`, or load again.")
        publish.point_to(home, version)
        return version


def _previous(home: Path, known: list[VersionInfo]) -> str:
    """The newest sound version older than the current one; any other sound one where none is older."""
    serving = next((info.sequence for info in known if info.is_current and info.sequence), None)
    others = [info for info in known if not info.is_current]
    if serving is not None:
        others.sort(key=lambda info: (info.sequence < serving, info.sequence), reverse=True)
    for info in others:
        if not verify(home, info.version):
            return info.version
    raise LoadError(f"There is no other sound version in {home}. `iop versions --verify` says why; or load again.")
