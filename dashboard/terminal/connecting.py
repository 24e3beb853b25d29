"""Drafts a source.toml from the terminal, and tells in one screen what one makes of its files."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from dashboard.terminal.loading import progress_bar
from dashboard.terminal.needs import Availability, measures_available
from dashboard.terminal.output import console, say, show_rows
from etl import contract
from etl.connect.draft import UNSURE, Draft, write_draft
from etl.connect.trial import Trial, tried
from etl.progress import LoadError
from queries import disclosure
from queries.warehouse import open_warehouse

STOPPED = "Stopped: nothing was written."


def write_draft_file(folder: Path, out: Path, home: Path, *, is_replacing: bool) -> None:
    """Write the draft, say what is not sure, and preview what it makes of the files. Raises LoadError."""
    if out.exists() and not is_replacing:
        raise LoadError(
            f"{out} is there already. Check it with `iop connect {folder} --check`, or write over it with --replace."
        )
    name = re.sub(r"\W+", "_", folder.resolve().name).strip("_").lower() or "export"
    with progress_bar(STOPPED) as progress:
        progress.stage("Looking into the files")
        draft = write_draft(folder, name)
    out.write_text(draft.text, encoding="utf-8")
    _show_draft(draft, out)
    try:
        with progress_bar(STOPPED) as progress, tried(folder, str(out), home, progress) as trial:
            _show_preview(trial)
    except LoadError as error:
        say(f"\nThe draft cannot be loaded as it is: {error}")
    say(f"\nNext: correct {out}, then  iop connect {folder} --check  and  iop load {folder} --source {out}")


def _show_draft(draft: Draft, out: Path) -> None:
    say(f"Wrote {out}: {', '.join(draft.tables)} from {len(draft.files)} readable files.")
    for name in draft.unused:
        say(f"Not used: {name} looks like no table of the contract.")
    for sentence in draft.unreadable:
        say(f"Not read: {sentence}")
    if draft.unsure:
        say(f"\n{len(draft.unsure)} things are not sure; they are marked UNSURE in the draft:")
        for number, question in enumerate(draft.unsure, start=1):
            say(f"  {number}. {question}")


def _show_preview(trial: Trial) -> None:
    for table, count in trial.rows().items():
        if count:
            names, rows = trial.preview(table)
            cells = [tuple(_cell(value, name, table) for value, name in zip(row, names, strict=True)) for row in rows]
            show_rows(f"{table}: {count:,} rows", dict.fromkeys(names, "left"), cells)
    if not disclosure.may_see_cases():
        say("Letters and digits stand for themselves only in codes; IOP_SHOW_CASES=yes shows the values.")


def _cell(value: Any, name: str, table: str) -> str:
    """A value, or its form where single patients may not be seen: codes of the contract stay as they are."""
    if value is None:
        return ""
    text = str(value)
    if disclosure.may_see_cases() or contract.tables()[table].column(name).allowed:
        return text
    return re.sub(r"[a-z]", "x", re.sub(r"[A-Z]", "X", re.sub(r"\d", "9", text)))


def show_check(folder: Path, source: str, home: Path, *, as_json: bool) -> bool:
    """What a source.toml makes of the files; returns whether it can be loaded. Raises LoadError for a malformed one."""
    with progress_bar(STOPPED) as progress, tried(folder, source, home, progress) as trial:
        progress.stage("Asking every measure")
        found = measures_available(open_warehouse(trial.home))
        facts = _facts(trial, found)
    if as_json:
        print(json.dumps(facts, indent=1, default=str))
    else:
        _show_facts(facts, found)
    return bool(facts["can_be_loaded"])


def _facts(trial: Trial, found: list[Availability]) -> dict[str, Any]:
    rows = trial.rows()
    tables = {}
    for name, parts in trial.mapping.parts.items():
        mapped = {column for part in parts for column in (part.columns or dict.fromkeys(_plain(trial, part.raw)))}
        columns = contract.tables()[name].columns
        tables[name] = {
            "rows": rows[name],
            "mapped": [column.name for column in columns if column.name in mapped],
            "not_mapped": [column.name for column in columns if column.name not in mapped],
        }
    files = [
        {
            "file": f.name,
            "read": f.rows_read,
            "accepted": f.accepted,
            "rejected": f.rejected,
            "superseded": f.superseded,
        }
        for f in trial.report.files
    ]
    rejects = [
        {"file": file, "column": column, "rule": rule, "message": message, "records": _count(records)}
        for file, column, rule, message, records in trial.rejects()
    ]
    lines = trial.mapping.text.splitlines()
    return {
        "can_be_loaded": True,
        "data_cut": trial.report.data_cut,
        "files": files,
        "tables": tables,
        "tables_without_files": [name for name in contract.tables() if name not in trial.mapping.parts],
        "rejected": rejects,
        "unsure": [line.split(UNSURE, 1)[1].strip() for line in lines if UNSURE in line],
        "measures_available": [entry.name for entry in found if entry.is_available],
        "measures_impossible": {entry.name: entry.reason for entry in found if not entry.is_available},
    }


def _plain(trial: Trial, raw: str) -> tuple[str, ...]:
    return trial.mapping.files[raw].columns if raw in trial.mapping.files else ()


def _count(records: int) -> int | str:
    """A number of records, hidden like every other where it may be of single patients."""
    return (
        records
        if disclosure.may_see_cases() or records >= disclosure.threshold()
        else f"1–{disclosure.threshold() - 1}"
    )


def _show_facts(facts: dict[str, Any], found: list[Availability]) -> None:
    columns = {"File": "left"} | dict.fromkeys(("Read", "Accepted", "Rejected", "Superseded"), "right")
    show_rows("Files", columns, [tuple(entry.values()) for entry in facts["files"]])
    rows = [
        (name, t["rows"], len(t["mapped"]), ", ".join(t["not_mapped"]) or "–") for name, t in facts["tables"].items()
    ]
    show_rows("Tables", {"Table": "left", "Rows": "right", "Columns": "right", "Not mapped": "left"}, rows)
    if facts["rejected"]:
        said = [(r["file"], r["column"], r["rule"], str(r["records"]), r["message"]) for r in facts["rejected"][:12]]
        show_rows("Rejected", dict.fromkeys(("File", "Column", "Rule", "Records", "Why"), "left"), said)
    if facts["unsure"]:
        say(f"Still marked UNSURE: {len(facts['unsure'])}")
        for question in facts["unsure"]:
            say(f"  - {question}")
    available = len(facts["measures_available"])
    console().print(f"[bold]{available} of {len(found)} measures have an answer.[/bold]")
    for reason, count in Counter(facts["measures_impossible"].values()).most_common():
        names = [name for name, why in facts["measures_impossible"].items() if why == reason]
        say(f"  {count}: {reason} ({', '.join(names[:4])}{' …' if count > 4 else ''})")
    say(f"Data to {facts['data_cut']}. It can be loaded: nothing was published.")
