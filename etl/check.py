"""Runs the data-quality checks of ``etl/checks``: violations over a denominator, some of them blocking."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.progress import LoadError
from etl.stage import used_parameters

CHECKS = Path(__file__).parent / "checks"


@dataclass(frozen=True)
class CheckResult:
    """One check on one build."""

    name: str
    title: str
    severity: str
    violations: int
    denominator: int
    message: str

    @property
    def is_blocking(self) -> bool:
        return self.severity == "block" and self.violations > 0


def run_checks(
    connection: duckdb.DuckDBPyConnection, parameters: dict[str, Any], folder: Path = CHECKS
) -> list[CheckResult]:
    """Run every check and write load.check_result. Raises LoadError for a malformed check."""
    results = []
    for path in sorted(folder.glob("*.sql")):
        result = _run(connection, path, parameters)
        connection.execute(
            "insert into load.check_result values ($name, $title, $severity, $violations, $denominator, $message)",
            {
                "name": result.name,
                "title": result.title,
                "severity": result.severity,
                "violations": result.violations,
                "denominator": result.denominator,
                "message": result.message,
            },
        )
        results.append(result)
    return results


def _run(connection: duckdb.DuckDBPyConnection, path: Path, parameters: dict[str, Any]) -> CheckResult:
    where = f"etl/checks/{path.name}"
    found = re.match(r"\s*/\*(.*?)\*/(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise LoadError(f"{where} has no TOML header. See etl/sources/README.md.")
    try:
        header = tomllib.loads(found[1])
        sql = found[2].strip().rstrip(";")
        row = connection.execute(sql, used_parameters(sql, parameters, where)).fetchone()
    except (tomllib.TOMLDecodeError, duckdb.Error) as error:
        raise LoadError(f"{where} failed: {str(error).splitlines()[0]}") from error
    violations, denominator = (int(value or 0) for value in (row or (0, 0)))
    message = str(header["message"]).format(violations=f"{violations:,}", denominator=f"{denominator:,}")
    return CheckResult(path.stem, header["title"], header["severity"], violations, denominator, message)


def refuse_blocked(results: list[CheckResult]) -> None:
    """Raise LoadError when a blocking check has violations."""
    blocked = [result for result in results if result.is_blocking]
    if blocked:
        reasons = " ".join(result.message for result in blocked)
        raise LoadError(f"Not published. {reasons} The last good version keeps serving.")
