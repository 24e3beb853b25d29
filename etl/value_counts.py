"""Counts rows by table and by code, and keeps those of the last load beside them, so that checks can see a drift."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl import contract

CODED: dict[str, tuple[str, tuple[str, ...]]] = {
    "patients": ("core.patients", ("sex", "race_ethnicity")),
    "episodes": (
        "core.episodes",
        ("site", "program", "track", "level_of_care", "discharge_reason", "payer", "primary_substance"),
    ),
    "requests": ("core.requests", ("outcome",)),
    "sessions": ("mart.session", ("status", "service_type", "modality")),
    "assessments": ("core.assessments", ("instrument", "timepoint")),
    "toxicology": ("core.toxicology", ("substance", "result")),
    "use_events": ("core.use_events", ("report_source", "substance")),
    "medications": ("core.medications", ("medication",)),
    "costs": ("core.costs", ("basis", "setting", "payer")),
    "authorizations": ("core.authorizations", ("status", "payer")),
    "incidents": ("core.incidents", ("incident_type",)),
}
"""The coded columns whose values are counted, and the relation that has them."""


def count_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill load.value_count: rows by table, by value of each coded column, and admissions by month."""
    for table in contract.LOAD_ORDER:
        connection.execute(
            f"insert into load.value_count select '{table}', '', '', count(*) from core.{table} having count(*) > 0"
        )
    for table, (relation, columns) in CODED.items():
        # Grouped once over all columns, so that a large table is read once; its few groups are then summed by column.
        named = ", ".join(columns)
        each = " union all ".join(
            f"select '{table}', '{column}', {column}, sum(row_count) "
            f"from grouped where {column} is not null group by all"
            for column in columns
        )
        connection.execute(
            f"insert into load.value_count with grouped as materialized ("
            f"select {named}, count(*) as row_count from {relation} group by {named}) {each}"
        )
    connection.execute(
        "insert into load.value_count "
        "select 'episodes', 'admission_month', strftime(admission_date, '%Y-%m'), count(*) "
        "from core.episodes group by all"
    )


def remember_last(connection: duckdb.DuckDBPyConnection, last: Path | None) -> None:
    """Copy what the last version found and counted into load.last_*; leave them empty where it cannot be compared.

    It can be where it is of the same source and has a site in common: the sample or another clinic is no last load.
    """
    if last is None or not last.is_file():
        return
    try:
        connection.execute(f"attach '{str(last).replace(chr(39), chr(39) * 2)}' as last (read_only)")
        alike = connection.execute(
            "select (select source from last.load.version) = (select source from load.version) "
            "and exists (select site from last.core.sites intersect select site from core.sites)"
        ).fetchone()
        if alike and alike[0]:
            for table, of in (("last_check_result", "check_result"), ("last_value_count", "value_count")):
                columns = "check_name, violations, denominator" if of == "check_result" else "*"
                connection.execute(f"insert into load.{table} select {columns} from last.load.{of}")
    except duckdb.Error:
        # A version that is damaged or of older code is no yardstick; the load itself does not need it.
        for table in ("last_check_result", "last_value_count"):
            connection.execute(f"delete from load.{table}")
    finally:
        connection.execute("detach database if exists last")
