"""Rubin's rules against arithmetic by hand, and a published example; tipping points by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import t as student

from queries.statistics.pooling import pool, pool_shares
from queries.statistics.tipping import describe_tipping, tipping_point

# SAS/STAT, MIANALYZE, reading means and standard errors: oxygen intake of 31 people in five imputations.
OXYGEN = [47.0120, 47.2407, 47.4995, 47.1485, 47.0042]
OXYGEN_ERROR = [0.95984, 0.93540, 1.00766, 0.95439, 0.96528]


def test_a_published_example_is_pooled_step_by_step():
    # Q̄ = 47.18098; W̄ = 0.930854; B = 0.041470; T = W̄ + 1.2 B = 0.980619; λ = 1.2 B / T = 0.050748.
    # Rubin's degrees of freedom 4 / λ² = 1553.2; observed 31/33 · 30 · (1 − λ) = 26.752; together 26.299.
    pooled = pool(OXYGEN, np.square(OXYGEN_ERROR), complete_df=30)
    assert pooled.value == pytest.approx(47.18098)
    assert pooled.degrees_of_freedom == pytest.approx(1 / (1 / 1553.197 + 1 / 26.7516), abs=2e-3)
    half = student.ppf(0.975, pooled.degrees_of_freedom) * 0.980619**0.5
    assert (pooled.lower, pooled.upper) == pytest.approx((47.18098 - half, 47.18098 + half), abs=1e-5)
    increase = 1.2 * 0.041470 / 0.930854
    lost = (increase + 2 / (pooled.degrees_of_freedom + 3)) / (1 + increase)
    assert pooled.missing_information == pytest.approx(lost, abs=1e-5)


def test_five_imputations_that_add_a_tenth_to_the_variance_have_the_published_484_degrees_of_freedom():
    # (m − 1)(1 + 1 / r)² = 4 · 11² = 484 (SAS/STAT, MIANALYZE, combining inferences).
    spread = np.array([-1.0, -1.0, 0.0, 1.0, 1.0])  # variance 1
    pooled = pool(spread, np.full(5, 1.2 / 0.1))
    assert pooled.degrees_of_freedom == pytest.approx(484)


def test_without_disagreement_of_the_imputations_nothing_is_lost():
    pooled = pool([3.0, 3.0], [4.0, 4.0], complete_df=10)
    assert (pooled.missing_information, pooled.degrees_of_freedom) == (0, 10)
    assert pooled.upper == pytest.approx(3 + 2 * student.ppf(0.975, 10))


def test_shares_are_pooled_on_the_logit_scale():
    # 40, 44 and 48 of 100: the pooled logit is the mean of three, its variance by hand.
    logits = logit([0.40, 0.44, 0.48])
    within = np.mean([1 / (100 * p * (1 - p)) for p in (0.40, 0.44, 0.48)])
    between = ((logits - logits.mean()) ** 2).sum() / 2
    total = within + 4 / 3 * between
    pooled = pool_shares([40, 44, 48], 100)
    assert pooled.scale == "logit"
    assert pooled.value == pytest.approx(expit(logits.mean()), abs=1e-12)
    half = student.ppf(0.975, pooled.degrees_of_freedom) * total**0.5
    assert (pooled.lower, pooled.upper) == pytest.approx(expit([logits.mean() - half, logits.mean() + half]), abs=1e-12)


def test_where_one_imputation_has_no_event_the_plain_scale_is_used_and_stays_within_0_and_1():
    pooled = pool_shares([0, 1, 2], 20)
    assert (pooled.scale, pooled.value, pooled.lower) == ("plain", pytest.approx(0.05), 0)


def test_the_rate_tips_at_the_share_of_the_missing_that_the_target_needs():
    # 60 of 110 observed, 200 due: 40 % of 200 are 80, so 20 of the 90 missing: 22.2 %. Observed: 54.5 %.
    tipping = tipping_point(60, 110, 200, 0.4)
    assert tipping.share == pytest.approx(20 / 90)
    assert (tipping.lowest, tipping.highest) == (60 / 200, 150 / 200)
    assert describe_tipping(tipping, event="improved") == (
        "The rate falls below the target of 40.0 % if fewer than 22.2 % of the missing improved; of those with a "
        "result 54.5 % did."
    )
    assert describe_tipping(tipping, event="deteriorated", target="limit", higher_is="worse").startswith(
        "The rate rises above the limit of 40.0 % if more than 22.2 % of the missing deteriorated;"
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (0.2, "Even if nobody of the missing improved, the rate would be 30.0 %, above the target of 20.0 %"),
        (0.8, "Even if everybody of the missing improved, the rate would be 75.0 %, below the target of 80.0 %"),
    ],
)
def test_a_target_outside_the_bounds_is_decided_without_the_missing(target, said):
    tipping = tipping_point(60, 110, 200, target)
    assert tipping.is_decided
    assert describe_tipping(tipping, event="improved").startswith(said)


def test_a_target_at_a_bound_is_not_decided():
    # 30 % of 200 are the 60 observed: it takes nobody of the missing.
    assert tipping_point(60, 110, 200, 0.3).share == pytest.approx(0)
    with pytest.raises(ValueError, match="people without one"):
        tipping_point(60, 110, 110, 0.3)
