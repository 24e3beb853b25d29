"""Retention on clinics of a few episodes, with the arithmetic in sight.

Day 0 of every episode is its admission, Monday 2026-01-05; the data cut-off is 2026-09-30, the analysis cut-off 30 days
before it, 2026-08-31, unless a test says otherwise.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from queries import catalog
from tests.queries.in_care import ANALYSIS_CUT, WELL, by_category, clinic, only_value, rows, stay


def test_the_shares_at_a_day_sum_to_one(tmp_path):
    # Out by day 30 of six: a dropout (10), a termination (20), a step up (25) and one without a reason (28).
    # Left: one completed on day 29, one who stays until day 60.
    warehouse = clinic(
        tmp_path,
        stay(10, "dropped_out"),
        stay(20, "terminated"),
        stay(25, "transferred", "PHP"),
        stay(28, "unknown"),
        stay(29, "completed"),
        stay(60, "dropped_out"),
    )
    shares = by_category(rows(warehouse, "retention_at"))
    assert shares == pytest.approx(
        {WELL: 2 / 6, "dropped out or terminated": 2 / 6, "other exit": 1 / 6, "reason not recorded": 1 / 6}
    )
    assert only_value(rows(warehouse, "retained_at")) == pytest.approx(2 / 6)
    assert only_value(rows(warehouse, "crude_retention")) == pytest.approx(2 / 6)


def test_without_a_missing_reason_there_are_three_shares(tmp_path):
    shares = by_category(rows(clinic(tmp_path, stay(60, "completed")), "retention_at"))
    assert shares == {WELL: 1, "dropped out or terminated": 0, "other exit": 0}


@pytest.mark.parametrize(("last_day", "is_retained"), [(29, 0), (30, 0), (31, 1)])
def test_a_patient_last_seen_on_day_29_or_30_is_not_retained_at_30(tmp_path, last_day, is_retained):
    warehouse = clinic(tmp_path, stay(last_day, "dropped_out"))
    assert only_value(rows(warehouse, "retained_at")) == is_retained
    assert only_value(rows(warehouse, "crude_retention")) == is_retained


def test_a_completion_or_step_down_before_the_day_is_retained_and_a_lateral_transfer_is_not(tmp_path):
    warehouse = clinic(
        tmp_path,
        stay(20, "completed"),
        stay(20, "transferred", "OP"),
        stay(20, "transferred", "IOP"),
        stay(20, "died"),
    )
    assert only_value(rows(warehouse, "retained_at")) == pytest.approx(2 / 4)
    assert by_category(rows(warehouse, "retention_at"))["other exit"] == pytest.approx(2 / 4)


def test_somebody_not_followed_for_30_days_is_censored_and_not_in_the_crude_rate(tmp_path):
    # One dropped out on day 10. One began 12 days before the analysis cut-off and still comes.
    recent = ANALYSIS_CUT - timedelta(days=12)
    warehouse = clinic(tmp_path, stay(10, "dropped_out"), stay(35, admission_date=recent))
    row = rows(warehouse, "retained_at").iloc[0]
    # On day 10 both are at risk: 1 − 1/2. On day 30 nobody is followed any more: no estimate.
    assert row["method"].startswith("not estimable")
    assert row["missing_n"] == 1
    crude = rows(warehouse, "crude_retention").iloc[0]
    assert (crude["numerator"], crude["denominator"]) == (0, 1)


def test_censoring_on_a_day_comes_after_the_exits_of_that_day(tmp_path):
    # Day 12: one dropout, one censored; a third is in care to day 60. S(12) = 1 − 1/3.
    recent = ANALYSIS_CUT - timedelta(days=12)
    warehouse = clinic(tmp_path, stay(12, "dropped_out"), stay(35, admission_date=recent), stay(60, "dropped_out"))
    assert only_value(rows(warehouse, "retained_at")) == pytest.approx(2 / 3)


def test_each_day_is_a_choice_and_other_days_are_refused(tmp_path):
    warehouse = clinic(tmp_path, stay(40, "dropped_out"), stay(100, "dropped_out"))
    assert [only_value(rows(warehouse, "retained_at", day=day)) for day in (30, 60, 90)] == [1, 0.5, 0.5]
    with pytest.raises(catalog.MeasureError, match="30, 60, 90"):
        rows(warehouse, "retained_at", day=45)


def test_groups_are_compared_each_with_its_own_people(tmp_path):
    warehouse = clinic(
        tmp_path, stay(10, "dropped_out"), stay(40, "dropped_out"), stay(40, "completed", track="evening")
    )
    frame = rows(warehouse, "retained_at", by="track")
    assert dict(zip(frame["group_name"], frame["value"], strict=True)) == {"day": 0.5, "evening": 1.0}


def test_the_exit_curve_has_every_day_and_always_sums_to_one(tmp_path):
    warehouse = clinic(tmp_path, stay(3, "dropped_out"), stay(200, "completed"))
    frame = rows(warehouse, "exit_curve")
    assert sorted(frame["step"].unique()) == list(range(181))
    assert frame.groupby("step")["value"].sum().tolist() == pytest.approx([1.0] * 181)
    dropout = frame[frame["category"] == "dropped out or terminated"].set_index("step")["value"]
    assert (dropout[2], dropout[3], dropout[180]) == (0, 0.5, 0.5)


def test_the_exit_curve_ends_with_the_longest_follow_up(tmp_path):
    recent = ANALYSIS_CUT - timedelta(days=40)
    frame = rows(clinic(tmp_path, stay(60, admission_date=recent)), "exit_curve")
    assert frame["step"].max() == 40


def test_incidence_of_a_cause_counts_the_other_exits_as_competing(tmp_path):
    warehouse = clinic(
        tmp_path, stay(5, "completed"), stay(40, "dropped_out"), stay(70, "dropped_out"), stay(80, "died")
    )
    frame = rows(warehouse, "cumulative_incidence")
    dropout = frame[frame["category"] == "dropped out or terminated"].set_index("step")["value"].to_dict()
    assert dropout == pytest.approx({30: 0, 60: 1 / 4, 90: 2 / 4})


def test_the_median_day_of_dropout_is_over_all_who_started(tmp_path):
    # Two of four dropped out by day 40; among dropouts alone the median would be day 25.
    warehouse = clinic(
        tmp_path, stay(10, "dropped_out"), stay(40, "dropped_out"), stay(50, "completed"), stay(60, "completed")
    )
    # Day 40 is the first on which one half have dropped out.
    row = rows(warehouse, "median_days_to_dropout").iloc[0]
    assert (row["value"], row["missing_n"]) == (40, 0)


def test_a_median_that_fewer_than_half_reach_is_empty(tmp_path):
    warehouse = clinic(tmp_path, stay(10, "dropped_out"), stay(50, "completed"), stay(60, "completed"))
    row = rows(warehouse, "median_days_to_dropout").iloc[0]
    assert row["method"] == "not reached"
    assert row.isna()["value"]


def test_mean_days_in_care_need_10_people_at_risk_on_day_90(tmp_path):
    # Five leave on day 30, ten on day 100: (5·30 + 10·90)/15 = 70.
    leaves_early, stays = [stay(30, "dropped_out")] * 5, [stay(100, "completed")] * 10
    (tmp_path / "ten").mkdir()
    (tmp_path / "nine").mkdir()
    ten = rows(clinic(tmp_path / "ten", *leaves_early, *stays), "restricted_mean_days").iloc[0]
    assert ten["value"] == pytest.approx(70)
    assert (ten["denominator"], ten["missing_n"]) == (15, 0)
    nine = rows(clinic(tmp_path / "nine", *leaves_early, *stays[:9]), "restricted_mean_days").iloc[0]
    assert nine.isna()["value"]
    assert nine["method"] == "not estimable: fewer than 10 at risk at day 90; estimable to day 30"


def test_a_shorter_horizon_counts_those_not_followed_until_it_as_missing(tmp_path):
    # One leaves on day 10, one is followed for 20 days, ten stay beyond day 30.
    recent = ANALYSIS_CUT - timedelta(days=20)
    stays = [stay(10, "dropped_out"), stay(45, admission_date=recent), *[stay(100, "completed")] * 10]
    row = rows(clinic(tmp_path, *stays), "restricted_mean_days", tau=30).iloc[0]
    # S falls to 11/12 on day 10 and stays there: 10 + 20·11/12.
    assert row["value"] == pytest.approx(10 + 20 * 11 / 12)
    assert (row["denominator"], row["missing_n"]) == (12, 1)


def test_the_days_lost_by_exit_and_the_mean_in_care_fill_the_horizon(tmp_path):
    # Of fifteen, three drop out on day 10, two complete on day 20 and ten stay beyond day 30.
    stays = [stay(10, "dropped_out")] * 3 + [stay(20, "completed")] * 2 + [stay(100, "completed")] * 10
    warehouse = clinic(tmp_path, *stays)
    lost = rows(warehouse, "days_lost", tau=30).set_index("category")
    assert lost["value"].to_dict() == pytest.approx(
        {"completed or stepped down": 2 * 10 / 15, "dropped out or terminated": 3 * 20 / 15, "other exit": 0}
    )
    assert (set(lost["denominator"]), set(lost["missing_n"])) == ({15}, {0})
    assert only_value(rows(warehouse, "restricted_mean_days", tau=30)) == pytest.approx(30 - lost["value"].sum())


def test_an_exit_without_a_reason_is_not_retained_and_said_to_be_missing(tmp_path):
    warehouse = clinic(tmp_path, stay(10, "unknown"), stay(40, "unknown"), stay(40, "completed"))
    row = rows(warehouse, "crude_retention").iloc[0]
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (2, 3, 1)


def test_the_retention_curve_falls_at_every_exit(tmp_path):
    warehouse = clinic(tmp_path, stay(10, "dropped_out"), stay(20, "completed"))
    frame = rows(warehouse, "retention_curve")
    curve = frame[frame["statistic"] == "survival"]
    # Day 15 is there to count those at risk.
    assert dict(zip(curve["step"], curve["value"], strict=True)) == {0: 1.0, 10: 0.5, 15: 0.5, 20: 0.0}
    assert dict(zip(curve["step"], curve["denominator"], strict=True)) == {0: 2, 10: 2, 15: 1, 20: 1}


def test_the_plain_interval_is_symmetric_and_cut_at_0_and_1(tmp_path):
    warehouse = clinic(tmp_path, *[stay(10, "dropped_out")] * 2, *[stay(20, "completed")] * 8)
    rows_of = {kind: rows(warehouse, "retention_curve", interval=kind) for kind in ("plain", "log-log")}
    plain = rows_of["plain"].query("statistic == 'survival'").set_index("step")
    # S(10) = 8/10 with the standard error √(0.8·0.2/10) = 0.1265.
    assert plain.at[10, "lower"] == pytest.approx(0.8 - 1.959964 * 0.126491, abs=1e-6)
    assert plain.at[10, "upper"] == 1
    assert set(plain["method"]) == {"Kaplan–Meier, plain 95 %"}
    assert rows_of["log-log"].query("step == 10")["upper"].iloc[0] < 1


def test_a_median_of_a_curve_that_stays_at_one_half_is_the_middle_of_that_time(tmp_path):
    row = rows(clinic(tmp_path, stay(10, "dropped_out"), stay(24, "completed")), "retention_curve").iloc[-1]
    # Half are left from day 10 to day 24.
    assert (row["statistic"], row["value"]) == ("median", 17)
