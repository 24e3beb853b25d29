"""What was planted is in the data: each truth is found again from the loaded tables, and truth.json tells no tales."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, ecdf

from queries.warehouse import Warehouse

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
BANDS = ("low", "middle", "high")


@pytest.fixture(scope="module")
def clinic(sample_warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    return sample_warehouse.cursor()


def test_norths_evening_track_loses_people_in_weeks_3_and_4(clinic):
    rows = clinic.execute(
        "select site = 'North', count(*), avg((cause = 'dropout' and time_days <= 28)::int) from mart.episode "
        "where level_of_care = 'IOP' and track = 'evening' and not is_adolescent and time_days > 14 "
        "group by 1 order by 1"
    ).fetchall()
    (_, _, others), (_, north_n, north) = rows
    assert north_n > 100
    # Cumulative hazards, so that the ratio is one of hazards.
    assert np.log(1 - north) / np.log(1 - others) == pytest.approx(3.0, abs=1.0)
    assert TRUTH["north_evening"]["hazard_ratio_days_15_to_28"] == 3.0


def test_outside_weeks_3_and_4_norths_evening_track_is_like_the_others(clinic):
    rows = clinic.execute(
        "select site = 'North', avg((cause = 'dropout' and time_days <= 14)::int) from mart.episode "
        "where level_of_care = 'IOP' and track = 'evening' and not is_adolescent and is_started group by 1 order by 1"
    ).fetchall()
    assert rows[1][1] == pytest.approx(rows[0][1], abs=0.07)


def test_the_show_rate_falls_by_eight_points_in_march_2026(clinic):
    before, after = (
        row[0]
        for row in clinic.execute(
            "select avg(is_attended::int) from mart.session join core.episodes as e using (episode_id) "
            "where is_clinical and is_before_cut and e.level_of_care = 'IOP' "
            "and status in ('attended', 'no_show', 'late_cancel') "
            "group by session_date >= date '2026-03-01' order by session_date >= date '2026-03-01'"
        ).fetchall()
    )
    assert after - before == pytest.approx(-0.08, abs=0.01)
    assert before == pytest.approx(TRUTH["show_rate"]["before"], abs=1e-4)
    assert after == pytest.approx(TRUTH["show_rate"]["after"], abs=1e-4)


def test_the_show_rate_falls_at_every_site(clinic):
    falls = clinic.execute(
        "select e.site, avg(is_attended::int) filter (where session_date >= date '2026-03-01') "
        "- avg(is_attended::int) filter (where session_date < date '2026-03-01') "
        "from mart.session join core.episodes as e using (episode_id) where is_clinical and is_before_cut "
        "and e.level_of_care = 'IOP' and status in ('attended', 'no_show', 'late_cancel') group by 1"
    ).fetchall()
    assert all(fall < -0.02 for _, fall in falls), falls


@pytest.fixture(scope="module")
def stays(clinic) -> pd.DataFrame:
    """Closed stays with success, cost, the day of return to use and the last day on which anything is known."""
    return clinic.execute(
        """
        with stay as (
          select
            episode_id, patient_id, admission_date, exit_date, severity_band as band, program, cause, cost_amount,
            cost_basis, if(level_of_care = 'IOP', 'IOP', '24_hour') as setting
          from mart.episode
          where level_of_care <> 'OP' and is_started and severity_band is not null and exit_date <= date '2026-08-31'
            and exit_class not in ('open', 'died')
        ),
        used as (
          select patient_id, event_date as day from core.use_events where days_used > 0
          union all
          select patient_id, specimen_date from core.toxicology where result = 'positive' and not is_prescribed
        ),
        known as (
          select patient_id, session_date as day from mart.session where is_attended
          union all
          select patient_id, event_date from core.use_events
          union all
          select patient_id, assessed_date from core.assessments where score is not null
        ),
        first_use as (
          select episode_id, min(day) as day from stay join used using (patient_id) where day > exit_date group by 1
        ),
        last_known as (
          select episode_id, max(day) as day from stay join known using (patient_id) where day >= exit_date group by 1
        )
        select
          stay.*, first_use.day - exit_date as return_day, coalesce(last_known.day - exit_date, 0) as known_day
        from stay
        left join first_use using (episode_id)
        left join last_known using (episode_id)
        """
    ).df()


def at_equal_severity(stays: pd.DataFrame, value) -> tuple[float, float]:
    """24-hour care minus intensive outpatient care: crude, and with the mix of bands of all stays."""
    crude = value(stays[stays["setting"] == "24_hour"]) - value(stays[stays["setting"] == "IOP"])
    adjusted = 0.0
    for band in BANDS:
        rows = stays[stays["band"] == band]
        gap = value(rows[rows["setting"] == "24_hour"]) - value(rows[rows["setting"] == "IOP"])
        adjusted += gap * len(rows) / len(stays)
    return crude, adjusted


def test_24_hour_care_only_seems_to_succeed_less(stays):
    old = stays[stays["admission_date"] <= pd.Timestamp("2026-04-30")]
    crude, adjusted = at_equal_severity(old, lambda rows: (rows["cause"] == "success").mean())
    assert crude < -0.04
    assert adjusted == pytest.approx(0.0, abs=0.025)


def returned_within_90_days(rows: pd.DataFrame) -> float:
    has_used = rows["return_day"].notna()
    days = np.where(has_used, rows["return_day"].fillna(0), rows["known_day"])
    return float(ecdf(CensoredData(uncensored=days[has_used], right=days[~has_used])).cdf.evaluate(90))


def test_24_hour_care_only_seems_to_be_followed_by_more_use(stays):
    addiction = stays[stays["program"] != "MH"]
    crude, adjusted = at_equal_severity(addiction, returned_within_90_days)
    assert crude > 0.06
    assert adjusted == pytest.approx(0.0, abs=0.05)


def test_24_hour_care_is_dearer_but_less_so_at_equal_severity(stays):
    paid = stays[(stays["cost_basis"] == "paid") & stays["cost_amount"].notna()].astype({"cost_amount": float})
    crude, adjusted = at_equal_severity(paid, lambda rows: rows["cost_amount"].mean())
    truth = TRUTH["settings"]["paid_usd_per_episode"]
    assert crude > adjusted + 300 > 600
    assert crude == pytest.approx(truth["crude_difference"], rel=0.1)
    assert adjusted == pytest.approx(truth["difference_at_equal_severity"], rel=0.1)


def test_sicker_people_are_placed_in_24_hour_care(stays):
    share = stays.groupby("band")["setting"].apply(lambda setting: (setting == "24_hour").mean())
    assert share["low"] < share["middle"] < share["high"]


def test_those_seen_again_improved_more_than_everybody_did(clinic):
    seen_n, improved = clinic.execute(
        """
        with phq as (
          select a.*, e.exit_date from core.assessments as a join mart.episode as e using (episode_id)
          where instrument = 'PHQ-9' and score is not null and e.level_of_care = 'IOP' and e.is_started
            and exit_date <= date '2026-08-31'
        ),
        pair as (
          select
            episode_id,
            max(score) filter (where timepoint = 'intake') as first_score,
            arg_max(score, assessed_date) filter (where timepoint <> 'intake' and assessed_date <= exit_date + 14)
              as latest_score
          from phq group by 1
        )
        select count(*), avg((first_score - latest_score >= 6)::int) from pair
        where first_score is not null and latest_score is not null
        """
    ).fetchone()
    truth = TRUTH["phq9_reliable_improvement"]
    assert seen_n == pytest.approx(truth["seen_again"], rel=0.02)
    assert improved == pytest.approx(truth["share_of_those_seen_again"], abs=0.01)
    assert improved - truth["true_share_of_all_with_baseline"] > 0.05
    assert truth["seen_again"] < truth["all_with_baseline"]


def test_an_early_family_session_raises_completion_of_those_in_care_at_day_28(clinic):
    (without_n, without), (with_n, with_family) = clinic.execute(
        """
        with early as (
          select distinct episode_id from mart.session join mart.episode using (episode_id)
          where service_type = 'family' and is_attended and session_date < day_zero + 28
        )
        select count(*), avg((cause = 'success')::int)
        from mart.episode left join early using (episode_id)
        where level_of_care = 'IOP' and time_days > 28 and is_closed
        group by early.episode_id is not null order by early.episode_id is not null
        """
    ).fetchall()
    family = TRUTH["family"]
    assert min(with_n, without_n) > 500
    assert with_family - without == pytest.approx(family["success_with"] - family["success_without"], abs=0.05)
    assert with_family - without > 0.06


def test_one_sites_groups_are_above_twelve(clinic):
    sizes = dict(
        clinic.execute(
            "select site, median(present) from mart.group_session where month_start >= date '2024-10-01' group by 1"
        ).fetchall()
    )
    crowded = TRUTH["group_size"]["crowded_site"]
    assert [site for site, size in sizes.items() if size > TRUTH["group_size"]["limit"]] == [crowded]
    assert all(5 <= size <= 12 for site, size in sizes.items() if site != crowded)


def test_half_of_those_with_a_medication_go_on_with_it_after_their_last_stay(clinic):
    # Doses that belong to no episode and are more than half a year after the start of care.
    goes_on = clinic.execute(
        "select count(distinct patient_id) from core.medications as dose where episode_id is null and exists ("
        "select 1 from core.medications as first where first.patient_id = dose.patient_id "
        "and dose.dose_date - first.dose_date >= 180 and first.dose_date + 180 <= date '2026-08-31')"
    ).fetchone()[0]
    truth = TRUTH["medication"]
    assert goes_on == pytest.approx(truth["continued_180_days"] * truth["last_stays_with_medication"], rel=0.05)


def test_few_screens_find_a_high_risk_of_suicide(clinic):
    found = clinic.execute(
        "select count(distinct episode_id) filter (where score in (4, 5) or (score = 6 and window_days <= 92)), "
        "count(distinct episode_id) from core.assessments join core.episodes using (episode_id) "
        "where instrument = 'C-SSRS' and score is not null and level_of_care = 'IOP' "
        "and assessed_date <= date '2026-08-31'"
    ).fetchone()
    assert found == (TRUTH["suicide_risk"]["high"], TRUTH["suicide_risk"]["screened"])
