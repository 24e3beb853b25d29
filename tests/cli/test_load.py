"""Loading from the terminal: what a person sees when it works, and when it does not."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path

import pytest

from etl import contract
from tests.cli.terminal import iop, start

LOAD_SAMPLE = ("load", "sample_data", "--source", "canonical")


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that `iop demo` made."""
    folder = tmp_path_factory.mktemp("demo") / "warehouse"
    done = iop("demo", home=folder)
    assert done.returncode == 0, done.stderr
    assert "iop dashboard" in done.stdout
    assert "IOP_SHOW_CASES=yes" in done.stdout
    return folder


def test_demo_loads_the_sample_and_a_second_load_changes_nothing(demo_home: Path) -> None:
    before = (demo_home / "current.json").read_text()
    again = iop(*LOAD_SAMPLE, home=demo_home)
    assert again.returncode == 0
    assert "Nothing changed" in again.stdout
    assert (demo_home / "current.json").read_text() == before


def test_demo_does_not_replace_somebodys_own_data(demo_home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(demo_home, own)
    (own / "sample.json").unlink()
    refused = iop("demo", home=own)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    kept = iop("demo", "--keep", home=own)
    assert kept.returncode == 0
    assert "is kept" in kept.stdout


def test_a_load_reports_every_file_and_every_rule(tmp_path: Path) -> None:
    """One bad date in a copy of the sample's patients: one rejected row, under its rule, in the report."""
    export = tmp_path / "export"
    export.mkdir()
    (export / "patients.csv").write_text(
        "patient_id,birth_date,sex,race_ethnicity,preferred_language\np1,,female,,\np2,soon,male,,\n"
    )
    header = _header("episodes")
    values = {
        "episode_id": "e1", "patient_id": "p1", "site": "North", "program": "SUD", "track": "day",
        "level_of_care": "IOP", "admission_date": "2026-01-05", "is_mandated": "false",
    }  # fmt: skip
    (export / "episodes.csv").write_text(",".join(header) + "\n" + ",".join(values.get(n, "") for n in header) + "\n")
    (export / "sessions.csv").write_text(",".join(_header("sessions")) + "\n")
    home = tmp_path / "warehouse"
    done = iop("load", str(export), "--source", "canonical", "--as-of", "2026-09-30", home=home)
    assert done.returncode == 0, done.stderr
    patients = next(line for line in done.stdout.splitlines() if "patients.csv" in line)
    # Two read = one accepted + one rejected + none superseded.
    assert [cell.strip() for cell in patients.split("│")[3:7]] == ["2", "1", "1", "0"]
    assert "Rejected, by rule" in done.stdout
    assert "No file was for: sites, requests, assessments" in done.stdout
    counted = iop("rejects", "--format", "csv", home=home).stdout
    assert "patients.csv,patients,birth_date" in counted
    hidden = iop("rejects", "--rows", home=home)
    assert (hidden.returncode, hidden.stdout) == (1, "")
    listed = iop("rejects", "--rows", "--format", "csv", home=home, IOP_SHOW_CASES="yes").stdout
    assert "p2,soon,male" in listed


def _header(table: str) -> list[str]:
    return list(contract.tables()[table].column_names)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["load", "nowhere", "--source", "canonical"], "no folder nowhere"),
        (["load", "README.md", "--source", "canonical"], "is a file"),
        (["load", "sample_data", "--source", "canonicle"], "Did you mean 'canonical'"),
    ],
)
def test_what_cannot_be_done_is_answered_with_a_remedy(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = iop(*arguments, home=tmp_path / "warehouse")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_folder_a_missing_file_and_wrong_columns_are_named(tmp_path: Path) -> None:
    export, home = tmp_path / "export", tmp_path / "warehouse"
    export.mkdir()
    assert "is empty" in iop("load", str(export), "--source", "canonical", home=home).stderr
    (export / "patients.csv").write_text("patient,sex\np1,female\n")
    assert "missing" in iop("load", str(export), "--source", "canonical", home=home).stderr
    (export / "episodes.csv").write_text("episode\ne1\n")
    (export / "sessions.csv").write_text("session\ns1\n")
    wrong = iop("load", str(export), "--source", "canonical", home=home)
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    assert ".csv" in wrong.stderr
    assert "column" in wrong.stderr
    assert not (home / "current.json").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "not a readable file"),
        (b"\x1f\x8b\x08\x00cut off", "cannot be read"),
        (b"plain text", "named .gz but is not gzip"),
    ],
    ids=["folder", "cut off", "not gzip"],
)
def test_an_unreadable_file_is_named_and_nothing_is_published(tmp_path: Path, content: bytes | None, says: str) -> None:
    export, home = tmp_path / "export", tmp_path / "warehouse"
    shutil.copytree("sample_data/dirty", export)
    (export / "costs.csv").unlink()
    if content is None:
        (export / "costs.csv").mkdir()
    else:
        (export / "costs.csv.gz").write_bytes(content)
    done = iop("load", str(export), "--source", "canonical", home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("costs.csv")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "current.json").exists()


@pytest.mark.parametrize("stage", ["Reading sessions", "Building"])
def test_a_load_that_is_stopped_publishes_nothing_and_leaves_nothing(
    demo_home: Path, tmp_path: Path, stage: str
) -> None:
    for attempt in range(5):  # On a busy machine a load may have ended before the signal comes.
        home = tmp_path / f"warehouse{attempt}"
        shutil.copytree(demo_home, home)
        load = start(*LOAD_SAMPLE, "--as-of", "2026-08-31", home=home)
        assert load.stderr is not None
        for line in load.stderr:
            if line.startswith(stage):
                load.send_signal(signal.SIGINT)
                break
        out, said = load.communicate(timeout=60)
        if load.returncode != 0:
            break
    before = (demo_home / "current.json").read_text()
    assert (load.returncode, out) == (130, "")
    assert "Stopped: nothing was published" in said
    assert "Traceback" not in said
    assert (home / "current.json").read_text() == before
    assert {path.name for path in home.iterdir()} == {".lock", "current.json", "sample.json", "versions"}
    assert iop("ask", "early_dropout", home=home).returncode == 0


def test_checks_dictionary_and_versions_of_the_sample(demo_home: Path) -> None:
    assert iop("check", home=demo_home).returncode == 0
    columns = iop("dictionary", "mart.episode", "--format", "csv", home=demo_home)
    assert "mart,episode,day_zero,DATE" in columns.stdout
    misspelt = iop("dictionary", "mart.episod", home=demo_home)
    assert misspelt.returncode == 1
    assert "mart.episode" in misspelt.stderr
    verified = iop("versions", "--verify", home=demo_home)
    assert verified.returncode == 0
    assert "every byte and row as published" in verified.stdout


def test_a_check_that_finds_few_people_says_so_without_their_number(demo_home: Path) -> None:
    """Three open episodes of the sample had no service lately: patients, as much as those that a page counts."""
    shown = " ".join(iop("check", home=demo_home, IOP_SHOW_CASES="yes", COLUMNS="250").stdout.split())
    few = re.findall(r"│ (\d|10) │ ([\d,]+) │ (\d+ of [\d,]+ [a-z ]+)", shown)
    assert any(found != "0" for found, _, _ in few)
    hidden = " ".join(iop("check", home=demo_home, COLUMNS="250").stdout.split())
    csv_text = iop("check", "--format", "csv", home=demo_home).stdout
    for found, _, message in few:
        if found != "0":
            assert message not in hidden + csv_text
            assert message.replace(f"{found} of", "Some of") in hidden
    assert "│ 1–10 │" in hidden


def test_a_damaged_version_fails_verification(demo_home: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(demo_home, damaged)
    file = next((damaged / "versions").glob("*.duckdb"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = iop("versions", "--verify", home=damaged)
    assert done.returncode == 1
    assert "changed or damaged" in done.stdout


def test_a_sample_of_any_size_can_be_made_and_loaded(tmp_path: Path) -> None:
    out, home = tmp_path / "clinic", tmp_path / "warehouse"
    made = iop("sample", "--episodes", "60", "--seed", "3", "--out", str(out))
    assert made.returncode == 0, made.stderr
    loaded = iop("load", str(out), "--source", "canonical", home=home)
    assert loaded.returncode == 0, loaded.stderr
    assert "Loaded version" in loaded.stdout
    # Nothing is rejected: no table of rules in the report.
    assert "Rejected, by rule" not in loaded.stdout


def test_a_sample_never_writes_over_an_export_that_is_no_sample(tmp_path: Path) -> None:
    (tmp_path / "patients.csv.gz").write_bytes(b"somebody's own")
    refused = iop("sample", "--episodes", "5", "--out", str(tmp_path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Choose an empty folder" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["patients.csv.gz"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--seed", "-1", "--out", "clinic"], 1, "0 or more"),
        (["--out", "/proc/clinic"], 1, "Choose another folder"),
        (["--out", "README.md"], 1, "Choose another folder"),
        (["--episodes", "0", "--out", "clinic"], 2, "--episodes"),
        (["--episodes", "2500001", "--out", "clinic"], 2, "--episodes"),
        ([], 2, "--out"),
    ],
)
def test_a_sample_that_cannot_be_made_says_why(arguments: list[str], code: int, says: str) -> None:
    done = iop("sample", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_help_of_every_command_explains_itself() -> None:
    listed = iop("--help").stdout
    for command in ("demo", "load", "sample", "ask", "sql", "check", "dictionary", "versions", "dashboard", "rejects"):
        assert command in listed
        assert iop(command, "--help").returncode == 0
