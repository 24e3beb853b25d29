"""What a load did as one JSON object: for schedulers, and as a line of the log. No value of any record is in it."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from etl.build import LoadReport
from queries import disclosure

LOG_BYTES, LOGS_KEPT = 1_000_000, 5

QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
"""What a message quotes may be a value of a record, and a value may hold quotes itself."""


def of_report(report: LoadReport, memory: int | None) -> dict[str, Any]:
    """A load that went well. Where cases are not shown, counts of few records are null, and what gives them away."""
    return {
        "ok": True,
        "exit_code": 0,
        "version": report.version,
        "is_unchanged": report.is_unchanged,
        "data_cut": report.data_cut.isoformat(),
        "seconds": round(report.seconds, 2),
        "peak_memory_bytes": memory,
        "files": [_file(f.name, f.table, f.rows_read, f.accepted, f.rejected, f.superseded) for f in report.files],
        "rejected_by_rule": {rule: _shown(count) for rule, count in report.rejects_by_rule.items()},
        "checks_run": len(report.checks),
        "checks": [
            {
                "name": found.name,
                "severity": found.severity,
                "violations": _shown(found.violations),
                "denominator": _shown(found.denominator),
                "change": found.change,
            }
            for found in report.checks
            if found.severity != "none" or found.change == "fixed"
        ],
    }


def of_failure(error: str, exit_code: int) -> dict[str, Any]:
    """A load that published nothing; what its message quotes is left out where cases are not shown."""
    said = error if disclosure.may_see_cases() else without_values(error)
    return {"ok": False, "exit_code": exit_code, "error": said}


def without_values(message: str) -> str:
    """The message without what it quotes."""
    return QUOTED.sub("[value]", message)


def write_log(home: Path, record: dict[str, Any]) -> None:
    """Append the record to ``log/load.jsonl`` of the warehouse folder, for its owner only; old ones are rotated away.

    A log that cannot be written stops no load.
    """
    line = record if record["ok"] else record | {"error": without_values(record["error"])}
    try:
        folder = home / "log"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "load.jsonl"
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        text = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds")} | line, ensure_ascii=False)
        handler.emit(logging.makeLogRecord({"msg": text, "levelno": logging.INFO}))
        handler.close()
        path.chmod(0o600)
    except OSError:
        return


def peak_memory() -> int | None:
    """The most memory that this process had, in bytes; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows has no such module.
        return None
    import sys

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _file(name: str, table: str, read: int, accepted: int, rejected: int, superseded: int) -> dict[str, Any]:
    parts = {"accepted": accepted, "rejected": rejected, "superseded": superseded}
    shown = {part: _shown(count) for part, count in parts.items()}
    if None in shown.values():
        # Read less the other two would be the hidden one.
        shown["accepted"] = None
    return {"name": name, "table": table, "read": read, **shown}


def _shown(count: int) -> int | None:
    return None if not disclosure.may_see_cases() and 0 < count < disclosure.threshold() else count
