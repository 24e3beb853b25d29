"""What the Data page and `iop rejects` count: few records are hidden where cases are, and nothing gives them back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.build import load_export
from queries import loads
from queries.warehouse import Warehouse, open_warehouse
from tests.etl.exports import EPISODE, PATIENT, SESSION, write_export

WRONG_DAY, WRONG_STATUS = {"session_date": "soon"}, {"status": "late"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """Sessions: forty good, three with a day that is none, twenty with a status that is none; one patient rejected."""
    bad = [WRONG_DAY] * 3 + [WRONG_STATUS] * 20
    good = [SESSION | {"session_id": f"g{place}"} for place in range(40)]
    sessions = [*good, *(SESSION | {"session_id": f"b{place}"} | damage for place, damage in enumerate(bad))]
    patients = [PATIENT, {"patient_id": "p2", "birth_date": "soon"}]
    folder = write_export(tmp_path / "export", patients=patients, episodes=[EPISODE], sessions=sessions)
    load_export(folder, source="canonical", home=tmp_path / "home")
    return open_warehouse(tmp_path / "home")


def by(frame: pd.DataFrame, key: str, column: str) -> dict[str, int | None]:
    return {name: None if pd.isna(count) else int(count) for name, count in zip(frame[key], frame[column], strict=True)}


def test_with_cases_every_count_is_exact(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    counts = loads.reject_counts(warehouse)
    assert by(counts[counts["file"] == "sessions.csv"], "column_name", "records") == {"status": 20, "session_date": 3}
    files = loads.files(warehouse).set_index("file")
    assert files.loc["patients.csv", ["rows_read", "rows_accepted", "rows_rejected"]].tolist() == [2, 1, 1]


def test_without_cases_few_records_are_hidden_with_what_gives_them_back(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "no")
    counts = loads.reject_counts(warehouse)
    # Three are few; of the file's 23 the other 20 would give them back.
    assert by(counts[counts["file"] == "sessions.csv"], "column_name", "records") == {
        "status": None,
        "session_date": None,
    }
    assert "soon" not in " ".join(counts["message"])
    files = loads.files(warehouse)
    assert by(files, "file", "rows_rejected") == {"episodes.csv": 0, "patients.csv": None, "sessions.csv": 23}
    # Two read less one accepted is the one rejected.
    assert by(files, "file", "rows_accepted")["patients.csv"] is None
