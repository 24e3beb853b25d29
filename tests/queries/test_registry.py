"""Measures of a registry's discharges: completion, reasons and classes of stay, on a few records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queries import catalog
from queries.filters import select
from tests.clinic import tiny_clinic


def record(reason: str, first: int, last: int | None, **more: Any) -> dict[str, Any]:
    return {
        "level_of_care": "IOP",
        "discharge_year": 2021,
        "discharge_reason": reason,
        "stay_days_from": first,
        "stay_days_to": last,
        **more,
    }


RECORDS = [
    record("completed", 31, 45, primary_substance="alcohol"),
    record("completed", 61, 90, primary_substance="opioid"),
    record("transferred", 12, 12, primary_substance="alcohol"),
    record("dropped_out", 31, 45, primary_substance="opioid"),
    record("unknown", 366, None),
    record("completed", 5, 5, level_of_care="residential"),
]


def exact(folder: Path, name: str, records: list[dict[str, Any]] = RECORDS, **chosen: Any) -> Any:
    warehouse = tiny_clinic(folder, episodes=(), registry_discharges=records)
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select(**chosen)).frame


def test_completion_counts_records_of_the_chosen_level_of_care(tmp_path: Path) -> None:
    found = exact(tmp_path, "registry_completion").set_index("category")
    assert found["denominator"].tolist() == [5, 5]
    assert found["value"].tolist() == pytest.approx([2 / 5, 3 / 5])
    assert found["missing_n"].tolist() == [1, 1]


def test_reasons_sum_to_all_records(tmp_path: Path) -> None:
    found = exact(tmp_path, "registry_reasons").set_index("category")
    assert found["numerator"].to_dict() == {
        "completed": 2,
        "transferred": 1,
        "dropped out": 1,
        "terminated": 0,
        "incarcerated": 0,
        "died": 0,
        "other": 0,
        "unknown": 1,
    }
    assert found.loc["completed", "value"] == pytest.approx(2 / 5)
    assert set(found["missing_n"]) == {1}


def test_a_stay_is_beyond_a_limit_only_where_its_whole_class_is(tmp_path: Path) -> None:
    records = [*RECORDS, record("completed", 20, 40)]
    found = exact(tmp_path, "registry_stay", records).set_index("category")
    assert found["numerator"].tolist() == [4, 2, 2, 1, 1, 1, 1]
    assert found["value"].iloc[0] == pytest.approx(4 / 6)
    assert found["missing_n"].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_groups_are_those_that_the_registry_publishes(tmp_path: Path) -> None:
    found = exact(tmp_path, "registry_completion", by="substance")
    first = found[found["category"] == "completed"].set_index("group_name")
    assert first["numerator"].to_dict() == {"alcohol": 1, "opioid": 1, "Not recorded": 0}
    (tmp_path / "by_site").mkdir()
    by_site = exact(tmp_path / "by_site", "registry_completion", by="site")
    assert by_site["group_name"].unique().tolist() == ["All: the registry does not say"]


def test_nothing_of_a_registry_has_a_day() -> None:
    for name, measure in catalog.measures().items():
        if "selected_discharge" in measure.sql:
            assert measure.statistic == "proportion", name
            assert measure.axis == "category", name
