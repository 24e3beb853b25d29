"""Accounts for every record: read = accepted + rejected + superseded, file by file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from etl.progress import LoadError
from etl.read import ReadFile, refuse_mostly_errors
from etl.read_slowly import raw_texts
from etl.stage import ROWS_PER_PIECE, Stage, Staged
from etl.validate import Verdict

RAW_TEXTS_KEPT = 200_000
"""Raw text is kept for this many rejected records a file; the others have line, column and rule."""


RULES_OF_FORM = {
    "not_a_date", "not_a_timestamp", "not_a_boolean", "not_a_number", "not_an_integer", "not_allowed", "required",
    "wrong_field_count", "unterminated_quote", "line_too_long", "not_utf8", "not_readable",
}  # fmt: skip
"""A file of which most records break these is of another kind; unknown people or days after the cut do not say so."""


@dataclass(frozen=True)
class FileReport:
    """What became of the records of one file."""

    name: str
    table: str
    rows_read: int
    accepted: int
    rejected: int
    superseded: int
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Reject:
    """One broken rule of one record."""

    line: int
    table: str
    column: str
    rule: str
    message: str
    raw_text: str | None = None


@dataclass
class Ledger:
    """Collects the fate of records while tables are loaded."""

    connection: duckdb.DuckDBPyConnection
    rejects: dict[str, list[Reject]] = field(default_factory=lambda: defaultdict(list))
    superseded: dict[str, dict[tuple[str, str, str], int]] = field(default_factory=lambda: defaultdict(dict))
    accepted: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    mapped_files: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.connection.execute(
            "create or replace temp table fate "
            "(_file varchar, _line bigint, table_name varchar, fate varchar, reason varchar)"
        )

    def take(self, staged: Staged, verdict: Verdict) -> None:
        """Record what happened to the staged rows of one table."""
        for number, piece in enumerate(staged.pieces):
            low, high = number * ROWS_PER_PIECE, (number + 1) * ROWS_PER_PIECE
            rows = self.connection.execute(
                f"select _row - {low}, check_number from {verdict.bad} "
                f"where _row >= {low} and _row < {high} order by all"
            ).fetchall()
            if piece.read is not None:
                self._take_file(staged, verdict, piece.read, rows, low, high)
            else:
                self._take_mapped(staged, verdict, piece.relation, rows, low, high)

    def _take_file(
        self, staged: Staged, verdict: Verdict, read: ReadFile, rows: list[tuple[int, int]], low: int, high: int
    ) -> None:
        name = read.file.name
        lines = self._lines(read, {row for row, _ in rows})
        for row, number in rows:
            check = verdict.checks[number]
            self.rejects[name].append(Reject(lines[row], staged.table.name, check.column, check.rule, check.message))
        replaced = self._count(f"select count(*) from {verdict.superseded} where _row >= {low} and _row < {high}")
        if replaced:
            reason = (staged.table.name, "duplicate_key", "another record of the same key has precedence")
            self.superseded[name][reason] = replaced
        self.accepted[name] = read.parsed - len({row for row, _ in rows}) - replaced
        self.tables[name].append(staged.table.name)

    def _lines(self, read: ReadFile, rows: set[int]) -> dict[int, int]:
        if not read.has_line_column:
            return {row: read.line_of(row) for row in rows}
        found = self.connection.execute(
            f"select rowid, _line from {read.relation} where list_contains($rows, rowid)", {"rows": sorted(rows)}
        )
        return dict(found.fetchall())

    def _take_mapped(
        self, staged: Staged, verdict: Verdict, relation: str, rows: list[tuple[int, int]], low: int, high: int
    ) -> None:
        table = staged.table.name
        places = {
            row: (file, line)
            for row, file, line in self.connection.execute(
                f"select rowid, _file, _line from {relation} "
                f"where rowid in (select _row - {low} from {verdict.bad} where _row >= {low} and _row < {high})"
            ).fetchall()
        }
        seen: set[tuple[str, int, int]] = set()
        for row, number in rows:
            file, line = places[row]
            if (file, line, number) not in seen:
                check = verdict.checks[number]
                self.rejects[file].append(Reject(line, table, check.column, check.rule, check.message))
            seen.add((file, line, number))
        self.connection.execute(
            f"""
            insert into fate
            select distinct _file, _line, '{table}',
                case when rowid + {low} in (select _row from {verdict.bad}) then 'rejected'
                     when rowid + {low} in (select _row from {verdict.superseded}) then 'duplicate_key'
                     else 'accepted' end, 'another record of the same key has precedence'
            from {relation}
            """
        )
        part = next(piece.part for piece in staged.pieces if piece.relation == relation)
        self.connection.execute(
            f"insert into fate select _file, _line, '{table}', 'not_selected', $says from unselected_{relation}",
            {"says": part.where_says},
        )
        files = self.connection.execute(f"select distinct _file from fate where table_name = '{table}'").fetchall()
        for (file,) in files:
            self.mapped_files.add(file)
            if table not in self.tables[file]:
                self.tables[file].append(table)

    def close(self, stage: Stage) -> list[FileReport]:
        """Settle every file that was read and write load.file, load.reject and load.superseded.

        Raises LoadError when a file does not add up.
        """
        reports = []
        for read in (read for reads in stage.reads.values() for read in reads):
            if read.file.name in self.mapped_files:
                self._settle_mapped(read)
            reports.append(self._settle(read))
        return reports

    def _settle_mapped(self, read: ReadFile) -> None:
        """Give each record of a mapped file one fate: rejected before accepted before superseded."""
        name = {"name": read.file.name}
        self.connection.execute(
            """
            create or replace temp table settled as
            select _line,
                min(case fate when 'rejected' then 1 when 'accepted' then 2 when 'duplicate_key' then 3 else 4 end)
                as fate, min_by(table_name, fate) as table_name, min_by(reason, fate) as reason
            from fate where _file = $name group by _line
            """,
            name,
        )
        self.accepted[read.file.name] = self._count("select count(*) from settled where fate = 2")
        groups = self.connection.execute(
            "select table_name, fate, reason, count(*) from settled where fate > 2 group by all order by all"
        ).fetchall()
        for table, fate, reason, count in groups:
            rule = "duplicate_key" if fate == 3 else "not_selected"
            self.superseded[read.file.name][(table, rule, reason)] = count
        unseen = read.parsed - self._count("select count(*) from settled")
        if unseen < 0:
            raise LoadError(
                f"{read.file.name}: the mapping returned {-unseen} more lines than the file has. from_sql must pass on "
                "_file and _line of the driving row unchanged."
            )
        if unseen:
            key = (", ".join(self.tables[read.file.name]), "not_selected", "the mapping made no row of it")
            self.superseded[read.file.name][key] = unseen

    def _settle(self, read: ReadFile) -> FileReport:
        name = read.file.name
        table = ", ".join(self.tables.get(name, [])) or "lookup"
        rejects = [Reject(b.line, table, b.column, b.rule, b.message, b.raw_text) for b in read.bad]
        rejects += self.rejects.get(name, [])
        malformed = [reject for reject in rejects if reject.rule in RULES_OF_FORM]
        refuse_mostly_errors(name, "records", read.rows_read, malformed)
        accepted = self.accepted.get(name, read.parsed)
        replaced = sum(self.superseded.get(name, {}).values())
        report = FileReport(
            name=name,
            table=table,
            rows_read=read.rows_read,
            accepted=accepted,
            rejected=len({reject.line for reject in rejects}),
            superseded=replaced,
            sha256=read.file.sha256,
            bytes=read.file.bytes,
        )
        if report.rows_read != report.accepted + report.rejected + report.superseded:
            raise LoadError(
                f"{name} does not add up: {report.rows_read:,} records read, but {report.accepted:,} accepted, "
                f"{report.rejected:,} rejected and {report.superseded:,} superseded. Nothing was published."
            )
        self._write(report, read, rejects)
        return report

    def _write(self, report: FileReport, read: ReadFile, rejects: list[Reject]) -> None:
        self.connection.execute(
            "insert into load.file values ($name, $table, $sha, $bytes, $read, $accepted, $rejected, $superseded)",
            {
                "name": report.name,
                "table": report.table,
                "sha": report.sha256,
                "bytes": report.bytes,
                "read": report.rows_read,
                "accepted": report.accepted,
                "rejected": report.rejected,
                "superseded": report.superseded,
            },
        )
        for (table, rule, says), count in self.superseded.get(report.name, {}).items():
            self.connection.execute(
                "insert into load.superseded values ($file, $table, $rule, $says, $count)",
                {"file": report.name, "table": table, "rule": rule, "says": says, "count": count},
            )
        if not rejects:
            return
        wanted = sorted({reject.line for reject in rejects if reject.raw_text is None})[:RAW_TEXTS_KEPT]
        texts = raw_texts(read.file, set(wanted))
        rejects.sort(key=lambda reject: reject.line)
        columns = {
            "file": [report.name] * len(rejects),
            "line": [r.line for r in rejects],
            "table_name": [r.table for r in rejects],
            "column_name": [r.column or None for r in rejects],
            "rule": [r.rule for r in rejects],
            "message": [r.message for r in rejects],
            "raw_text": [r.raw_text if r.raw_text is not None else texts.get(r.line) for r in rejects],
        }
        types = [pa.string(), pa.int64(), *[pa.string()] * 5]
        arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), types, strict=True)]
        self.connection.register("reject_rows", pa.Table.from_arrays(arrays, names=list(columns)))
        self.connection.execute("insert into load.reject select * from reject_rows")
        self.connection.unregister("reject_rows")

    def _count(self, sql: str) -> int:
        row = self.connection.execute(sql).fetchone()
        return int(row[0]) if row else 0
