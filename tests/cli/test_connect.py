"""The tutorial's own commands, and drafts for exports that nobody described."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from etl import contract
from etl.connect.draft import write_draft
from etl.connect.sniff import HEAD_BYTES
from sample_data.foreign_export import OUT, write_export

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "etl" / "connect" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|toml)\n(.*?)```", TUTORIAL, re.DOTALL)


def run(command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "IOP_HOME": str(folder / "home"), "IOP_SHOW_CASES": "no", **settings}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_tutorial_leads_from_the_files_to_an_answer(tmp_path: Path) -> None:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    said = ""
    edits = iter(text.rstrip("\n") for kind, text in BLOCKS if kind == "toml")
    draft = tmp_path / "my_export" / "source.toml"
    for line in "".join(text for kind, text in BLOCKS if kind == "sh").splitlines():
        if line == "iop dashboard":
            continue
        if line.endswith("--check"):
            text = draft.read_text(encoding="utf-8")
            for old, new in zip(edits, edits, strict=True):
                assert old in text, f"the draft does not hold what the tutorial tells to change: {old}"
                text = text.replace(old, new)
            assert "UNSURE:" not in text
            draft.write_text(text, encoding="utf-8")
        done = run(line, tmp_path)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        said = done.stdout
    assert "in care, completed or stepped down" in said
    assert "Missing" in said


def test_the_draft_of_the_tutorial_is_not_written_over(tmp_path: Path) -> None:
    shutil.copytree(OUT, tmp_path / "in")
    assert run("iop connect in", tmp_path).returncode == 0
    again = run("iop connect in", tmp_path)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert run("iop connect in --replace", tmp_path).returncode == 0


def test_the_committed_export_is_what_the_script_writes(tmp_path: Path) -> None:
    write_export(tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in OUT.iterdir()}


def test_nothing_of_a_patient_is_in_the_draft_or_on_the_screen(tmp_path: Path) -> None:
    shutil.copytree(OUT, tmp_path / "in")
    done = run("iop connect in", tmp_path)
    shown = (tmp_path / "in" / "source.toml").read_text(encoding="utf-8") + done.stdout + done.stderr
    with (OUT / "clients.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert not any(row["MRN"] in shown or row["DOB"] in shown for row in rows)
    seen = run("iop connect in --replace", tmp_path, IOP_SHOW_CASES="yes")
    assert rows[0]["MRN"] in seen.stdout


def test_a_check_says_it_to_programs(tmp_path: Path) -> None:
    shutil.copytree(OUT, tmp_path / "in")
    run("iop connect in", tmp_path)
    done = run("iop connect in --check --format json", tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["tables"]["sessions"]["rows"] == 5822
    assert "retention_at" in found["measures_available"]
    assert found["measures_impossible"]["urine_positivity"] == "no toxicology"
    assert found["measures_impossible"]["cost_per_episode"] == "no costs"
    assert len(found["unsure"]) == 5
    assert not (tmp_path / "home" / "current.json").exists(), "a check publishes nothing"
    assert list((tmp_path / "home").iterdir()) == []


def test_a_folder_that_holds_nothing_of_the_kind_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "weather.csv").write_text("station,rain\nA,1\nB,2\n", encoding="utf-8")
    (tmp_path / "in" / "notes.pdf").write_bytes(b"%PDF")
    done = run("iop connect in", tmp_path)
    assert done.returncode == 1
    assert "weather.csv" in done.stderr
    assert "notes.pdf is of no format" in done.stderr


CORE = ("patients", "episodes", "sessions", "assessments", "toxicology", "costs", "authorizations", "requests")
"""Tables of the sample that a record system has."""

OTHER_NAMES = {
    "patient_id": "MRN",
    "birth_date": "DOB",
    "sex": "Gender",
    "race_ethnicity": "Ethnicity",
    "admission_date": "Intake Date",
    "discharge_date": "Discharged",
    "discharge_reason": "DischargeReason",
    "session_date": "DOS",
    "status": "Attendance Status",
    "service_type": "Service",
    "scheduled_start": "Start Time",
    "scheduled_end": "End Time",
    "actual_start": "Check In",
    "actual_end": "Check Out",
    "clinician_id": "Therapist",
    "assessed_date": "Date Administered",
    "instrument": "Tool",
    "score": "Total Score",
    "specimen_date": "Collected",
    "result": "Result",
    "service_date": "Charge Date",
    "amount": "Charge Amount",
    "start_date": "Effective Date",
    "end_date": "Expires",
    "authorized_hours": "Hours Authorized",
    "requested_date": "Referral Date",
    "payer": "Payor",
    "primary_substance": "Drug of Choice",
    "primary_diagnosis": "Dx",
    "billing_code": "CPT",
}
OTHER_CODES = {
    "status": {"attended": "Kept", "no_show": "NS", "late_cancel": "LC", "client_cancel": "CX", "program_cancel": "PC"},
    "sex": {"female": "F", "male": "M"},
    "result": {"positive": "POS", "negative": "NEG"},
    "service_type": {"group": "GRP", "individual": "IND", "family": "FAM"},
    "discharge_reason": {"completed": "Graduated", "dropped_out": "AMA"},
}


@cache
def sample_rows(table: str) -> list[dict[str, str]]:
    with gzip.open(ROOT / "sample_data" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[:1500]


def us_date(text: str) -> str:
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", text)


def as_it_is(column: str, value: str) -> str:
    return value


def with_us_dates(column: str, value: str) -> str:
    return us_date(value)


def with_other_codes(column: str, value: str) -> str:
    return OTHER_CODES.get(column, {}).get(value, value)


@pytest.mark.parametrize(
    ("names", "change", "delimiter", "suffix"),
    [
        ({}, as_it_is, ",", "csv"),
        (OTHER_NAMES, as_it_is, ";", "csv"),
        (OTHER_NAMES, with_us_dates, "\t", "tsv"),
        (OTHER_NAMES, with_other_codes, ",", "csv"),
    ],
    ids=["as it is", "other names", "US dates", "other codes"],
)
def test_disguised_exports_are_recognised(
    tmp_path: Path, names: dict[str, str], change: Callable[[str, str], str], delimiter: str, suffix: str
) -> None:
    for table in CORE:
        rows = sample_rows(table)
        with (tmp_path / f"{table}.{suffix}").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
            writer.writerow([names.get(column, column) for column in rows[0]])
            writer.writerows([change(column, value) for column, value in row.items()] for row in rows)
    body = tomllib.loads(write_draft(tmp_path, "disguised").text)
    assert set(body["tables"]) >= set(CORE)
    wanted = right = given = 0
    for table in CORE:
        declared = body["tables"][table]
        parts = declared if isinstance(declared, list) else [declared]
        columns = {name: json.dumps(entry) for part in parts for name, entry in part["columns"].items()}
        filled = {name for name in sample_rows(table)[0] if any(row[name] for row in sample_rows(table))}
        for column in contract.tables()[table].column_names:
            if column in filled:
                wanted += 1
                right += re.search(rf"\b{re.escape(names.get(column, column))}\b", columns.get(column, "")) is not None
        given += len(columns)
    assert right / wanted >= 0.9, "recall"
    assert right / given >= 0.9, "precision"


def draft_of_dates(folder: Path, days: list[str]) -> str:
    with (folder / "visits.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Visit ID", "MRN", "DOS", "Attendance Status", "Service"])
        writer.writerows([f"v{n}", f"p{n % 50}", day, "Kept", "GRP"] for n, day in enumerate(days))
    text = write_draft(folder, "dates").text
    return next(line for line in text.splitlines() if line.startswith("session_date ="))


def test_a_date_is_called_unsure_where_no_day_says_which_part_is_the_month(tmp_path: Path) -> None:
    line = draft_of_dates(tmp_path, ["02/03/2024", "05/06/2024"] * 100)
    assert "UNSURE" in line
    assert "%m/%d/%Y" in line
    assert "%d/%m/%Y" in line


@pytest.mark.parametrize(("day", "form"), [("02/13/2024", "%m/%d/%Y"), ("13/02/2024", "%d/%m/%Y")])
def test_one_day_above_twelve_says_which_part_is_the_month(tmp_path: Path, day: str, form: str) -> None:
    line = draft_of_dates(tmp_path, [*["02/03/2024", "05/06/2024"] * 100, day])
    assert form in line
    assert "UNSURE" not in line


def test_the_end_of_a_large_file_is_looked_into(tmp_path: Path) -> None:
    line = draft_of_dates(tmp_path, [*["02/03/2024"] * 250_000, *["13/02/2024"] * 1_000])
    assert (tmp_path / "visits.csv").stat().st_size > HEAD_BYTES
    assert "%d/%m/%Y" in line
    assert "UNSURE" not in line


def test_what_somebody_wrote_into_a_column_of_codes_stays_in_the_file(tmp_path: Path) -> None:
    statuses = ["Kept"] * 100 + ["ZZ"] * 3 + ["Called his sister Ann Example about it"] * 2 + ["QQ7"]
    with (tmp_path / "visits.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Visit ID", "MRN", "DOS", "Attendance Status", "Service"])
        writer.writerows([f"v{n}", f"p{n}", "2024-02-13", status, "GRP"] for n, status in enumerate(statuses))
    text = write_draft(tmp_path, "codes").text
    assert "'ZZ'" in text
    assert "Example" not in text
    assert "QQ7" not in text


def test_every_table_and_column_of_the_sample_is_found(tmp_path: Path) -> None:
    body = tomllib.loads(write_draft(ROOT / "sample_data", "sample").text)
    assert set(body["tables"]) == set(contract.tables())
    for table, declared in body["tables"].items():
        parts = declared if isinstance(declared, list) else [declared]
        assert {part["from"] for part in parts} == {table}
        for column, entry in parts[0]["columns"].items():
            assert re.search(rf"\b{column}\b", json.dumps(entry)), f"{table}.{column} is {entry}"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_drafted(tmp_path: Path) -> None:
    shutil.copytree(OUT, tmp_path / "in")
    (tmp_path / "in" / "notes.csv").write_text("a,b\n1," + '"' + "x" * 200_000 + '"\n', encoding="utf-8")
    (tmp_path / "in" / "old.csv.gz").write_bytes(b"\x1f\x8b\x08 damaged")
    draft = write_draft(tmp_path / "in", "some")
    assert {"sessions", "patients"} <= set(draft.tables)
    assert sorted(said.split()[0] for said in draft.unreadable) == ["notes.csv", "old.csv.gz"]
