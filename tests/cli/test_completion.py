"""Tab offers what exists: commands, measures, values of filters, parameters, sources, tables, versions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import environment, iop

IOP = Path(sys.executable).with_name("iop")

BASH = """
source <({iop} --show-completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_iop_completion {iop}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def offered(home: Path, *words: str) -> list[str]:
    """What a real bash, with the script that `iop` hands out, offers for the last word."""
    done = subprocess.run(
        ["bash", "-c", BASH.format(iop=IOP), "bash", "iop", *words],
        capture_output=True, text=True, env=environment(home, {}), timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["re"], ["review", "rejects"]),
        (["review", "early"], ["early_dropout"]),
        (["review", "show_rate", "--chart", "p"], ["p", "p_laney"]),
        (["review", "show_rate", "--rules", "w"], ["western-electric"]),
        (["ask", "early_d"], ["early_dropout"]),
        (["explain", "early_d"], ["early_dropout"]),
        (["ledger", "--site", "S"], ["South"]),
        (["ask", "early_dropout", "--site", ""], ["North", "South"]),
        (["ask", "early_dropout", "--site", "S"], ["South"]),
        (["ask", "early_dropout", "--by", "pro"], ["program"]),
        (["ask", "retention_at", "--set", "day=3"], ["day=30"]),
        (["ask", "early_dropout", "--format", "p"], ["parquet"]),
        (["load", "x", "--source", "can"], ["canonical"]),
        (["dictionary", "mart.episode_w"], ["mart.episode_week"]),
        (["versions", "--roll-back", ""], ["20260930-tiny"]),
    ],
)
def test_tab_offers_what_there_is(home: Path, words: list[str], expected: list[str]) -> None:
    assert offered(home, *words) == expected


def test_a_value_of_two_words_is_offered_as_one(sample_home: Path) -> None:
    assert offered(sample_home, "ask", "early_dropout", "--site", "Ced") == [r"Cedar\ Valley"]


def test_without_a_warehouse_there_is_nothing_to_offer_and_no_error(tmp_path: Path) -> None:
    assert offered(tmp_path, "ask", "early_dropout", "--site", "") == [""]


def test_completion_can_be_installed(tmp_path: Path) -> None:
    # The shell is named, since the tests may not run in one.
    done = iop("--install-completion", "bash", HOME=str(tmp_path), _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert (tmp_path / ".bash_completions").is_dir()
    assert ".bash_completions" in (tmp_path / ".bashrc").read_text()
