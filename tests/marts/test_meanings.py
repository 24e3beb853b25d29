"""Every derived column says what it is, and every filter has its values."""

from __future__ import annotations

from pathlib import Path

from queries.filters import FILTERS
from tests.clinic import tiny_clinic

SESSION_AND_EPISODE = [
    *("attendance", "episode", "episode_part", "episode_week"),
    *("filter_value", "group_session", "session", "step"),
    *("service_day", "request", "initiation", "readmission", "after_24_hour_care"),
]


def test_every_column_of_the_marts_has_a_meaning(tmp_path: Path) -> None:
    without = (
        tiny_clinic(tmp_path)
        .cursor()
        .execute(
            "select table_name || '.' || column_name from duckdb_columns() "
            "where schema_name = 'mart' and coalesce(comment, '') = '' order by 1"
        )
    )
    assert without.fetchall() == []


def test_every_number_in_the_marts_has_its_unit_in_the_comment(tmp_path: Path) -> None:
    without = (
        tiny_clinic(tmp_path)
        .cursor()
        .execute(
            "select table_name || '.' || column_name from duckdb_columns() "
            "where schema_name = 'mart' and data_type in ('DOUBLE', 'INTEGER', 'BIGINT', 'HUGEINT') "
            "and list_contains($marts, table_name) and comment not like '%Unit: %' and comment not like '%(%)' "
            "and column_name <> 'part' order by 1",
            {"marts": SESSION_AND_EPISODE},
        )
    )
    assert without.fetchall() == []


def test_every_filter_offers_the_values_that_episodes_have(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            {"site": "South", "arm": "A", **{f"asam_dimension_{number}": 1 for number in range(1, 7)}},
            {"site": "North", "payer": "self_pay"},
        ],
        patients=[{"patient_id": "p1", "race_ethnicity": "white", "preferred_language": "English"}],
    )
    cursor = warehouse.cursor()
    offered = {name for (name,) in cursor.execute("select distinct filter from mart.filter_value").fetchall()}
    assert offered == set(FILTERS)
    rows = cursor.execute("select value, label, episodes from mart.filter_value where filter = 'payer'").fetchall()
    assert rows == [("commercial", "commercial", 1), ("self_pay", "self pay", 1)]
    sites = cursor.execute("select value from mart.filter_value where filter = 'site'").fetchall()
    assert sites == [("North",), ("South",)]
