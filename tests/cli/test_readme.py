"""The commands that README, the help texts and `iop demo` show are commands that run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dashboard.terminal.loading import NEXT_STEPS
from tests.cli.terminal import ROOT, iop

COMMANDS = (
    "demo",
    "load",
    "sample",
    "ask",
    "sensitivity",
    "review",
    "explain",
    "ledger",
    "sql",
    "check",
    "dictionary",
    "rejects",
    "versions",
    "dashboard",
)
NOT_HERE = ("/path/to/export", "exports/2026-09", "1a2b3c4d5e6f", "DIR", "/tmp/clinic", "dashboard", "--rows")
"""Examples on data that are not here, those that serve until they are stopped, and those that show cases."""


def shown_in_readme() -> list[str]:
    """Lines of README's code blocks that call ``iop`` on data that are here."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"(IOP_\w+=\w+ )?\.venv/bin/iop ", line)]


def shown_in_help() -> list[str]:
    """Examples under the help of every command."""
    found: list[str] = []
    for command in COMMANDS:
        text = " ".join(iop(command, "--help", COLUMNS="200").stdout.split())
        for examples in re.findall(r"Examples?: (.*)", text):
            found += [example.strip() for example in examples.split("·")]
    return found


def shown_after_demo() -> list[str]:
    """The next steps that `iop demo` names."""
    return [line.strip() for line in NEXT_STEPS.splitlines() if re.match(r"  (IOP_\w+=\w+ )?iop ", line)]


def run(line: str, home: Path, out: Path) -> None:
    # What follows three blanks explains the command.
    words = shlex.split(re.split(r"\s{3,}", line)[0], comments=True)
    settings = dict(word.split("=", 1) for word in words if re.fullmatch(r"IOP_\w+=\w+", word))
    program, *arguments = [word for word in words if word.partition("=")[0] not in settings]
    assert program.endswith("iop"), line
    arguments = [str(out / word) if word.endswith(".csv") and "--out" in arguments else word for word in arguments]
    done = iop(*arguments, home=home, **settings)
    assert done.returncode == 0, f"{line}: {done.stderr}"


def test_readme_shows_at_least_its_terminal_and_sql_sections() -> None:
    assert len(shown_in_readme()) >= 8


@pytest.mark.parametrize("shown", [shown_in_readme, shown_in_help, shown_after_demo])
def test_what_is_shown_runs_on_the_sample(sample_home: Path, tmp_path: Path, shown) -> None:
    lines = [line for line in shown() if not any(words in line for words in NOT_HERE)]
    assert lines
    for line in lines:
        run(line, sample_home, tmp_path)
