"""Persistent attainment, dose against plan, services a day and modality on clinics of a few rows."""

from __future__ import annotations

import pytest

from tests.clinic import tiny_clinic
from tests.queries.in_care import clinic as stays_clinic
from tests.queries.in_care import stay
from tests.queries.stays import by, clinic, only, rows

WEEK_ON, WEEK_OFF = [3, 3, 3], [3]


def test_an_episode_is_persistent_with_three_of_four_weeks_on_target(tmp_path):
    # Weeks on target of those eligible: 3/4, 2/4, 2/2, 1/2; one week alone is no pattern.
    warehouse = clinic(
        tmp_path,
        [WEEK_ON, WEEK_ON, WEEK_ON, WEEK_OFF],
        [WEEK_ON, WEEK_ON, WEEK_OFF, []],
        [WEEK_ON, WEEK_ON],
        [WEEK_OFF, WEEK_ON],
        [WEEK_ON],
        sessions=[{"episode_id": "e4", "day": 3, "scheduled_hours": 6}],
    )
    row = only(rows(warehouse, "persistent_attainment"))
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 2 / 4)
    # The fourth has a session without times, which counts 0 hours.
    assert row["missing_n"] == 1
    # Half of the weeks is enough for all four.
    assert only(rows(warehouse, "persistent_attainment", share_of_weeks=0.5))["numerator"] == 4


def test_persistent_attainment_of_one_person_has_the_wilson_interval_of_one(tmp_path):
    # 1 of 1: the lower limit is 1 / (1 + 1.96²) = 0.2065.
    row = only(rows(clinic(tmp_path, [WEEK_ON, WEEK_ON]), "persistent_attainment"))
    assert (row["lower"], row["upper"]) == (pytest.approx(0.2065, abs=1e-4), 1)


def test_six_hours_are_on_target_for_an_adolescent(tmp_path):
    warehouse = clinic(tmp_path, [[3, 3], [3, 3]], [[3, 3], [3, 3]], columns=({"age_at_admission": 16}, {}))
    assert only(rows(warehouse, "persistent_attainment"))["numerator"] == 1


def test_the_dose_is_compared_with_the_plan_of_each_closed_episode(tmp_path):
    # Hours: 9 of 36, 36 of 36, 9 of 6; without a plan; planned at 0. Ratios 0.25, 1 and 1.5: median 1, mean 2.75/3.
    columns = [{"planned_hours": hours} for hours in (36, 36, 6)] + [{}, {"planned_hours": 0}]
    warehouse = clinic(tmp_path, [WEEK_ON], [WEEK_ON] * 4, [WEEK_ON], [WEEK_ON], [WEEK_ON], columns=columns)
    frame = rows(warehouse, "dose_vs_plan")
    assert by(frame, "statistic")["median"] == 1
    assert by(frame, "statistic")["mean"] == pytest.approx(2.75 / 3)
    assert set(frame["denominator"]) == {3}
    assert set(frame["missing_n"]) == {2}


def test_an_open_episode_has_no_dose_to_compare_with_its_plan(tmp_path):
    # The first is seen last on 1 September, a day after the analysis cut-off.
    open_still = stay(239, planned_hours=9)
    frame = rows(stays_clinic(tmp_path, open_still, stay(1, "completed", planned_hours=12)), "dose_vs_plan")
    # Two sessions of 3 hours of the 12 planned.
    assert by(frame, "statistic")["median"] == 6 / 12
    assert set(frame["denominator"]) == {1}


def service(day: int, *kinds: str, episode_id: str = "e1") -> list[dict]:
    return [
        {"episode_id": episode_id, "day": day, "start": 9 + place, "hours": 1, "service_type": kind}
        for place, kind in enumerate(kinds)
    ]


def test_days_are_classed_by_their_services_and_need_a_primary_one(tmp_path):
    # p1: 2 services; 3; 4; 3 without psychotherapy; 3 of which one is transport, so 2. p2: 5 services.
    sessions = [
        *service(0, "group", "education"),
        *service(1, "group", "education", "individual"),
        *service(2, "group", "education", "family", "peer"),
        *service(3, "education", "peer", "holistic"),
        *service(4, "group", "education", "transport"),
        *service(0, "group", "group", "education", "peer", "holistic", episode_id="e2"),
    ]
    warehouse = tiny_clinic(tmp_path, episodes=[{}, {}], sessions=sessions)
    frame = rows(warehouse, "medicare_day_type")
    assert by(frame, "category", "numerator") == {
        "under 3 services": 2,
        "3 services": 1,
        "4 or more services": 2,
        "3 or more, none primary": 1,
    }
    assert set(frame["denominator"]) == {6}
    assert frame["value"].sum() == pytest.approx(1)


def test_a_missed_service_does_not_make_a_day(tmp_path):
    sessions = [*service(0, "group", "education"), {"day": 0, "start": 15, "status": "no_show"}]
    frame = rows(tiny_clinic(tmp_path, sessions=sessions), "medicare_day_type")
    assert by(frame, "category")["under 3 services"] == 1
    assert set(frame["denominator"]) == {1}


def test_days_of_service_end_with_the_analysis_cut(tmp_path):
    # 30 days before the data cut of 30 September: 31 August counts, 1 September does not.
    sessions = [*service(238, "group"), *service(239, "group", "group", "group")]
    assert set(rows(tiny_clinic(tmp_path, sessions=sessions), "medicare_day_type")["denominator"]) == {1}


def test_the_show_rate_is_told_by_modality(tmp_path):
    # In person 3 of 4; telehealth 1 of 2 and one of unknown outcome; one without a modality, missed.
    telehealth = {"modality": "telehealth"}
    sessions = [{"day": day} for day in (0, 1, 2)]
    sessions += [{"day": 3, "status": "no_show"}, {"day": 4, **telehealth}]
    sessions += [{"day": 5, "status": "late_cancel", **telehealth}, {"day": 6, "status": "unknown", **telehealth}]
    sessions += [{"day": 7, "status": "no_show", "modality": None}, {"day": 8, "status": "program_cancel"}]
    frame = rows(tiny_clinic(tmp_path, sessions=sessions), "show_rate_by_modality")
    assert by(frame, "category") == {"in person": 3 / 4, "telehealth": 1 / 2, "modality not recorded": 0}
    assert by(frame, "category", "missing_n") == {"in person": 0, "telehealth": 1, "modality not recorded": 0}


def test_attended_hours_are_shared_out_by_modality(tmp_path):
    # p1: 3 + 2 hours in person, 1 by video; p2: 2 by video, and a visit of unknown length.
    sessions = [
        {"day": 0, "hours": 3},
        {"day": 1, "hours": 2},
        {"day": 2, "hours": 1, "modality": "telehealth"},
        {"episode_id": "e2", "day": 0, "hours": 2, "modality": "telehealth"},
        {"episode_id": "e2", "day": 1, "scheduled_hours": 3, "modality": "telehealth"},
    ]
    frame = rows(tiny_clinic(tmp_path, episodes=[{}, {}], sessions=sessions), "hours_by_modality")
    assert by(frame, "category") == {"in person": 5 / 8, "telehealth": 3 / 8, "modality not recorded": 0}
    assert by(frame, "category", "missing_n") == {"in person": 0, "telehealth": 1, "modality not recorded": 0}


@pytest.mark.parametrize(
    "name",
    ["persistent_attainment", "dose_vs_plan", "medicare_day_type", "show_rate_by_modality", "hours_by_modality"],
)
def test_an_empty_clinic_and_one_that_nobody_came_to_have_no_rows(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty
    assert rows(tiny_clinic(tmp_path / "nobody"), name).empty
