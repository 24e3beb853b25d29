"""Panels of tests against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from queries.statistics.multiplicity import deviation_p_value, flag_for_review


def test_a_panel_is_adjusted_as_statsmodels_adjusts_it():
    p = np.random.default_rng(11).uniform(size=40) ** 2
    panel = flag_for_review(p)
    is_rejected, q, *_ = multipletests(p, alpha=0.10, method="fdr_bh")
    np.testing.assert_allclose(panel["q_value"], q, rtol=0, atol=1e-12)
    assert (panel["is_for_review"].to_numpy() == is_rejected).all()
    assert 0 < is_rejected.sum() < 40


def test_a_test_that_could_not_be_done_counts_for_nothing():
    panel = flag_for_review([0.04, np.nan, 0.09])
    np.testing.assert_allclose(panel["q_value"], [0.08, np.nan, 0.09])
    assert panel["is_for_review"].tolist() == [True, False, True]
    assert not flag_for_review([np.nan])["is_for_review"].any()
    assert flag_for_review([]).empty


def test_240_points_at_three_sigma_are_expected_to_signal_less_than_once_by_chance():
    assert 240 * deviation_p_value(3) == pytest.approx(0.648, abs=5e-4)
    assert np.isnan(deviation_p_value(np.nan))
