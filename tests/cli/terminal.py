"""Runs ``iop`` as people do: in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def iop(*arguments: str, home: Path | None = None, text: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``iop`` with these arguments; ``settings`` become environment variables, ``text`` goes to stdin."""
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(home, settings),
        timeout=120,
        check=False,
    )


def iop_bytes(*arguments: str, home: Path) -> bytes:
    """What ``iop`` writes to stdout where that is not text."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        capture_output=True,
        cwd=ROOT,
        env=environment(home, {}),
        timeout=120,
        check=True,
    )
    return done.stdout


def start(*arguments: str, home: Path) -> subprocess.Popen[str]:
    """Start ``iop`` without waiting for its end; Ctrl-C reaches it even where the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(home, {}),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def environment(home: Path | None, settings: dict[str, str]) -> dict[str, str]:
    # The runner's own settings, and the width of its terminal, are not part of what is tested.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOP_") and name != "COLUMNS"}
    return kept | settings | ({"IOP_HOME": str(home)} if home else {})
