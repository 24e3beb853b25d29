"""Shows in a terminal what the data-quality checks found, and the rows behind one of them."""

from __future__ import annotations

from pathlib import Path

from dashboard.terminal.output import Format, say, show_frame, show_rows, write
from dashboard.wording import counted
from etl.severity import FILE_NAME
from queries import checks
from queries.warehouse import Warehouse

KEPT = [
    "check_name", "title", "category", "context", "severity", "violations", "denominator", "share", "counts",
    "thresholds", "change", "last_violations", "last_denominator", "message", "remedy",
]  # fmt: skip
"""What a file of the checks holds."""


def show_checks(warehouse: Warehouse, chosen: Format, out: Path | None, *, is_all: bool = False) -> bool:
    """What the checks found, or all of them; returns whether no blocking one failed."""
    found = checks.checks(warehouse)
    noticed = found if is_all else found[found["is_found"] | (found["change"] == "fixed")]
    if chosen is not Format.table:
        write(found[KEPT], chosen, out)
    else:
        columns = {"Check": "left", "Severity": "left", "Found": "right", "Of": "right", "Since": "left"}
        rows = [
            (
                row["check_name"],
                row["severity"] if row["is_found"] else "ok",
                row["found"],
                int(row["denominator"]),
                row["change"],
                f"{row['message']} {row['remedy']}" if row["is_found"] else row["title"],
                row["thresholds"],
            )
            for row in noticed.to_dict("records")
        ]
        columns |= {"Meaning": "left", "Thresholds": "left"}
        show_rows(f"Checks of version {warehouse.version}", columns, rows, has_names_first=False)
        say(f"{int((~found['is_found']).sum())} of {counted(len(found), 'check')} found nothing to note.")
        if not is_all:
            say("All of them: iop check --all. The rows behind one: iop check NAME --rows.")
        say(f"Thresholds are changed in {FILE_NAME} of the warehouse folder: see etl/checks/README.md.")
    return not found["is_failed"].any()


def show_check(warehouse: Warehouse, name: str, chosen: Format, out: Path | None, *, is_listing: bool) -> bool:
    """One check, or the rows that break it; returns whether it does not block."""
    if is_listing:
        rows = checks.violating_rows(warehouse, name)
        if chosen is not Format.table:
            write(rows, chosen, out)
        elif rows.empty:
            say(f"Nothing breaks {name} in version {warehouse.version}.")
        else:
            show_frame(f"What breaks {name}", rows)
        return True
    row = checks.one(warehouse, name)
    if chosen is not Format.table:
        write(row[KEPT].to_frame().T, chosen, out)
        return row["severity"] != "block"
    say(f"{name}: {row['title']}")
    say(f"{row['severity'] if row['is_found'] else 'ok'}: {row['message']} {row['remedy']}")
    say(f"A check of {row['category']}, over {row['counts']}: {row['thresholds']}.")
    if row["change"]:
        say(f"Since the last load: {row['change']}.")
    say(f"The rows: iop check {name} --rows")
    return row["severity"] != "block"
