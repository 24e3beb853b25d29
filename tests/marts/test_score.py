"""Scores and pairs of one episode: attended on days 0 and 42, completed on day 42. Day 0 is Monday 2026-01-05."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

COMPLETED = {"discharge_day": 42, "discharge_reason": "completed"}


def clinic(folder: Path, scores: dict[int, float | None], *, episode=None, instrument="PHQ-9", **columns) -> Warehouse:
    """One episode with its scores by day; the score of the earliest day is the intake."""
    assessments = [
        {"day": day, "score": score, "instrument": instrument, "timepoint": "week" if day > min(scores) else "intake"}
        | columns
        for day, score in scores.items()
    ]
    sessions = [{"day": 0}, {"day": 42}]
    return tiny_clinic(folder, episodes=[episode or COMPLETED], sessions=sessions, assessments=assessments)


def pair(warehouse: Warehouse, columns: str) -> tuple[Any, ...]:
    (row,) = warehouse.cursor().execute(f"select {columns} from mart.score_pair").fetchall()
    return row


def test_the_first_score_is_the_baseline_and_the_last_one_the_latest(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, {0: 15, 14: 30 / 2, 28: 9})
    assert pair(warehouse, "baseline_score, latest_score, improvement, scores_n") == (15, 9, 15 - 9, 3)
    flags = "select day_of_care, is_baseline, is_latest from mart.score order by day_of_care"
    assert warehouse.cursor().execute(flags).fetchall() == [(0, True, False), (14, False, False), (28, False, True)]


@pytest.mark.parametrize(("day", "week"), [(0, 1), (6, 1), (7, 2), (13, 2), (14, 3)])
def test_week_1_of_care_is_day_0_to_6(tmp_path: Path, day: int, week: int) -> None:
    warehouse = clinic(tmp_path, {day: 10})
    assert warehouse.cursor().execute("select week_of_care from mart.score").fetchall() == [(week,)]


@pytest.mark.parametrize(("day", "is_baseline"), [(-31, False), (-30, True), (0, True), (14, True), (15, False)])
def test_a_baseline_is_from_30_days_before_day_0_to_14_days_after_it(
    tmp_path: Path, day: int, is_baseline: bool
) -> None:
    warehouse = clinic(tmp_path, {day: 10})
    assert pair(warehouse, "baseline_score is not null, is_due") == (is_baseline, is_baseline)


@pytest.mark.parametrize(("day", "is_paired"), [(42, True), (42 + 14, True), (42 + 15, False)])
def test_the_latest_score_comes_at_most_14_days_after_the_exit(tmp_path: Path, day: int, is_paired: bool) -> None:
    assert pair(clinic(tmp_path, {0: 15, day: 9}), "is_paired, is_due") == (is_paired, True)


def test_two_scores_of_one_day_are_no_change(tmp_path: Path) -> None:
    assessments = [{"day": 0, "score": 15, "timepoint": "intake"}, {"day": 0, "score": 9}]
    warehouse = tiny_clinic(tmp_path, episodes=[COMPLETED], sessions=[{"day": 0}], assessments=assessments)
    assert pair(warehouse, "is_paired") == (False,)


def test_an_assessment_that_was_due_and_not_given_leaves_the_episode_due_and_unpaired(tmp_path: Path) -> None:
    assert pair(clinic(tmp_path, {0: 15, 42: None}), "is_due, is_paired, scores_n") == (True, False, 1)


def test_an_episode_without_a_first_score_is_listed_and_not_due(tmp_path: Path) -> None:
    assert pair(clinic(tmp_path, {0: None, 28: 9}), "baseline_score, is_due") == (None, False)


@pytest.mark.parametrize(("days_in_care", "is_due"), [(27, False), (28, True)])
def test_an_open_episode_is_due_from_28_days_in_care(tmp_path: Path, days_in_care: int, is_due: bool) -> None:
    # The analysis cut is 31 August; the last service is after it, so the episode is in care on that day.
    cut = date(2026, 8, 31)
    admission = date.fromordinal(cut.toordinal() - days_in_care)
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": admission}],
        sessions=[{"day": 0}, {"day": days_in_care + 10}],
        assessments=[{"day": 0, "score": 15, "timepoint": "intake"}],
    )
    assert pair(warehouse, "is_due") == (is_due,)


def test_a_score_after_the_analysis_cut_is_not_used(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 7, 1)}],
        sessions=[{"day": 0}, {"session_date": date(2026, 9, 10)}],
        assessments=[
            {"day": 0, "score": 15, "timepoint": "intake"},
            {"assessed_date": date(2026, 8, 31), "score": 12},
            {"assessed_date": date(2026, 9, 1), "score": 3},
        ],
    )
    assert pair(warehouse, "latest_score") == (12,)


@pytest.mark.parametrize(
    ("first", "latest", "improved", "deteriorated"),
    [(15, 9, True, False), (15, 10, False, False), (9, 15, False, True), (10, 15, False, False)],
)
def test_six_points_of_the_phq_9_are_reliable_and_five_are_not(
    tmp_path: Path, first: float, latest: float, improved: bool, deteriorated: bool
) -> None:
    warehouse = clinic(tmp_path, {0: first, 28: latest})
    assert pair(warehouse, "is_reliably_improved, is_reliably_deteriorated") == (improved, deteriorated)


@pytest.mark.parametrize(
    ("instrument", "score", "is_case"),
    [
        ("PHQ-9", 10, True),
        ("PHQ-9", 9, False),
        ("GAD-7", 8, True),
        ("GAD-7", 7, False),
        ("CES-D", 16, True),
        ("CES-D", 15, False),
        ("PCL-5", 31, True),
        ("PCL-5", 30, False),
        ("BAM-Use", 1, True),
        ("BAM-Use", 0, False),
        ("BAM-Risk", 12, True),
        ("BAM-Risk", 11, False),
        ("BAM-Protective", 12, True),
        ("BAM-Protective", 13, False),
        ("WHO-5", 50, True),
        ("WHO-5", 51, False),
    ],
)
def test_caseness_is_at_the_published_cut_off_on_the_instruments_side(
    tmp_path: Path, instrument: str, score: float, is_case: bool
) -> None:
    warehouse = clinic(tmp_path, {0: score}, instrument=instrument)
    assert warehouse.cursor().execute("select is_case from mart.score").fetchall() == [(is_case,)]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        *((0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (9.6, "mild"), (10, "moderate"), (14, "moderate")),
        *((15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (27, "severe")),
    ],
)
def test_the_bands_of_the_phq_9(tmp_path: Path, score: float, band: str) -> None:
    warehouse = clinic(tmp_path, {0: score})
    assert warehouse.cursor().execute("select band from mart.score").fetchall() == [(band,)]


def test_bands_touch_and_cover_every_instruments_range(tmp_path: Path) -> None:
    gaps = """
        select instrument, from_score, lag(to_score) over (partition by instrument order by from_score) as before
        from mart.instrument_band qualify before is not null and from_score <> before + 1
    """
    ends = """
        select instrument from mart.instrument_band join mart.instrument using (instrument)
        group by instrument, minimum, maximum having min(from_score) <> minimum or max(to_score) <> maximum
    """
    cursor = tiny_clinic(tmp_path).cursor()
    assert cursor.execute(gaps).fetchall() == []
    assert cursor.execute(ends).fetchall() == []


def test_a_version_in_days_has_no_cut_off_and_no_band(tmp_path: Path) -> None:
    warehouse = clinic(tmp_path, {0: 60, 28: 20}, instrument="BAM-Use", instrument_version="BAM-R")
    found = warehouse.cursor().execute("select distinct band, is_case from mart.score").fetchall()
    assert found == [(None, None)]
    assert pair(warehouse, "improvement, is_recovered") == (60 - 20, None)


def test_a_later_score_of_another_version_is_no_latest_score(tmp_path: Path) -> None:
    shared = {"instrument": "BAM-Use"}
    assessments = [
        {"day": 0, "score": 8, "instrument_version": "classic", "timepoint": "intake", **shared},
        {"day": 30, "score": 20, "instrument_version": "BAM-R", **shared},
    ]
    warehouse = tiny_clinic(tmp_path, episodes=[COMPLETED], sessions=[{"day": 0}], assessments=assessments)
    assert pair(warehouse, "instrument_version, is_paired") == ("classic", False)


@pytest.mark.parametrize("instrument", ["AUDIT", "DAST-10", "C-SSRS"])
def test_tools_of_a_years_window_and_risk_items_are_never_compared(tmp_path: Path, instrument: str) -> None:
    warehouse = clinic(tmp_path, {0: 5, 28: 1}, instrument=instrument)
    assert warehouse.cursor().execute("select count(*) from mart.score_pair").fetchall() == [(0,)]
    assert warehouse.cursor().execute("select count(*) from mart.score").fetchall() == [(2,)]


def test_every_threshold_says_where_it_comes_from(tmp_path: Path) -> None:
    untagged = """
        select instrument from mart.instrument
        where (caseness is not null or reliable_change is not null)
            and not regexp_matches(source, '\\[(S[0-9]+|R|C)\\]')
    """
    assert tiny_clinic(tmp_path).cursor().execute(untagged).fetchall() == []


def test_a_restart_within_a_day_is_one_pair(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            {"patient_id": "p1", "discharge_day": 10, "discharge_reason": "completed"},
            {"patient_id": "p1", "day": 11, "discharge_day": 30, "discharge_reason": "completed"},
        ],
        sessions=[{"day": 0}, {"day": 10}, {"episode_id": "e2", "day": 0}],
        assessments=[
            {"episode_id": "e1", "day": 0, "score": 15, "timepoint": "intake"},
            {"episode_id": "e2", "day": 10, "score": 9},
        ],
    )
    assert pair(warehouse, "episode_id, baseline_score, latest_score") == ("e1", 15, 9)


def test_a_clinics_own_threshold_stands_in_the_place_of_the_known_one(tmp_path: Path) -> None:
    own = {"instrument": "GAD-7", "reliable_change": 5, "source": "Our retest study 2026"}
    warehouse = tiny_clinic(tmp_path, instruments=[own])
    sql = "select reliable_change, caseness, source, is_own from mart.instrument where instrument = $name"
    cursor = warehouse.cursor()
    change, caseness, source, is_own = cursor.execute(sql, {"name": "GAD-7"}).fetchone()
    assert (change, caseness, is_own) == (5, 8, True)
    assert source.startswith("Our retest study 2026 (the clinic's own); else Bands [S31]")
    assert cursor.execute(sql, {"name": "PHQ-9"}).fetchone()[::3] == (6, False)
    recalled = cursor.execute("select instrument from mart.instrument where is_from_memory order by 1").fetchall()
    assert [name for (name,) in recalled] == ["CES-D", "GAD-7", "PHQ-9", "WHO-5"]
