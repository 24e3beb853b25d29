"""Time to the end of care by named definition. A stay of 84 days is planned unless a test says otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.clinic import tiny_clinic


def time_of(
    folder: Path, definition: str, days: tuple[int, ...], *, episode: dict[str, Any] | None = None, **tables: Any
) -> tuple[float, str] | None:
    warehouse = tiny_clinic(
        folder,
        episodes=[{"planned_days": 84} | (episode or {})],
        sessions=[{"day": day} for day in days],
        **tables,
    )
    sql = "select time_days, cause from mart.retention_time where definition = $definition"
    return warehouse.cursor().execute(sql, {"definition": definition}).fetchone()


def test_the_exit_is_that_of_the_episode(tmp_path: Path) -> None:
    completed = {"discharge_day": 80, "discharge_reason": "completed"}
    assert time_of(tmp_path, "exit", (0, 70), episode=completed) == (80, "success")
    left = {"discharge_day": 60, "discharge_reason": "dropped_out"}
    assert time_of(tmp_path / "left", "exit", (0, 30), episode=left) == (30, "dropout")


@pytest.mark.parametrize(
    ("last_day", "found"),
    [(69, (69, "lost")), (70, (84, "open")), (84, (84, "open")), (98, (84, "open"))],
)
def test_a_last_contact_more_than_14_days_before_the_planned_end_is_lost(
    tmp_path: Path, last_day: int, found: tuple[int, str]
) -> None:
    assert time_of(tmp_path, "last_contact", (0, 20, 40, 60, last_day)) == found


def test_a_contact_more_than_14_days_after_the_planned_end_does_not_count(tmp_path: Path) -> None:
    assert time_of(tmp_path, "last_contact", (0, 30, 99)) == (30, "lost")


def test_who_completes_early_is_not_lost(tmp_path: Path) -> None:
    completed = {"discharge_day": 50, "discharge_reason": "completed"}
    assert time_of(tmp_path, "last_contact", (0, 20, 45), episode=completed) == (50, "open")
    left = {"discharge_day": 50, "discharge_reason": "dropped_out"}
    assert time_of(tmp_path / "left", "last_contact", (0, 20, 45), episode=left) == (45, "lost")


def test_who_is_still_in_care_is_followed_to_the_analysis_cut(tmp_path: Path) -> None:
    # Data to 2026-03-06, day 60; evaluated 30 days earlier, on day 30.
    cut = date(2026, 3, 6)
    assert time_of(tmp_path, "last_contact", (0, 20), data_cut=cut) == (30, "open")
    assert time_of(tmp_path / "lost", "last_contact", (0, 15), data_cut=cut) == (15, "lost")


def test_a_missed_session_or_a_bus_ride_is_no_contact(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"planned_days": 84}],
        sessions=[
            {"day": 0},
            {"day": 10},
            {"day": 75, "status": "no_show"},
            {"day": 80, "service_type": "transport"},
        ],
    )
    sql = "select time_days, cause from mart.retention_time where definition = 'last_contact'"
    assert warehouse.cursor().execute(sql).fetchall() == [(10, "lost")]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((0, 27, 54, 81), (84, "open")),  # 27 days apart
        ((0, 28, 56), (0, "lost")),  # 28 days are a gap
        ((0, 20, 48, 70), (20, "lost")),  # the gap begins with the contact before it
        ((0, 20, 40, 56), (56, "lost")),  # nothing in the last 28 days
        ((0, 20, 40, 57), (84, "open")),
        ((0, 20, 21, 22, 60, 84), (22, "lost")),
        ((0, 10, 90), (10, "lost")),  # a contact after the planned end closes no gap
    ],
)
def test_the_first_gap_of_28_days_ends_care_where_it_begins(
    tmp_path: Path, days: tuple[int, ...], found: tuple[int, str]
) -> None:
    assert time_of(tmp_path, "gap_28", days) == found


def test_the_length_of_the_gap_is_a_rule(tmp_path: Path) -> None:
    days = (0, 10, 22, 40, 60, 80)
    assert time_of(tmp_path, "gap_28", days) == (84, "open")
    assert time_of(tmp_path / "short", "gap_28", days, rules={"contact_gap_days": 12}) == (10, "lost")


def test_the_last_dose_ends_the_care_of_those_who_were_dosed(tmp_path: Path) -> None:
    doses = [{"day": day, "amount": 8} for day in (0, 30, 50)]
    assert time_of(tmp_path, "last_dose", (0, 80), medications=doses) == (50, "lost")
    assert time_of(tmp_path / "late", "last_dose", (0,), medications=[*doses, {"day": 90}]) == (84, "open")
    assert time_of(tmp_path / "nobody", "last_dose", (0, 80)) is None
    everybody = {"last_dose_population": "everybody"}
    assert time_of(tmp_path / "everybody", "last_dose", (0, 80), rules=everybody) == (0, "lost")


POSITIVE = {"day": 40, "result": "positive", "substance": "opioid"}


def test_the_earlier_of_first_use_and_last_contact_counts(tmp_path: Path) -> None:
    assert time_of(tmp_path, "first_use_or_lost", (0, 30, 60), toxicology=[POSITIVE]) == (40, "use")
    assert time_of(tmp_path / "lost", "first_use_or_lost", (0, 30), toxicology=[POSITIVE]) == (30, "lost")
    assert time_of(tmp_path / "tie", "first_use_or_lost", (0, 40), toxicology=[POSITIVE]) == (40, "use")
    assert time_of(tmp_path / "none", "first_use_or_lost", (0, 84)) == (84, "open")


def test_use_on_day_0_after_the_end_or_of_a_prescribed_drug_is_no_first_use(tmp_path: Path) -> None:
    results = [POSITIVE | {"day": 0}, POSITIVE | {"day": 85}, POSITIVE | {"day": 20, "is_prescribed": True}]
    assert time_of(tmp_path, "first_use_or_lost", (0, 84), toxicology=results) == (84, "open")


def test_a_report_of_use_is_use_unless_the_rule_says_urine_only(tmp_path: Path) -> None:
    tables = {"use_events": [{"day": 20, "days_used": 1, "window_days": 1}]}
    assert time_of(tmp_path, "first_use_or_lost", (0, 84), **tables) == (20, "use")
    assert time_of(tmp_path / "u", "first_use_or_lost", (0, 84), **tables, rules={"use_sources": "urine"}) == (
        84,
        "open",
    )


def test_people_who_never_started_have_no_time(tmp_path: Path) -> None:
    assert time_of(tmp_path, "exit", ()) is None


def test_the_contacts_of_a_restart_are_one_stay(tmp_path: Path) -> None:
    part = {"patient_id": "p1", "planned_days": 42}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[part | {"episode_id": "e1"}, part | {"episode_id": "e2", "day": 42}],
        sessions=[{"episode_id": key, "day": day} for key in ("e1", "e2") for day in (0, 20, 41)],
        medications=[{"episode_id": "e2", "day": 41}],
    )
    rows = (
        warehouse.cursor()
        .execute("select definition, episode_id, time_days, cause from mart.retention_time")
        .fetchall()
    )
    assert rows == [
        ("exit", "e1", 83, "dropout"),
        ("first_use_or_lost", "e1", 84, "open"),
        ("gap_28", "e1", 84, "open"),
        ("last_contact", "e1", 84, "open"),
        ("last_dose", "e1", 84, "open"),
    ]
