"""Charts for rare events: times and cases between two of them."""

from __future__ import annotations

import numpy as np
import pytest

from queries.statistics.rare_events import g_chart, t_chart
from queries.statistics.run_rules import mark_signals

# x^(1/3.6) of 0, 1 and 2^3.6 days are 0, 1 and 2.
DAYS = [1.0, 2**3.6, 1.0, 2**3.6, 1.0]


def test_times_are_charted_on_the_scale_that_makes_them_normal():
    # Transformed: 1, 2, 1, 2, 1. Mean 1.4, every moving range 1, so the limits are 1.4 ± 3/1.128.
    chart = t_chart(DAYS)
    np.testing.assert_allclose(chart["centre"], 1.4**3.6)
    np.testing.assert_allclose(chart["upper"], (1.4 + 3 / 1.128) ** 3.6)
    assert (chart["lower"] == 0).all()  # 1.4 − 2.66 is below 0, where no time lies.
    assert chart["value"].tolist() == DAYS
    np.testing.assert_allclose(chart["deviation"], (np.array([1, 2, 1, 2, 1]) - 1.4) * 1.128)


def test_a_time_longer_than_the_upper_limit_is_good_news():
    beyond = (1.4 + 3 / 1.128) ** 3.6 + 1
    marked = mark_signals(t_chart([*DAYS, beyond], baseline=5), higher_is="better")
    assert marked["rule"].tolist() == [""] * 5 + ["outside limits"]
    assert marked["judgement"].iloc[-1] == "improvement"


def test_times_before_their_predecessor_are_refused():
    with pytest.raises(ValueError, match="order of their dates"):
        t_chart([3.0, -1.0])


def test_cases_between_events_have_geometric_limits():
    # Mean 20: √(20 · 21) = 20.494, so the upper limit is 20 + 3 · 20.494 = 81.48 and the lower one 0.
    chart = g_chart([10, 30, 20, 5, 35])
    np.testing.assert_allclose(chart["centre"], 20)
    np.testing.assert_allclose(chart["upper"], 20 + 3 * np.sqrt(420))
    assert (chart["lower"] == 0).all()
    assert chart["deviation"].iloc[1] == pytest.approx(10 / np.sqrt(420))


def test_cases_are_whole():
    with pytest.raises(ValueError, match="whole"):
        g_chart([1.5, 2])
    assert np.isnan(g_chart([1, np.nan, 3])["deviation"].iloc[1])
