"""Costs of levels of care against each other, with the arithmetic in sight."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries import catalog
from queries.answer import PLACEMENT_WARNING
from tests.queries.cost_lines import INPATIENT, clinic, episode, means, rows

ASAM = {
    band: {f"asam_dimension_{number}": points for number in range(1, 7)}
    for band, points in (("low", 1), ("middle", 2), ("high", 3))
}


def test_break_even_is_the_days_of_iop_that_cost_one_stay(tmp_path):
    # Inpatient (3,000 + 5,000) / 2 = 4,000; IOP (300 + 500) / (2 + 2 days) = 200 a day: 20 days.
    warehouse = clinic(tmp_path, episode(300), episode(500), episode(3000, **INPATIENT), episode(5000, **INPATIENT))
    frame = rows(warehouse, "break_even")
    assert means(frame) == pytest.approx({"one inpatient stay (paid)": 20})


def test_only_one_basis_enters_a_break_even(tmp_path):
    stays = [episode(300), episode(500), episode(4000, **INPATIENT), episode(90_000, basis="charge", **INPATIENT)]
    frame = rows(clinic(tmp_path, *stays), "break_even")
    assert means(frame) == pytest.approx({"one inpatient stay (paid)": 20})
    assert means(frame, "missing_n") == {"one inpatient stay (paid)": 1}


def test_the_interval_of_a_break_even_is_that_of_the_delta_method(tmp_path):
    # IOP: one day with a service each, costs of 100 to 300; inpatient: costs of 2,000 to 6,000.
    iop, inpatient = np.linspace(100, 300, 60), np.linspace(2000, 6000, 40)
    stays = [episode(round(cost, 2), days=(0,)) for cost in iop]
    stays += [episode(round(cost, 2), **INPATIENT) for cost in inpatient]
    row = rows(clinic(tmp_path, *stays), "break_even").iloc[0]
    relative = [np.var(cost) / len(cost) / np.mean(cost) ** 2 for cost in (iop, inpatient)]
    half = 1.96 * 20 * np.sqrt(sum(relative))
    assert row["value"] == pytest.approx(20)
    assert row["upper"] - row["lower"] == pytest.approx(2 * half, rel=0.1)


@pytest.mark.parametrize(
    ("iop", "other", "later", "category", "value"),
    [
        # Inpatient costs (6,000 + 2,000) / 2 = 4,000: (4,000 − 1,000) / 6,000 = 0.5.
        (1000, 2000, 6000, "break-even difference (paid)", 0.5),
        # (6,000 − 1,000) / 2,000 = 2.5: more than everybody.
        (1000, 10_000, 2000, "break-even difference: never (paid)", None),
        # IOP costs more than the inpatient mean of 4,000 before anybody is admitted.
        (9000, 2000, 6000, "break-even difference: always (paid)", None),
    ],
)
def test_the_break_even_rate_of_later_stays_is_never_or_always_outside_zero_to_one(
    tmp_path, iop, other, later, category, value
):
    # One IOP patient is admitted later; the other inpatient is not: a difference of 1/1 − 0/2 in later stays.
    stays = [
        episode(iop, patient_id="p1"),
        episode(other, patient_id="p2", **INPATIENT),
        episode(later, patient_id="p1", day=30, **INPATIENT),
    ]
    found = means(rows(clinic(tmp_path, *stays), "break_even_step_up", horizon_days=90))
    assert found["observed difference"] == pytest.approx(1)
    assert pd.isna(found[category]) if value is None else found[category] == pytest.approx(value)


def test_a_transfer_to_inpatient_care_on_the_day_of_the_exit_is_a_later_stay(tmp_path):
    # Of two IOP patients one goes straight on to a stay of 6,000: (8,000 + 6,000)/2 − 1,000 = 6,000, over 6,000.
    stays = [
        episode(1000, patient_id="p1", reason="transferred", discharge_to="inpatient"),
        episode(1000, patient_id="p2"),
        episode(6000, patient_id="p1", day=9, **INPATIENT),
        episode(8000, patient_id="p3", **INPATIENT),
    ]
    found = means(rows(clinic(tmp_path, *stays), "break_even_step_up"))
    assert found == pytest.approx({"break-even difference (paid)": 1, "observed difference": 1 / 2})


def severity_clinic(folder, iop_high=5):
    """IOP: 15 of low severity at 100, 5 of high at 200. Inpatient: 5 of low at 300, 15 of high at 500."""
    groups = [
        (15, 100, "low", {}),
        (iop_high, 200, "high", {}),
        (5, 300, "low", INPATIENT),
        (15, 500, "high", INPATIENT),
    ]
    stays = [episode(cost, **ASAM[band], **level) for n, cost, band, level in groups for _ in range(n)]
    return clinic(folder, *stays)


def test_the_difference_at_equal_severity_is_not_the_crude_one(tmp_path):
    # Crude: (5 × 300 + 15 × 500)/20 − (15 × 100 + 5 × 200)/20 = 450 − 125 = 325.
    # Both bands hold 20 of 40: 0.5 × (300 − 100) + 0.5 × (500 − 200) = 250.
    found = means(rows(severity_clinic(tmp_path), "cost_comparison"))
    assert found == pytest.approx(
        {
            "IOP (paid)": 125,
            "inpatient (paid)": 450,
            "IOP, low severity (paid)": 100,
            "IOP, high severity (paid)": 200,
            "inpatient, low severity (paid)": 300,
            "inpatient, high severity (paid)": 500,
            "inpatient less IOP, crude (paid)": 325,
            "inpatient less IOP, at equal severity (paid)": 250,
        }
    )


def test_within_bands_without_spread_the_standardised_difference_is_certain(tmp_path):
    frame = rows(severity_clinic(tmp_path), "cost_comparison").set_index("category")
    row = frame.loc["inpatient less IOP, at equal severity (paid)"]
    assert (row["lower"], row["upper"]) == pytest.approx((250, 250))
    crude = frame.loc["inpatient less IOP, crude (paid)"]
    assert crude["lower"] < 325 < crude["upper"]


def test_without_overlap_of_severity_no_adjusted_number_is_shown(tmp_path):
    found = means(rows(severity_clinic(tmp_path, iop_high=4), "cost_comparison"))
    assert pd.isna(found["inpatient less IOP, at equal severity: not shown, too little overlap (paid)"])
    assert "inpatient less IOP, crude (paid)" in found


def test_the_comparison_of_costs_carries_the_warning_word_for_word():
    assert catalog.measure("cost_comparison").warning == PLACEMENT_WARNING
