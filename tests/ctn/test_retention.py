"""Kaplan–Meier curves of the trial's three definitions of retention, against R's survival package."""

from __future__ import annotations

import pandas as pd
import pytest

from queries import statistics
from queries.warehouse import Warehouse
from tests.ctn.oracle import answer, oracle, rows

pytestmark = pytest.mark.shared

DEFINITIONS = {"last_contact": "ctn_lastcontact", "gap_28": "ctn_gap28", "last_dose": "ctn_lastdose"}
PERSON_COLUMNS = {
    "last_contact": ("lc_time", "lc_event"),
    "gap_28": ("gap_time", "gap_event"),
    "last_dose": ("dose_time", "dose_event"),
}
EXACT = {"rtol": 0, "atol": 1e-9}


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_time_of_every_person(trial_warehouse: Warehouse, definition: str) -> None:
    sql = f"""
    select episode.patient_id::integer as who, ended.time_days, (ended.cause <> 'open')::integer as is_event
    from mart.retention_time as ended
    join mart.episode as episode on episode.episode_id = ended.episode_id
    where definition = '{definition}'
    order by who
    """
    found = rows(trial_warehouse, sql)
    expected = oracle("ctn_episodes").sort_values("who")
    time, event = PERSON_COLUMNS[definition]
    assert len(found) == 1269
    assert list(found["who"]) == list(expected["who"])
    assert list(found["time_days"]) == list(expected[time])
    assert list(found["is_event"]) == list(expected[event])


def curve_from_marts(warehouse: Warehouse, definition: str, days: list[int], by_arm: bool) -> pd.DataFrame:
    arm = "arm" if by_arm else "'CTN-27'"
    sql = f"""
    select
      {arm} as group_name,
      ended.time_days as step,
      count(*) filter (where ended.cause <> 'open') as events,
      count(*) filter (where ended.cause = 'open') as censored
    from mart.retention_time as ended
    join mart.episode as episode on episode.episode_id = ended.episode_id
    where definition = '{definition}'
    group by all
    order by all
    """
    counts = rows(warehouse, sql)
    found = statistics.derive("survival", counts, unit="share", options={"at": days})
    return found[found["statistic"] == "survival"]


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("by_arm", [True, False])
def test_the_curve_at_fixed_days_from_the_marts(trial_warehouse: Warehouse, definition: str, by_arm: bool) -> None:
    expected = oracle(f"{DEFINITIONS[definition]}_km_at")
    expected = expected[(expected["arm"] == "CTN-27") != by_arm]
    found = curve_from_marts(trial_warehouse, definition, sorted(set(expected["day"])), by_arm)
    both = expected.merge(found, left_on=["arm", "day"], right_on=["group_name", "step"])
    assert len(both) == len(expected) == (20 if by_arm else 10)
    assert list(both["numerator"]) == list(both["events_to_day"])
    for column, reference in (("value", "surv"), ("lower", "lo_loglog"), ("upper", "hi_loglog")):
        pd.testing.assert_series_equal(
            both[column].astype(float), both[reference], check_names=False, check_dtype=False, **EXACT
        )


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_curve_that_the_catalogue_answers(trial_warehouse: Warehouse, definition: str) -> None:
    found = answer(trial_warehouse, "retention_curve", definition=definition)
    found = found[found["statistic"] == "survival"]
    expected = oracle(f"{DEFINITIONS[definition]}_km_at")
    expected = expected[expected["arm"] != "CTN-27"]
    assert len(expected) == 2 * 10
    for arm, days in expected.groupby("arm"):
        steps = found[found["group_name"] == arm]
        for day, survival in zip(days["day"], days["surv"], strict=True):
            at_day = steps[steps["step"].astype(float) <= day].iloc[-1]
            assert at_day["value"] == pytest.approx(survival, abs=1e-9)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_every_step_of_the_curve_with_its_interval(trial_warehouse: Warehouse, definition: str) -> None:
    found = answer(trial_warehouse, "retention_curve", definition=definition)
    found = found[found["statistic"] == "survival"].astype({"step": float})
    expected = oracle(f"{DEFINITIONS[definition]}_km_steps")
    expected = expected[(expected["arm"] != "CTN-27") & (expected["n_event"] > 0)]
    both = expected.merge(found, left_on=["arm", "time"], right_on=["group_name", "step"])
    assert len(both) == len(expected) > 100
    for column, reference in (("value", "surv"), ("lower", "lo_loglog"), ("upper", "hi_loglog")):
        pd.testing.assert_series_equal(
            both[column].astype(float), both[reference], check_names=False, check_dtype=False, **EXACT
        )


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_median_that_the_catalogue_answers(trial_warehouse: Warehouse, definition: str) -> None:
    found = answer(trial_warehouse, "retention_curve", definition=definition)
    medians = found[found["statistic"] == "median"].set_index("group_name")["value"].astype(float)
    expected = oracle(f"{DEFINITIONS[definition]}_km_summary").set_index("arm")["median"].drop("CTN-27")
    # The methadone arm never falls to a half.
    assert medians.isna().to_dict() == expected.isna().to_dict() == {"Methadone": True, "Outpatient BUP": False}
    assert medians["Outpatient BUP"] == pytest.approx(expected["Outpatient BUP"], abs=1e-9)
