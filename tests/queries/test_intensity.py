"""Hours a week, dose, groups and services on clinics of a few sessions, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from queries import catalog
from tests.clinic import tiny_clinic
from tests.queries.stays import by, clinic, only, rows


def test_a_week_without_a_service_is_zero_hours(tmp_path):
    # 9, 0 and 3 hours: mean 12/3 = 4; median 3; quartiles halfway to the neighbours, 1.5 and 6.
    frame = rows(clinic(tmp_path, [[3, 3, 3], [], [3]]), "hours_per_week")
    assert by(frame, "statistic") == pytest.approx({"mean": 4, "median": 3, "p25": 1.5, "p75": 6})
    assert set(frame["denominator"]) == {3}


def test_only_weeks_in_care_on_all_seven_days_count(tmp_path):
    # Admitted on Wednesday 7 January and discharged on the Saturday ten days later: no whole week in care.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"admission_date": date(2026, 1, 7), "discharge_day": 10, "discharge_reason": "completed"}],
        sessions=[{"day": day} for day in (0, 5, 7)],
    )
    assert rows(warehouse, "hours_per_week").empty
    # Pro rata, Wednesday to Sunday are 5 days: 9 × 5/7 = 6.4 hours, not met by 3. Monday to Saturday: 7.7, not by 6.
    whole = rows(warehouse, "weekly_target_attainment", weeks="partial weeks pro rata")
    assert only(whole)[["numerator", "denominator"]].tolist() == [0, 2]


def test_an_attended_session_without_times_is_missing_and_counts_no_hours(tmp_path):
    warehouse = clinic(tmp_path, [[3, 3]], sessions=[{"day": 3, "scheduled_hours": 2}])
    frame = rows(warehouse, "hours_per_week").set_index("statistic")
    assert (frame["value"]["mean"], frame["missing_n"]["mean"]) == (6, 1)
    upper = rows(warehouse, "hours_per_week", missing_minutes="take the schedule")
    assert by(upper, "statistic")["mean"] == 8


def test_hours_are_at_most_those_scheduled(tmp_path):
    warehouse = clinic(tmp_path, [[3]], sessions=[{"day": 2, "scheduled_hours": 2, "actual_hours": 5}])
    assert by(rows(warehouse, "hours_per_week"), "statistic")["mean"] == 3 + 2


def test_hours_by_week_of_care_hold_those_still_in_care(tmp_path):
    frame = rows(clinic(tmp_path, [[3, 3], [3]], [[2, 2]]), "hours_by_week_of_care")
    mean = frame[frame["statistic"] == "mean"].set_index("step")
    assert mean["value"].to_dict() == {1: (6 + 4) / 2, 2: 3}
    assert mean["denominator"].to_dict() == {1: 2, 2: 1}


def test_a_week_belongs_to_the_month_of_its_monday(tmp_path):
    # Mondays 5, 12, 19 and 26 January; the next is 2 February.
    frame = rows(clinic(tmp_path, [[3], [3], [3], [3], [8]]), "hours_by_month")
    mean = frame[frame["statistic"] == "mean"]
    assert by(mean, "period") == {pd.Timestamp("2026-01-01"): 3, pd.Timestamp("2026-02-01"): 8}
    shares = rows(clinic(tmp_path / "again", [[3, 3, 3], [3], [3], [3], [8]]), "target_attainment_by_month")
    assert by(shares, "period") == {pd.Timestamp("2026-01-01"): 1 / 4, pd.Timestamp("2026-02-01"): 0}


def test_the_target_is_nine_hours_for_adults_and_six_for_adolescents(tmp_path):
    # Adult: 9 hours reach it, 8 do not. Adolescent: 6 do, 5 do not.
    columns = [{"age_at_admission": 40}, {"age_at_admission": 15}]
    row = only(rows(clinic(tmp_path, [[9], [8]], [[6], [5]], columns=columns), "weekly_target_attainment"))
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)


def test_the_interval_of_weeks_takes_persons_as_clusters(tmp_path):
    # Persons with 3 of 3, 0 of 3 and 1 of 2 weeks: 4/8. Residuals y − n/2 are 1.5, −1.5 and 0, so the variance is
    # 3/2 × (2.25 + 2.25) / 8² = 0.10547, and half the interval is t(0.975; 2) = 4.3027 times 0.32476: all of 0 to 1.
    row = only(rows(clinic(tmp_path, [[9], [9], [9]], [[1], [1], [1]], [[9], [1]]), "weekly_target_attainment"))
    assert row["value"] == 0.5
    assert (row["lower"], row["upper"]) == (0, 1)


def test_the_bands_of_hours_meet_at_nine_and_twenty(tmp_path):
    frame = rows(clinic(tmp_path, [[8.9], [9], [19.9], [20], [1]]), "hours_band")
    assert by(frame, "category", "numerator") == {"< 9 hours": 2, "9 to < 20 hours": 2, "≥ 20 hours": 1}
    assert frame["value"].sum() == pytest.approx(1)


def test_a_week_that_the_program_cancelled_was_not_offered(tmp_path):
    # Both weeks have 9 hours in the schedule; of the second the program cancelled 3.
    missed = [{"day": 1, "hours": 6, "status": "no_show"}, {"day": 8, "hours": 3, "status": "program_cancel"}]
    warehouse = clinic(tmp_path, [[3], [6]], sessions=missed)
    row = only(rows(warehouse, "scheduled_intensity"))
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (1, 2, 0)
    assert only(rows(warehouse, "weekly_target_attainment"))["value"] == 0


def test_a_session_without_a_schedule_was_not_offered_and_is_missing(tmp_path):
    unscheduled = [{"day": day, "scheduled_hours": None, "actual_hours": 3} for day in (1, 2)]
    row = only(rows(clinic(tmp_path, [[3]], sessions=unscheduled), "scheduled_intensity"))
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (0, 1, 2)


def test_the_dose_of_closed_episodes_is_by_class_of_exit(tmp_path):
    reasons = {"e1": "completed", "e2": "completed", "e3": "dropped_out"}
    episodes = [{"episode_id": key, "discharge_day": 20, "discharge_reason": reason} for key, reason in reasons.items()]
    episodes.append({"episode_id": "e4", "admission_date": date(2026, 8, 24)})  # Seen in September: in care.
    for number, episode in enumerate(episodes):
        episode["patient_id"] = f"p{number}"
    hours = {"e1": 12, "e2": 8, "e3": 2, "e4": 9}
    sessions = [{"episode_id": key, "hours": value} for key, value in hours.items()]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=[*sessions, {"episode_id": "e4", "day": 22}])
    frame = rows(warehouse, "dose_received")
    median = frame[frame["statistic"] == "median"]
    assert by(median, "category") == {"completed": 10, "dropped out": 2}
    everybody = rows(warehouse, "dose_received", split="none").set_index("statistic")
    assert everybody["value"]["mean"] == pytest.approx((12 + 8 + 2) / 3)


def test_the_dose_is_also_counted_in_sessions_and_in_weeks_with_one(tmp_path):
    # Three sessions in one week; four in three weeks, one without; an hour of transport is no clinical session.
    warehouse = clinic(
        tmp_path,
        [[3, 3, 3]],
        [[3, 3], [], [3], [3]],
        sessions=[{"episode_id": "e1", "day": 4, "service_type": "transport"}],
    )
    for name, each in (("sessions_received", [3, 4]), ("weeks_with_service", [1, 3])):
        frame = rows(warehouse, name).set_index("statistic")
        assert (frame["value"]["mean"], frame["value"]["median"]) == (sum(each) / 2, sum(each) / 2)
        assert set(frame["category"]) == {"completed"}
        assert set(frame["denominator"]) == {2}


def test_a_group_of_thirteen_is_over_the_limit_of_twelve(tmp_path):
    # Two meetings: 13 patients on day 0, of whom 12 come again on day 1.
    keys = [f"e{number}" for number in range(1, 14)]
    episodes = [{"episode_id": key, "patient_id": f"p{key}"} for key in keys]
    sessions = [{"episode_id": key, "group_id": "g1"} for key in keys]
    sessions += [{"episode_id": key, "group_id": "g1", "day": 1} for key in keys[:12]]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions)
    size = by(rows(warehouse, "group_size"), "statistic")
    assert (size["mean"], size["median"], size["share_at_target"]) == (12.5, 12.5, 0.5)
    assert size["p90"] == pytest.approx(12.9)  # Nine tenths of the way from 12 to 13.
    row = only(rows(warehouse, "group_over_limit"))
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_nine_are_over_the_strict_limit_of_eight(tmp_path):
    # Meetings of nine, of eight and of one.
    episodes = [{"episode_id": f"e{n}", "patient_id": f"p{n}"} for n in range(1, 10)]
    sessions = [
        {"episode_id": f"e{n}", "group_id": "g1", "day": day}
        for day, size in enumerate((9, 8, 1))
        for n in range(1, size + 1)
    ]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions)
    assert only(rows(warehouse, "group_over_limit", limit="strict"))["value"] == pytest.approx(1 / 3)
    assert only(rows(warehouse, "group_over_limit"))["value"] == 0


def test_everybody_present_counts_in_the_meeting_of_a_selected_patient(tmp_path):
    episodes = [
        {"episode_id": f"e{n}", "patient_id": f"p{n}", "payer": payer}
        for n, payer in ((1, "medicaid"), (2, "commercial"), (3, "commercial"))
    ]
    sessions = [{"episode_id": key, "group_id": "g1"} for key in ("e1", "e2", "e3")]
    sessions.append({"episode_id": "e2", "group_id": "g2", "day": 1})
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions)
    size = rows(warehouse, "group_size", {"payer": ["medicaid"]}).set_index("statistic")
    assert (size["value"]["mean"], size["denominator"]["mean"]) == (3, 1)


def test_the_service_mix_is_shares_of_hours_and_sums_to_one(tmp_path):
    # 6 hours of group, 1 individual, 1 family; an hour of documentation is no clinical hour.
    other = [
        {"day": 3, "hours": 1, "service_type": kind, "start": start}
        for start, kind in ((9, "individual"), (11, "family"), (13, "documentation"))
    ]
    frame = rows(clinic(tmp_path, [[3, 3]], sessions=other), "service_mix")
    assert by(frame, "category") == {"group": 6 / 8, "family": 1 / 8, "individual": 1 / 8}


def test_individual_and_family_sessions_by_week_and_by_episode(tmp_path):
    # First patient: both in week 1, individual in week 2, so individual every week. Second patient: neither.
    sessions = [
        {"episode_id": "e1", "day": day, "hours": 1, "service_type": kind, "start": start}
        for day, start, kind in ((3, 9, "individual"), (3, 11, "family"), (10, 9, "individual"))
    ]
    frame = rows(clinic(tmp_path, [[3], [3]], [[3]], sessions=sessions), "weekly_family_and_individual")
    assert by(frame, "category") == {
        "weeks with an individual session": 2 / 3,
        "weeks with a family session": 1 / 3,
        "weeks with both": 1 / 3,
        "episodes with a family session": 1 / 2,
        "episodes with an individual session": 1 / 2,
        "episodes with an individual session every week": 1 / 2,
        "episodes with both every week": 0,
    }


NAMES = sorted(name for name, member in catalog.measures().items() if member.topic == "intensity")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gives_no_rows(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty


@pytest.mark.parametrize("name", NAMES)
def test_one_patient_gives_an_answer_that_no_export_shows(tmp_path, name):
    sessions = [{"day": 4, "group_id": "g1"}]
    bills = [{"day": 0, "amount": 300, "basis": "paid"}]
    columns = ({"planned_hours": 18, "payer": "medicare"},)
    more = {"costs": bills, "certifications": [{"day": 0}]}
    frame = rows(warehouse := clinic(tmp_path, [[3, 3], [3]], sessions=sessions, columns=columns, **more), name)
    assert not frame.empty
    assert frame["value"].notna().all()
    hidden = catalog.ask(warehouse, name).frame
    assert hidden["is_suppressed"].all()
    assert hidden["value"].isna().all()
