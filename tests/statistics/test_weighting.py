"""Entropy balancing against scipy's optimiser and direct standardisation, and the standardised differences by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.optimize

from queries.statistics.weighting import balance, build_design, differences, effective_sizes, find_overlap

CELLS = pd.DataFrame(
    [(severity, payer) for severity in ("high", "low", "middle") for payer in ("commercial", "medicaid")],
    columns=["severity", "payer"],
)
COUNTS = np.array([[60.0, 90, 140, 80, 100, 120], [50.0, 30, 12, 15, 25, 18]])


def solve(counts: np.ndarray) -> np.ndarray:
    """Weights of both arms to the mix of the two together."""
    design = build_design(CELLS)
    features = design.indicators[design.is_free]
    together = counts.sum(axis=0)
    target = (together @ features.T / together.sum())[None]
    return np.vstack([balance(features, arm[None], target) for arm in counts])


def test_weights_are_the_nearest_to_equal_ones_that_balance():
    """scipy's general optimiser minimises the same entropy under the same constraints."""
    design, weights = build_design(CELLS), solve(COUNTS)
    features, together = design.indicators[design.is_free], COUNTS.sum(axis=0)
    for counts, own in zip(COUNTS, weights, strict=True):
        start = counts / counts.sum()

        def entropy(shares, start=start):
            return float((shares * np.log(shares / start)).sum())

        constraints = [
            {"type": "eq", "fun": lambda shares: features @ (shares - together / together.sum())},
            {"type": "eq", "fun": lambda shares: shares.sum() - 1},
        ]
        found = scipy.optimize.minimize(
            entropy,
            start,
            constraints=constraints,
            bounds=[(1e-9, 1)] * 6,
            method="SLSQP",
            options={"ftol": 1e-15, "maxiter": 500},
        )
        np.testing.assert_allclose(own * counts / counts.sum(), found.x, atol=2e-6)


def test_after_weighting_no_level_differs_and_the_mean_weight_is_1():
    weights = solve(COUNTS)
    np.testing.assert_allclose(differences(build_design(CELLS), COUNTS, weights), 0, atol=1e-8)
    np.testing.assert_allclose((COUNTS * weights).sum(axis=1), COUNTS.sum(axis=1), rtol=1e-9)


def test_with_one_covariate_weighting_is_direct_standardisation():
    cells, counts = pd.DataFrame({"severity": ["high", "low"]}), np.array([[5.0, 15.0], [15.0, 5.0]])
    design = build_design(cells)
    features = design.indicators[design.is_free]
    # Both arms together are half high, half low: 5 persons stand for 10, 15 for 10.
    for arm, expected in zip(counts, ([2, 2 / 3], [2 / 3, 2]), strict=True):
        np.testing.assert_allclose(balance(features, arm[None], np.array([[0.5]]))[0], expected, rtol=1e-9)


def test_a_standardised_difference_by_hand():
    # 15 of 20 less 5 of 20, over the root of the mean of 0.1875 and 0.1875.
    design, counts = build_design(pd.DataFrame({"severity": ["high", "low"]})), np.array([[5.0, 15.0], [15.0, 5.0]])
    np.testing.assert_allclose(differences(design, counts, np.ones((2, 2))), [0.5 / 0.1875**0.5, -0.5 / 0.1875**0.5])
    assert design.levels == ("severity: high", "severity: low")


def test_effective_sizes_by_hand():
    # Weights 2 for 5 persons and 2/3 for 15: 20² / (5 × 4 + 15 × 4/9) = 400 / 26.67 = 15.
    counts, weights = np.array([[5.0, 15.0]]), np.array([[2, 2 / 3]])
    assert effective_sizes(counts, weights)[0] == pytest.approx(15)


def test_a_level_that_one_arm_hardly_has_is_outside_and_so_may_be_what_is_left():
    cells = pd.DataFrame({"age": ["adult", "adult", "adolescent"], "payer": ["self pay", "medicaid", "self pay"]})
    # Of 24-hour care 10 are adolescents; without them 10 pay themselves, which is then too few as well.
    inside = find_overlap(build_design(cells), np.array([[50.0, 50, 50], [10.0, 90, 10]]))
    assert inside.tolist() == [False, True, False]


def test_what_cannot_be_balanced_stops_short_of_the_target_without_failing():
    design = build_design(CELLS)
    counts = np.array([[10.0, 10, 0, 0, 10, 10]])
    weights = balance(design.indicators[design.is_free], counts, np.full((1, 3), 0.5))
    assert np.isfinite(weights).all()


def test_samples_are_solved_at_once_as_they_are_one_by_one():
    design = build_design(CELLS)
    features = design.indicators[design.is_free]
    counts = np.random.default_rng(2).multinomial(300, COUNTS[1] / COUNTS[1].sum(), size=30).astype(float)
    target = np.tile([0.35, 0.33, 0.5], (30, 1))
    together = balance(features, counts, target)
    alone = np.vstack([balance(features, counts[[place]], target[[place]]) for place in range(30)])
    np.testing.assert_allclose(together, alone, rtol=1e-7)
