"""The text that must stand wherever an unadjusted gap between IOP and inpatient or residential care is shown."""

from __future__ import annotations

from datetime import date

import pytest

from queries import catalog
from queries.answer import PLACEMENT_WARNING
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

COMPARISONS = ["price_comparison", "break_even", "break_even_step_up", "cost_comparison"]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Warehouse:
    """One completed episode at each of three levels of care."""
    levels = ("IOP", "inpatient", "OP")
    episodes = [
        {
            "patient_id": f"p{n}",
            "level_of_care": level,
            "discharge_date": date(2026, 2, 1),
            "discharge_reason": "completed",
        }
        for n, level in enumerate(levels)
    ]
    keys = [{"episode_id": f"e{n}"} for n in range(1, 4)]
    return tiny_clinic(
        tmp_path_factory.mktemp("levels"),
        episodes=episodes,
        sessions=[key | {"day": 0} for key in keys],
        costs=[key | {"amount": 900} for key in keys],
    )


def warning(clinic: Warehouse, name: str, levels: list[str], by: str | None) -> str:
    return catalog.ask(clinic, name, {"level_of_care": levels}, by=by).warning


@pytest.mark.shared
def test_the_text_is_that_of_the_definitions(shared_dir):
    assert f'"{PLACEMENT_WARNING}"' in (shared_dir / "measures" / "05_cost.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_measure_that_compares_levels_of_care_always_carries_it(name):
    assert PLACEMENT_WARNING in catalog.measure(name).warning


@pytest.mark.parametrize("name", ["crude_retention", "completion_rate", "cost_per_episode", "retention_curve"])
def test_any_other_measure_carries_it_where_levels_of_care_are_compared(clinic, name):
    own = catalog.measure(name).warning
    assert PLACEMENT_WARNING not in own
    assert warning(clinic, name, ["IOP", "inpatient"], "level_of_care") == f"{own} {PLACEMENT_WARNING}".strip()


@pytest.mark.parametrize(
    ("levels", "by"), [(["IOP", "OP"], "level_of_care"), (["inpatient"], "level_of_care"), ([], "site"), ([], None)]
)
def test_without_a_gap_between_them_there_is_no_such_text(clinic, levels, by):
    assert warning(clinic, "completion_rate", levels, by) == catalog.measure("completion_rate").warning
