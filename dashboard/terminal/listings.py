"""Shows what the warehouse says about itself, and the rows of people's own SQL."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dashboard.terminal.output import Format, console, say, show_frame, show_rows, write
from queries import disclosure, loads
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


def show_checks(warehouse: Warehouse, chosen: Format, out: Path | None) -> bool:
    """The data-quality checks; returns whether no blocking one failed."""
    found = loads.checks(warehouse)
    if chosen is Format.table:
        columns = {"Check": "left", "Severity": "left", "Found": "right", "Of": "right", "Meaning": "left"}
        rows = found[["title", "severity", "found", "denominator", "message"]].itertuples(index=False, name=None)
        show_rows(f"Checks of version {warehouse.version}", columns, rows, has_names_first=False)
        clean = int((~found["is_found"]).sum())
        say(f"{clean} of {len(found)} checks found nothing." if len(found) else "The source has no checks.")
    else:
        _show(found, "", chosen, out)
    return not found["is_failed"].any()


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
    warehouse: Warehouse, file: str | None, rule: str | None, is_listing: bool, chosen: Format, out: Path | None
) -> None:
    """Rejected records counted, or listed one by one. Raises CasesHiddenError where they may not be listed."""
    if is_listing:
        found = loads.rejects(warehouse, file=file, rule=rule)
    else:
        found = loads.reject_counts(warehouse)
        for column, wanted in (("file", file), ("rule", rule)):
            found = found[found[column] == wanted] if wanted else found
    if found.empty and chosen is Format.table:
        say(f"No rejected rows in version {warehouse.version}.")
    else:
        _show(found, f"Rejected rows of version {warehouse.version}", chosen, out)
        if chosen is Format.table and not is_listing and found["records"].isna().any():
            few = f"1–{disclosure.threshold() - 1} records"
            say(f"Empty: {few}, which may be of single patients, and what gives them away.")


def _show(frame: pd.DataFrame, title: str, chosen: Format, out: Path | None) -> None:
    if chosen is Format.table:
        show_frame(title, frame)
    else:
        write(frame, chosen, out)
