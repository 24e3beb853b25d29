"""The NHS Talking Therapies family on PHQ-9 and GAD-7 together, with the arithmetic in sight.

A person is written as two chains of scores, ``([15, 9], [12, 6])``: PHQ-9 and GAD-7 on day 0, then on day 7.
Caseness is PHQ-9 ≥ 10 or GAD-7 ≥ 8; reliable change is 6 points of the PHQ-9 and 4 of the GAD-7.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from queries import catalog
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_outcomes import by_statistic, rows

OVER_COURSES = ["nhs_reliable_improvement", "nhs_reliable_deterioration"]
OVER_CASES = ["nhs_recovery", "nhs_reliable_recovery"]


def clinic(folder: Path, *people: tuple[list[float], list[float]], one_session: tuple[int, ...] = ()) -> Warehouse:
    """One completed episode a person; the numbers in ``one_session`` attended on day 0 only."""
    episodes, sessions, assessments = [], [], []
    for number, chains in enumerate(people, start=1):
        key = f"e{number}"
        end = {"discharge_day": 42, "discharge_reason": "completed"}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **end})
        sessions += [{"episode_id": key, "day": day} for day in ((0,) if number in one_session else (0, 42))]
        assessments += [
            {"episode_id": key, "day": 7 * place, "score": score, "instrument": instrument}
            | {"timepoint": "week" if place else "intake"}
            for instrument, chain in zip(("PHQ-9", "GAD-7"), chains, strict=True)
            for place, score in enumerate(chain)
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, assessments=assessments)


def test_recovery_asks_to_be_below_both_cut_offs(tmp_path):
    # Cases: PHQ-9 15; GAD-7 9 alone; PHQ-9 12; PHQ-9 11. Below both at the end: 9 and 7; 4 and 7. Not: GAD-7 still 8.
    # The fourth has no later GAD-7. The fifth was never a case.
    warehouse = clinic(
        tmp_path, ([15, 9], [10, 7]), ([5, 4], [9, 7]), ([12, 3], [12, 8]), ([11, 2], [5]), ([9, 2], [7, 2])
    )
    frame = rows(warehouse, "nhs_recovery")
    assert by_statistic(frame) == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 2 / 4,
            "complete_case": 2 / 3,
            "lower_bound": 2 / 4,
            "upper_bound": 3 / 4,
        }
    )
    assert set(frame["missing_n"]) == {1}
    # Reliable: 15 → 9 falls by 6. The second falls by 1 and 2 only.
    assert by_statistic(rows(warehouse, "nhs_reliable_recovery"))["missing_is_worst"] == pytest.approx(1 / 4)


def test_improvement_on_one_instrument_counts_unless_the_other_becomes_worse(tmp_path):
    # Falls of 6 and 0: improved. Falls of 0 and 4: improved. A fall of 6 and a rise of 4: neither. 5 and 3: too few.
    # A rise of 6 and a fall of 3: deteriorated.
    warehouse = clinic(
        tmp_path,
        ([15, 9], [10, 10]),
        ([15, 15], [10, 6]),
        ([15, 9], [10, 14]),
        ([15, 10], [10, 7]),
        ([12, 18], [10, 7]),
    )
    assert by_statistic(rows(warehouse, "nhs_reliable_improvement"))["complete_case"] == pytest.approx(2 / 5)
    assert by_statistic(rows(warehouse, "nhs_reliable_deterioration"))["complete_case"] == pytest.approx(1 / 5)


def test_a_missing_end_counts_as_no_improvement_and_as_deterioration(tmp_path):
    # One improved, one unchanged, one became worse; the fourth has no second score.
    warehouse = clinic(tmp_path, ([15, 9], [9, 9]), ([15, 15], [9, 9]), ([8, 14], [9, 9]), ([15], [9]))
    assert by_statistic(rows(warehouse, "nhs_reliable_improvement")) == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 1 / 4,
            "complete_case": 1 / 3,
            "lower_bound": 1 / 4,
            "upper_bound": 2 / 4,
        }
    )
    assert by_statistic(rows(warehouse, "nhs_reliable_deterioration")) == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 2 / 4,
            "complete_case": 1 / 3,
            "lower_bound": 1 / 4,
            "upper_bound": 2 / 4,
        }
    )


def test_a_course_of_one_session_is_not_finished(tmp_path):
    warehouse = clinic(tmp_path, ([15, 9], [9, 7]), ([15, 9], [9, 7]), ([15, 9], [9, 7]), one_session=(3,))
    for name in (*OVER_COURSES, *OVER_CASES):
        assert by_statistic(rows(warehouse, name), "denominator")["missing_is_worst"] == 2
    assert rows(warehouse, "nhs_caseness").iloc[0]["denominator"] == 2


def test_caseness_is_by_either_instrument_among_those_with_both(tmp_path):
    # PHQ-9 10 and GAD-7 8 are just cases; 9 and 7 are not; the fourth has no GAD-7.
    row = rows(clinic(tmp_path, ([10], [0]), ([0], [8]), ([9], [7]), ([20], [])), "nhs_caseness").iloc[0]
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (2, 3, 1)
    assert row["value"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("name", [*OVER_COURSES, *OVER_CASES, "nhs_caseness"])
def test_the_family_says_that_it_is_over_finished_courses(name):
    assert "finished courses only" in catalog.measure(name).warning


@pytest.mark.parametrize("name", [*OVER_COURSES, *OVER_CASES, "nhs_caseness"])
def test_nobody_gives_no_rows_and_one_patient_is_never_shown(tmp_path, name):
    assert rows(clinic(tmp_path / "nobody"), name).empty
    shown = catalog.ask(clinic(tmp_path / "one", ([15, 4], [10, 3])), name).frame
    assert shown["is_suppressed"].all()
    assert shown[["value", "numerator", "denominator"]].isna().all(axis=None)
