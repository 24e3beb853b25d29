"""Runs the data-quality checks of ``etl/checks`` on a build: violations over a denominator, some of them blocking."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl import publish
from etl.check_files import CHECKS, CheckFile, read_checks
from etl.progress import LoadError
from etl.severity import FILE_NAME, ThresholdError, Thresholds, change, overridden
from etl.sql import used_parameters
from etl.value_counts import count_values, remember_last

BLOCKED = "blocked.duckdb"
"""In the warehouse folder: what the last load built and a check kept from being published."""


@dataclass(frozen=True)
class CheckResult:
    """One check on one build; ``severity`` is what its thresholds made of it: block, warn, note or none."""

    name: str
    title: str
    category: str
    severity: str
    violations: int
    denominator: int
    message: str
    remedy: str
    last_violations: int | None = None
    last_denominator: int | None = None

    @property
    def is_blocking(self) -> bool:
        return self.severity == "block"

    @property
    def change(self) -> str:
        """Against the last load: new, fixed, worse, better or same; empty where it cannot be compared."""
        return change(self.violations, self.denominator, self.last_violations, self.last_denominator)


class BlockedError(LoadError):
    """A blocking check failed: nothing is published."""


@dataclass(frozen=True)
class Settings:
    """How a load judges: by the export's thresholds, which are kept with it, and by those that hold in this folder."""

    of_export: dict[str, Thresholds]
    in_force: dict[str, Thresholds]
    last: Path | None = None
    """The version that serves until now, for what is compared with it."""


def read_settings(export: Path, home: Path) -> Settings:
    """Thresholds from the headers, then ``checks.toml`` of the export, then that of the warehouse. Raises LoadError."""
    defaults = {check.name: check.thresholds for check in read_checks()}
    try:
        of_export = overridden(defaults, export / FILE_NAME)
        return Settings(of_export, overridden(of_export, home / FILE_NAME), _last(home))
    except ThresholdError as error:
        raise LoadError(str(error)) from error


def _last(home: Path) -> Path | None:
    try:
        version = publish.current(home)
    except LoadError:
        return None  # The pointer is damaged: a load mends it.
    return home / "versions" / f"{version}.duckdb" if version else None


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    parameters: dict[str, Any],
    settings: Settings | None = None,
    folder: Path = CHECKS,
) -> list[CheckResult]:
    """Run every check and write load.check_result and load.value_count. Raises LoadError for a malformed check."""
    count_values(connection)
    remember_last(connection, settings.last if settings else None)
    last = {
        name: (violations, denominator)
        for name, violations, denominator in connection.execute(
            "select check_name, violations, denominator from load.last_check_result"
        ).fetchall()
    }
    results = []
    for check in read_checks(folder):
        kept = settings.of_export[check.name] if settings else check.thresholds
        in_force = settings.in_force[check.name] if settings else check.thresholds
        violations, denominator = _count(connection, check, parameters)
        result = CheckResult(
            check.name,
            check.title,
            check.category,
            in_force.level(violations, denominator),
            violations,
            denominator,
            check.message.format(violations=f"{violations:,}", denominator=f"{denominator:,}"),
            check.remedy,
            *last.get(check.name, (None, None)),
        )
        results.append(result)
        row = {name: value for name, value in asdict(result).items() if not name.startswith("last_")}
        row |= {"context": check.context, "counts": check.counts, "rows_sql": check.rows_sql}
        row |= {f"{level}_from": value for level, value in asdict(kept).items()}
        columns = ["check_name" if name == "name" else name for name in row]
        connection.execute(
            f"insert into load.check_result ({', '.join(columns)}) values ({', '.join('$' + name for name in row)})",
            row,
        )
    return results


def _count(connection: duckdb.DuckDBPyConnection, check: CheckFile, parameters: dict[str, Any]) -> tuple[int, int]:
    where = f"etl/checks/{check.name}.sql"
    try:
        row = connection.execute(check.counting_sql, used_parameters(check.sql, parameters, where)).fetchone()
    except duckdb.Error as error:
        raise LoadError(f"{where} failed: {str(error).splitlines()[0]}") from error
    violations, denominator = (int(value or 0) for value in (row or (0, 0)))
    return violations, denominator


def refuse_blocked(results: list[CheckResult], settings: Settings) -> None:
    """Raise BlockedError when a check blocks: what it found, how to see the rows, how to change its threshold."""
    blocked = [result for result in results if result.is_blocking]
    if not blocked:
        return
    name = blocked[0].name
    reasons = [
        f"{result.name} (blocks from {settings.in_force[result.name].block}): {result.message} {result.remedy}"
        for result in blocked
    ]
    raise BlockedError(
        f"Not published. {' '.join(reasons)} The last good version keeps serving. The rows: "
        f'`iop check {name} --blocked --rows`. If they are right, write [{name}] and block = "never", or another '
        f"share or count, into {FILE_NAME} of the warehouse folder or of the export, and load again."
    )


def keep_blocked(home: Path, built: Path) -> None:
    """Keep a build that a check blocks until the next one is published, so that its rows can be looked at."""
    built.chmod(0o600)
    built.replace(home / BLOCKED)


def forget_blocked(home: Path) -> None:
    """Delete what an earlier load left blocked."""
    (home / BLOCKED).unlink(missing_ok=True)
