"""Intervals by drawing persons agree with those on screen, for every measure whose unit is a session or a week."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries import catalog
from queries.catalog import measure, measures
from queries.filters import select
from queries.measure import MeasureError
from queries.resampling import LINEARISED, can_resample, draw_interval, resample, sums_by_person
from queries.statistics.bootstrap import REPLICATES, SEED
from tests.queries import stays

RESAMPLED = [name for name, member in measures().items() if can_resample(member)]
TOLERANCE = 0.1
"""Each limit of the draws is within this part of the width of the linearised interval, which is seen to be enough."""


def test_every_rate_of_sessions_and_weeks_can_be_drawn():
    for name, member in measures().items():
        assert (member.statistic == "cluster_ratio") <= (name in RESAMPLED), name


@pytest.mark.parametrize("name", RESAMPLED)
def test_the_linearised_interval_agrees_with_two_thousand_draws_of_persons(sample_warehouse, name):
    frame = resample(sample_warehouse, name, select()).frame()
    drawn = frame[frame["bootstrap_lower"].notna()].astype({"lower": float, "upper": float})
    assert len(drawn) >= 1
    width = drawn["upper"] - drawn["lower"]
    for side in ("lower", "upper"):
        assert ((drawn[side] - drawn[f"bootstrap_{side}"]).abs() <= TOLERANCE * width).all(), drawn


@pytest.mark.parametrize("name", RESAMPLED)
def test_the_sums_of_the_persons_are_the_answer(sample_warehouse, name):
    exact = catalog.answer_unsuppressed(sample_warehouse, measure(name), select())
    sums = sums_by_person(sample_warehouse, measure(name), select(), exact.parameters)
    rows = exact.frame[exact.frame["statistic"].isin(["share", "mean"])]
    found = [(part["numerator"].sum() / part["denominator"].sum(), part["denominator"].sum()) for part in sums.values()]
    expected = list(zip(rows["value"], rows["denominator"], strict=True))
    assert np.array(sorted(found)) == pytest.approx(np.array(sorted(expected), dtype=float), rel=1e-9)


def test_the_draws_of_three_persons_are_those_of_three_persons():
    # Of 27 equally likely draws of the shares 0, 0 and 1 (three weeks each), 8 hold no one and 1 holds three ones: the
    # 2.5th percentile is 0 and the 97.5th 1, since 1 / 27 is more than 2.5 %.
    three = pd.DataFrame({"numerator": [0, 0, 3], "denominator": [3, 3, 3]})
    assert draw_interval(three) == (0, 1)
    assert draw_interval(three[::-1]) == (0, 1)
    assert np.isnan(draw_interval(three[:1])).all()


def test_hidden_rows_and_rows_without_a_difference_have_no_limits(tmp_path):
    # Twelve people come to both of their sessions; ten in South and four in East come to one of two.
    shown, half = [[3, 3]], [[3]]
    missed = [{"episode_id": f"e{place}", "day": 2, "status": "no_show"} for place in range(13, 27)]
    columns = [{"site": "North"}] * 12 + [{"site": "South"}] * 10 + [{"site": "East"}] * 4
    warehouse = stays.clinic(tmp_path, *[shown] * 12, *[half] * 14, sessions=missed, columns=columns)
    frame = resample(warehouse, "show_rate", select(by="site")).frame().set_index("group_name")
    assert frame["is_suppressed"].to_dict() == {"East": True, "North": False, "South": True}
    assert frame.loc["North", "method"] != LINEARISED
    assert frame["bootstrap_lower"].isna().all()
    whole = resample(warehouse, "show_rate", select()).frame().iloc[0]
    assert (whole["value"], whole["bootstrap_draws"], whole["bootstrap_seed"]) == (38 / 52, REPLICATES, SEED)
    assert 0.5 < whole["bootstrap_lower"] < 38 / 52 < whole["bootstrap_upper"] < 1


def test_a_group_has_the_limits_that_it_has_alone(sample_warehouse):
    compared = resample(sample_warehouse, "show_rate", select(by="site")).frame().set_index("group_name")
    alone = resample(sample_warehouse, "show_rate", select({"site": ["North"]})).frame().iloc[0]
    limits = ["bootstrap_lower", "bootstrap_upper"]
    assert compared.loc["North", limits].tolist() == alone[limits].tolist()
    assert compared["bootstrap_lower"].notna().all()


def test_a_curve_has_no_draws_and_says_why(sample_warehouse):
    with pytest.raises(MeasureError, match="retention_curve has no draws by person: they are for rates"):
        resample(sample_warehouse, "retention_curve", select())
