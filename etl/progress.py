"""What a load says while it runs, and how it says that it cannot go on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Protocol


class LoadError(Exception):
    """The load cannot go on; the message says why and what to do. The last good version keeps serving."""


class Progress(Protocol):
    """Receives the progress of a load: a progress bar in a terminal, nothing in a test."""

    def stage(self, name: str) -> None:
        """A new stage begins, for example ``Reading sessions.csv``."""

    def advance(self, fraction: float) -> None:
        """Share of the whole load that is done, 0 to 1."""

    def note(self, text: str) -> None:
        """Something that a person should know and that does not stop the load."""


class SilentProgress:
    """Progress that nobody watches."""

    def stage(self, name: str) -> None:
        """Says nothing."""

    def advance(self, fraction: float) -> None:
        """Says nothing."""

    def note(self, text: str) -> None:
        """Says nothing."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for a misspelt name, or an empty string."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {matches[0]!r}?" if matches else ""
