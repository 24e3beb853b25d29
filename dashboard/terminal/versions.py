"""Lists, verifies, prunes and rolls back the versions of a warehouse folder in the terminal."""

from __future__ import annotations

from pathlib import Path

from dashboard.terminal.output import say, show_rows
from etl import publish, versions


def show_versions(home: Path) -> None:
    """Every version, newest first."""
    rows = [
        (
            info.version,
            "current" if info.is_current else "",
            info.source,
            f"{info.data_cut or ''}",
            f"{info.created_at:%Y-%m-%d %H:%M}" if info.created_at else info.problem,
            info.rows,
            f"{info.bytes / 1e6:,.1f} MB" if info.bytes else "missing",
        )
        for info in versions.versions(home)
    ]
    columns = dict.fromkeys(("Version", "Serving", "Source", "Data to", "Loaded (UTC)"), "left")
    show_rows(f"Versions in {home}", columns | {"Rows": "right", "Size": "right"}, rows)


def verify_versions(home: Path) -> bool:
    """Compare the pointer and every version with what was published, say so, and return whether all hold."""
    is_sound = publish.is_pointer_sound(home)
    if not is_sound:
        say(f"{home / publish.POINTER} is damaged: it is not what was written for the version that it names.")
    for info in versions.versions(home):
        problems = versions.verify(home, info.version)
        is_sound &= not problems
        say(f"{info.version}: {' '.join(problems) or 'every byte and row as published'}")
    if not is_sound:
        say(
            "If the current version is not sound, `iop versions --roll-back previous` takes the newest sound one "
            "before it; or load again. `iop versions --roll-back VERSION` takes any."
        )
    return is_sound


def roll_back(home: Path, version: str) -> None:
    """Make a version current again and say so. Raises LoadError."""
    say(f"Version {versions.roll_back(home, version)} is current again.")


def prune(home: Path, keep: int, *, is_dry: bool) -> None:
    """Delete all but the newest ``keep`` versions, or only say which. Raises LoadError."""
    if is_dry:
        found = versions.prunable(home, keep)
    else:
        with publish.locked(home):
            found = versions.prune(home, keep)
    for info in found:
        say(f"{'Would delete' if is_dry else 'Deleted'} {info.version} ({info.bytes / 1e6:,.1f} MB).")
    if not found:
        say("There is nothing to delete.")
    else:
        say(f"{'It would free' if is_dry else 'Freed'} {sum(info.bytes for info in found) / 1e6:,.1f} MB.")
