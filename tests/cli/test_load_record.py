"""What a scheduler and the log are told of a load, and that neither is told of a patient."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.terminal import iop
from tests.etl.exports import EPISODE, PATIENT, SESSION, write_export

SECRETS = ("Smith-4711", "Mary O'Hara", "31.02.1970", "=cmd|1", "O\u2019Neill", "42;Jones")
"""Text that looks like a patient's, put where it does not belong."""


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """An export with a secret in every column that some record may hold, among enough good ones."""
    folder = write_export(
        tmp_path / "export",
        patients=[PATIENT, *(PATIENT | {"patient_id": f"p{n}"} for n in range(2, 30))],
        episodes=[EPISODE, *(EPISODE | {"episode_id": s, "site": s, "program": s} for s in SECRETS)],
        sessions=[
            SESSION,
            *(dict.fromkeys(SESSION, s) for s in SECRETS),
            *(SESSION | {"session_id": f"s{n}"} for n in range(2, 60)),
        ],
    )
    with (folder / "patients.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{','.join([secret] * 40)}\n" for secret in SECRETS)
    return folder


def test_one_json_object_tells_a_scheduler_what_a_load_did(tmp_path: Path) -> None:
    folder, home = write_export(tmp_path / "export"), tmp_path / "home"
    done = iop("load", str(folder), "--source", "canonical", "--json", home=home)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["exit_code"], told["is_unchanged"]) == (0, True, 0, False)
    assert {file["name"]: file["read"] for file in told["files"]} == {
        "patients.csv": 1, "episodes.csv": 1, "sessions.csv": 1,
    }  # fmt: skip
    again = json.loads(iop("load", str(folder), "--source", "canonical", "--json", home=home).stdout)
    assert (again["version"], again["is_unchanged"]) == (told["version"], True)
    lines = [json.loads(line) for line in (home / "log" / "load.jsonl").read_text().splitlines()]
    assert [line["is_unchanged"] for line in lines] == [False, True]


def test_the_log_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    iop("load", str(write_export(tmp_path / "export")), "--source", "canonical", home=tmp_path / "home")
    assert stat.S_IMODE((tmp_path / "home" / "log" / "load.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home" / "log").stat().st_mode) == 0o700


@pytest.mark.parametrize("arguments", [("--source", "canonical"), ("--source", "nothing_of_this_name"), ()])
def test_a_refused_load_is_one_json_object_and_exit_code_1(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = iop("load", str(empty), *arguments, "--json", home=tmp_path / "home")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["exit_code"]) == (1, False, 1)
    assert told["error"]
    logged = json.loads((tmp_path / "home" / "log" / "load.jsonl").read_text())
    assert (logged["ok"], logged["exit_code"]) == (False, 1)


def test_no_value_of_a_record_reaches_the_log_the_scheduler_or_the_summary(dirty: Path, tmp_path: Path) -> None:
    for options in (("--json",), ()):
        home = tmp_path / f"home{len(options)}"
        done = iop("load", str(dirty), "--source", "canonical", *options, home=home)
        assert (home / "log" / "load.jsonl").read_text()
        for told in (done.stdout, done.stderr, (home / "log" / "load.jsonl").read_text()):
            for secret in (*SECRETS, "Smith", "Hara", "Neill", "Jones", "1970"):
                assert secret not in told, (options, secret)
