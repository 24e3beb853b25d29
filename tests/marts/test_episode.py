"""Conventions 00 and RET: day 0, exit, and the state at the analysis cut (31 August; the data end on 30 September)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def episode(warehouse: Warehouse, columns: str, episode_id: str = "e1") -> tuple[Any, ...]:
    """Some columns of one episode."""
    row = (
        warehouse.cursor()
        .execute(f"select {columns} from mart.episode where episode_id = $id", {"id": episode_id})
        .fetchone()
    )
    assert row is not None, f"There is no episode {episode_id}."
    return row


def test_day_0_is_the_first_attended_clinical_service_not_the_admission(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        sessions=[
            {"day": 0, "status": "no_show"},
            {"day": 2, "service_type": "specimen_collection"},
            {"day": 4},
            {"day": 6},
        ],
    )
    # Admitted on 5 January; the first service that counts is four days later.
    assert episode(warehouse, "admission_date, day_zero, is_started, last_attended_date") == (
        date(2026, 1, 5),
        date(2026, 1, 9),
        True,
        date(2026, 1, 11),
    )


def test_someone_who_never_attended_has_not_started(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 30, "discharge_reason": "dropped_out"}],
        sessions=[{"day": 0, "status": "no_show"}],
    )
    assert episode(warehouse, "day_zero, is_started, time_days, cause, is_closed, sessions_attended") == (
        None,
        False,
        None,
        None,
        False,
        0,
    )


def test_a_source_may_declare_day_0(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        rules={"day_zero": "declared"},
        episodes=[{"index_day": 1}, {"index_day": 2}],
        sessions=[{"episode_id": "e1", "day": 5}],
    )
    assert episode(warehouse, "day_zero, exit_day") == (date(2026, 1, 6), 4)
    # Declared but never seen: started, and lost on day 0.
    assert episode(warehouse, "day_zero, exit_day, cause", "e2") == (date(2026, 1, 7), 0, "dropout")


@pytest.mark.parametrize(
    ("reason", "destination", "exit_class", "exit_day", "cause"),
    [
        ("completed", None, "completed", 60, "success"),
        ("completed", "OP", "completed", 60, "success"),
        ("transferred", "OP", "step_down", 60, "success"),
        ("transferred", "IOP", "lateral", 60, "other"),
        ("transferred", "residential", "step_up", 60, "other"),
        ("transferred", "withdrawal", "step_up", 60, "other"),
        ("transferred", None, "other", 60, "other"),
        ("died", None, "died", 60, "other"),
        ("dropped_out", None, "dropped_out", 20, "dropout"),
        ("terminated", None, "terminated", 20, "dropout"),
        ("incarcerated", None, "incarcerated", 20, "other"),
        ("other", None, "other", 20, "other"),
        ("unknown", None, "unknown", 20, "unknown"),
        (None, None, "unknown", 20, "unknown"),
    ],
)
def test_an_administrative_discharge_does_not_lengthen_a_stay(
    tmp_path: Path, reason: str | None, destination: str | None, exit_class: str, exit_day: int, cause: str
) -> None:
    # Last seen on day 20, discharged on day 60: only completion, transfer and death take the discharge date.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 60, "discharge_reason": reason, "discharge_to": destination}],
        sessions=[{"day": 0}, {"day": 20}],
    )
    assert episode(warehouse, "exit_class, exit_day, time_days, cause") == (exit_class, exit_day, exit_day, cause)


def test_the_cause_is_also_there_in_words(tmp_path: Path) -> None:
    reasons = ("completed", "terminated", "incarcerated", "unknown", None)
    stays = [{"discharge_day": 10, "discharge_reason": reason} if reason else {"day": 230} for reason in reasons]
    sessions = [{"episode_id": f"e{number}", "day": day} for number in range(1, 6) for day in (0, 10)]
    warehouse = tiny_clinic(tmp_path, episodes=[*stays, {}], sessions=sessions)
    # The fifth was seen two days after the analysis cut, and the sixth never.
    assert [episode(warehouse, "exit_group, exit_reason", f"e{number}") for number in range(1, 7)] == [
        ("completed or stepped down", "completed"),
        ("dropped out or terminated", "terminated"),
        ("other exit", "incarcerated"),
        ("reason not recorded", "reason not recorded"),
        ("open", "open"),
        (None, None),
    ]


def test_somebody_who_left_without_a_discharge_dropped_out(tmp_path: Path) -> None:
    warehouse = tiny_clinic(tmp_path, sessions=[{"day": 0}])
    assert episode(warehouse, "exit_class, exit_group, exit_reason") == (
        "open",
        "dropped out or terminated",
        "dropped out",
    )


def test_an_open_episode_with_recent_service_is_censored_at_the_analysis_cut(tmp_path: Path) -> None:
    # Day 0 is 3 August; last seen on 1 September, a day after the cut: in care for the 28 days to 31 August.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 8, 3)}],
        sessions=[{"day": 0}, {"day": 29}],
    )
    assert episode(warehouse, "cause, time_days, is_closed, exit_class") == ("open", 28, False, "open")


def test_an_open_episode_without_service_for_thirty_days_is_a_dropout_on_its_last_day(tmp_path: Path) -> None:
    # Last seen on 31 August: nothing in the 30 days to 30 September.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 8, 3)}],
        sessions=[{"day": 0}, {"day": 28}],
    )
    assert episode(warehouse, "cause, time_days, exit_date") == ("dropout", 28, date(2026, 8, 31))


def test_a_longer_no_contact_rule_leaves_the_same_episode_open(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        rules={"no_contact_days": 45},
        episodes=[{"admission_date": date(2026, 8, 3)}],
        sessions=[{"day": 0}, {"day": 28}],
    )
    assert episode(warehouse, "cause, time_days") == ("open", 28)


@pytest.mark.parametrize("reason", ["completed", "died", "transferred"])
def test_every_cause_of_exit_after_the_analysis_cut_is_still_open(tmp_path: Path, reason: str) -> None:
    # 1 September is after the cut, 31 August is not.
    stay = {"admission_date": date(2026, 8, 1), "discharge_reason": reason, "discharge_to": "OP"}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[stay | {"discharge_date": date(2026, 9, 1)}, stay | {"discharge_date": date(2026, 8, 31)}],
        sessions=[{"episode_id": "e1", "day": 0}, {"episode_id": "e2", "day": 0}],
    )
    assert episode(warehouse, "cause, time_days", "e1") == ("open", 30)
    assert episode(warehouse, "cause <> 'open', time_days", "e2") == (True, 30)


def test_an_episode_that_began_after_the_analysis_cut_is_not_in_the_denominators(tmp_path: Path) -> None:
    warehouse = tiny_clinic(tmp_path, episodes=[{"admission_date": date(2026, 9, 7)}], sessions=[{"day": 0}])
    assert episode(warehouse, "day_zero, is_started, time_days, cause") == (date(2026, 9, 7), False, None, None)


def test_a_patient_last_seen_on_day_29_or_30_is_not_retained_at_30(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{}, {}, {}],
        sessions=[{"episode_id": f"e{n}", "day": day} for n, last in ((1, 29), (2, 30), (3, 31)) for day in (0, last)],
    )
    retained = warehouse.cursor().execute("select time_days > 30 from mart.episode order by episode_id").fetchall()
    assert retained == [(False,), (False,), (True,)]
