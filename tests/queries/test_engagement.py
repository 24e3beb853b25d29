"""Engagement, continuity and readmission on clinics of a few episodes, with the arithmetic in sight."""

from __future__ import annotations

import pytest

from tests.clinic import tiny_clinic
from tests.queries.in_care import by_category, clinic, only_value, rows, stay


def seen(episode_id: str, *days: int, **columns) -> list[dict]:
    return [{"episode_id": episode_id, "day": day, **columns} for day in days]


def left(day: int, reason: str = "completed", **columns) -> dict:
    return {"discharge_day": day, "discharge_reason": reason, **columns}


def counts(frame) -> tuple[float, float]:
    assert len(frame) == 1
    return float(frame["numerator"].iloc[0]), float(frame["denominator"].iloc[0])


def test_engagement_asks_for_two_more_days_within_34_days_of_the_first(tmp_path):
    # More days: 1 and 34; 1 alone; 34 and 35, of which only one is in time; two sessions on one day; none.
    sessions = seen("e1", 0, 1, 34) + seen("e2", 0, 1) + seen("e3", 0, 34, 35) + seen("e4", 0, 5) + seen("e5", 0)
    sessions += seen("e4", 5, start=14)
    frame = rows(tiny_clinic(tmp_path, episodes=[{}] * 5, sessions=sessions), "program_engagement")
    assert counts(frame) == (1, 5)
    assert frame["missing_n"].iloc[0] == 0


def test_engagement_counts_who_could_be_followed_for_34_days(tmp_path):
    # Day 0 is 34 or 33 days before the analysis cut-off on day 238.
    sessions = seen("e1", 238 - 34, 238) + seen("e2", 238 - 33, 238)
    assert counts(rows(tiny_clinic(tmp_path, episodes=[{}] * 2, sessions=sessions), "program_engagement")) == (0, 1)


def test_continuity_asks_for_two_visits_in_each_of_three_periods_of_30_days(tmp_path):
    # Periods end on days 29, 59 and 89. The second person has one visit in the last; the third has two at outpatient
    # care after the step down; the fourth died on day 80; the fifth is in mental-health care; the sixth came twice.
    whole = (0, 29, 30, 59, 60, 89)
    episodes = [
        left(89),
        left(89),
        left(59, "transferred", discharge_to="OP"),
        left(80, "died"),
        left(89, program="MH"),
        left(1, "dropped_out"),
        {"episode_id": "op", "patient_id": "p3", "level_of_care": "OP", "day": 60},
    ]
    sessions = seen("e1", *whole) + seen("e2", 0, 29, 30, 59, 89, 90) + seen("e3", 0, 29, 30, 59) + seen("op", 1, 8)
    sessions += seen("e4", 0, 29, 30, 59, 60, 80) + seen("e5", *whole) + seen("e6", 0, 1)
    frame = rows(tiny_clinic(tmp_path, episodes=episodes, sessions=sessions), "continuity_of_care")
    assert counts(frame) == (2, 4)
    assert frame["missing_n"].iloc[0] == 0


def test_a_return_within_30_days_is_no_new_episode_for_continuity(tmp_path):
    again = stay(0, patient_id="p1", day=20)
    assert counts(rows(clinic(tmp_path, stay(10, "dropped_out"), again), "continuity_of_care")) == (0, 1)


def test_readmission_counts_admissions_to_the_same_or_a_higher_level_in_the_window(tmp_path):
    # Exits on day 10. Back on day 12 after it; on day 30; on day 31, too late; at a lower level; never.
    # To a hospital one day after the exit: a transfer, so that the exit of the hospital stay counts instead.
    firsts = [stay(10, "completed") for _ in range(6)]
    later = [
        stay(0, patient_id="p1", day=22),
        stay(0, patient_id="p2", day=40, level_of_care="residential"),
        stay(0, patient_id="p3", day=41),
        stay(0, patient_id="p4", day=20, level_of_care="OP"),
        stay(5, "completed", patient_id="p6", day=11, level_of_care="inpatient"),
    ]
    warehouse = clinic(tmp_path, *firsts, *later)
    iop = rows(warehouse, "readmission")
    # IOP exits with a window: five firsts and the returns of p1 and p3, who dropped out; two of seven.
    assert counts(iop) == (2, 7)
    assert only_value(iop) == pytest.approx(2 / 7)
    assert iop["missing_n"].iloc[0] == 0
    # By day 90 the third is back too.
    assert counts(rows(warehouse, "readmission", day=90)) == (3, 7)
    assert counts(rows(warehouse, "readmission", filters={"level_of_care": ["inpatient"]})) == (0, 1)


def test_a_death_competes_with_readmission_and_the_dead_are_no_index(tmp_path):
    # p1 is back on day 5 after the exit and dies on day 8 of it; p2 dies in outpatient care; p3 died in the program.
    warehouse = clinic(
        tmp_path,
        stay(10, "completed"),
        stay(10, "transferred", "OP"),
        stay(10, "died"),
        stay(10, "completed"),
        stay(3, "died", patient_id="p1", day=15),
        stay(3, "died", patient_id="p2", day=15, level_of_care="OP"),
    )
    assert counts(rows(warehouse, "readmission")) == (1, 3)
    cursor = warehouse.cursor()
    deaths = cursor.execute("select episode_id, death_day from mart.readmission order by episode_id").fetchall()
    assert deaths == [("e1", 8), ("e2", 8), ("e4", None)]


def test_a_window_that_is_not_over_does_not_count(tmp_path):
    # Exit 30 or 29 days before the analysis cut-off.
    warehouse = clinic(tmp_path, stay(238 - 30, "completed"), stay(238 - 29, "completed"))
    assert counts(rows(warehouse, "readmission")) == (0, 1)


def test_the_groups_of_a_comparison_add_up(tmp_path):
    warehouse = clinic(
        tmp_path, stay(10, "completed"), stay(10, "completed", site="South"), stay(0, patient_id="p1", day=22)
    )
    frame = rows(warehouse, "readmission", by="site")
    assert dict(zip(frame["group_name"], frame["denominator"], strict=True)) == {"North": 2, "South": 1}
    assert by_category(frame[frame["group_name"] == "South"]) == {"": 0}


@pytest.mark.parametrize("name", ["program_engagement", "continuity_of_care", "readmission"])
def test_nobody_gives_no_rows_and_one_person_an_answer(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty
    assert only_value(rows(clinic(tmp_path / "one", stay(10, "completed")), name)) == 0
