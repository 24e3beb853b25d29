"""Days lost by cause: arithmetic by hand, the area under R's curves, and a plain bootstrap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries.statistics import derive
from queries.statistics.competing import aalen_johansen, count_exits
from queries.statistics.survival import kaplan_meier, restricted_mean
from queries.statistics.time_lost import days_lost
from tests.statistics.test_competing import WORKED

ORACLE = Path(__file__).parent.parent / "oracle"


def lost(counts: pd.DataFrame, tau: float, **options) -> pd.DataFrame:
    return derive("time_lost", counts, unit="days", options={"tau": tau} | options).set_index("category")


def many(counts: pd.DataFrame, times: int) -> pd.DataFrame:
    return counts.assign(events=counts["events"] * times)


def test_the_days_lost_and_the_mean_in_care_of_the_worked_example_fill_its_60_days():
    # The restricted mean in care of the same people is 30.5 days.
    rows = lost(many(WORKED, 11), 60)
    assert rows["value"].sum() == pytest.approx(60 - 30.5, abs=1e-9)
    # Dropouts: 1/10 on day 5, 8/10·1/7 on day 15, (8/10)(6/7)(5/6)·1/4 on day 30.
    by_hand = 1 / 10 * 55 + 8 / 70 * 45 + 8 / 10 * 6 / 7 * 5 / 6 / 4 * 30
    assert rows.at["dropout", "value"] == pytest.approx(by_hand, abs=1e-9)
    assert rows.loc["dropout", ["numerator", "denominator", "missing_n"]].tolist() == [33, 110, 22]


def test_the_days_lost_in_the_trial_are_the_area_under_its_curves():
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    names = {0: "open", 1: "use", 2: "lost"}
    counts = pd.DataFrame({"step": episodes["cr_time"], "category": episodes["cr_cause"].map(names), "events": 1})
    rows = lost(counts, 90)
    exits = count_exits(counts["step"].to_numpy(), counts["category"].tolist(), np.ones(len(counts)))
    for cause in ("use", "lost"):
        curve = aalen_johansen(exits, [cause])
        before = curve.time < 90
        area = np.diff([*curve.time[before], 90]) @ curve.value[before]
        assert rows.at[cause, "value"] == pytest.approx(area, abs=1e-9)
    is_out = (counts["category"] != "open").to_numpy(dtype=float)
    in_care = restricted_mean(kaplan_meier(counts["step"].to_numpy(), is_out, 1 - is_out), 90)[0]
    assert rows["value"].sum() + in_care == pytest.approx(90, abs=1e-9)


def test_the_interval_is_that_of_a_bootstrap_of_people():
    random = np.random.default_rng(8)
    time, cause = random.integers(1, 120, 300), random.choice(["dropout", "success", "open"], 300)
    rows = lost(pd.DataFrame({"step": time, "category": cause, "events": 1}), 60)
    causes, draws = ["dropout", "success"], []
    for _ in range(1500):
        drawn = random.integers(0, 300, 300)
        exits = count_exits(time[drawn], list(cause[drawn]), np.ones(300))
        table = np.array([exits.events[name] for name in causes])
        leaving = exits.at_risk - np.append(exits.at_risk[1:], 0)
        draws.append(days_lost(leaving, table, exits.time, 60))
    lower, upper = np.quantile(draws, [0.025, 0.975], axis=0)
    for place, name in enumerate(causes):
        tolerance = 0.1 * (upper[place] - lower[place])
        assert rows.at[name, "lower"] == pytest.approx(lower[place], abs=tolerance)
        assert rows.at[name, "upper"] == pytest.approx(upper[place], abs=tolerance)


def test_with_9_at_risk_at_the_horizon_it_is_not_estimable_and_with_10_it_is():
    def row(at_risk: int) -> pd.Series:
        counts = pd.DataFrame({"step": [30, 100], "category": ["dropout", "open"], "events": [20, at_risk]})
        return lost(counts, 90).loc["dropout"]

    assert row(9)["method"] == "not estimable: fewer than 10 at risk at day 90; estimable to day 30"
    assert "value" not in row(9)
    # 20 of 30 lose the last 60 days.
    assert row(10)["value"] == pytest.approx(40)


def test_a_cause_of_nobody_loses_no_days_and_few_are_marked_for_the_gate():
    counts = pd.DataFrame({"step": [30, 40, 100], "category": ["dropout", "died", "open"], "events": [20, 3, 40]})
    rows = lost(counts, 90, causes=["completed", "dropout"])
    assert rows.index.tolist() == ["completed", "dropout", "died"]
    assert rows.loc["completed", ["value", "lower", "upper"]].tolist() == [0, 0, 0]
    assert rows["is_suppressed"].tolist() == [False, False, True]


def test_all_censored_lose_nothing_and_nobody_gives_no_rows():
    counts = pd.DataFrame({"step": [100], "category": ["open"], "events": [12]})
    assert lost(counts, 90, causes=["dropout"])["value"].tolist() == [0]
    nobody = pd.DataFrame({"group_name": [], "step": [], "category": [], "events": []})
    assert derive("time_lost", nobody, unit="days", options={"tau": 90}).empty
