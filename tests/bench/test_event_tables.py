"""Curves are drawn from tables of exits by day: what leaves SQL grows with the days, not with the episodes."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries import catalog
from queries.filters import select
from queries.statistics import derive
from queries.warehouse import Warehouse
from tests.bench.curves import COUNTED, EPISODES

CURVES = {"survival", "competing", "time_lost", "curve_test", "curve_difference"}
FROM_EVENT_TABLES = sorted(
    name
    for name, measure in catalog.measures().items()
    if measure.statistic in CURVES and measure.unit_of_analysis == "episode"
)
MOST_DAYS = 2 * 366


@pytest.mark.parametrize("name", FROM_EVENT_TABLES)
def test_no_more_rows_leave_sql_than_there_are_days_groups_and_kinds_of_exit(
    sample_warehouse: Warehouse, name: str
) -> None:
    measure = catalog.measure(name)
    counts = catalog.count(sample_warehouse, measure, select({}, by="track"), catalog.read_parameters(measure, None))
    keys = [key for key in ("group_name", "category", "stratum", "step") if key in counts.columns]
    assert {"group_name", "step"} <= set(keys)
    assert not counts.duplicated(keys).any(), "a day has several rows"
    assert counts["step"].between(0, MOST_DAYS).all()
    assert not {"person_id", "patient_id", "episode_id"} & set(counts.columns)
    numbers = [column for column in counts.columns if column not in keys]
    assert counts[numbers].astype(float).sum().sum() > len(counts), "rows are single episodes"


@pytest.fixture(scope="module")
def tables() -> dict[int, pd.DataFrame]:
    connection = duckdb.connect()
    found = {}
    for episodes in (25_000, 250_000):
        connection.execute(EPISODES, [episodes])
        found[episodes] = connection.execute(COUNTED).df()
    return found


def test_ten_times_the_episodes_are_the_same_number_of_rows(tables: dict[int, pd.DataFrame]) -> None:
    few, many = tables.values()
    assert len(few) == len(many) == 3 * 79
    assert many["events"].sum() > 9 * few["events"].sum()


def test_a_bootstrap_of_ten_times_the_episodes_draws_the_same_table(tables: dict[int, pd.DataFrame]) -> None:
    """Its interval is √10 narrower, so that it draws as many as there are, from no more rows."""
    widths = []
    for counts in tables.values():
        row = derive("curve_difference", counts, unit="percentage points", options={"day": 30}).iloc[0]
        widths.append(row["upper"] - row["lower"])
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(10), rel=0.1)
