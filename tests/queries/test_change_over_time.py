"""When change comes, how large it is, and whether dose goes with it, on clinics of a few rows.

Scores are PHQ-9 by day, ``{0: 15, 14: 9}``; its reliable change is 6 points. Day 0 is long before the cut-offs.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries import catalog
from queries.statistics.effect_sizes import standardised_mean_change
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_outcomes import clinic as weekly_clinic
from tests.queries.test_outcomes import rows


def clinic(folder: Path, *people: dict, instrument="PHQ-9", **tables) -> Warehouse:
    """One episode a person: ``scores`` by day, ``last`` day (default 42), ``hours`` of each weekly session (3)."""
    episodes, sessions, assessments = [], [], []
    for number, person in enumerate(people, start=1):
        key, last = f"e{number}", person.get("last", 42)
        end = {"discharge_day": last, "discharge_reason": "completed"} if person.get("ends", True) else {}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **end})
        sessions += [
            {"episode_id": key, "day": day, "hours": person.get("hours", 3)}
            for day in sorted({*range(0, last, 7), last})
        ]
        assessments += [
            {"episode_id": key, "day": day, "score": score, "instrument": instrument}
            for day, score in person["scores"].items()
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, assessments=assessments, **tables)


def incidence(frame: pd.DataFrame) -> dict[tuple[int, str], float]:
    curve = frame[frame["statistic"] == "cumulative_incidence"]
    return dict(zip(zip(curve["step"], curve["category"], strict=True), curve["value"], strict=True))


FIVE = [
    {"scores": {0: 15, 14: 9}},  # improved on day 14
    {"scores": {0: 20, 14: 15, 28: 14}},  # by 5, then by 6: improved on day 28
    {"scores": {0: 12, 14: 12}, "last": 20},  # left on day 20 without it
    {"scores": {0: 16, 30: 16}, "last": 42},  # left on day 42 without it
    {"scores": {0: 18, 14: 17, 56: 12}, "last": 70},  # improved on day 56
]


def test_leaving_competes_with_improving(tmp_path):
    frame = rows(clinic(tmp_path, *FIVE), "time_to_reliable_improvement")
    found = incidence(frame)
    assert found[14, "reliably improved"] == pytest.approx(1 / 5)
    assert found[28, "reliably improved"] == pytest.approx(2 / 5)
    assert found[28, "left without improvement"] == pytest.approx(1 / 5)
    assert found[56, "reliably improved"] == pytest.approx(3 / 5)
    assert found[56, "left without improvement"] == pytest.approx(2 / 5)
    # Half have improved on day 56.
    median = frame[frame["statistic"] == "median"].iloc[0]
    assert (median["value"], median["denominator"], median["missing_n"]) == (56, 5, 0)


def test_while_in_care_those_who_left_are_taken_out_of_the_count(tmp_path):
    frame = rows(clinic(tmp_path, *FIVE), "time_to_improvement_in_care")
    curve = frame[frame["statistic"] == "survival"].set_index("step")
    # 5 at risk on day 14; 3 on day 28, as one left on day 20; 1 on day 56.
    assert curve.loc[14, "value"] == pytest.approx(4 / 5)
    assert curve.loc[28, "value"] == pytest.approx(4 / 5 * 2 / 3)
    assert curve.loc[56, "value"] == 0
    assert curve.loc[[14, 28, 56], "denominator"].tolist() == [5, 3, 1]


def test_who_is_in_care_without_improvement_is_censored(tmp_path):
    # Day 0 is 2026-01-05, the analysis cut-off 2026-02-09: day 35. One still comes on day 36.
    open_stay = {"scores": {0: 15, 14: 14}, "last": 36, "ends": False}
    warehouse = clinic(tmp_path, {"scores": {0: 15, 7: 9}, "last": 21}, open_stay, data_cut=date(2026, 3, 11))
    frame = rows(warehouse, "time_to_reliable_improvement")
    assert incidence(frame)[14, "reliably improved"] == pytest.approx(1 / 2)
    assert incidence(frame)[28, "in care, not yet improved"] == pytest.approx(1 / 2)
    assert frame.loc[frame["statistic"] == "median", "missing_n"].tolist() == [1]


def test_a_better_score_just_after_the_exit_counts_on_the_day_of_the_exit(tmp_path):
    # Discharge on day 20; the discharge score of day 24 is 8 points better. One on day 40 comes too late.
    warehouse = clinic(tmp_path, {"scores": {0: 15, 24: 7}, "last": 20}, {"scores": {0: 15, 40: 7}, "last": 20})
    curve = rows(warehouse, "time_to_improvement_in_care").set_index("step")
    assert curve.loc[20, "numerator"] == 1


def test_a_rise_of_well_being_is_an_improvement(tmp_path):
    # WHO-5: 10 points more.
    people = [{"scores": {0: 40, 14: 50}}, {"scores": {0: 40, 14: 30}}]
    frame = rows(clinic(tmp_path, *people, instrument="WHO-5"), "time_to_reliable_improvement", instrument="WHO-5")
    assert incidence(frame)[14, "reliably improved"] == pytest.approx(1 / 2)


def test_the_size_of_the_change_is_in_standard_deviations_of_the_first_scores(tmp_path):
    # Falls of 6, 6, 0 and 2: mean 3.5. The fifth was due and has no second score.
    warehouse = weekly_clinic(tmp_path, [15, 9], [20, 14], [12, 12], [9, 7], [14])
    row = rows(warehouse, "effect_size").iloc[0]
    first, latest = [15, 20, 12, 9], [9, 14, 12, 7]
    size, variance = standardised_mean_change(
        np.array([4.0]),
        np.array([3.5]),
        np.array([np.std(first, ddof=1)]),
        np.array([np.corrcoef(first, latest)[0, 1]]),
    )
    assert row["value"] == pytest.approx(size[0])
    assert row["lower"] == pytest.approx(size[0] - 1.959964 * variance[0] ** 0.5)
    assert (row["denominator"], row["missing_n"]) == (4, 1)
    # Without the small-sample correction, which for 3 degrees of freedom is about 1 − 3/11.
    assert row["value"] == pytest.approx(3.5 / np.std(first, ddof=1) * (1 - 3 / 11), rel=0.01)


def test_more_well_being_is_a_positive_size(tmp_path):
    # Rises of 20, 10 and 15; first scores have a standard deviation of 10; c(2) = Γ(1)/Γ(1/2) = 1/√π.
    warehouse = weekly_clinic(tmp_path, [40, 60], [50, 60], [30, 45], instrument="WHO-5")
    value = rows(warehouse, "effect_size", instrument="WHO-5")["value"].iloc[0]
    assert value == pytest.approx(15 / 10 / np.pi**0.5)


def test_dose_and_later_change_are_counted_from_week_four_on(tmp_path):
    # Weekly sessions on days 0, 7, 14 and 21: of 3 hours they are 12 hours, of 6 they are 24, of 9 they are 36.
    # Week 4 is days 21 to 27: the last score there is 14, and what fell before it does not count.
    warehouse = clinic(
        tmp_path,
        {"hours": 3, "scores": {0: 25, 21: 15, 27: 14, 40: 12}},  # −2
        {"hours": 3, "scores": {0: 14, 24: 10, 35: 8, 42: 4}},  # −6
        {"hours": 6, "scores": {0: 14, 24: 10, 42: 7}},  # −3
        {"hours": 9, "scores": {0: 14, 24: 10, 42: 5}},  # −5
    )
    frame = rows(warehouse, "change_after_week_four").set_index("category")
    assert frame["value"].to_dict() == {"under 24 hours": -4, "24 to under 36 hours": -3, "36 hours or more": -5}
    assert frame["denominator"].tolist() == [2, 1, 1]


def test_who_left_by_day_28_is_in_no_band_and_who_was_not_scored_is_missing(tmp_path):
    warehouse = clinic(
        tmp_path,
        {"scores": {0: 14, 24: 10, 42: 7}},
        {"scores": {0: 14, 24: 10}, "last": 28},
        {"scores": {0: 14, 42: 7}},
        {"scores": {0: 14, 24: 10}},
    )
    row = rows(warehouse, "change_after_week_four").iloc[0]
    assert (row["value"], row["denominator"], row["missing_n"]) == (-3, 1, 2)


def test_a_local_threshold_is_frozen_labelled_and_beside_the_published_one(tmp_path):
    # 50 first scores of 10 and 50 of 20: SD = √(100·25/99). Times 1.96·√(2·0.16) it is 5.57 points: falls of 6 and 5.5
    # are more and less. Nobody else has a second score.
    people = [[10] for _ in range(50)] + [[20, 14], [20, 14.5], *([20] for _ in range(48))]
    warehouse = weekly_clinic(tmp_path, *people)
    sd = (100 * 25 / 99) ** 0.5
    assert 1.96 * sd * (2 * 0.16) ** 0.5 == pytest.approx(5.57, abs=0.005)
    frame = rows(warehouse, "reliable_improvement_local", frozen_on="2026-01-05").set_index("statistic")
    assert set(frame["category"]) == {"more than 5.57 points, frozen on 2026-01-05"}
    assert frame.loc["lower_bound", "value"] == pytest.approx(1 / 100)
    assert frame.loc["upper_bound", "missing_n"] == 98
    early = rows(warehouse, "reliable_improvement_local", frozen_on="2026-01-04")
    assert set(early["method"]) == {"not defined: fewer than 100 first scores up to 2026-01-04"}
    assert early["value"].isna().all()


NAMES = [
    "time_to_reliable_improvement",
    "time_to_improvement_in_care",
    "effect_size",
    "change_after_week_four",
    "reliable_improvement_local",
]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gives_no_rows_and_one_patient_is_never_shown(tmp_path, name):
    assert rows(clinic(tmp_path / "nobody"), name).empty
    warehouse = clinic(tmp_path / "one", {"scores": {0: 15, 24: 10, 42: 4}})
    assert not rows(warehouse, name).empty
    shown = catalog.ask(warehouse, name).frame
    assert shown["is_suppressed"].all()
    assert shown[["value", "numerator", "denominator"]].isna().all(axis=None)
