"""Reliable change and cut-offs: the test vectors of the specification, and the measure that computes them in SQL."""

from __future__ import annotations

import re

import pytest

from queries import catalog
from queries.filters import select
from queries.statistics.reliable_change import (
    clinical_cut_offs,
    reliable_change_index,
    reliable_change_points,
    standard_error_of_measurement,
)
from queries.warehouse import Warehouse


@pytest.mark.parametrize(("sd", "reliability", "points"), [(5.66, 0.89, 5.20), (6.1, 0.84, 6.76)])
def test_reliable_change_has_the_points_of_the_specification(sd, reliability, points):
    assert round(reliable_change_points(sd, reliability), 2) == points


def test_two_standard_errors_of_measurement_are_not_the_reliable_change():
    # The specification: a standard error of measurement of 2.5 gives 6.9 points.
    error = standard_error_of_measurement(6.25, 0.84)
    assert error == pytest.approx(2.5)
    assert 2 * error == pytest.approx(5.0)
    assert round(reliable_change_points(6.25, 0.84), 1) == 6.9


def test_a_change_is_reliable_beyond_1_96_of_its_standard_error():
    # √2 · 6.1 · √0.16 = 3.4507; 15 → 8 is −2.03 of it, 15 → 9 is −1.74.
    assert reliable_change_index(15, 8, 6.1, 0.84) == pytest.approx(-7 / 3.4507, abs=1e-4)
    assert reliable_change_index(15, 8, 6.1, 0.84) < -1.96 < reliable_change_index(15, 9, 6.1, 0.84)
    assert reliable_change_index(15, 15 - reliable_change_points(6.1, 0.84), 6.1, 0.84) == pytest.approx(-1.96)


def test_cut_offs_lie_toward_the_other_group_in_either_direction():
    # Clinical 16 ± 5, norm 4 ± 3: a = 16 − 10, b = 4 + 6, c = (3·16 + 5·4) / 8.
    assert clinical_cut_offs(16, 5, 4, 3) == pytest.approx((6, 10, 8.5))
    # A scale where more is better: clinical 30 ± 10, norm 70 ± 10.
    assert clinical_cut_offs(30, 10, 70, 10) == pytest.approx((50, 50, 50))


def test_an_impossible_reliability_is_refused():
    with pytest.raises(ValueError, match="are not possible"):
        standard_error_of_measurement(5, 1.2)


@pytest.mark.parametrize(("instrument", "reliability"), [("PHQ-9", 0.84), ("GAD-7", 0.83)])
def test_the_local_threshold_in_sql_is_that_of_the_formula(sample_warehouse: Warehouse, instrument, reliability):
    row = sample_warehouse.cursor().execute(
        "select stddev_samp(score) from mart.score where instrument = $instrument and is_baseline "
        "and assessed_date <= date '2025-12-31'",
        {"instrument": instrument},
    )
    (sd,) = row.fetchone()
    measure = catalog.measure("reliable_improvement_local")
    frame = catalog.answer_unsuppressed(sample_warehouse, measure, select({}), {"instrument": instrument}).frame
    (points,) = {re.match(r"more than ([\d.]+) points", category)[1] for category in frame["category"]}
    assert points == f"{reliable_change_points(sd, reliability):.2f}"
