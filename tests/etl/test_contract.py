"""One file per canonical table says what it holds; the warehouse and its dictionary repeat it and add nothing."""

from __future__ import annotations

import duckdb
import pytest

from etl import contract
from etl.contract import Column
from queries.warehouse import Warehouse
from tests.conftest import ROOT

DESIGNED = {
    "patients", "episodes", "sessions", "assessments", "toxicology", "use_events", "costs", "authorizations", "rates",
    "price_index", "benchmarks", "targets",
}  # fmt: skip


def rows(warehouse: Warehouse, sql: str) -> list[tuple]:
    return warehouse.cursor().execute(sql).fetchall()


def test_every_designed_table_has_its_file() -> None:
    files = {path.stem for path in (ROOT / "etl" / "contract").glob("*.toml")}
    assert files == set(contract.tables())
    assert files >= DESIGNED


def test_every_column_has_a_meaning_and_every_code_too() -> None:
    columns = [column for table in contract.tables().values() for column in table.columns]
    assert len(columns) > 100
    assert [column.name for column in columns if not column.meaning.endswith(".")] == []
    codes = {code: meaning for column in columns for code, meaning in column.allowed.items()}
    assert [code for code, meaning in codes.items() if not meaning] == []


def test_every_measured_number_has_a_unit() -> None:
    """Values of a table of targets or benchmarks are in the unit of their measure."""
    without = [
        f"{table.name}.{column.name}"
        for table in contract.tables().values()
        for column in table.columns
        if column.duckdb_type in ("INTEGER", "DOUBLE") or column.duckdb_type.startswith("DECIMAL")
        if not column.unit
    ]
    assert set(without) <= {
        "benchmarks.benchmark_value", "benchmarks.lower", "benchmarks.upper", "benchmarks.year",
        "targets.target_value", "price_index.year",
    }  # fmt: skip


def test_every_key_is_required_and_every_reference_is_to_a_key() -> None:
    tables = contract.tables()
    for table in tables.values():
        assert all(table.column(name).required for name in table.key), table.name
        for column in table.columns:
            if column.references:
                parent, key = column.references.split(".")
                assert tables[parent].key == (key,)
                assert list(tables).index(parent) < list(tables).index(table.name)


def test_the_warehouse_has_the_tables_of_the_contract_and_no_others(sample_warehouse: Warehouse) -> None:
    found = rows(
        sample_warehouse,
        "select table_name, column_name, data_type, not is_nullable, comment from duckdb_columns() "
        "where schema_name = 'core' order by table_name, column_index",
    )
    expected = [
        (table.name, column.name, column.duckdb_type, column.required, column.comment)
        for table in sorted(contract.tables().values(), key=lambda table: table.name)
        for column in table.columns
    ]
    assert found == expected
    comments = rows(sample_warehouse, "select table_name, comment from duckdb_tables() where schema_name = 'core'")
    assert dict(comments) == {table.name: table.comment for table in contract.tables().values()}


def test_the_dictionary_repeats_the_contract(sample_warehouse: Warehouse) -> None:
    found = rows(
        sample_warehouse,
        "select table_name, column_name, type, unit, is_required, allowed, meaning from load.dictionary "
        "where schema_name = 'core' and column_name <> '' order by table_name, position",
    )
    assert found == [
        (
            table.name,
            column.name,
            column.duckdb_type,
            column.unit,
            column.required,
            column.allowed_values,
            column.description,
        )
        for table in sorted(contract.tables().values(), key=lambda table: table.name)
        for column in table.columns
    ]


@pytest.mark.parametrize("schema", ["core", "mart", "load"])
def test_every_table_and_column_of_the_sample_has_a_comment(sample_warehouse: Warehouse, schema: str) -> None:
    tables = rows(
        sample_warehouse,
        f"select table_name, coalesce(comment, '') from duckdb_tables() where schema_name = '{schema}'",
    )
    columns = rows(
        sample_warehouse,
        "select table_name || '.' || column_name, coalesce(comment, '') from duckdb_columns() "
        f"where schema_name = '{schema}'",
    )
    assert len(tables) >= 7
    assert len(columns) > len(tables)
    assert [name for name, comment in (*tables, *columns) if not comment.strip()] == []
    listed = rows(
        sample_warehouse,
        "select table_name || case when column_name <> '' then '.' || column_name else '' end from load.dictionary "
        f"where schema_name = '{schema}'",
    )
    assert {name for (name,) in listed} == {name for name, _ in (*tables, *columns)}


def test_a_column_that_several_tables_have_means_in_a_mart_what_the_mart_reads(sample_warehouse: Warehouse) -> None:
    comments = dict(
        rows(
            sample_warehouse,
            "select table_name || '.' || column_name, comment from duckdb_columns() where schema_name = 'mart'",
        )
    )
    tables = contract.tables()
    assert comments["session.status"] == tables["sessions"].column("status").comment
    assert comments["session.patient_id"] == tables["patients"].column("patient_id").comment
    assert comments["episode.program"] == tables["episodes"].column("program").comment
    assert comments["score.assessed_date"] == tables["assessments"].column("assessed_date").comment


def test_a_comment_says_meaning_reference_unit_and_allowed_values() -> None:
    column = Column("days", "integer", "Days.", unit="days", min=1, max=30, references="episodes.episode_id")
    assert column.comment == "Days. Refers to episodes.episode_id. Unit: days. Allowed: 1 to 30."
    coded = Column("status", "text", "What happened.", allowed={"a": "Came", "b": "Did not"})
    assert coded.comment == "What happened. Allowed: a: Came; b: Did not."
    with duckdb.connect() as connection:
        for statement in contract.tables()["patients"].ddl("main"):
            connection.execute(statement)
        assert connection.execute("select comment from duckdb_tables()").fetchall() == [
            (contract.tables()["patients"].comment,)
        ]
