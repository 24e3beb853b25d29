"""Reads the files of ``etl/checks``: a TOML header, and a SELECT of what is examined.

``python -m etl.check_files`` writes the table of all checks into etl/checks/README.md; with ``--check`` it says whether
that is current.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.progress import LoadError
from etl.severity import ThresholdError, Thresholds, thresholds_of

CHECKS = Path(__file__).parent / "checks"
CATEGORIES = ("conformance", "completeness", "plausibility")
CONTEXTS = ("verification", "validation")
NEEDED = ("title", "category", "counts", "message", "remedy")


@dataclass(frozen=True)
class CheckFile:
    """One check: its header and its SELECT.

    The SELECT has a row for each thing examined, with ``is_violation``; or a row for each group of them, with
    ``violations`` and ``denominator``.
    """

    name: str
    title: str
    category: str
    context: str
    counts: str
    message: str
    remedy: str
    thresholds: Thresholds
    sql: str

    @property
    def counting_sql(self) -> str:
        """One row: violations, denominator."""
        if re.search(r"\bis_violation\b", self.sql):
            return f"select count(*) filter (where is_violation), count(*) from (\n{self.sql}\n) as examined"
        return f"select sum(violations), sum(denominator) from (\n{self.sql}\n) as examined"

    @property
    def rows_sql(self) -> str:
        """The rows that break the check."""
        if re.search(r"\bis_violation\b", self.sql):
            return f"select * exclude (is_violation) from (\n{self.sql}\n) as examined where is_violation"
        return f"select * from (\n{self.sql}\n) as examined where violations > 0"


def read_checks(folder: Path = CHECKS) -> list[CheckFile]:
    """Every check by name. Raises LoadError, naming the file, for a malformed one."""
    return [_read(path) for path in sorted(folder.glob("*.sql"))]


def _read(path: Path) -> CheckFile:
    where = f"etl/checks/{path.name}"
    found = re.match(r"\s*/\*(.*?)\*/(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise LoadError(f"{where} has no TOML header. See etl/checks/README.md.")
    try:
        header = tomllib.loads(found[1])
        given: dict[str, Any] = {name: header.pop(name) for name in ("note", "warn", "block") if name in header}
        thresholds = thresholds_of(given, where)
    except (tomllib.TOMLDecodeError, ThresholdError) as error:
        raise LoadError(f"{where}: {error}") from error
    context = header.pop("context", "verification")
    if missing := [name for name in NEEDED if name not in header]:
        raise LoadError(f"{where}: its header lacks {', '.join(missing)}.")
    if unknown := sorted(set(header) - set(NEEDED)):
        raise LoadError(f"{where}: its header has {unknown[0]!r}, which means nothing.")
    if header["category"] not in CATEGORIES or context not in CONTEXTS:
        raise LoadError(f"{where}: a category is {' or '.join(CATEGORIES)}, a context {' or '.join(CONTEXTS)}.")
    return CheckFile(name=path.stem, context=context, thresholds=thresholds, sql=found[2].strip().rstrip(";"), **header)


def documentation(folder: Path = CHECKS) -> str:
    """The README of the checks: what stands above its tables, and a table a category."""
    kept = (folder / "README.md").read_text(encoding="utf-8").split(MARK)[0]
    parts = [kept.rstrip() + "\n\n" + MARK]
    for category in CATEGORIES:
        chosen = [check for check in read_checks(folder) if check.category == category]
        parts.append(
            f"\n## {category.capitalize()}: {len(chosen)}\n\n| check | it holds that | of | from |\n|---|---|---|---|\n"
        )
        for check in chosen:
            of = check.counts + (" (validation)" if check.context == "validation" else "")
            parts.append(f"| [{check.name}]({check.name}.sql) | {check.title} | {of} | {check.thresholds.words} |\n")
    return "".join(parts)


MARK = "<!-- Written by `make docs` from the headers of the checks. -->\n"


if __name__ == "__main__":
    readme = CHECKS / "README.md"
    if "--check" not in sys.argv:
        readme.write_text(documentation(), encoding="utf-8")
    elif readme.read_text(encoding="utf-8") != documentation():
        sys.exit("etl/checks/README.md is not current. Run: make docs")
