"""Tries a source.toml on its files in a folder of its own that is deleted: nothing is published."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl import contract
from etl.build import LoadReport, load_export
from etl.mapping import Mapping, read_mapping
from etl.progress import Progress

PREVIEW_ROWS = 10


@dataclass(frozen=True)
class Trial:
    """What a mapping makes of the files."""

    mapping: Mapping
    report: LoadReport
    home: Path

    def preview(self, table: str) -> tuple[list[str], list[tuple[object, ...]]]:
        """Columns that have values and the first rows of a canonical table."""
        with duckdb.connect(str(self.report.path), read_only=True) as connection:
            done = connection.execute(f"select * from core.{table} limit {PREVIEW_ROWS}")
            names = [entry[0] for entry in done.description or []]
            rows = done.fetchall()
        said = [place for place in range(len(names)) if any(row[place] is not None for row in rows)]
        return [names[place] for place in said], [tuple(row[place] for place in said) for row in rows]

    def rows(self) -> dict[str, int]:
        """Accepted rows of every canonical table."""
        with duckdb.connect(str(self.report.path), read_only=True) as connection:
            return {
                name: int((connection.execute(f"select count(*) from core.{name}").fetchone() or (0,))[0])
                for name in contract.tables()
            }

    def rejects(self) -> list[tuple[str, str, str, str, int]]:
        """Rejected records by file, column, rule and words, the most frequent first."""
        with duckdb.connect(str(self.report.path), read_only=True) as connection:
            return connection.execute(
                "select file, coalesce(column_name, ''), rule, any_value(message), count(distinct line) "
                "from load.reject group by all order by 5 desc, 1, 2, 3"
            ).fetchall()


@contextmanager
def tried(folder: Path, source: str, home: Path, progress: Progress | None = None) -> Iterator[Trial]:
    """The result of a mapping while the block runs. Raises LoadError for a mapping or files that cannot be loaded."""
    mapping = read_mapping(source)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="trial-", dir=home))
    try:
        report = load_export(folder, source=source, home=place, progress=progress)
        yield Trial(mapping, report, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
