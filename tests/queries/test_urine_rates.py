"""Urine tests given, positive and negative, on clinics of a few rows, with the arithmetic in sight."""

from __future__ import annotations

import pytest
from scipy.stats import t

from queries.statistics.proportions import wilson
from tests.queries.test_relapse import by, clinic, rows


def test_positivity_leaves_out_invalid_and_pending_and_clusters_by_person(tmp_path):
    # p1: 2 of 3 valid positive; p2: 0 of 2; the invalid, the pending and the one not given are missing.
    warehouse = clinic(tmp_path, {1: "+", 8: "+", 15: "-", 22: "i"}, {1: "-", 8: "-", 15: "p", 22: "o"})
    row = rows(warehouse, "urine_positivity").set_index("category").loc["any"]
    ratio = (2 + 0) / (3 + 2)
    squares = (2 - ratio * 3) ** 2 + (0 - ratio * 2) ** 2
    half = t.ppf(0.975, 1) * (2 / (2 - 1) * squares / 5**2) ** 0.5
    assert row["value"] == pytest.approx(ratio)
    assert (row["lower"], row["upper"]) == pytest.approx((max(ratio - half, 0), min(ratio + half, 1)))
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (2, 5, 3)


def test_a_positive_for_a_prescribed_drug_is_not_positive_unless_counted_as_reported(tmp_path):
    shared = {"episode_id": "e1", "substance": "methadone", "result": "positive"}
    toxicology = [
        {"specimen_id": "u1", "day": 1, "is_prescribed": True, **shared},
        {"specimen_id": "u2", "day": 8, "is_prescribed": False, **shared},
    ]
    warehouse = clinic(tmp_path, {}, toxicology=toxicology)
    own = by(rows(warehouse, "urine_positivity"), "category", "numerator")
    reported = by(rows(warehouse, "urine_positivity", counted="as reported"), "category", "numerator")
    assert (own["methadone"], own["any"]) == (1, 1)
    assert (reported["methadone"], reported["any"]) == (2, 2)


def test_weekly_positivity_counts_persons_once_a_week(tmp_path):
    # Week 1: p1 has two specimens, one positive; p2 is negative. Week 2: p1 negative, p2 not given.
    warehouse = clinic(tmp_path, {1: "+", 3: "-", 8: "-"}, {1: "-", 8: "o"}, substance="opioid")
    frame = rows(warehouse, "urine_positivity_by_week", tested_substance="opioid").set_index("step")
    assert list(frame["value"]) == [1 / 2, 0]
    assert list(frame["denominator"]) == [2, 1]
    assert list(frame["missing_n"]) == [0, 1]
    assert (frame["lower"][1], frame["upper"][1]) == pytest.approx(tuple(map(float, wilson(1, 2))))


def test_a_missing_test_is_neither_negative_nor_given(tmp_path):
    # Eight expected: five negative, one positive, one invalid, one not given.
    warehouse = clinic(tmp_path, {1: "-", 8: "-", 15: "-", 22: "-"}, {1: "-", 8: "+", 15: "i", 22: "o"})
    negative, given = (rows(warehouse, name).iloc[0] for name in ("urine_negative_of_expected", "urine_completion"))
    assert (negative["value"], negative["missing_n"]) == (pytest.approx(5 / 8), 2)
    assert (given["value"], given["missing_n"]) == (pytest.approx(7 / 8), 1)


def test_a_test_that_was_not_expected_does_not_count_towards_completion(tmp_path):
    toxicology = [
        {"specimen_id": "u1", "episode_id": "e1", "day": 1, "is_expected": False},
        {"specimen_id": "u2", "episode_id": "e1", "day": 8, "result": "not_collected"},
    ]
    row = rows(clinic(tmp_path, {}, toxicology=toxicology), "urine_completion").iloc[0]
    assert (row["numerator"], row["denominator"]) == (0, 1)
