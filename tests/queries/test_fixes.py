"""Rejected records as files to correct: what the clinic sent comes back, whole, beside what is wrong with it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.build import load_export
from queries import fixes
from queries.loads import CasesHiddenError
from queries.warehouse import Warehouse, WarehouseError, open_warehouse
from tests.etl.exports import PATIENT, write_export

BAD = [
    {"patient_id": '=HYPERLINK("x")', "sex": "-1"},
    {"patient_id": "a, b", "sex": '"quoted"\nand broken'},
    {"patient_id": "'=1", "sex": "-5.2", "birth_date": "31.02.1970"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with records that a spreadsheet or a careless parser would spoil."""
    good = [PATIENT, *(PATIENT | {"patient_id": f"p{number}"} for number in range(2, 20))]
    return write_export(tmp_path_factory.mktemp("export"), patients=[*good, *BAD])


@pytest.fixture(scope="module")
def warehouse(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The warehouse of that export."""
    home = tmp_path_factory.mktemp("home")
    load_export(folder, source="canonical", home=home)
    opened = open_warehouse(home)
    yield opened
    opened.close()


def test_the_original_cells_come_back_under_their_own_header(
    warehouse: Warehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    header, *rows = csv.reader(io.StringIO(fixes.fixes(warehouse, "patients.csv").decode("utf-8"), newline=""))
    original = (folder / "patients.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header == [*original, *fixes.ADDED]
    # One apostrophe less where the loader would see an escaped formula gives back what was sent.
    back = [{n: re.sub(r"^'('*[=+\-@\t\r])", r"\1", c) for n, c in zip(header, row, strict=True)} for row in rows]
    assert [{name: row[name] for name in sent} for row, sent in zip(back, BAD, strict=True)] == BAD
    digest = hashlib.sha256((folder / "patients.csv").read_bytes()).hexdigest()
    assert {(row["iop_file"], row["iop_sha256"]) for row in back} == {("patients.csv", digest)}
    # The third record stands behind one whose text has a line break.
    assert [row["iop_line"] for row in back] == ["21", "22", "24"]
    assert "sex" in back[2]["iop_problem"]
    assert "birth_date" in back[2]["iop_problem"]


def test_no_cell_of_the_file_is_a_formula(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    rows = list(csv.reader(io.StringIO(fixes.fixes(warehouse, "patients.csv").decode("utf-8"), newline="")))
    starts = {cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")}
    assert starts == {"-1", "-5.2"}


def test_the_file_is_for_those_who_may_see_cases(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IOP_SHOW_CASES", raising=False)
    with pytest.raises(CasesHiddenError, match="IOP_SHOW_CASES=yes"):
        fixes.fixes(warehouse, "patients.csv")


def test_a_file_without_rejects_is_named(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    with pytest.raises(WarehouseError, match=re.escape("'sessions.csv'")):
        fixes.fixes(warehouse, "sessions.csv")


@pytest.mark.parametrize(
    ("file", "name"),
    [("patients.csv", "patients.fixes.csv"), ("Visits.TSV.gz", "Visits.fixes.csv"), ("a.xlsx", "a.xlsx.fixes.csv")],
)
def test_the_name_says_which_file_is_corrected(file: str, name: str) -> None:
    assert fixes.name_of(file) == name
