"""Tests and differences of retention between groups, on clinics of a few dozen episodes with the arithmetic in sight.

Only groups of at least 22 people take part, so that the clinics hold as many copies of the same stays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from queries import catalog, disclosure
from queries.filters import select
from queries.warehouse import Warehouse
from tests.queries.in_care import ANALYSIS_CUT, clinic, rows, stay

OUT, WELL = "dropped_out", "completed"
TESTS = ("retention_compared", "exits_compared")
DIFFERENCES = ("mean_days_difference", "retention_difference", "dropout_difference")


def stays(track: str, number: int, day: int, reason: str | None = OUT, **columns) -> list[dict]:
    return [stay(day, reason, track=track, **columns)] * number


def two_tracks(folder) -> Warehouse:
    """Of 24 by day 12 drop out on day 10, 12 complete on day 70; of 24 in the evening 18 and 6."""
    return clinic(
        folder,
        *stays("day", 12, 10),
        *stays("day", 12, 70, WELL),
        *stays("evening", 18, 10),
        *stays("evening", 6, 70, WELL),
    )


def only(frame: pd.DataFrame, statistic: str) -> pd.Series:
    found = frame[frame["statistic"] == statistic]
    assert len(found) == 1
    return found.iloc[0]


def test_the_log_rank_test_of_two_tracks(tmp_path):
    frame = rows(two_tracks(tmp_path), "retention_compared", by="track")
    # Day 10: 30 of 48 leave, 15 expected of the day track and 12 there. Variance 30·18·¼/47. On day 70 all leave.
    chi_square = (12 - 15) ** 2 / (30 * 18 * 0.25 / 47)
    assert only(frame, "chi_square")["value"] == pytest.approx(chi_square)
    row = only(frame, "p_value")
    assert row["value"] == pytest.approx(0.0767, abs=5e-5)
    assert (row["denominator"], row["missing_n"]) == (48, 0)
    assert row["method"] == "log-rank test, χ² on 1 degree of freedom"


def test_within_strata_each_track_is_compared_with_its_own_program(tmp_path):
    """In either program the tracks are alike; the evening only has more of the program that leaves early."""
    tracks = {"day": (20, 5), "evening": (5, 20)}
    warehouse = clinic(
        tmp_path,
        *(
            one
            for track, (sud, mh) in tracks.items()
            for day in (40, 60)
            for one in stays(track, sud, day, program="SUD")
        ),
        *(
            one
            for track, (sud, mh) in tracks.items()
            for day in (10, 20)
            for one in stays(track, mh, day, program="MH")
        ),
    )
    crude, within = (rows(warehouse, "retention_compared", by="track", within=name) for name in ("none", "program"))
    assert only(crude, "p_value")["value"] < 0.001
    # Of each program half have left on its first day, in either track: exactly as many as expected.
    assert only(within, "chi_square")["value"] == pytest.approx(0, abs=1e-9)
    assert only(within, "p_value")["value"] == pytest.approx(1)
    assert only(within, "p_value")["method"] == "log-rank test, within strata, χ² on 1 degree of freedom"


def test_grays_test_looks_at_each_way_of_leaving(tmp_path):
    frame = rows(two_tracks(tmp_path), "exits_compared", by="track").set_index(["category", "statistic"])
    assert set(frame.index.get_level_values("category")) == {"completed or stepped down", "dropped out or terminated"}
    for cause in ("completed or stepped down", "dropped out or terminated"):
        assert (frame.at[(cause, "p_value"), "denominator"], frame.at[(cause, "p_value"), "missing_n"]) == (48, 0)
    # 18 completed in all, 6 in the evening, who are few: only the dropouts can be compared.
    assert frame.at[("completed or stepped down", "p_value"), "method"].startswith("nothing to compare: fewer than two")
    dropout = frame.loc["dropped out or terminated"]["value"]
    # One day with dropouts and nobody censored: without competing exits before it, that of the incidences 12/24, 18/24.
    assert dropout["chi_square"] == pytest.approx(3**2 / (30 * 18 * 0.25 / 47), rel=0.05)


def test_the_differences_of_two_tracks(tmp_path):
    warehouse = two_tracks(tmp_path)
    kept = rows(warehouse, "retention_difference", by="track", day=60)
    lost = rows(warehouse, "dropout_difference", by="track", day=60)
    # 6 of 24 less 12 of 24 are kept, but of 24 in the evening only 6 stay: they would be few.
    assert kept["value"].isna().all()
    assert kept["method"].iloc[0] == lost["method"].iloc[0]


def test_a_difference_has_the_reference_in_its_name_and_a_bootstrap_interval(tmp_path):
    warehouse = clinic(
        tmp_path,
        *stays("day", 15, 10),
        *stays("day", 25, 70, WELL),
        *stays("evening", 25, 10),
        *stays("evening", 15, 70, WELL),
    )
    row = rows(warehouse, "retention_difference", by="track").iloc[0]
    # 15 of 40 less 25 of 40; a standard error of √(2·(15·25)/40³) = 0.108.
    assert (row["group_name"], row["category"], row["value"]) == ("evening", "less day", pytest.approx(-25))
    assert row["upper"] - row["lower"] == pytest.approx(2 * 1.96 * 10.8, rel=0.1)
    assert (row["denominator"], row["missing_n"]) == (40, 0)
    assert "2000 draws with seed 20240701" in row["method"]
    assert rows(warehouse, "dropout_difference", by="track").iloc[0]["value"] == pytest.approx(25)
    turned = rows(warehouse, "retention_difference", by="track", reference="evening").iloc[0]
    assert (turned["group_name"], turned["category"], turned["value"]) == ("day", "less evening", pytest.approx(25))
    unknown = rows(warehouse, "retention_difference", by="track", reference="night").iloc[0]
    assert "there is no group 'night'; the groups are day, evening" in unknown["method"]


def test_the_difference_of_mean_days(tmp_path):
    row = rows(two_tracks(tmp_path), "mean_days_difference", by="track", tau=60)
    # (12·10 + 12·60)/24 = 35 by day; (18·10 + 6·60)/24 = 22.5, but only 6 are at risk at day 60 there.
    assert row["value"].isna().all()
    assert row["method"].iloc[0] == "not estimable: fewer than 10 at risk at day 60 in one of the groups"
    (tmp_path / "more").mkdir()
    more = clinic(
        tmp_path / "more", *stays("day", 15, 10), *stays("day", 15, 70), *stays("evening", 20, 10),
        *stays("evening", 10, 70),
    )  # fmt: skip
    row = rows(more, "mean_days_difference", by="track", tau=60).iloc[0]
    # 35 by day; (20·10 + 10·60)/30 in the evening. Greenwood: (50²·p·(1 − p)/30) each.
    assert row["value"] == pytest.approx(80 / 3 - 35)
    error = np.sqrt(50**2 * (1 / 4 + 2 / 9) / 30)
    assert row["upper"] - row["value"] == pytest.approx(1.959964 * error)
    assert row["missing_n"] == 0


def test_who_is_not_followed_until_the_day_is_missing(tmp_path):
    recent = {"admission_date": ANALYSIS_CUT.replace(day=19)}
    warehouse = clinic(
        tmp_path,
        *stays("day", 15, 10),
        *stays("day", 15, 70, WELL),
        *stays("day", 3, 35, None, **recent),
        *stays("evening", 15, 10),
        *stays("evening", 15, 70, WELL),
        *stays("evening", 2, 35, None, **recent),
    )
    for name in DIFFERENCES:
        own = {"tau": 30} if name == "mean_days_difference" else {}
        assert rows(warehouse, name, by="track", **own)["missing_n"].tolist() == [2], name
    for name in TESTS:
        assert set(rows(warehouse, name, by="track")["missing_n"].dropna()) == {5}, name


@pytest.mark.parametrize("name", [*TESTS, *DIFFERENCES])
def test_without_a_comparison_it_says_that_there_is_nothing_to_compare(tmp_path, name):
    frame = rows(two_tracks(tmp_path), name)
    assert len(frame) == 1
    assert frame["value"].isna().all()
    assert frame["method"].tolist() == ["nothing to compare: choose a comparison of groups"]
    assert frame["denominator"].tolist() == [48]


def test_small_groups_take_no_part_and_are_named(tmp_path):
    warehouse = clinic(
        tmp_path,
        *stays("day", 25, 10),
        *stays("evening", 25, 20),
        *stays("weekend", 21, 15),
    )
    frame = rows(warehouse, "retention_compared", by="track")
    assert set(frame["method"]) == {"log-rank test, χ² on 1 degree of freedom; left out, too few people: weekend"}
    assert frame["missing_n"].isna().all()  # Less than of everybody would be who is missing among those left out.


def test_pairs_come_after_the_test_of_all_and_are_adjusted_for_their_number(tmp_path):
    warehouse = clinic(
        tmp_path,
        *[
            one
            for place, day in enumerate((10, 12, 14))
            for one in stays(("day", "evening", "weekend")[place], 30, day)
        ],
    )
    frame = rows(warehouse, "retention_compared", by="track", pairs="all")
    assert frame["category"].tolist() == ["", "", "day and evening", "day and weekend", "evening and weekend"]
    assert "p adjusted by Holm for 3 pairs" in frame["method"].iloc[-1]
    assert "2 degrees of freedom" in frame["method"].iloc[0]


def test_what_is_shown_has_few_digits(sample_warehouse):
    for name in (*TESTS, *DIFFERENCES):
        exact = catalog.answer_unsuppressed(sample_warehouse, catalog.measure(name), select({}, by="track"), {})
        shown = disclosure.suppress(exact).frame
        for row in shown[shown["value"].notna()].to_dict("records"):
            value = row["value"]
            digits = f"{value:.1e}" if row["statistic"] in ("p_value", "chi_square") else f"{value:.1f}"
            assert value == float(digits), name
