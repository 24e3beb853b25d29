"""CMS depression remission on clinics of a few people, with the dates in sight.

Day 0 is 2026-01-05, so the window a year later is 2026-11-06 to 2027-03-06: days 305 to 425. It has ended by the
analysis cut-off of 2027-03-31.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries import catalog
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_outcomes import by_statistic, rows

NAME = "depression_remission_at_twelve_months"


def clinic(folder: Path, *people: dict[int, float], episodes=None, data_cut=date(2027, 4, 30)) -> Warehouse:
    """One episode a person, completed on day 42, with PHQ-9 scores by day."""
    stays, sessions, assessments = [], [], []
    for number, scores in enumerate(people, start=1):
        key = f"e{number}"
        end = {"discharge_day": 42, "discharge_reason": "completed"} | (episodes or {}).get(number, {})
        stays.append({"episode_id": key, "patient_id": f"p{number}", **end})
        sessions += [{"episode_id": key, "day": day} for day in (0, 42)]
        assessments += [{"episode_id": key, "day": day, "score": score} for day, score in scores.items()]
    return tiny_clinic(folder, episodes=stays, sessions=sessions, assessments=assessments, data_cut=data_cut)


def test_the_last_score_of_the_window_decides_and_none_is_not_met(tmp_path):
    # Met: 4 on day 305. Not met: 4, then 5, on the last days of the window; 12; nothing in the window (days 304, 426).
    # An index of 9 is not above 9.
    warehouse = clinic(
        tmp_path,
        {0: 15, 305: 4},
        {0: 15, 400: 4, 425: 5},
        {0: 10, 365: 12},
        {0: 20, 304: 2, 426: 2},
        {0: 9, 365: 2},
    )
    frame = rows(warehouse, "depression_remission_at_twelve_months")
    assert by_statistic(frame) == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 1 / 4,
            "complete_case": 1 / 3,
            "lower_bound": 1 / 4,
            "upper_bound": 2 / 4,
        }
    )
    assert set(frame["missing_n"]) == {1}


def test_few_followed_up_leave_the_rate_as_cms_counts_it_in_the_lower_bound(tmp_path):
    frame = rows(clinic(tmp_path, {0: 15, 365: 4}, {0: 15}, {0: 15}), NAME).set_index("statistic")
    assert frame.loc[["missing_is_worst", "complete_case"], "value"].isna().all()
    assert frame.loc["lower_bound", "value"] == pytest.approx(1 / 3)


def test_the_index_is_the_first_score_above_nine_of_a_person(tmp_path):
    # 8 on day 0 and 14 on day 14: the window is days 319 to 439, whose last score is the 4 of day 430. It ends on
    # 2027-03-20.
    warehouse = clinic(tmp_path, {0: 8, 14: 14, 310: 20, 430: 4})
    assert by_statistic(rows(warehouse, NAME))["missing_is_worst"] == 1


def test_a_window_that_is_still_open_is_not_counted(tmp_path):
    # The window ends on 2027-03-06; the analysis cut-off is a day before it, and then on it.
    people = ({0: 15, 365: 4},)
    assert rows(clinic(tmp_path / "open", *people, data_cut=date(2027, 4, 4)), NAME).empty
    assert len(rows(clinic(tmp_path / "closed", *people, data_cut=date(2027, 4, 5)), NAME)) == 5


@pytest.mark.parametrize("code", ["F31.81", "F20.9", "F25.0", "F60.3", "F84.0"])
def test_the_excluded_diagnoses_leave_the_denominator(tmp_path, code):
    excluded = {2: {"primary_diagnosis": code}}
    warehouse = clinic(tmp_path, {0: 15, 365: 4}, {0: 15, 365: 12}, episodes=excluded)
    assert set(by_statistic(rows(warehouse, NAME), "denominator").values()) == {1}


def test_death_by_the_end_of_the_window_leaves_the_denominator_and_depression_does_not(tmp_path):
    others = {1: {"primary_diagnosis": "F33.1"}, 2: {"discharge_reason": "died"}}
    warehouse = clinic(tmp_path, {0: 15, 365: 4}, {0: 15}, episodes=others)
    assert set(by_statistic(rows(warehouse, NAME), "denominator").values()) == {1}


def test_a_score_of_a_later_episode_of_the_person_counts(tmp_path):
    # The second episode begins on day 350 with a score of 3; it has no index score of its own.
    later = {2: {"patient_id": "p1", "day": 350, "discharge_day": 30}}
    episodes = [
        {"episode_id": "e1", "patient_id": "p1", "discharge_day": 42, "discharge_reason": "completed"},
        {"episode_id": "e2", "discharge_reason": "completed", **later[2]},
    ]
    sessions = [{"episode_id": key, "day": day} for key in ("e1", "e2") for day in (0, 30)]
    assessments = [{"episode_id": "e1", "day": 0, "score": 15}, {"episode_id": "e2", "day": 0, "score": 3}]
    warehouse = tiny_clinic(
        tmp_path, episodes=episodes, sessions=sessions, assessments=assessments, data_cut=date(2027, 4, 30)
    )
    frame = rows(warehouse, NAME)
    assert by_statistic(frame)["missing_is_worst"] == 1
    assert set(frame["denominator"]) == {1}


def test_it_says_that_it_is_no_cms_or_hedis_rate_and_one_patient_is_never_shown(tmp_path):
    assert "not a CMS or HEDIS rate" in catalog.measure(NAME).warning
    assert rows(clinic(tmp_path / "nobody"), NAME).empty
    assert catalog.ask(clinic(tmp_path / "one", {0: 15, 365: 4}), NAME).frame["is_suppressed"].all()
