"""Every measure says of everybody who passes the filters why they are in or out, and the reasons add up to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from queries import catalog
from queries.answer import Answer
from queries.explain import UNKNOWN, Explanation, NotListedError, explain
from queries.filters import Selection, select
from queries.measure import Measure
from queries.warehouse import Warehouse

NAMES = sorted(catalog.measures())
LISTED = [name for name in NAMES if not catalog.measure(name).not_listed]
SELECTIONS = {
    "everybody": select(),
    "a site and dates": select({"site": ["North"]}, date_from="2025-09-01", date_to="2026-03-31"),
    "other parameters": select({"level_of_care": []}),
}


def parameters(measure: Measure, case: str) -> dict[str, Any]:
    """Another choice of each parameter that has choices, for the selection that asks for one."""
    if case != "other parameters":
        return {}
    return {entry.name: entry.choices[-1] for entry in measure.parameters if entry.choices}


def explained(warehouse: Warehouse, name: str, case: str) -> tuple[Explanation, Answer]:
    measure, own = catalog.measure(name), parameters(catalog.measure(name), case)
    chosen = SELECTIONS[case]
    return explain(warehouse, name, chosen, own), catalog.answer_unsuppressed(warehouse, measure, chosen, own)


@pytest.mark.parametrize("name", NAMES)
def test_a_measure_lists_its_exclusions_or_says_why_there_is_nobody(name: str, sample_warehouse: Warehouse) -> None:
    measure = catalog.measure(name)
    assert bool(measure.exclusions) != bool(measure.not_listed), "the header needs exclusions, or not_listed"
    if measure.not_listed:
        with pytest.raises(NotListedError, match="no people to list"):
            explain(sample_warehouse, name, select())


@pytest.mark.parametrize("case", SELECTIONS)
@pytest.mark.parametrize("name", LISTED)
def test_everybody_is_counted_or_left_out_for_one_known_reason(
    name: str, case: str, sample_warehouse: Warehouse
) -> None:
    found, _ = explained(sample_warehouse, name, case)
    reasons, rows = found.reasons(), found.rows()
    selected = count_selected(sample_warehouse, found)
    assert reasons["units"].sum() == rows.iloc[:, 0].nunique() == selected
    assert UNKNOWN not in set(reasons["reason"]), "somebody is left out and no exclusion of the header holds"
    assert rows["reason"].str.startswith("Excluded: ").eq(~rows["is_in"]).all()
    assert rows["reason"].str.len().gt(6).all()
    assert not rows["reason"].str.contains("{", regex=False).any()
    # Somebody who is left out is so once, and nobody who counts has a reason to be left out.
    assert not rows[~rows["is_in"]].iloc[:, 0].duplicated().any()
    wrong = "select distinct exclusion from explained where is_in and exclusion is not null"
    assert found.cursor.execute(wrong).fetchall() == [], "somebody counts for whom an exclusion holds"


def count_selected(warehouse: Warehouse, found: Explanation) -> int:
    """How many pass the filters, counted without the explanation."""
    values = dict(found.selection.values)
    used = [name for name in values if name in found.measure.bound_names and values[name]]
    columns = {"language": "preferred_language", "substance": "primary_substance", "severity": "severity_band"}
    conditions = [f"list_contains(${name}, {columns.get(name, name)})" for name in used]
    bound: dict[str, Any] = {name: list(values[name]) for name in used}
    if found.unit == "request":
        conditions.append("requested_date between $date_from and $date_to")
        bound |= {"date_from": found.selection.date_from, "date_to": found.selection.date_to}
    what, table = ("distinct patient_id", "episode") if found.unit == "person" else ("*", found.unit)
    sql = f"select count({what}) from mart.{table} where {' and '.join(conditions) or 'true'}"
    return int(warehouse.cursor().execute(sql, bound).fetchall()[0][0])


@pytest.mark.parametrize("case", SELECTIONS)
@pytest.mark.parametrize("name", LISTED)
def test_those_who_count_add_up_to_the_answer(name: str, case: str, sample_warehouse: Warehouse) -> None:
    found, answer = explained(sample_warehouse, name, case)
    rows = found.rows()
    counted = rows[rows["is_in"]]
    assert_adds_up(found, counted, answer, sample_warehouse)


def assert_adds_up(found: Explanation, counted: pd.DataFrame, answer: Answer, warehouse: Warehouse) -> None:
    frame, statistic = answer.frame, found.measure.statistic
    frame = frame[frame["denominator"].fillna(0) > 0]
    if statistic == "contrast":
        raw = catalog.count(warehouse, found.measure, found.selection, found.parameters)
        # A mean has one arm; a difference rests on the people of the means that it compares.
        raw = raw[raw.groupby("category")["arm"].transform("nunique") == 1]
        raw = raw.assign(category=raw["category"] + ", mean of " + raw["arm"])
        sums = raw.assign(n=raw["denominator_amount"] * raw["weight"]).groupby("category")["n"].sum()
        assert_equal(counted.groupby("category")["in_denominator"].sum(), sums[sums > 0])
        return
    if statistic in ("weighted_difference", "icer", "net_benefit", "acceptability"):
        # An arm that has nobody beside it counts its people and has no row in the answer.
        raw = catalog.count(warehouse, found.measure, found.selection, found.parameters)
        sums = raw.groupby("category")["weight"].sum()
        assert_equal(counted.groupby("category")["in_denominator"].sum(), sums[sums > 0])
        return
    if statistic in ("survival", "competing", "time_lost"):
        for row in frame.to_dict("records"):
            assert_row_of_curve(found, counted, row)
        return
    if statistic == "bounds":
        frame = frame[frame["statistic"] == "lower_bound"]
    if statistic == "distribution":
        frame = frame.drop_duplicates(["category", "step", "period"], keep="last")
    if statistic in ("incidence_by_day", "bootstrap"):
        frame = frame[frame["statistic"].isin(["share", "competing", "mean"])]
        frame = frame.drop_duplicates(["category"])
    keys = [key for key in ("category", "step", "period") if key not in no_keys(statistic)]
    keys += ["statistic"] if counted["statistic"].notna().any() else []
    # Where nothing is known of a part it has no row in the answer.
    for column, expected in (("in_denominator", "denominator"), ("in_numerator", "numerator")):
        if frame[expected].isna().all():
            continue
        sums = by_key(counted, keys)[column].sum()
        assert_equal(sums[sums > 0], by_key(frame, keys)[expected].sum().loc[lambda n: n > 0])


def no_keys(statistic: str) -> tuple[str, ...]:
    return ("step",) if statistic in ("incidence_by_day", "curve_test", "curve_difference") else ()


def by_key(frame: pd.DataFrame, keys: list[str]) -> Any:
    written = frame.assign(**{key: frame[key].astype(str) for key in keys})
    written["period"] = pd.to_datetime(frame["period"]).dt.strftime("%Y-%m-%d")
    return written.groupby(keys, dropna=False)


def assert_equal(found: pd.Series, expected: pd.Series) -> None:
    found, expected = found.astype(float).sort_index(), expected.astype(float).sort_index()
    pd.testing.assert_series_equal(
        found, expected, check_names=False, check_exact=False, rtol=1e-9, check_index_type=False
    )


def assert_row_of_curve(found: Explanation, counted: pd.DataFrame, row: dict[str, Any]) -> None:
    """A row of a curve against the ends of single episodes: how many, by which day, and in which way."""
    statistic, options = found.measure.statistic, found.measure.options | found.parameters
    if statistic == "survival":
        part = counted[counted["category"] == row["category"]]
        at_risk = part[part["step"] >= row["step"]] if row["statistic"] == "survival" else part
        assert at_risk["in_denominator"].sum() == row["denominator"]
        if row["statistic"] == "survival":
            assert part.loc[part["step"] <= row["step"], "in_numerator"].sum() == row["numerator"]
        return
    assert counted["in_denominator"].sum() == row["denominator"]
    if statistic == "time_lost":
        assert counted.loc[counted["category"] == row["category"], "in_numerator"].sum() == row["numerator"]
    elif options.get("only"):
        assert counted["in_numerator"].sum() == row["numerator"]
    elif row["statistic"] == "cumulative_incidence":
        by_then = counted[counted["step"] <= row["step"]]
        if row["category"] == options.get("retained_label", "in care"):
            lost = ~by_then["category"].isin(options.get("retained", []))
            assert len(counted) - lost.sum() == row["numerator"]
        else:
            assert (by_then["category"] == row["category"]).sum() == row["numerator"]


def test_a_reason_names_the_facts(sample_warehouse: Warehouse) -> None:
    rows = explain(sample_warehouse, "crude_retention", select()).rows()
    recent = rows[rows["reason"].str.contains("less than 30 days before")]
    assert len(recent) > 0
    cut = sample_warehouse.analysis_cut
    expected = "Excluded: started on " + recent["day_zero"].dt.strftime("%Y-%m-%d")
    assert (recent["reason"] == expected + f", less than 30 days before the analysis cut-off {cut}").all()
    assert ((pd.Timestamp(cut) - recent["day_zero"]).dt.days < 30).all()


def test_a_selection_without_anybody_explains_nobody(sample_warehouse: Warehouse) -> None:
    found = explain(sample_warehouse, "crude_retention", Selection((("site", ("Nowhere",)),)))
    assert found.reasons().empty
    assert found.rows().empty
