"""Writes small canonical exports, whole or damaged, for the loader's tests."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from etl import contract

PATIENT = {"patient_id": "p1", "sex": "female"}
EPISODE = {
    "episode_id": "e1",
    "patient_id": "p1",
    "site": "North",
    "program": "SUD",
    "level_of_care": "IOP",
    "admission_date": "2026-01-05",
}
SESSION = {
    "session_id": "s1",
    "episode_id": "e1",
    "session_date": "2026-01-06",
    "scheduled_start": "2026-01-06 09:00",
    "scheduled_end": "2026-01-06 12:00",
    "actual_start": "2026-01-06 09:00",
    "actual_end": "2026-01-06 12:00",
    "status": "attended",
    "service_type": "group",
}


def write_export(folder: Path, data_cut: str = "2026-09-30", **tables: list[dict[str, Any]]) -> Path:
    """Write the given rows as canonical CSV files; one patient with one episode where nothing else is given."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {"patients": [PATIENT], "episodes": [EPISODE], "sessions": [SESSION]} | tables
    for name, content in rows.items():
        columns = contract.tables()[name].column_names
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(content)
    (folder / "export.toml").write_text(f"data_cut = {data_cut}\n", encoding="utf-8")
    return folder


def header(table: str) -> str:
    """The header line of a canonical file."""
    return ",".join(contract.tables()[table].column_names)


def line(table: str, **values: str) -> str:
    """One record of a canonical file, with nothing quoted."""
    return ",".join(str(values.get(column, "")) for column in contract.tables()[table].column_names)
