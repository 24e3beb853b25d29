"""Standardised mean change against Morris (2008), the worked example of metafor's documentation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries.statistics.effect_sizes import small_sample_correction, standardised_change, standardised_mean_change

MORRIS = pd.DataFrame(
    {
        "first": [30.6, 23.5, 0.5, 53.4, 35.6],
        "latest": [38.5, 26.8, 0.7, 75.9, 36.0],
        "sd_first": [15.0, 3.1, 0.1, 14.5, 4.7],
        "n": [20, 50, 9, 10, 14],
        "correlation": [0.47, 0.64, 0.77, 0.89, 0.44],
    }
)
"""Pretest and posttest of the five treatment groups of Carlson and Schmidt, as Morris gives them."""


def test_the_published_sizes_of_five_studies():
    size, variance = standardised_mean_change(
        MORRIS["n"].to_numpy(dtype=float),
        (MORRIS["latest"] - MORRIS["first"]).to_numpy(),
        MORRIS["sd_first"].to_numpy(),
        MORRIS["correlation"].to_numpy(),
    )
    assert size.round(4).tolist() == [0.5056, 1.0481, 1.8054, 1.4181, 0.0801]
    assert variance.round(4).tolist() == [0.0594, 0.0254, 0.2322, 0.1225, 0.0802]


def test_the_small_sample_correction_is_near_its_usual_approximation():
    degrees = np.array([2.0, 10, 100])
    assert small_sample_correction(degrees) == pytest.approx(1 - 3 / (4 * degrees - 1), abs=0.01)
    assert np.isnan(small_sample_correction(np.array([1.0]))[0])


def row(first: list[float], latest: list[float], direction: int) -> pd.Series:
    x, y = np.array(first), np.array(latest)
    sums = {"sum_x": x.sum(), "sum_xx": x @ x, "sum_y": y.sum(), "sum_yy": y @ y, "sum_xy": x @ y}
    counts = pd.DataFrame([{"n": len(x), "direction": direction, **sums}])
    return standardised_change(counts, unit="standard deviations", options={}).iloc[0]


def test_sums_give_what_the_scores_give():
    first, latest = [15.0, 20, 12, 9, 18], [9.0, 14, 12, 10, 8]
    size, variance = standardised_mean_change(
        np.array([5.0]),
        np.array([-np.mean(np.subtract(latest, first))]),
        np.array([np.std(first, ddof=1)]),
        np.array([np.corrcoef(first, latest)[0, 1]]),
    )
    found = row(first, latest, -1)
    assert found["value"] == pytest.approx(size[0])
    assert (found["upper"] - found["lower"]) / 2 == pytest.approx(1.959964 * variance[0] ** 0.5)


def test_the_same_change_has_the_same_size_whichever_way_the_scale_runs():
    first, latest = [15.0, 20, 12, 9, 18], [9.0, 14, 12, 10, 8]
    turned = row([100 - x for x in first], [100 - y for y in latest], 1)
    found = row(first, latest, -1)
    assert [turned[name] for name in ("value", "lower", "upper")] == pytest.approx(
        [found[name] for name in ("value", "lower", "upper")]
    )


def test_two_people_or_equal_first_scores_have_no_size():
    assert np.isnan(row([15, 10], [9, 8], -1)["value"])
    assert np.isnan(row([12.1, 12.1, 12.1], [9, 8, 7], -1)["value"])


def test_equal_latest_scores_have_a_size_but_no_interval():
    found = row([15, 10, 12], [4, 4, 4], -1)
    assert found["value"] > 0
    assert np.isnan(found["lower"])
