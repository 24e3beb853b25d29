"""Follow-up after inpatient and residential care on clinics of a few stays, with the arithmetic in sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.in_care import by_category, rows

NAMES = [
    "continuity_after_24_hour_care",
    "follow_up_after_high_intensity_care",
    "follow_up_after_mental_health_stay",
]


def inpatient(person: int, day: int = 0, **columns) -> dict:
    """A stay of ten days that is completed; ``day`` counts from 5 January."""
    stay = {"episode_id": f"stay{person}", "patient_id": f"p{person}", "level_of_care": "inpatient", "day": day}
    return stay | {"discharge_day": 10, "discharge_reason": "completed"} | columns


def visits(person: int, *days: int, **columns) -> tuple[dict, list[dict]]:
    """An outpatient episode from the discharge on, with services so many days after it."""
    key = f"after{person}"
    episode = {"episode_id": key, "patient_id": f"p{person}", "level_of_care": "OP", "day": 10, **columns}
    return episode, [{"episode_id": key, "day": day} for day in days]


def clinic(folder: Path, stays: list[dict], *later: tuple[dict, list[dict]], **tables) -> Warehouse:
    episodes = stays + [episode for episode, _ in later]
    return tiny_clinic(folder, episodes=episodes, sessions=[one for _, all_of in later for one in all_of], **tables)


def test_continuity_counts_outpatient_services_from_day_1_to_7_or_14(tmp_path):
    # Services on days 1; 7; 8; 14; 15; the discharge date alone.
    days = (1, 7, 8, 14, 15, 0)
    later = [visits(person, day) for person, day in enumerate(days, 1)]
    warehouse = clinic(tmp_path, [inpatient(person) for person in range(1, 7)], *later)
    frame = rows(warehouse, "continuity_after_24_hour_care")
    assert by_category(frame, "numerator") == {"within 7 days": 2, "within 14 days": 4}
    assert set(frame["denominator"]) == {6}
    assert set(frame["missing_n"]) == {0}


def test_continuity_counts_medication_from_day_0_and_residential_care_from_day_3_after_inpatient_care_alone(tmp_path):
    # A dose on the discharge date; residential care on day 3, on day 2 (too early); after residential care: on day 3.
    stays = [inpatient(1), inpatient(2), inpatient(3), inpatient(4, level_of_care="residential")]
    stays += [
        inpatient(person, 10 + day, episode_id=f"house{person}", level_of_care="residential")
        for person, day in ((2, 3), (3, 2), (4, 3))
    ]
    dose = {"patient_id": "p1", "episode_id": "stay1", "day": 10}
    frame = rows(clinic(tmp_path, stays, medications=[dose]), "continuity_after_24_hour_care", by="level_of_care")
    inpatient_7 = frame[(frame["group_name"] == "inpatient") & (frame["category"] == "within 7 days")].iloc[0]
    assert (inpatient_7["numerator"], inpatient_7["denominator"]) == (2, 3)
    residential = frame[frame["group_name"] == "residential"]
    assert residential["numerator"].tolist() == [0, 0]
    assert residential["denominator"].tolist() == [4, 4]


def test_continuity_is_of_living_adults_in_substance_use_care(tmp_path):
    stays = [
        inpatient(1, age_at_admission=17),
        inpatient(2, program="MH"),
        inpatient(3, discharge_reason="died"),
        inpatient(4, program="COD"),
        inpatient(5, level_of_care="withdrawal"),
    ]
    frame = rows(clinic(tmp_path, stays), "continuity_after_24_hour_care")
    assert set(frame["denominator"]) == {1}
    # From 13 years, and withdrawal management too.
    assert set(rows(clinic(tmp_path / "again", stays), NAMES[1])["denominator"]) == {3}


def test_a_discharge_into_other_24_hour_care_within_a_day_is_a_transfer(tmp_path):
    # p1: to a house on the next day, left ten days later; the service comes 3 days after that. p2: two days later.
    stays = [inpatient(1), inpatient(2)]
    stays += [
        inpatient(person, 10 + day, episode_id=f"house{person}", level_of_care="residential")
        for person, day in ((1, 1), (2, 2))
    ]
    warehouse = clinic(tmp_path, stays, visits(1, 14))
    frame = rows(warehouse, "follow_up_after_high_intensity_care", by="level_of_care")
    found = {(row.group_name, row.category): (row.numerator, row.denominator) for row in frame.itertuples(index=False)}
    assert found["inpatient", "within 7 days"] == (0, 1)
    assert found["residential", "within 7 days"] == (1, 2)


def test_follow_up_after_high_intensity_care_is_not_on_the_discharge_date(tmp_path):
    # Service on the discharge date; dose on it; dose on day 7; service on days 8, 30 and 31; mental-health service.
    later = [visits(1, 0), visits(4, 8), visits(5, 30), visits(6, 31), visits(7, 2, program="MH")]
    doses = [
        {"patient_id": "p2", "episode_id": "stay2", "day": 10},
        {"patient_id": "p3", "episode_id": "stay3", "day": 17},
    ]
    warehouse = clinic(tmp_path, [inpatient(person) for person in range(1, 8)], *later, medications=doses)
    frame = rows(warehouse, "follow_up_after_high_intensity_care")
    assert by_category(frame, "numerator") == {"within 7 days": 1, "within 30 days": 3}
    assert set(frame["denominator"]) == {7}
    assert set(frame["missing_n"]) == {0}


def test_follow_up_after_a_mental_health_stay_is_mental_health_care(tmp_path):
    # Mental-health service on day 7, co-occurring on day 20, substance use on day 2; a child of 5; residential care.
    mental = {"program": "MH"}
    stays = [inpatient(person, **mental) for person in (1, 2, 3)]
    stays += [inpatient(4, age_at_admission=5, **mental), inpatient(5, level_of_care="residential", **mental)]
    later = [visits(1, 7, **mental), visits(2, 20, program="COD"), visits(3, 2), visits(4, 1, **mental)]
    frame = rows(clinic(tmp_path, stays, *later), "follow_up_after_mental_health_stay")
    assert by_category(frame, "numerator") == {"within 7 days": 1, "within 30 days": 2}
    assert set(frame["denominator"]) == {3}
    assert set(frame["missing_n"]) == {0}


def test_a_discharge_counts_when_its_longer_window_is_over(tmp_path):
    # Discharges 14, 13 and 30 days before the analysis cut-off on day 238.
    stays = [inpatient(number, 238 - 10 - days) for number, days in enumerate((14, 13, 30), 1)]
    warehouse = clinic(tmp_path, stays)
    assert set(rows(warehouse, "continuity_after_24_hour_care")["denominator"]) == {2}
    assert set(rows(warehouse, "follow_up_after_high_intensity_care")["denominator"]) == {1}


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gives_no_rows_and_one_person_an_answer(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty
    program = "MH" if name == "follow_up_after_mental_health_stay" else "SUD"
    warehouse = clinic(tmp_path / "one", [inpatient(1, program=program)], visits(1, 3, program=program))
    assert rows(warehouse, name)["value"].tolist() == [1, 1]
