"""Outcomes of instruments on clinics of a few episodes, with the arithmetic in sight.

Every episode is attended on day 0 and day 42, where it is completed, long before the cut-offs. A chain of scores is
written as ``[15, 9]``: the first on day 0, the next on days 7, 14, … Reliable change of the PHQ-9 is 6 points, its
clinical cut-off 10, remission below 5.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import t

from queries import catalog
from queries.filters import select
from queries.statistics.proportions import wilson
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

BOUND_MEASURES = ["reliable_improvement", "reliable_deterioration", "recovery", "reliable_recovery", "response"]


def clinic(folder: Path, *chains: list[float], instrument="PHQ-9", episodes=None, **columns) -> Warehouse:
    """One completed episode for each chain of scores."""
    stays, sessions, assessments = [], [], []
    for number, scores in enumerate(chains, start=1):
        key = f"e{number}"
        own = (episodes or {}).get(number, {"discharge_day": 42, "discharge_reason": "completed"})
        stays.append({"episode_id": key, "patient_id": f"p{number}", **own})
        sessions += [{"episode_id": key, "day": day} for day in (0, 42)]
        for place, score in enumerate(scores):
            timepoint = "week" if place else "intake"
            row = {"episode_id": key, "day": 7 * place, "score": score, "timepoint": timepoint}
            assessments.append(row | {"instrument": instrument, **columns})
    return tiny_clinic(folder, episodes=stays, sessions=sessions, assessments=assessments)


def rows(warehouse: Warehouse, name: str, *, by=None, **parameters) -> pd.DataFrame:
    chosen = select({}, by=by)
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), chosen, parameters).frame


def by_statistic(frame: pd.DataFrame, column: str = "value") -> dict[str, float]:
    return dict(zip(frame["statistic"], frame[column], strict=True))


def by_category(frame: pd.DataFrame, column: str = "value") -> dict[str, float]:
    return dict(zip(frame["category"], frame[column], strict=True))


def test_change_is_the_latest_score_less_the_first_with_a_t_interval(tmp_path):
    # 15 → 9 is −6, 20 → 14 → 10 is −10, 12 → 12 is 0; the fourth was due and has none.
    warehouse = clinic(tmp_path, [15, 9], [20, 14, 10], [12, 12], [8])
    row = rows(warehouse, "paired_change").iloc[0]
    mean = (-6 - 10 + 0) / 3
    variance = ((-6 - mean) ** 2 + (-10 - mean) ** 2 + (0 - mean) ** 2) / 2
    half = t.ppf(0.975, 2) * (variance / 3) ** 0.5
    assert row["value"] == pytest.approx(mean)
    assert (row["lower"], row["upper"]) == pytest.approx((mean - half, mean + half))
    assert (row["denominator"], row["missing_n"]) == (3, 1)


def test_change_of_a_scale_where_more_is_better_keeps_its_sign(tmp_path):
    warehouse = clinic(tmp_path, [40, 60], [50, 60], instrument="WHO-5")
    assert rows(warehouse, "paired_change", instrument="WHO-5")["value"].iloc[0] == pytest.approx(15)


def test_two_versions_of_an_instrument_are_never_averaged(tmp_path):
    episodes = [{"episode_id": f"e{n}", "discharge_day": 42, "discharge_reason": "completed"} for n in (1, 2)]
    sessions = [{"episode_id": f"e{n}", "day": day} for n in (1, 2) for day in (0, 42)]
    shared = {"instrument": "BAM-Use"}
    assessments = [
        {"episode_id": "e1", "day": 0, "score": 10, "instrument_version": "classic", "timepoint": "intake", **shared},
        {"episode_id": "e1", "day": 30, "score": 4, "instrument_version": "classic", **shared},
        {"episode_id": "e2", "day": 0, "score": 60, "instrument_version": "BAM-R", "timepoint": "intake", **shared},
        {"episode_id": "e2", "day": 30, "score": 20, "instrument_version": "BAM-R", **shared},
    ]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions, assessments=assessments)
    assert by_category(rows(warehouse, "paired_change", instrument="BAM-Use")) == {"classic": -6, "BAM-R": -40}


def test_one_patient_has_a_change_but_no_interval(tmp_path):
    row = rows(clinic(tmp_path, [15, 9]), "paired_change").iloc[0]
    assert row["value"] == -6
    assert pd.isna(row["lower"])
    assert pd.isna(row["upper"])


def test_weekly_means_use_the_last_score_of_the_week_and_count_who_was_not_scored(tmp_path):
    # Baselines 15 and 20. Week 2 (days 7–13): 12 and 16. Week 3 (days 14–20): 9 for the first only.
    frame = rows(clinic(tmp_path, [15, 12, 9], [20, 16]), "score_by_week")
    assert dict(zip(frame["step"], frame["value"], strict=True)) == {0: 17.5, 2: 14, 3: 9}
    assert list(frame["denominator"]) == [2, 2, 1]
    assert list(frame["missing_n"]) == [0, 0, 1]


def test_a_score_after_the_exit_is_no_week_of_care(tmp_path):
    left = {2: {"discharge_day": 42, "discharge_reason": "completed"}}
    warehouse = clinic(tmp_path, [15, 12, 12, 12, 12, 12, 12, 30], episodes=left)  # the 30 is on day 49
    frame = rows(warehouse, "score_by_week")
    assert list(frame["step"]) == [0, 2, 3, 4, 5, 6, 7]
    assert max(frame["value"]) == 15


def test_each_occasion_of_the_bands_sums_to_all_due(tmp_path):
    # Baseline: 22 severe, 16 moderately severe, 12 moderate, 12 moderate. Latest: 16, 4 minimal, 12, none.
    frame = rows(clinic(tmp_path, [22, 16], [16, 4], [12, 12], [12]), "severity_bands")
    baseline, latest = (frame[frame["statistic"] == name] for name in ("baseline", "latest"))
    assert list(baseline["numerator"]) == [0, 0, 2, 1, 1]
    assert list(latest["numerator"]) == [1, 0, 1, 1, 0, 1]
    assert latest["category"].iloc[-1] == "not followed up"
    assert set(frame["denominator"]) == {4}
    assert (set(baseline["missing_n"]), set(latest["missing_n"])) == ({0}, {1})
    assert baseline["value"].sum() == latest["value"].sum() == 1


def test_improvement_counts_missing_as_not_improved_beside_complete_case_and_bounds(tmp_path):
    # Improved by at least 6: 15 → 9 (exactly 6) and 20 → 10. By 5 only: 12 → 7. Two of five have no second score.
    frame = rows(clinic(tmp_path, [15, 9], [20, 10], [12, 7], [14], [9]), "reliable_improvement")
    assert by_statistic(frame) == pytest.approx(
        {
            "follow_up": 3 / 5,
            "missing_is_worst": 2 / 5,
            "complete_case": 2 / 3,
            "lower_bound": 2 / 5,
            "upper_bound": 4 / 5,
        }
    )
    assert frame["statistic"].iloc[0] == "follow_up"
    assert by_statistic(frame, "denominator") == {
        "follow_up": 5,
        "missing_is_worst": 5,
        "complete_case": 3,
        "lower_bound": 5,
        "upper_bound": 5,
    }
    assert set(frame["missing_n"]) == {2}
    primary = frame.iloc[1]
    assert (primary["lower"], primary["upper"]) == pytest.approx(tuple(map(float, wilson(2, 5))))


def test_deterioration_counts_missing_as_deteriorated_and_shows_the_plain_reading(tmp_path):
    # Worse by at least 6: 8 → 14. By 5 only: 8 → 13. One of four has no second score.
    frame = rows(clinic(tmp_path, [8, 14], [8, 13], [15, 9], [14]), "reliable_deterioration")
    assert by_statistic(frame) == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 2 / 4,
            "complete_case": 1 / 3,
            "lower_bound": 1 / 4,
            "upper_bound": 2 / 4,
        }
    )


def test_recovery_is_asked_only_of_those_who_began_as_a_case(tmp_path):
    # Cases at baseline (10 or more): 15, 10, 20, 12. No longer: 15 → 9, 10 → 9. The 8 → 2 was never a case.
    warehouse = clinic(tmp_path, [15, 9], [10, 9], [20, 10], [12], [8, 2])
    recovery = by_statistic(rows(warehouse, "recovery"))
    assert recovery == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 2 / 4,
            "complete_case": 2 / 3,
            "lower_bound": 2 / 4,
            "upper_bound": 3 / 4,
        }
    )
    # Of the two, only 15 → 9 changed by 6 points.
    assert by_statistic(rows(warehouse, "reliable_recovery"))["complete_case"] == pytest.approx(1 / 3)


def test_response_is_half_and_remission_is_below_five(tmp_path):
    # Half of the first score or less: 20 → 10, 10 → 4. Below 5: 10 → 4. Neither: 12 → 7. Not a case: 8 → 1.
    warehouse = clinic(tmp_path, [20, 10], [10, 4], [12, 7], [8, 1])
    assert by_statistic(rows(warehouse, "response"))["missing_is_worst"] == pytest.approx(2 / 3)
    assert by_statistic(rows(warehouse, "remission"))["missing_is_worst"] == pytest.approx(1 / 3)


def test_response_of_a_scale_where_more_is_better_is_a_rise_by_half(tmp_path):
    # WHO-5, a case at 50 or below: 40 → 60 is a rise by half, 40 → 56 is not.
    warehouse = clinic(tmp_path, [40, 60], [40, 56], instrument="WHO-5")
    assert by_statistic(rows(warehouse, "response", instrument="WHO-5"))["missing_is_worst"] == pytest.approx(1 / 2)


def test_below_sixty_percent_follow_up_there_are_only_bounds(tmp_path):
    # One of two followed up: 50 %.
    frame = rows(clinic(tmp_path, [15, 9], [14]), "reliable_improvement").set_index("statistic")
    assert frame.loc[["missing_is_worst", "complete_case"], "value"].isna().all()
    assert "only bounds: fewer than 60% followed up" in set(frame["method"])
    assert list(frame.loc[["lower_bound", "upper_bound"], "value"]) == [0.5, 1.0]


def test_follow_up_is_paired_over_due_also_by_exit(tmp_path):
    gone = {"discharge_day": 42, "discharge_reason": "dropped_out"}
    warehouse = clinic(tmp_path, [15, 9], [20, 10], [12], [14], [11, 9], episodes={3: gone, 4: gone, 5: gone})
    row = rows(warehouse, "follow_up_rate").iloc[0]
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 5, pytest.approx(3 / 5))
    split = rows(warehouse, "follow_up_rate", split="exit_class")
    assert by_category(split) == pytest.approx({"completed": 2 / 2, "dropped out": 1 / 3})


def test_the_classes_of_change_sum_to_everybody_due(tmp_path):
    # Recovered 15 → 9; improved 25 → 15; unchanged 12 → 9 (3 points, although below 10); deteriorated 8 → 14.
    frame = rows(clinic(tmp_path, [15, 9], [25, 15], [12, 9], [8, 14], [20]), "change_classes")
    classes = ["recovered", "improved", "unchanged", "deteriorated", "not followed up"]
    assert list(frame["category"]) == classes
    assert list(frame["numerator"]) == [1, 1, 1, 1, 1]
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({5}, {1})
    assert frame["value"].sum() == pytest.approx(1)


@pytest.mark.parametrize("name", ["reliable_improvement", "reliable_deterioration", "reliable_recovery"])
def test_without_a_published_reliable_change_no_number_is_invented(tmp_path, name):
    frame = rows(clinic(tmp_path, [8, 2], [9, 1], instrument="BAM-Use"), name, instrument="BAM-Use")
    assert len(frame) == 5
    assert frame["value"].isna().all()
    assert frame["method"].str.startswith("not defined: ").all()


def test_without_a_published_reliable_change_there_are_no_classes(tmp_path):
    frame = rows(clinic(tmp_path, [8, 2], instrument="BAM-Use"), "change_classes", instrument="BAM-Use")
    assert len(frame) == 1
    assert pd.isna(frame["value"].iloc[0])
    assert frame["method"].iloc[0] == "not defined: no reliable change is published for BAM-Use"


def test_remission_is_defined_for_the_phq_9_only(tmp_path):
    frame = rows(clinic(tmp_path, [15, 4], instrument="GAD-7"), "remission", instrument="GAD-7")
    assert frame["value"].isna().all()
    assert set(frame["method"]) == {"not defined: no remission score is published for GAD-7"}


def test_groups_are_counted_apart(tmp_path):
    base = {"discharge_day": 42, "discharge_reason": "completed"}
    sites = {1: base | {"site": "North"}, 2: base | {"site": "South"}, 3: base | {"site": "South"}}
    frame = rows(clinic(tmp_path, [15, 9], [15, 14], [15, 5], episodes=sites), "reliable_improvement", by="site")
    first = frame[frame["statistic"] == "missing_is_worst"]
    assert dict(zip(first["group_name"], first["value"], strict=True)) == {"North": 1.0, "South": 0.5}


OTHERS = ["paired_change", "score_by_week", "severity_bands", "follow_up_rate", "change_classes", "remission"]


@pytest.mark.parametrize("name", BOUND_MEASURES + OTHERS)
def test_nobody_with_a_score_gives_no_rows(tmp_path, name):
    assert rows(clinic(tmp_path, []), name).empty


@pytest.mark.parametrize("name", BOUND_MEASURES + OTHERS)
def test_one_patient_is_answered_exactly_and_never_shown(tmp_path, name):
    warehouse = clinic(tmp_path, [15, 4])
    assert not rows(warehouse, name).empty
    shown = catalog.ask(warehouse, name).frame
    assert shown[["value", "lower", "upper", "numerator", "denominator"]].isna().all(axis=None)
    assert shown["is_suppressed"].all()
