"""Fills in what is missing, several times, and counts each completed data set with the measure's own SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from queries.binding import bind
from queries.filters import Selection
from queries.measure import Measure
from queries.selected import with_selection
from queries.statistics.imputation import ImputationError, impute_events, impute_scores
from queries.warehouse import Warehouse

SCORES, RETURNS = "mart.score_pair", "mart.after_discharge"
RETURN_EDGES = (15, 30, 60, 90, 120, 150)
SMALLEST_CLASS = 25
"""A kind of exit, program or group with fewer people is put with the others: its own coefficient would be noise."""

_FOLDER = Path(__file__).parent / "sql"


def predictors_said(measure: Measure) -> tuple[str, ...]:
    """What the model knows of a person, in words; empty where there is no model."""
    shared = ("attended hours", "share of sessions shown", "days in care", "kind of exit", "program", "age", "severity")
    if SCORES in measure.sql:
        return ("first score", "first score of those who completed", *shared)
    return shared if RETURNS in measure.sql else ()


def completed_counts(
    warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> pd.DataFrame:
    """Numerator and denominator of each group and category in each completed data set.

    The measure's own SQL counts; only the table that holds what is missing is another one. Raises ImputationError
    where the measure's missing have no model.
    """
    counts = []
    for cursor, sql in _completed(warehouse, measure, selection, parameters):
        bound = bind(sql, warehouse, selection, parameters)
        rows = cursor.execute(sql, bound).df()
        if measure.statistic == "incidence_by_day":
            rows = _by_day(rows, float(parameters["day"]))
        rows["category"] = rows["category"].fillna("") if "category" in rows else ""
        counts.append(rows[["group_name", "category", "numerator", "denominator"]])
    return pd.concat(counts, ignore_index=True)


def _completed(
    warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """For each imputation, a cursor on which the measure's SQL, with one table replaced, finds the completed rows."""
    if measure.statistic == "bounds" and SCORES in measure.sql:
        table, view, frames = SCORES, "score_pair.sql", _fill_scores(warehouse, measure, selection, parameters)
    elif measure.statistic == "incidence_by_day" and RETURNS in measure.sql:
        table, view, frames = RETURNS, "after_discharge.sql", _fill_returns(warehouse, measure, selection, parameters)
    else:
        raise ImputationError("There is no model for what is missing here: only the bounds say what could be true.")
    cursor = warehouse.cursor()
    replaced = measure.executable_sql.replace(table, "completed_row")
    fill = (_FOLDER / view).read_text(encoding="utf-8")
    for frame in frames:
        cursor.register("completed", frame)
        cursor.execute(
            f"create or replace temp table completed_row as {fill}", bind(fill, warehouse, selection, parameters)
        )
        yield cursor, replaced


def _fill_scores(
    warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> Iterator[pd.DataFrame]:
    instruments = [parameters["instrument"]] if "instrument" in parameters else ["PHQ-9", "GAD-7"]
    due = _rows("score_due.sql", warehouse, measure, selection, {**parameters, "instruments": instruments})
    if due.empty:
        raise ImputationError("Nobody was due for a second score.")
    first, latest = (
        due.pivot(index="episode_id", columns="instrument", values=name) for name in ("baseline_score", "latest_score")
    )
    # With two instruments everybody needs a first score of both, as the measures over both ask.
    first = first.dropna()
    latest = latest.loc[first.index]
    predictors = _predictors(warehouse, measure, selection, parameters).reindex(first.index)
    first = first.add_prefix("first ")
    versions = due.drop_duplicates("episode_id").set_index("episode_id")["instrument_version"].reindex(first.index)
    has_completed = predictors.filter(["exit completed", "exit step down"]).sum(axis=1)
    with_completed = first.mul(has_completed, axis=0).add_suffix(" of those who completed")
    known = pd.concat([first, with_completed, predictors, _dummies(versions, "version")], axis=1)
    for filled in impute_scores(latest, known):
        yield filled.reset_index().melt("episode_id", var_name="instrument", value_name="latest_score")


def _fill_returns(
    warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> Iterator[pd.DataFrame]:
    left = _rows("discharged.sql", warehouse, measure, selection, parameters).set_index("episode_id")
    if left.empty:
        raise ImputationError("Nobody left long enough ago.")
    day = float(parameters["day"])
    predictors = _predictors(warehouse, measure, selection, parameters).reindex(left.index)
    has_event = left["has_event"].to_numpy(dtype=bool)
    # Somebody in a controlled environment, where that competes, is not lost: they are known not to have returned.
    last_seen = np.where(left["is_settled"], np.maximum(left["last_seen"], day), left["last_seen"])
    is_lost = ~(has_event & (last_seen <= day)) & (last_seen < day)
    for drawn in impute_events(last_seen, has_event, day, predictors, edges=RETURN_EDGES):
        yield pd.DataFrame({"episode_id": left.index, "is_lost": is_lost, "has_event": drawn})


def _predictors(
    warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> pd.DataFrame:
    """One numeric row a selected episode; what was not recorded takes the mean, and says so in a column of its own."""
    rows = _rows("predictors.sql", warehouse, measure, selection, parameters).set_index("episode_id")
    numbers = rows[["severity", "attended_hours", "days_in_care", "share_shown"]].astype(float)
    unknown = numbers.isna().astype(float).add_suffix(" not recorded")
    columns = [numbers.fillna(numbers.mean()).fillna(0.0), unknown]
    columns += [_dummies(rows[name], label) for name, label in (("exit_reason", "exit"), ("program", "program"))]
    columns += [_dummies(rows[name], label) for name, label in (("age_group", "age"), ("group_name", "group"))]
    return pd.concat(columns, axis=1)


def _dummies(values: pd.Series, label: str) -> pd.DataFrame:
    values = values.astype(object)
    sizes = values.value_counts()
    common = values.where(values.map(sizes) >= SMALLEST_CLASS, "fewer")
    wide = pd.get_dummies(common, dtype=float)
    return wide[sorted(wide.columns)].add_prefix(f"{label} ")


def _by_day(rows: pd.DataFrame, day: float) -> pd.DataFrame:
    everybody = rows[["events", "competing", "censored"]].sum(axis=1)
    happened = rows["events"].where(rows["step"] <= day, 0)
    counted = rows.assign(numerator=happened, denominator=everybody)
    return counted.groupby(["group_name", "category"], sort=False)[["numerator", "denominator"]].sum().reset_index()


def _rows(
    file: str, warehouse: Warehouse, measure: Measure, selection: Selection, parameters: Mapping[str, Any]
) -> pd.DataFrame:
    sql = with_selection((_FOLDER / file).read_text(encoding="utf-8"), measure.ignores_filters)
    return warehouse.cursor().execute(sql, bind(sql, warehouse, selection, parameters)).df()
