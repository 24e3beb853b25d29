"""Which groups take part in a comparison of curves, what is adjusted, and that the result gives no day of few away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from queries.statistics import derive
from queries.statistics.compared_groups import choose_groups
from queries.statistics.curve_tests import adjust_by_holm
from queries.statistics.log_rank import log_rank
from queries.statistics.risk_tables import RiskTable
from queries.thinning import round_comparisons


def group(name: str, events: int, censored: int) -> pd.DataFrame:
    return pd.DataFrame({"group_name": name, "step": [10, 40], "events": [events, 0], "censored": [0, censored]})


def test_a_group_takes_part_from_22_people_and_11_or_no_events():
    counts = pd.concat(
        [group("21", 11, 10), group("22", 11, 11), group("few left", 10, 90), group("nobody left", 0, 30)]
    )
    chosen = choose_groups(counts)
    assert chosen.names == ("22", "nobody left")
    assert chosen.left_out == ("21", "few left")


def test_a_stricter_smallest_count_asks_for_larger_groups(monkeypatch):
    monkeypatch.setenv("IOP_SMALLEST_COUNT", "20")
    assert choose_groups(pd.concat([group("A", 20, 19), group("B", 20, 20)])).names == ("B",)


def test_a_difference_on_a_day_also_needs_enough_people_without_the_event():
    counts = pd.concat([group("A", 30, 10), group("B", 30, 11), group("C", 30, 0)])
    assert choose_groups(counts, 30, needs_both=True).names == ("B", "C")
    assert choose_groups(counts, 30).names == ("A", "B", "C")


def test_holms_adjustment_equals_that_of_statsmodels():
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.9])
    np.testing.assert_allclose(adjust_by_holm(p), multipletests(p, method="holm")[1])
    np.testing.assert_allclose(adjust_by_holm(np.array([0.02, np.nan, 0.03])), [0.04, np.nan, 0.04])


@pytest.mark.parametrize("kind", ["curve_test", "curve_difference"])
def test_the_order_of_rows_changes_nothing(kind):
    random = np.random.default_rng(3)
    counts = pd.DataFrame(
        {
            "group_name": np.repeat(["A", "B", "C"], 30),
            "step": np.tile(np.arange(1, 31), 3),
            "events": random.integers(0, 4, 90),
            "censored": random.integers(0, 2, 90),
        }
    )
    options = {"day": 15, "pairs": "all"}
    rows, turned = (derive(kind, each, unit="p-value", options=options) for each in (counts, counts.iloc[::-1]))
    pd.testing.assert_frame_equal(rows, turned)


def test_no_groups_give_no_rows():
    nobody = pd.DataFrame({"group_name": [], "step": [], "events": [], "censored": []})
    for kind in ("curve_test", "curve_difference"):
        assert derive(kind, nobody, unit="p-value", options={"day": 30}).empty


def two_digits(p: float) -> float:
    row = pd.DataFrame({"statistic": ["p_value"], "value": [p], "lower": [np.nan], "upper": [np.nan]})
    return float(round_comparisons(row.astype({"value": "Float64"}), "p-value")["value"].iloc[0])


def p_of(events: np.ndarray) -> float:
    """The log-rank test of two groups in which everybody leaves; rows are days, columns groups."""
    at_risk = events[::-1].cumsum(axis=0)[::-1]
    days = np.arange(len(events), dtype=float)
    return log_rank([RiskTable(("A", "B"), days, at_risk, events, np.zeros_like(events))]).p_value


@pytest.mark.parametrize("on_the_day", [0, 2, 11])
def test_other_tables_give_the_p_that_is_shown_so_that_it_tells_nobodys_day(on_the_day):
    """A reader who knows how many left in each group finds none, few and more than ten for a day of three."""
    true = np.array([[5.0, 4], [3, 7], [6, 2], [2, 4], [6, 5]])
    shown, random = two_digits(p_of(true)), np.random.default_rng(1)

    def draw(people: float) -> np.ndarray:
        return random.multinomial(int(people), random.dirichlet(np.ones(4)))

    for _ in range(2000):
        first, second = draw(true[:, 0].sum() - on_the_day), random.multinomial(22, random.dirichlet(np.ones(5)))
        other = np.column_stack([np.insert(first, 1, on_the_day), second]).astype(float)
        if other.sum(axis=1).all() and two_digits(p_of(other)) == shown:
            return
    pytest.fail(f"only tables without {on_the_day} people on that day give p = {shown}")


@pytest.mark.parametrize(
    ("lower", "upper", "expected"), [(-9.812, -1.589, -5.6), (-10.9, 3.19, -6.0)], ids=["narrow", "wide"]
)
def test_a_difference_has_a_decimal_only_where_its_interval_is_narrow(lower, upper, expected):
    row = pd.DataFrame({"statistic": ["difference"], "value": [-5.601], "lower": [lower], "upper": [upper]})
    assert round_comparisons(row, "percentage points")["value"].tolist() == [expected]
    assert round_comparisons(row.assign(value=-1.3789), "days")["value"].tolist() == [-1.4]
