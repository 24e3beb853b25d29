"""Tells whether a file is still the one that was checked: an export may still be written while it is loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from etl.progress import LoadError

if TYPE_CHECKING:
    from etl.precheck import CheckedFile


def state_of(found: os.stat_result) -> tuple[int, ...]:
    """What changes when a file is replaced or written to."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def refuse_changed(file: CheckedFile) -> None:
    """Raise LoadError when the hash and the records that were counted are no longer those of the file."""
    try:
        is_same = state_of(file.path.stat()) == file.state
    except OSError:
        is_same = False
    if not is_same:
        raise LoadError(f"{file.name} was changed or removed during the load. Load again once the export has ended.")
