"""Cumulative incidence against R's survfit and cmprsk (reference files) and a worked example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries.statistics import derive
from queries.statistics.competing import aalen_johansen, count_exits
from queries.statistics.survival import kaplan_meier

ORACLE = Path(__file__).parent.parent / "oracle"

EXITS_OF_TEN = (
    *("dropout", "success", "open", "dropout", "success"),
    *("open", "dropout", "success", "success", "open"),
)

WORKED = pd.DataFrame(
    {
        "group_name": "All",
        "step": [5, 10, 12, 15, 20, 25, 30, 40, 45, 60],
        "category": list(EXITS_OF_TEN),
        "events": 1,
    }
)


def value(rows: pd.DataFrame, category: str, statistic: str = "cumulative_incidence") -> float:
    return float(rows.loc[(rows["category"] == category) & (rows["statistic"] == statistic), "value"].iloc[0])


def test_the_worked_example_has_the_published_incidences():
    rows = derive("competing", WORKED, unit="share", options={"at": [60]})
    assert value(rows, "dropout") == pytest.approx(0.35714, abs=5e-6)
    assert value(rows, "success") == pytest.approx(0.5, abs=1e-9)
    assert value(rows, "in care") == pytest.approx(0.14286, abs=5e-6)


def test_one_less_kaplan_meier_of_dropout_alone_would_be_too_high():
    is_dropout = (WORKED["category"] == "dropout").to_numpy(dtype=float)
    naive = 1 - kaplan_meier(WORKED["step"].to_numpy(), is_dropout, 1 - is_dropout).survival[-1]
    assert naive == pytest.approx(0.42143, abs=5e-6)
    assert naive > value(derive("competing", WORKED, unit="share", options={"at": [60]}), "dropout")


def test_the_trial_incidences_and_their_errors_equal_those_of_r():
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    names = {0: "open", 1: "first_nonstudy_opioid_positive", 2: "lost_contact"}
    expected = pd.read_csv(ORACLE / "ctn_cif.csv")
    assert len(expected) > 20
    for (arm, cause), wanted in expected.groupby(["arm", "cause"]):
        people = episodes[episodes["treatment"] == arm.removeprefix("27: ")]
        exits = count_exits(people["cr_time"], people["cr_cause"].map(names).tolist(), np.ones(len(people)))
        curve = aalen_johansen(exits, [cause])
        place = np.searchsorted(curve.time, wanted["day"], side="right") - 1
        np.testing.assert_allclose(curve.value[place], wanted["cif_survfitAJ"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(curve.value[place], wanted["cif_cmprsk"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(np.sqrt(curve.variance[place]), wanted["se_survfitAJ"], rtol=0, atol=1e-9)


def test_with_one_cause_the_incidence_is_one_less_kaplan_meier_with_the_same_variance():
    random = np.random.default_rng(3)
    time, event = random.integers(0, 40, 300), random.random(300) < 0.5
    single = aalen_johansen(count_exits(time, np.where(event, "out", "open").tolist(), np.ones(300)), ["out"])
    curve = kaplan_meier(time, event, ~event)
    np.testing.assert_allclose(single.value, 1 - curve.survival, rtol=0, atol=1e-12)
    np.testing.assert_allclose(single.variance, curve.survival**2 * curve.hazard_variance, rtol=0, atol=1e-12)


def test_all_shares_of_every_day_sum_to_one():
    rows = derive("competing", WORKED, unit="share", options={"days": 60})
    assert rows.groupby("step")["value"].sum().tolist() == pytest.approx([1.0] * 61)


def test_success_joins_those_in_care_and_its_interval_is_that_of_the_complement():
    options = {"day": 30, "retained": ["success"], "retained_label": "in care or well", "causes": ["dropout"]}
    rows = derive("competing", WORKED, unit="share", options=options).set_index("category")
    # Dropout by day 30: 1/10 + 8/10·1/7 + (8/10)(6/7)(5/6)·1/4.
    lost = 1 / 10 + 8 / 10 / 7 + 8 / 10 * 6 / 7 * 5 / 6 / 4
    assert rows.at["in care or well", "value"] == pytest.approx(1 - lost, abs=1e-12)
    assert rows.at["in care or well", "lower"] == pytest.approx(1 - rows.at["dropout", "upper"], abs=1e-12)
    assert list(rows.index) == ["in care or well", "dropout"]


def test_numbers_known_by_the_day_and_those_not_yet_known_add_up_to_everybody():
    rows = derive("competing", WORKED, unit="share", options={"day": 30})
    # By day 30: 3 dropped out, 2 completed, 2 were censored (12 and 25), 3 are still in care.
    assert dict(zip(rows["category"], rows["numerator"], strict=True)) == {"in care": 3, "dropout": 3, "success": 2}
    assert set(rows["missing_n"]) == {2}
    assert set(rows["denominator"]) == {10}


def test_the_median_of_a_cause_is_the_first_day_on_which_half_of_all_have_left_that_way():
    counts = pd.DataFrame({"step": [3, 8, 9], "category": ["dropout", "dropout", "open"], "events": [3, 3, 4]})
    rows = derive("competing", counts, unit="days", options={"median": "dropout", "curve": False})
    assert rows["value"].tolist() == [8.0]
    assert rows["missing_n"].tolist() == [4.0]


def test_a_median_that_is_exactly_reached_is_that_day_and_not_the_middle_of_the_plateau():
    counts = pd.DataFrame({"step": [3, 9, 20], "category": ["dropout", "success", "open"], "events": [5, 3, 2]})
    rows = derive("competing", counts, unit="days", options={"median": "dropout", "curve": False})
    assert rows["value"].tolist() == [3.0]


def test_a_median_that_is_not_reached_is_empty():
    counts = pd.DataFrame({"step": [3, 8, 9], "category": ["dropout", "success", "open"], "events": [3, 3, 4]})
    rows = derive("competing", counts, unit="days", options={"median": "dropout", "curve": False})
    assert np.isnan(rows["value"].iloc[0])
    assert rows["method"].iloc[0] == "not reached"


def test_all_censored_are_all_in_care():
    counts = pd.DataFrame({"step": [40, 50], "category": ["open", "open"], "events": [4, 6]})
    rows = derive("competing", counts, unit="share", options={"day": 30, "causes": ["dropout"]})
    assert rows["value"].tolist() == [1.0, 0.0]


def test_one_person_who_drops_out_on_day_0_is_out_on_day_0():
    counts = pd.DataFrame({"step": [0], "category": ["dropout"], "events": [1]})
    rows = derive("competing", counts, unit="share", options={"days": 1})
    assert rows.loc[rows["category"] == "dropout", "value"].tolist() == [1.0, 1.0]


def test_a_cause_that_one_group_never_has_is_zero_there():
    counts = pd.DataFrame(
        {
            "group_name": ["North", "South", "South"],
            "step": [40, 5, 40],
            "category": ["open", "dropout", "open"],
            "events": [2, 1, 1],
        }
    )
    rows = derive("competing", counts, unit="share", options={"day": 30})
    north = rows[rows["group_name"] == "North"].set_index("category")["value"]
    assert north.to_dict() == {"in care": 1.0, "dropout": 0.0}


def test_no_rows_give_no_rows():
    counts = pd.DataFrame({"group_name": [], "step": [], "category": [], "events": []})
    assert derive("competing", counts, unit="share", options={"at": [30], "causes": ["dropout"]}).empty
