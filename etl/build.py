"""Builds a warehouse from an export: read, validate, account, derive, check, publish. One function does a load."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import duckdb

from etl import contract, publish
from etl.account import FileReport, Ledger
from etl.build_marts import build_marts
from etl.check import CheckResult, refuse_blocked, run_checks
from etl.describe import Facts, write_dictionary, write_rules, write_version
from etl.export_folder import Export, check_export
from etl.load_tables import create_load_tables
from etl.mapping import Mapping, read_mapping
from etl.progress import LoadError, Progress, SilentProgress
from etl.rules import NamedRule, refuse_early_cut, resolve_rules, rule_version
from etl.stage import ROWS_PER_PIECE, Stage, Staged
from etl.validate import EARLIEST_TIMESTAMP, LATEST_DATE, Verdict, validate

CODE = Path(__file__).parent


@dataclass(frozen=True)
class LoadReport:
    """What a load did."""

    version: str
    is_unchanged: bool
    files: list[FileReport]
    rejects_by_rule: dict[str, int]
    checks: list[CheckResult]
    data_cut: date
    seconds: float
    path: Path


def load_export(
    folder: Path,
    *,
    source: str,
    home: Path,
    as_of: date | None = None,
    progress: Progress | None = None,
    keep_versions: int = 5,
) -> LoadReport:
    """Load the export in ``folder`` as ``source`` into the warehouse at ``home`` and publish it.

    The same inputs give the same version and change nothing. Raises LoadError, with the remedy; then the last good
    version keeps serving.
    """
    started = time.monotonic()
    progress = progress or SilentProgress()
    mapping = read_mapping(source)
    progress.stage("Checking the files")
    export = check_export(folder, mapping, progress)
    rules = resolve_rules(mapping.rules, of_export=export.rules)
    refuse_early_cut(rules)
    digest = input_digest(export, mapping, rules, as_of)
    with publish.locked(home):
        publish.refuse_newer(home)
        same = _published_before(home, digest)
        if same is not None:
            return _report(home, same, is_unchanged=True, seconds=time.monotonic() - started)
        workspace = home / f"{publish.BUILDING}{os.getpid()}"
        workspace.mkdir(mode=0o700)
        try:
            built = Build(workspace, mapping, export, rules, progress)
            facts = built.run(digest, as_of)
            progress.stage("Publishing")
            facts["seconds"] = round(time.monotonic() - started, 2)
            publish.publish(home, built.path, facts["version"], facts)
        except duckdb.OutOfMemoryException as error:
            raise LoadError(
                f"The load needs more memory or disk than there is: {str(error).splitlines()[0]}"
            ) from error
        except (duckdb.Error, OSError) as error:
            # A full disk comes as whatever DuckDB was doing: an I/O, transaction or fatal error.
            if not isinstance(error, duckdb.IOException | OSError) and "Could not write file" not in str(error):
                raise
            raise LoadError(
                f"The load could not write to {home} ({str(error).splitlines()[0]}). Free some space and load again; "
                "the last good version keeps serving."
            ) from error
        finally:
            shutil.rmtree(workspace, ignore_errors=True)
        publish.prune(home, keep_versions)
        progress.advance(1.0)
        return _report(home, facts["version"], is_unchanged=False, seconds=time.monotonic() - started)


def input_digest(export: Export, mapping: Mapping, rules: dict[str, NamedRule], as_of: date | None) -> str:
    """SHA-256 over everything that a build is made of: files, mapping, rules, contract, marts, checks and code."""
    digest = hashlib.sha256()
    for file in sorted(export.all_files, key=lambda file: file.name):
        digest.update(f"{file.name} {file.sha256}\n".encode())
    digest.update(f"{export.data_cut} {export.exported_at} {as_of} {mapping.text} {rule_version(rules)}".encode())
    for pattern in ("*.py", "*.sql", "contract/*", "marts/*.sql", "checks/*.sql"):
        for path in sorted(CODE.glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


class Build:
    """One build in its workspace."""

    def __init__(
        self, workspace: Path, mapping: Mapping, export: Export, rules: dict[str, NamedRule], progress: Progress
    ) -> None:
        self.workspace = workspace
        self.path = workspace / "outcomes.duckdb"
        self.mapping = mapping
        self.export = export
        self.rules = rules
        self.progress = progress
        self.parameters: dict[str, Any] = {name: rule.value for name, rule in rules.items()}

    def run(self, digest: str, as_of: date | None) -> dict[str, Any]:
        """Build the file; returns the facts of its manifest. Raises LoadError."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set temp_directory = $folder", {"folder": str(self.workspace / "spill")})
            connection.execute("set enable_progress_bar = false")
            for schema in ("core", "mart", "load"):
                connection.execute(f"create schema {schema}")
            create_load_tables(connection)
            stage = Stage(
                connection,
                self.mapping,
                self.export,
                self.parameters | self.mapping.parameters,
                self.workspace,
                self.progress,
            )
            data_cut = self._data_cut(stage, as_of)
            if not EARLIEST_TIMESTAMP <= data_cut <= LATEST_DATE:
                raise LoadError(f"The data cut {data_cut} cannot be right. Give the last day that the data cover.")
            analysis_cut = data_cut - timedelta(days=int(self.parameters["ascertainment_lag_days"]))
            self.parameters |= {"data_cut": data_cut, "analysis_cut": analysis_cut}
            version = f"{data_cut:%Y%m%d}-{digest[:12]}"
            files = self._load_tables(connection, stage)
            facts = Facts(
                version=version,
                source=self.mapping.name,
                data_cut=data_cut,
                analysis_cut=analysis_cut,
                rule_version=rule_version(self.rules),
                exported_at=self.export.exported_at,
                schema_version=contract.SCHEMA_VERSION,
                code_version=code_version(),
                input_digest=digest,
            )
            write_version(connection, facts)
            write_rules(connection, self.rules)
            build_marts(connection, self.parameters, self.progress)
            self.progress.stage("Checking the data")
            checks = run_checks(connection, self.parameters)
            refuse_blocked(checks)
            write_dictionary(connection)
            rejects = connection.execute(
                "select rule, count(distinct (file, line)) from load.reject group by rule order by 2 desc, 1"
            ).fetchall()
            rows = publish.rows_by_table(connection)
            connection.execute("checkpoint")
        return {
            "version": version,
            "source": self.mapping.name,
            "data_cut": data_cut,
            "input_digest": digest,
            "rows": rows,
            "files": [asdict(file) for file in files],
            "rejects_by_rule": dict(rejects),
            "checks": [asdict(check) for check in checks],
        }

    def _data_cut(self, stage: Stage, as_of: date | None) -> date:
        """The last day covered: --as-of, else what the source declares. Raises LoadError when nobody says."""
        declared = self.mapping.data_cut
        if as_of is not None:
            return as_of
        if isinstance(declared, date):
            return declared
        if declared.startswith("max:"):
            table, column = declared.removeprefix("max:").split(".")
            relation = stage.table(table).relation
            row = stage.connection.execute(f"select max({column})::date from {relation}").fetchone()
            found = row[0] if row else None
        else:
            found = self.export.data_cut
        if found is None:
            raise LoadError(
                "Nothing says up to which day the data run. Put `data_cut = 2026-09-30` into export.toml in the "
                "export's folder, or give --as-of 2026-09-30."
            )
        return found

    def _load_tables(self, connection: duckdb.DuckDBPyConnection, stage: Stage) -> list[FileReport]:
        ledger = Ledger(connection)
        total_bytes = sum(file.bytes for file in self.export.all_files) or 1
        for name, table in contract.tables().items():
            for statement in table.ddl():
                connection.execute(statement)
            staged = stage.table(name)
            if not staged.pieces:
                if name == "sites":
                    self._derive_sites(connection, stage)
                continue
            self.progress.stage(f"Checking {name}")
            verdict = validate(connection, staged, self.mapping.duplicates[name], self.parameters)
            ledger.take(staged, verdict)
            _keep_good(connection, staged, verdict)
            stage.drop(name)
            self.progress.advance(0.6 * stage.bytes_read / total_bytes)
        for raw in self.mapping.files:
            stage.read(raw)
        return ledger.close(stage)

    def _derive_sites(self, connection: duckdb.DuckDBPyConnection, stage: Stage) -> None:
        """A source without a table of sites gets those that its episodes name."""
        relation = stage.table("episodes").relation
        connection.execute(
            f"insert into core.sites (site) select distinct site from {relation} where site is not null order by site"
        )


def _keep_good(connection: duckdb.DuckDBPyConnection, staged: Staged, verdict: Verdict) -> None:
    # Deleting the few bad rows where they are staged keeps the file's order without a sort of the many good ones.
    for number, piece in enumerate(staged.pieces):
        first = number * ROWS_PER_PIECE
        connection.execute(
            f"delete from {piece.relation} where rowid in (select _row - {first} from ("
            f"select _row from {verdict.bad} union all select _row from {verdict.superseded}) as not_loaded "
            f"where _row >= {first} and _row < {first + ROWS_PER_PIECE})"
        )
    columns = ", ".join(staged.table.column_names)
    connection.execute(f"insert into core.{staged.table.name} ({columns}) select {columns} from {staged.relation}")


def code_version() -> str:
    """The installed version of IOP Outcomes."""
    try:
        return package_version("iop-outcomes")
    except PackageNotFoundError:
        return "unknown"


def _published_before(home: Path, digest: str) -> str | None:
    """A version already made of these inputs, made current again if it was not; None when it must be built."""
    for info in publish.versions(home):
        facts = publish.manifest(home, info.version) or {}
        if facts.get("input_digest") == digest and not publish.verify(home, info.version):
            if not info.is_current:
                publish.point_to(home, info.version)
            return info.version
    return None


def _report(home: Path, version: str, *, is_unchanged: bool, seconds: float) -> LoadReport:
    facts = publish.manifest(home, version) or {}
    return LoadReport(
        version=version,
        is_unchanged=is_unchanged,
        files=[FileReport(**file) for file in facts.get("files", [])],
        rejects_by_rule=dict(Counter(facts.get("rejects_by_rule", {}))),
        checks=[CheckResult(**check) for check in facts.get("checks", [])],
        data_cut=date.fromisoformat(facts["data_cut"]),
        seconds=seconds,
        path=home / "versions" / f"{version}.duckdb",
    )
