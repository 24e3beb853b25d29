"""A clinic of a few rows in a real warehouse: the core tables of the contract, the real marts, a published version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from etl import contract, publish
from etl.build_marts import MARTS, Mart, build_marts, read_marts
from etl.describe import Facts, write_dictionary, write_rules, write_version
from etl.load_tables import create_load_tables
from etl.progress import LoadError, SilentProgress
from etl.rules import NamedRule, resolve_rules, rule_version
from queries.warehouse import Warehouse, open_warehouse

ADMISSION = date(2026, 1, 5)
"""A Monday: admission of every episode that does not say otherwise."""

DAY_COLUMN = {
    "episodes": "admission_date",
    "requests": "requested_date",
    "sessions": "session_date",
    "assessments": "assessed_date",
    "toxicology": "specimen_date",
    "use_events": "event_date",
    "medications": "dose_date",
    "costs": "service_date",
    "authorizations": "start_date",
    "rates": "effective_from",
    "targets": "effective_from",
    "baseline_changes": "from_date",
    "certifications": "certified_date",
    "incidents": "incident_date",
    "functioning": "asked_date",
    "satisfaction": "asked_date",
}
"""The column that ``day`` (days after the episode's admission) fills."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "sites": {"region": "Metro"},
    "episodes": {
        "site": "North",
        "program": "SUD",
        "track": "day",
        "level_of_care": "IOP",
        "payer": "commercial",
        "primary_substance": "alcohol",
        "age_at_admission": 40,
    },
    "sessions": {"status": "attended", "service_type": "group", "modality": "in_person"},
    "assessments": {"instrument": "PHQ-9", "timepoint": "week"},
    "toxicology": {"is_expected": True, "substance": "any", "result": "negative", "is_prescribed": False},
    "use_events": {"report_source": "self_report", "substance": "any"},
    "medications": {"medication": "buprenorphine"},
    "costs": {"basis": "allowed", "setting": "IOP", "amount": 0},
    "authorizations": {"status": "approved", "authorized_hours": 0},
    "patients": {"sex": "female"},
    "certifications": {"certified_hours_per_week": 9},
    "incidents": {"incident_type": "emergency_visit"},
    "functioning": {"timepoint": "intake"},
    "satisfaction": {"scale": "CSQ-8"},
}


def tiny_clinic(
    folder: Path,
    *,
    data_cut: date = date(2026, 9, 30),
    rules: Mapping[str, Any] | None = None,
    episodes: Iterable[Mapping[str, Any]] = ({},),
    sessions: Iterable[Mapping[str, Any]] = (),
    **other_tables: Iterable[Mapping[str, Any]],
) -> Warehouse:
    """Build and publish a warehouse of the given rows in ``folder`` and open it.

    A row is a dict of contract columns; what it leaves out is filled: keys are numbered (e1, e2, …; p1, …; s1, …),
    a row without ``episode_id`` belongs to the first episode, patients and sites follow from the other rows.
    Shorthands: ``day`` is days after the episode's admission (``discharge_day`` and ``index_day`` too). For sessions
    ``start`` is the hour (default 9), ``hours`` the scheduled and actual length (default 3; None leaves the times
    empty), ``scheduled_hours`` and ``actual_hours`` set one of them. ``rules`` overrides etl/rules.toml.
    Raises LoadError for an unknown table, column or rule.
    """
    tables = _complete({"episodes": list(episodes), "sessions": list(sessions), **other_tables})
    named = resolve_rules(rules or {})
    cut = data_cut - timedelta(days=int(named["ascertainment_lag_days"].value))
    with publish.locked(folder):
        built = folder / "built.duckdb"
        version = f"{data_cut:%Y%m%d}-tiny"
        rows = _build(built, tables, named, version, data_cut, cut)
        facts = {"version": version, "source": "canonical", "data_cut": data_cut, "input_digest": "", "rows": rows}
        publish.publish(folder, built, version, facts | {"files": [], "rejects_by_rule": {}, "checks": []})
    return open_warehouse(folder)


def _build(
    path: Path,
    tables: dict[str, list[dict[str, Any]]],
    named: dict[str, NamedRule],
    version: str,
    data_cut: date,
    analysis_cut: date,
) -> dict[str, int]:
    with duckdb.connect(str(path)) as connection:
        connection.execute("begin")
        for schema in ("core", "mart", "load"):
            connection.execute(f"create schema {schema}")
        create_load_tables(connection)
        for name, table in contract.tables().items():
            for statement in table.ddl():
                connection.execute(statement)
            _insert(connection, table, tables.get(name, []))
        write_version(
            connection,
            Facts(
                version, "canonical", data_cut, analysis_cut, rule_version(named), None, contract.SCHEMA_VERSION, "", ""
            ),
        )
        write_rules(connection, named)
        parameters = {name: rule.value for name, rule in named.items()}
        parameters |= {"data_cut": data_cut, "analysis_cut": analysis_cut}
        build_marts(connection, parameters, SilentProgress(), _marts())
        write_dictionary(connection)
        connection.execute("commit")
        connection.execute("checkpoint")
        return publish.rows_by_table(connection)


@cache
def _marts() -> list[Mart]:
    return read_marts(MARTS)


def _insert(connection: duckdb.DuckDBPyConnection, table: contract.Table, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        unknown = set(row) - set(table.column_names)
        if unknown:
            raise LoadError(f"{table.name} has no column {', '.join(sorted(unknown))}.")
        columns = ", ".join(row)
        connection.execute(
            f"insert into core.{table.name} ({columns}) values ({', '.join('$' + name for name in row)})", row
        )


def _complete(given: dict[str, Iterable[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Every table's rows with the columns that were left out, the patients and the sites that they refer to."""
    episodes = [_episode(dict(row), number) for number, row in enumerate(given["episodes"], 1)]
    by_id = {row["episode_id"]: row for row in episodes}
    tables = {"episodes": episodes}
    for name, rows in given.items():
        if name not in contract.tables():
            raise LoadError(f"There is no table {name!r} in the contract.")
        if name != "episodes":
            tables[name] = [_row(name, dict(row), number, by_id) for number, row in enumerate(rows, 1)]
    for parent, key in (("patients", "patient_id"), ("sites", "site")):
        known = {row[key] for row in tables.setdefault(parent, [])}
        named = {row[key] for name, rows in tables.items() if name != parent for row in rows if row.get(key)}
        tables[parent] += [{key: value, **DEFAULTS[parent]} for value in sorted(named - known)]
    return tables


def _episode(row: dict[str, Any], number: int) -> dict[str, Any]:
    admission = row.pop("admission_date", ADMISSION) + timedelta(days=row.pop("day", 0))
    for shorthand, column in (("discharge_day", "discharge_date"), ("index_day", "index_date")):
        if shorthand in row:
            row[column] = admission + timedelta(days=row.pop(shorthand))
    keys = {"episode_id": f"e{number}", "patient_id": f"p{number}", "admission_date": admission}
    return keys | DEFAULTS["episodes"] | row


def _row(name: str, row: dict[str, Any], number: int, episodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    table = contract.tables()[name]
    if "episode_id" in table.column_names and "episode_id" not in row and episodes and "patient_id" not in row:
        row["episode_id"] = next(iter(episodes))
    episode = episodes.get(row.get("episode_id", ""), {})
    if "patient_id" in table.column_names and "patient_id" not in row:
        row["patient_id"] = episode.get("patient_id", f"p{number}")
    if name in DAY_COLUMN and DAY_COLUMN[name] not in row:
        row[DAY_COLUMN[name]] = episode.get("admission_date", ADMISSION) + timedelta(days=row.pop("day", 0))
    if name == "sessions":
        _set_times(row)
    row = DEFAULTS.get(name, {}) | row
    for column in table.columns:
        if column.required and column.name not in row:
            row[column.name] = _filler(column, name, number)
    return row


def _set_times(row: dict[str, Any]) -> None:
    start = datetime.combine(row["session_date"], time()) + timedelta(hours=row.pop("start", 9))
    is_timed = any(f"{kind}_{edge}" in row for kind in ("scheduled", "actual") for edge in ("start", "end"))
    both = row.pop("hours", None if is_timed or {"scheduled_hours", "actual_hours"} & set(row) else 3)
    is_attended = row.get("status", "attended") == "attended"
    for kind, hours in (("scheduled", both), ("actual", both if is_attended else None)):
        hours = row.pop(f"{kind}_hours", hours)
        if hours is not None:
            row[f"{kind}_start"] = start
            row[f"{kind}_end"] = start + timedelta(hours=hours)


def _filler(column: contract.Column, table: str, number: int) -> Any:
    """A value for a required column that a row leaves out: keys are numbered, the rest is the plainest allowed."""
    if column.name in contract.tables()[table].key and column.type == "text" and not column.allowed:
        return f"{table[0]}{number}"
    if column.allowed:
        return next(iter(column.allowed))
    return {"date": ADMISSION, "text": column.example or column.name}.get(column.type, column.min or 0)
