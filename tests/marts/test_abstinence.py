"""ABS-1: self-report windows of one episode, from day 0 (Monday 2026-01-05) to its completion on day 42."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

COMPLETED = {"discharge_day": 42, "discharge_reason": "completed"}


def clinic(folder: Path, *reports: dict[str, Any], **more: Any) -> Warehouse:
    return tiny_clinic(
        folder, episodes=[COMPLETED], sessions=[{"day": 0}, {"day": 42}], use_events=list(reports), **more
    )


def windows(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    return warehouse.cursor().execute(f"select {columns} from mart.abstinence order by event_date").fetchall()


def report(day: int, days_used: int | None, window_days: int = 30, controlled: int = 0, **more: Any) -> dict[str, Any]:
    row = {"day": day, "days_used": days_used, "window_days": window_days, "controlled_environment_days": controlled}
    return row | more


@pytest.mark.parametrize(
    ("day", "occasion"), [(-3, "intake"), (7, "intake"), (8, "in_care"), (42, "in_care"), (43, "after")]
)
def test_the_occasion_follows_day_0_and_the_exit(tmp_path: Path, day: int, occasion: str) -> None:
    assert windows(clinic(tmp_path, report(day, 0)), "occasion") == [(occasion,)]


def test_days_in_a_controlled_environment_are_not_known_days(tmp_path: Path) -> None:
    # 30 days, 5 of them in hospital, 4 of use: 25 known, 21 abstinent.
    warehouse = clinic(tmp_path, report(35, 4, controlled=5))
    assert windows(warehouse, "known_days, abstinent_days, controlled_days") == [(30 - 5, 30 - 5 - 4, 5)]


def test_another_rule_leaves_controlled_days_in(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, report(35, 4, controlled=5), rules={"controlled_environment": "compete"})
    assert windows(warehouse, "known_days, abstinent_days") == [(30, 30 - 4)]


@pytest.mark.parametrize(("controlled", "is_usable"), [(9, True), (10, False)])
def test_a_window_needs_21_known_days(tmp_path: Path, controlled: int, is_usable: bool) -> None:
    # 30 − 9 = 21 is enough, 30 − 10 = 20 is not.
    assert windows(clinic(tmp_path, report(35, 0, controlled=controlled)), "is_usable") == [(is_usable,)]


def test_a_week_is_listed_and_too_short_to_use(tmp_path: Path) -> None:
    assert windows(clinic(tmp_path, report(21, 1, window_days=7)), "abstinent_days, is_usable") == [(7 - 1, False)]


def test_single_days_of_use_are_no_window(tmp_path: Path) -> None:
    assert windows(clinic(tmp_path, report(21, 1, window_days=1)), "*") == []


def test_a_report_without_an_answer_knows_nothing(tmp_path: Path) -> None:
    assert windows(clinic(tmp_path, report(35, None)), "known_days, abstinent_days, is_usable") == [(0, 0, False)]


def test_a_report_of_no_use_is_thirty_abstinent_days(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, report(35, None, substance="none"))
    assert windows(warehouse, "known_days, abstinent_days") == [(30, 30)]


def test_a_window_with_a_row_for_each_substance_is_one_report(tmp_path: Path) -> None:
    # Alcohol on 6 days and cocaine on 2 of the same 30: at least 6 days of use, not 24 of 30 and 28 of 30 again.
    warehouse = clinic(tmp_path, report(35, 6, substance="alcohol"), report(35, 2, substance="cocaine"))
    assert windows(warehouse, "known_days, abstinent_days") == [(30, 30 - 6)]


def test_what_a_claim_or_relative_says_is_no_self_report(tmp_path: Path) -> None:
    assert windows(clinic(tmp_path, report(35, 3, report_source="collateral")), "*") == []
