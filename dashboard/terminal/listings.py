"""Shows what the warehouse says about itself, and the rows of people's own SQL."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from dashboard.terminal.output import Format, OutputError, console, say, show_frame, show_rows, write
from queries import disclosure, fixes, loads
from queries.warehouse import Warehouse
from queries.workbench import Result

COLUMN_FACTS = {"unit": "unit", "is_required": "required", "allowed": "allowed", "meaning": "meaning"}
"""Facts of a column in the dictionary, with their headers; those that no column of a table has are left out."""


def show_sql(result: Result, chosen: Format, out: Path | None) -> None:
    """The rows of somebody's own SQL; what is left out is said on the error stream."""
    _show(result.frame, "", chosen, out)
    if chosen is Format.table:
        say(f"{len(result.frame):,} rows in {result.seconds:.2f} s.")
    if result.is_truncated:
        note = f"Only the first {len(result.frame):,} rows are here. `--limit N` gives more."
        console(is_error=True).print(note, markup=False)


def show_dictionary(warehouse: Warehouse, table: str | None, chosen: Format, out: Path | None) -> None:
    """All tables, or the columns of one. Raises WarehouseError for an unknown one."""
    if chosen is not Format.table:
        _show(loads.dictionary(warehouse, table), "", chosen, out)
    elif table is None:
        found = loads.tables(warehouse)
        names = found["schema_name"] + "." + found["table_name"]
        rows = zip(names, found["columns"], found["meaning"], strict=True)
        show_rows("Tables", {"Table": "left", "Columns": "right", "Meaning": "left"}, rows)
        say("The columns of one: iop dictionary mart.episode")
    else:
        found = loads.dictionary(warehouse, table)
        for (schema_name, table_name), part in found.groupby(["schema_name", "table_name"], sort=False):
            own = part[part["column_name"] == ""]["meaning"]
            say(f"{schema_name}.{table_name}: {' '.join(own)}")
            columns = part[part["column_name"] != ""][
                ["column_name", "type", "unit", "is_required", "allowed", "meaning"]
            ]
            headers = dict.fromkeys(("Column", "Type", "Unit", "Required", "Allowed", "Meaning"), "left")
            show_rows("", headers, columns.itertuples(index=False, name=None))


def show_rejects(
    warehouse: Warehouse, wanted: dict[str, str | None], is_listing: bool, chosen: Format, out: Path | None
) -> None:
    """Rejected records counted, or listed one by one. Raises CasesHiddenError where they may not be listed."""
    if is_listing:
        found = loads.rejects(warehouse, file=wanted["file"], rule=wanted["rule"], table=wanted["table"])
    else:
        found = loads.reject_counts(warehouse)
        for column, value in (("file", "file"), ("rule", "rule"), ("table_name", "table")):
            found = found[found[column] == wanted[value]] if wanted[value] else found
    if found.empty and chosen is Format.table:
        say(f"No rejected rows in version {warehouse.version}.")
    else:
        _show(found, f"Rejected rows of version {warehouse.version}", chosen, out)
        if chosen is Format.table and not is_listing and found["records"].isna().any():
            few = f"1–{disclosure.threshold() - 1} records"
            say(f"Empty: {few}, which may be of single patients, and what gives them away.")


def download_rejects(warehouse: Warehouse, file: str | None, folder: Path) -> None:
    """Write a file to correct for every file with rejected records, readable by its owner only.

    A file that is there is never written over: it may hold corrections.
    """
    chosen = [(name, lost) for name, lost in fixes.files_to_fix(warehouse) if file in (None, name)]
    content = {fixes.name_of(name): fixes.fixes(warehouse, name) for name, _ in chosen}
    if taken := [name for name in content if (folder / name).exists()]:
        raise OutputError(f"{folder / taken[0]} is there already and may hold corrections. Name another folder.")
    if not chosen:
        say(f"No rejected rows in version {warehouse.version}.")
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, body in content.items():
        with open(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written:
            written.write(body)
        say(f"Wrote {folder / name}.")
    for name, lost in chosen:
        if lost:
            say(f"{name}: {lost:,} records are there without their text, since only 200,000 a file are kept.")


def _show(frame: pd.DataFrame, title: str, chosen: Format, out: Path | None) -> None:
    if chosen is Format.table:
        show_frame(title, frame)
    else:
        write(frame, chosen, out)
