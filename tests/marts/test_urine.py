"""Urine tests by specimen and substance. Day 0 is Monday 2026-01-05; a specimen u1 is given on day 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def clinic(folder: Path, *results: tuple[str, str], prescribed: str = "", **more: Any) -> Warehouse:
    """One specimen with its results by substance."""
    toxicology = [
        {"specimen_id": "u1", "day": 1, "substance": substance, "result": result}
        | {"is_prescribed": substance == prescribed}
        | more
        for substance, result in results
    ]
    return tiny_clinic(folder, sessions=[{"day": 0}], toxicology=toxicology)


def rows(warehouse: Warehouse, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    sql = f"select {columns} from mart.urine where {where} order by specimen_date, specimen_id, substance"
    return warehouse.cursor().execute(sql).fetchall()


def whole(warehouse: Warehouse, columns: str) -> tuple[Any, ...]:
    (row,) = rows(warehouse, columns, "substance = 'any'")
    return row


def test_a_specimen_has_a_row_for_each_substance_and_one_for_itself(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("opioid", "positive"), ("cocaine", "negative"))
    assert rows(warehouse, "substance, result, is_positive") == [
        ("any", "positive", True),
        ("cocaine", "negative", False),
        ("opioid", "positive", True),
    ]


def test_a_row_for_the_whole_specimen_in_the_export_is_not_doubled(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("any", "negative"), ("opioid", "positive"))
    assert rows(warehouse, "substance, is_positive") == [("any", True), ("opioid", True)]


@pytest.mark.parametrize(
    ("result", "collected", "valid", "positive", "negative"),
    [
        ("positive", True, True, True, False),
        ("negative", True, True, False, True),
        ("invalid", True, False, False, False),
        ("dilute", True, False, False, False),
        ("pending", True, False, False, False),
        ("not_reported", True, False, False, False),
        ("not_collected", False, False, False, False),
    ],
)
def test_only_positive_and_negative_are_valid_results(
    tmp_path: Path, result: str, collected: bool, valid: bool, positive: bool, negative: bool
) -> None:
    warehouse = clinic(tmp_path, ("any", result))
    flags = whole(warehouse, "result, is_collected, is_valid, is_positive, is_negative")
    assert flags == (result, collected, valid, positive, negative)


def test_a_positive_for_a_prescribed_substance_is_reported_and_does_not_count(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("buprenorphine", "positive"), ("opioid", "negative"), prescribed="buprenorphine")
    columns = "substance, is_positive_reported, is_positive, is_negative"
    assert rows(warehouse, columns) == [
        ("any", True, False, True),
        ("buprenorphine", True, False, True),
        ("opioid", False, False, True),
    ]
    assert whole(warehouse, "is_prescribed") == (True,)


def test_another_positive_beside_the_prescribed_one_counts(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("buprenorphine", "positive"), ("opioid", "positive"), prescribed="buprenorphine")
    assert whole(warehouse, "is_positive, is_prescribed, is_negative") == (True, False, False)


def test_a_substance_that_the_source_does_not_report_is_not_negative(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("methadone", "not_reported"), prescribed="methadone")
    assert rows(warehouse, "substance, result, is_valid, is_negative") == [
        ("any", "not_reported", False, False),
        ("methadone", "not_reported", False, False),
    ]


@pytest.mark.parametrize("open_result", ["invalid", "dilute", "pending"])
def test_a_specimen_is_not_negative_while_one_of_its_results_is_open(tmp_path: Path, open_result: str) -> None:
    warehouse = clinic(tmp_path, ("opioid", "negative"), ("cocaine", open_result))
    assert whole(warehouse, "result, is_valid, is_negative") == (open_result, False, False)


def test_one_positive_settles_a_specimen_whatever_else_is_open(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, ("opioid", "positive"), ("cocaine", "pending"))
    assert whole(warehouse, "result, is_valid, is_positive") == ("positive", True, True)


@pytest.mark.parametrize(
    ("first_day", "day", "week"),
    [(0, 0, 1), (0, 6, 1), (0, 7, 2), (0, -1, 0), (1, 0, 0), (1, 1, 1), (1, 7, 1), (1, 8, 2)],
)
def test_weeks_of_care_begin_on_day_0_or_by_a_named_rule_on_the_day_after(
    tmp_path: Path, first_day: int, day: int, week: int
) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        rules={"first_week_begins_on_day": first_day},
        sessions=[{"day": 0}],
        toxicology=[{"specimen_id": "u1", "day": day}],
    )
    assert whole(warehouse, "day_of_care, week_of_care") == (day, week)


def test_a_specimen_of_a_person_without_an_episode_is_kept_without_a_week(tmp_path: Path) -> None:
    toxicology = [{"specimen_id": "u9", "patient_id": "p9", "substance": "opioid", "result": "positive"}]
    warehouse = tiny_clinic(tmp_path, sessions=[{"day": 0}], toxicology=toxicology)
    assert whole(warehouse, "patient_id, episode_id, week_of_care, is_positive") == ("p9", None, None, True)


def test_a_specimen_of_the_second_part_of_a_restart_counts_from_the_first_day_0(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            {"patient_id": "p1", "discharge_day": 10, "discharge_reason": "completed"},
            {"patient_id": "p1", "day": 11},
        ],
        sessions=[{"day": 0}, {"day": 10}, {"episode_id": "e2", "day": 0}],
        toxicology=[{"specimen_id": "u1", "episode_id": "e2", "day": 3}],
    )
    assert whole(warehouse, "episode_id, day_of_care") == ("e1", 11 + 3)
