"""The hours ledger leads from a share to its weeks and from a week to its minutes, and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries import catalog
from queries.cases import CasesError, patient_weeks, week_sessions
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.in_care import rows

MONDAY = date(2026, 1, 5)


@pytest.fixture
def cases_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")


def two_weeks(folder: Path) -> Warehouse:
    """Week 1: 3 x 3 hours and an overlap. Week 2: 2 hours and no time for another session. Then open 4 of 7 days."""
    sessions = [{"day": day, "start": 9, "hours": 3} for day in (0, 2, 4)]
    sessions += [{"day": 4, "start": 11, "hours": 1}, {"day": 7, "hours": 2}]
    sessions += [{"day": 9, "scheduled_hours": 3}, {"day": 17, "hours": 1}]
    return tiny_clinic(
        folder,
        episodes=[{"discharge_day": 17, "discharge_reason": "completed"}],
        sessions=sessions,
        costs=[{"day": 0, "amount": 300, "basis": "paid"}, {"day": 8, "amount": 300, "basis": "paid"}],
    )


def test_weeks_say_why_they_are_in_or_out(tmp_path: Path, cases_shown: None) -> None:
    weeks = patient_weeks(two_weeks(tmp_path), select()).sort_values("week_start")
    assert weeks["attended_hours"].tolist() == [9.0, 2.0, 1.0]
    assert weeks["reason"].tolist() == [
        "On target",
        "Under target: the program scheduled too little",
        "Excluded: open only 4 of 7 days",
    ]
    assert weeks["mismatches"].tolist() == ["", "1 attended without times; 1 billed without attendance", ""]


def test_the_sessions_of_a_week_add_up_to_its_hours(tmp_path: Path, cases_shown: None) -> None:
    warehouse = two_weeks(tmp_path)
    sessions = week_sessions(warehouse, "e1", MONDAY)
    # 180 + 180 + 180 + an hour that lies within the third session = 540 minutes = 9 hours
    assert sessions["counted_minutes"].tolist() == [180, 180, 180, 0]
    assert sessions["why"].tolist()[-1] == "minutes that an earlier session covers are left out"
    missing = week_sessions(warehouse, "e1", date(2026, 1, 12))
    assert missing["counted_minutes"].tolist() == [120, 0]
    assert missing["why"].tolist() == ["every minute attended", "attended, but a time is missing: counts 0"]


def test_the_weeks_are_the_denominator_and_numerator_of_the_measure(
    sample_warehouse: Warehouse, cases_shown: None
) -> None:
    for filters in ({}, {"site": ["North"], "program": ["SUD"]}, {"date_from": "2026-01-01", "track": ["evening"]}):
        chosen = select(filters)
        weeks = patient_weeks(sample_warehouse, chosen)
        eligible = weeks[weeks["is_eligible"]]
        measure = catalog.measure("weekly_target_attainment")
        row = catalog.answer_unsuppressed(sample_warehouse, measure, chosen).frame.iloc[0]
        assert (len(eligible), eligible["is_on_target"].sum()) == (row["denominator"], row["numerator"])
        # Every week has a reason, and reasons of eligible weeks are exactly on or under target.
        assert (eligible["reason"].str.startswith("On target") == eligible["is_on_target"]).all()
        assert weeks[~weeks["is_eligible"]]["reason"].str.startswith("Excluded: ").all()


def test_the_ledger_is_closed_where_cases_are_hidden(tmp_path: Path) -> None:
    warehouse = two_weeks(tmp_path)
    with pytest.raises(CasesError):
        patient_weeks(warehouse, select())
    with pytest.raises(CasesError):
        week_sessions(warehouse, "e1", MONDAY)


def test_billing_mismatches_are_shares_of_billed_weeks(tmp_path: Path) -> None:
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"discharge_day": 20, "discharge_reason": "completed"}],
        sessions=[{"day": 0}, {"day": 7, "hours": 2}, {"day": 8, "scheduled_hours": 3}, {"day": 14}, {"day": 16}],
        costs=[{"day": day, "amount": 300, "basis": "paid"} for day in (0, 7, 9, 14, 14)],
        authorizations=[{"day": 0, "end_date": date(2026, 1, 11), "authorized_hours": 2}],
    )
    found = rows(warehouse, "billing_mismatches").set_index("category")
    # Three billed weeks. Week 1: 3 hours of 2 authorised. Week 2: a short day 7, nobody came on day 9, and an attended
    # session without times. Week 3: day 14 twice. One week of the three has an authorisation.
    assert found["value"].round(9).to_dict() == {
        "a day billed without attendance": pytest.approx(1 / 3),
        "a day billed twice": pytest.approx(1 / 3),
        "a billed day with fewer than three hours": pytest.approx(1 / 3),
        "more hours than authorised": 1.0,
    }
    assert found["denominator"].tolist() == [3, 3, 3, 1]
    assert found["missing_n"].tolist() == [1, 0, 1, 0]


def test_a_week_after_the_last_visit_is_not_blamed_on_the_program(tmp_path: Path, cases_shown: None) -> None:
    # Came on days 0 and 3, planned for 21 days, never discharged: weeks 2 and 3 stay expected, without a schedule.
    warehouse = tiny_clinic(tmp_path, episodes=[{"planned_days": 21}], sessions=[{"day": 0}, {"day": 3}])
    weeks = patient_weeks(warehouse, select()).sort_values("week_start")
    assert weeks["reason"].tolist() == [
        "Under target: the program scheduled too little",
        "Under target: not seen since 2026-01-08",
        "Under target: not seen since 2026-01-08",
    ]


def test_minutes_after_the_cut_off_are_listed_and_do_not_count(tmp_path: Path, cases_shown: None) -> None:
    # The cut-off is Monday 31 August: three hours on it, three on the day after.
    began = {"admission_date": date(2026, 8, 24)}
    warehouse = tiny_clinic(tmp_path, episodes=[began], sessions=[{"day": 0}, {"day": 7}, {"day": 8}])
    week = patient_weeks(warehouse, select()).sort_values("week_start").iloc[-1]
    sessions = week_sessions(warehouse, "e1", date(2026, 8, 31))
    assert sessions["counted_minutes"].tolist() == [180, 0]
    assert sessions["why"].tolist() == ["every minute attended", "not yet: after the cut-off"]
    assert sessions["counted_minutes"].sum() / 60 == week["attended_hours"] == 3
