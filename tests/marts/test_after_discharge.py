"""RLP-9: what is known after an exit. The episode is completed on day 42; day 0 is Monday 2026-01-05."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

COMPLETED = {"discharge_day": 42, "discharge_reason": "completed", "patient_id": "p1"}
IN_CARE = ({"day": 0}, {"day": 42})


def clinic(folder: Path, *later: dict[str, Any], episode=None, sessions=(), **tables: Any) -> Warehouse:
    """The completed episode, and later ones of the same person."""
    episodes = [COMPLETED | (episode or {}), *({"patient_id": "p1"} | row for row in later)]
    return tiny_clinic(folder, episodes=episodes, sessions=[*IN_CARE, *sessions], **tables)


def after(warehouse: Warehouse, columns: str) -> tuple[Any, ...]:
    sql = f"select {columns} from mart.after_discharge where episode_id = 'e1'"
    (row,) = warehouse.cursor().execute(sql).fetchall()
    return row


def use(day: int, **more: Any) -> dict[str, Any]:
    return {"day": day, "window_days": 1, "days_used": 1, "substance": "alcohol"} | more


def no_use(day: int, window_days: int = 30, controlled: int = 0) -> dict[str, Any]:
    row = {"day": day, "window_days": window_days, "days_used": 0, "substance": "none"}
    return row | {"controlled_environment_days": controlled}


def test_the_first_use_after_the_exit_is_the_return(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, use_events=[use(30), use(52), use(60)])
    assert after(warehouse, "return_day, return_source, last_known_day") == (52 - 42, "report", 60 - 42)


def test_use_on_the_day_of_the_exit_is_not_after_it(tmp_path: Path) -> None:
    assert after(clinic(tmp_path, use_events=[use(42)]), "return_day, last_known_day") == (None, 0)


def test_a_positive_urine_test_is_a_return_and_a_prescribed_one_is_not(tmp_path: Path) -> None:
    tests = [
        {"specimen_id": "u1", "day": 50, "substance": "methadone", "result": "positive", "is_prescribed": True},
        {"specimen_id": "u2", "day": 55, "substance": "opioid", "result": "positive"},
    ]
    warehouse = clinic(tmp_path, toxicology=tests)
    assert after(warehouse, "return_day, return_source, last_known_day") == (55 - 42, "urine", 55 - 42)


def test_a_specimen_that_was_not_given_says_nothing(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, toxicology=[{"specimen_id": "u1", "day": 50, "result": "not_collected"}])
    assert after(warehouse, "return_day, last_known_day") == (None, 0)


@pytest.mark.parametrize(
    ("level", "program", "return_day"),
    [("IOP", "SUD", 20), ("residential", "SUD", 20), ("OP", "SUD", None), ("inpatient", "MH", None)],
)
def test_an_admission_at_the_same_level_or_higher_is_a_return(
    tmp_path: Path, level: str, program: str, return_day: int | None
) -> None:
    later = {"day": 42 + 20, "level_of_care": level, "program": program}
    assert after(clinic(tmp_path, later), "return_day") == (return_day,)


def test_a_transfer_that_was_planned_is_no_return(tmp_path: Path) -> None:
    warehouse = clinic(
        tmp_path,
        {"day": 45, "level_of_care": "residential"},
        episode={"discharge_reason": "transferred", "discharge_to": "residential"},
    )
    assert after(warehouse, "return_day, exit_class") == (None, "step_up")


@pytest.mark.parametrize(("days_used", "return_day"), [(20, None), (21, 10)])
def test_of_a_window_that_began_in_care_only_more_use_than_days_in_care_is_after_it(
    tmp_path: Path, days_used: int, return_day: int | None
) -> None:
    # The 30 days up to day 52 hold 20 days in care (to day 42) and 10 after it.
    warehouse = clinic(tmp_path, use_events=[use(52, window_days=30, days_used=days_used)])
    assert after(warehouse, "return_day, last_known_day") == (return_day, 10)


def test_any_news_of_the_person_is_the_last_day_known(tmp_path: Path) -> None:
    warehouse = clinic(
        tmp_path,
        {"day": 45, "level_of_care": "OP"},
        sessions=[{"episode_id": "e2", "day": 10}],
        assessments=[{"day": 90, "score": 5}],
    )
    assert after(warehouse, "last_known_day") == (90 - 42,)


def test_controlled_days_count_up_to_the_return_only(tmp_path: Path) -> None:
    # Six days in hospital before the return on day 80, twenty after it.
    reports = [no_use(72, controlled=6), use(80), no_use(120, controlled=20)]
    assert after(clinic(tmp_path, use_events=reports), "return_day, controlled_days") == (80 - 42, 6)


def test_controlled_days_of_one_window_count_once(tmp_path: Path) -> None:
    shared = {"window_days": 30, "controlled_environment_days": 6, "days_used": 0, "day": 72}
    reports = [{"substance": "alcohol", **shared}, {"substance": "cocaine", **shared}]
    assert after(clinic(tmp_path, use_events=reports), "controlled_days") == (6,)


COMPETE = {"controlled_environment": "compete"}


@pytest.mark.parametrize(
    ("reports", "controlled_day"),
    [
        # The six days up to the report on day 72: from day 66 on, 24 days after the exit.
        ([no_use(72, controlled=6)], 66 - 42),
        ([use(60), no_use(72, controlled=6)], None),
        ([no_use(72, controlled=6), use(80)], 66 - 42),
        ([no_use(72)], None),
    ],
)
def test_another_rule_lets_the_first_controlled_day_compete_and_subtracts_none(
    tmp_path: Path, reports: list[dict[str, Any]], controlled_day: int | None
) -> None:
    warehouse = clinic(tmp_path, use_events=reports, rules=COMPETE)
    assert after(warehouse, "controlled_days, controlled_day") == (0, controlled_day)


def test_an_exit_to_jail_competes_from_the_exit_on(tmp_path: Path) -> None:
    jailed = {"discharge_reason": "incarcerated"}
    assert after(clinic(tmp_path, episode=jailed, rules=COMPETE), "controlled_day") == (0,)
    assert after(clinic(tmp_path / "subtracted", episode=jailed), "controlled_day") == (None,)


def test_a_completed_step_down_is_marked(tmp_path: Path) -> None:
    warehouse = clinic(
        tmp_path,
        {"day": 45, "level_of_care": "OP"},
        episode={"discharge_to": "OP"},
        sessions=[{"episode_id": "e2", "day": 0}],
    )
    assert after(warehouse, "is_step_down_completed") == (True,)


def test_the_dead_and_those_still_in_care_are_not_listed(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            {"discharge_day": 42, "discharge_reason": "died"},
            {"admission_date": date(2026, 8, 1)},
        ],
        sessions=[{"day": 0}, {"episode_id": "e2", "day": 0}, {"episode_id": "e2", "day": 50}],
    )
    assert warehouse.cursor().execute("select count(*) from mart.after_discharge").fetchall() == [(0,)]
