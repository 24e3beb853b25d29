"""What is hidden has no part in a review: change it, and nothing that is shown changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries import catalog
from queries.filters import select
from queries.review.between import Funnel, draw_funnel
from queries.review.case_mix import standardise_groups
from queries.review.contents import REVIEWED, find_reviewed
from queries.review.control import KINDS, ControlChart, draw_limits
from queries.review.panel import compare_all
from queries.review.rows import rows_of_case_mix, rows_of_chart, rows_of_funnel
from queries.review.series import read_series
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.adversary import small
from tests.review.monthly_clinic import asker, attended_clinic

SHOW_RATE = find_reviewed("show_rate")
MONTHS = [(70, 90), (62, 80), (66, 85), (80, 100), (71, 90), (60, 80)] * 3


def reviewed(folder: Path, missed_in_may: int, shown_in_south: int) -> tuple[list[ControlChart], Funnel, pd.DataFrame]:
    """North misses few sessions in May 2024, so May is hidden; South has few sessions in all, so the site is."""
    north = [*MONTHS[:4], (70 - missed_in_may, 70), *MONTHS[5:]]
    shown = {"North": north, "South": [(shown_in_south, 9)], "West": MONTHS}
    warehouse = attended_clinic(folder, shown)
    ask = asker(warehouse)
    series = read_series(ask, warehouse, SHOW_RATE, select({"site": "North"}))
    funnel = draw_funnel(ask, warehouse, SHOW_RATE, select(), "site")
    exact = catalog.answer_unsuppressed(
        warehouse, catalog.measure("show_rate_by_month"), select({"site": "North"})
    ).frame
    warehouse.close()
    assert series is not None
    assert funnel is not None
    return [draw_limits(series, kind=kind) for kind in KINDS if not kind.startswith("u")], funnel, exact


def without_version(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns=["data_version"])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory):
    return [reviewed(tmp_path_factory.mktemp("clinic"), missed, shown) for missed, shown in ((3, 2), (8, 7))]


def test_the_two_clinics_differ_in_what_is_hidden(both) -> None:
    counts = [exact.loc[exact["period"] == "2024-05-01", "numerator"].iloc[0] for _, _, exact in both]
    assert counts == [67, 62]
    chart = both[0][0][0]
    assert chart.frame.loc[chart.frame["is_hidden"], "period"].tolist() == [pd.Timestamp(2024, 5, 1)]
    assert both[0][1].frame.set_index("group_name")["is_hidden"].to_dict() == {
        "North": False,
        "South": True,
        "West": False,
    }


def test_a_hidden_month_moves_no_limit_and_no_rule(both) -> None:
    for one, other in zip(both[0][0], both[1][0], strict=True):
        pd.testing.assert_frame_equal(without_version(rows_of_chart(one)), without_version(rows_of_chart(other)))
        hidden = one.frame[one.frame["is_hidden"]]
        assert hidden[["value", "numerator", "denominator", "deviation"]].isna().all().all()


def test_the_n_of_a_hidden_month_is_not_in_its_limits(both) -> None:
    for chart in both[0][0]:
        if chart.kind in ("p", "p_laney"):
            assert chart.frame.loc[chart.frame["is_hidden"], ["lower", "upper"]].isna().all().all()


def sites(folder: Path, shown_in_south: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    episodes, sessions = [], []
    for site, kept, n in (("East", 30, 60), ("North", 45, 60), ("South", shown_in_south, 9), ("West", 40, 65)):
        for number in range(n):
            is_kept = number < kept
            key = f"{site}{number}"
            left = {
                "discharge_day": 60 if is_kept else 30,
                "discharge_reason": "completed" if is_kept else "dropped_out",
            }
            program = ("SUD", "MH", "COD")[0 if number % 20 else 2]
            episodes.append({"episode_id": key, "patient_id": key, "site": site, "program": program, **left})
            sessions += [{"episode_id": key, "day": day} for day in ((0, 20, 40, 60) if is_kept else (0,))]
    warehouse = tiny_clinic(folder, episodes=episodes, sessions=sessions)
    entry = find_reviewed("crude_retention")
    funnel = draw_funnel(asker(warehouse), warehouse, entry, select(), "site")
    adjusted = standardise_groups(warehouse, entry, select(), "site")
    warehouse.close()
    assert funnel is not None
    assert adjusted is not None
    panel = compare_all([funnel]).frame[["group_name", "q_value", "is_for_review"]]
    return without_version(rows_of_funnel(funnel)).merge(panel, "left", "group_name"), without_version(
        rows_of_case_mix(adjusted)
    )


def test_a_hidden_site_moves_no_limit_no_expected_number_and_no_p_value(tmp_path: Path) -> None:
    (funnel, adjusted), (other_funnel, other_adjusted) = (sites(tmp_path / str(n), n) for n in (1, 8))
    pd.testing.assert_frame_equal(funnel, other_funnel)
    pd.testing.assert_frame_equal(adjusted, other_adjusted)
    assert funnel["group_name"].tolist() == ["East", "North", "South", "West"]
    assert adjusted["group_name"].tolist() == ["East", "North", "West"]
    numbers = funnel.loc[funnel["group_name"] == "South", ["value", "numerator", "denominator", "z", "lower_95"]]
    assert numbers.isna().all().all()


def test_expected_events_add_up_to_the_observed_and_are_told_to_a_tenth(tmp_path: Path) -> None:
    _, adjusted = sites(tmp_path, 5)
    assert adjusted["expected"].sum() == pytest.approx(adjusted["observed"].sum(), abs=0.2)
    np.testing.assert_allclose(adjusted["expected"], adjusted["expected"].round(1), rtol=0, atol=1e-12)
    # The strata of COD hold three or four people a site, so they are pooled with the others: everybody is expected to
    # have the rate of all, 115 of 185.
    np.testing.assert_allclose(adjusted["expected"], (np.array([60, 60, 65]) * 115 / 185).round(1))


@pytest.mark.parametrize("site", ["Oak Hill", "Southport"])
def test_no_row_of_any_chart_of_a_small_site_holds_a_small_count(sample_warehouse: Warehouse, site: str) -> None:
    hidden = 0
    for entry in REVIEWED:
        series = read_series(asker(sample_warehouse), sample_warehouse, entry, select({"site": site}))
        assert series is not None
        frame = rows_of_chart(draw_limits(series))
        hidden += int(frame["is_hidden"].sum())
        numbers = ["value", "numerator", "denominator", "missing_n", "deviation"]
        assert frame.loc[frame["is_hidden"], numbers].isna().all().all()
        if entry.is_share:
            rest = frame["denominator"] - frame["numerator"]
            assert not any(small(count) for counts in (frame["numerator"], rest) for count in counts.dropna())
            assert not any(small(count) for count in frame["denominator"].dropna())
    assert hidden > 0
