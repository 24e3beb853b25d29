"""Certifications, incidents, interviews about functioning and surveys of satisfaction, on clinics of a few rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_outcomes import by_category, rows


def clinic(folder: Path, *, size: int, payer: str = "medicare", days: int = 70, **tables: list[dict]) -> Warehouse:
    """Completed episodes e1, e2 …, attended on the first and the last day."""
    end = {"discharge_day": days, "discharge_reason": "completed", "payer": payer}
    episodes = [{"episode_id": f"e{number}", "patient_id": f"p{number}", **end} for number in range(1, size + 1)]
    sessions = [{"episode_id": row["episode_id"], "day": day} for row in episodes for day in (0, days)]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, **tables)


def test_a_certification_covers_sixty_days(tmp_path):
    # Days 0 to 70 are 71 days. e1: certified on day 0 and again on day 55, so that every day is covered. e2: once,
    # on day 0: days 0 to 59. e3: six hours are too few. e4 has none: its 71 days are missing n too.
    given = [("e1", 0, 9), ("e1", 55, 12), ("e2", 0, 9), ("e3", 0, 6)]
    certifications = [{"episode_id": e, "day": day, "certified_hours_per_week": hours} for e, day, hours in given]
    row = rows(clinic(tmp_path, size=4, certifications=certifications), "certification_current").iloc[0]
    assert (row["numerator"], row["denominator"], row["missing_n"]) == (71 + 60 + 0 + 0, 4 * 71, 71)


def test_a_late_certification_leaves_the_days_before_it_uncovered(tmp_path):
    # Days 0 to 70; certified on day 10, for days 10 to 69.
    certifications = [{"episode_id": "e1", "day": 10}]
    row = rows(clinic(tmp_path, size=1, certifications=certifications), "certification_current").iloc[0]
    assert (row["numerator"], row["denominator"]) == (60, 71)


def test_other_payers_are_asked_only_when_they_are_chosen(tmp_path):
    warehouse = clinic(tmp_path, size=1, payer="commercial", certifications=[{"episode_id": "e1", "day": 0}])
    assert rows(warehouse, "certification_current").empty
    assert rows(warehouse, "certification_current", payers="all").iloc[0]["numerator"] == 60


def test_a_clinic_that_exports_no_certification_has_not_failed_to_certify(tmp_path):
    assert rows(clinic(tmp_path, size=1), "certification_current").empty


def incident(patient: str, day: int, kind: str) -> dict:
    """An event so many days after 5 January 2026, the admission of every episode."""
    return {"patient_id": patient, "incident_date": date.fromordinal(date(2026, 1, 5).toordinal() + day),
            "incident_type": kind}  # fmt: skip


EVENTS = [
    # In care, days 0 to 70: p1 twice in an emergency room and one overdose, p2 once on the last day.
    incident("p1", 3, "emergency_visit"), incident("p1", 9, "emergency_visit"), incident("p1", 9, "overdose"),
    incident("p2", 70, "emergency_visit"),
    # After it: p3 on day 1 and p4 on day 91 after the exit; p1 before care.
    incident("p3", 71, "suicide_attempt"), incident("p4", 161, "emergency_visit"), incident("p1", -1, "injury"),
]  # fmt: skip


def test_an_episode_counts_once_for_each_kind_of_event_in_care(tmp_path):
    frame = rows(clinic(tmp_path, size=4, incidents=EVENTS), "incidents_in_care")
    found = by_category(frame, "numerator")
    assert {kind: n for kind, n in found.items() if n} == {"emergency visit": 2, "overdose": 1}
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({4}, {0})


def test_events_after_discharge_fall_within_the_chosen_days(tmp_path):
    warehouse = clinic(tmp_path, size=4, incidents=EVENTS)
    within_90, within_180 = (
        by_category(rows(warehouse, "incidents_after_discharge", day=day), "numerator") for day in (90, 180)
    )
    assert within_90 == {"overdose": 0, "suicide attempt": 1, "death": 0, "emergency visit": 0}
    # 180 days after 16 March 2026 is 12 September, after the analysis cut-off of 31 August: nobody can be counted.
    assert within_180 == {}


def test_who_died_in_care_is_not_followed_after_discharge(tmp_path):
    # Two leave: one died in care, the other goes to an emergency room 10 days later.
    ends = [{"discharge_reason": "died"}, {"discharge_reason": "completed"}]
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"patient_id": f"p{n}", "discharge_day": 30} | end for n, end in enumerate(ends, 1)],
        sessions=[{"episode_id": key, "day": day} for key in ("e1", "e2") for day in (0, 30)],
        incidents=[incident("p1", 30, "death"), incident("p2", 40, "emergency_visit")],
    )
    frame = rows(warehouse, "incidents_after_discharge")
    assert by_category(frame, "numerator")["emergency visit"] == 1
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({1}, {0})


@pytest.mark.parametrize("name", ["incidents_in_care", "incidents_after_discharge"])
def test_no_exported_incident_is_not_no_incident(tmp_path, name):
    frame = rows(clinic(tmp_path, size=1), name)
    assert frame["value"].isna().all()
    assert set(frame["method"]) == {"not defined: no incident is recorded"}


def test_functioning_is_compared_within_those_who_were_asked_twice(tmp_path):
    # e1 finds work and a home. e2 works at both. e3 is not asked again. Of e4 the later employment is not recorded.
    def asked(episode: str, day: int, work: str, home: str, arrests: int | None) -> dict:
        timepoint = "intake" if day == 0 else "discharge"
        return {"episode_id": episode, "day": day, "timepoint": timepoint, "employment": work, "housing": home,
                "arrests_30_days": arrests}  # fmt: skip

    functioning = [
        asked("e1", 0, "unemployed", "homeless", 1), asked("e1", 70, "part_time", "stable", 0),
        asked("e2", 0, "full_time", "stable", 0), asked("e2", 70, "student", "stable", None),
        asked("e3", 0, "unemployed", "stable", 0),
        asked("e4", 0, "not_in_labor_force", "unknown", 0), asked("e4", 70, "unknown", "stable", 2),
    ]  # fmt: skip
    frame = rows(clinic(tmp_path, size=4, functioning=functioning), "functioning").set_index("category")
    counted = ["numerator", "denominator", "missing_n"]
    assert frame.loc["in work or study, at the start", counted].tolist() == [1, 2, 2]
    assert frame.loc["in work or study, later", counted].tolist() == [2, 2, 2]
    assert frame.loc["in stable housing, at the start", counted].tolist() == [1, 2, 1]
    assert frame.loc["in stable housing, later", counted].tolist() == [2, 2, 1]
    assert frame.loc["no arrest in 30 days, at the start", counted].tolist() == [1, 2, 2]
    assert frame.loc["no arrest in 30 days, later", counted].tolist() == [1, 2, 2]


def test_satisfaction_is_the_mean_of_the_latest_answers(tmp_path):
    # e1: 20, then 30; e2: 26; e3 did not answer; e4 answered another scale.
    given = [("e1", 30, 20), ("e1", 70, 30), ("e2", 70, 26), ("e3", 70, None)]
    satisfaction = [{"episode_id": episode, "day": day, "score": score} for episode, day, score in given]
    satisfaction.append({"episode_id": "e4", "day": 70, "score": 9, "scale": "overall_0_10"})
    warehouse = clinic(tmp_path, size=4, satisfaction=satisfaction)
    mean = rows(warehouse, "satisfaction").iloc[0]
    assert (mean["value"], mean["denominator"], mean["missing_n"]) == ((30 + 26) / 2, 2, 1)
    answered = rows(warehouse, "satisfaction_response").iloc[0]
    assert (answered["numerator"], answered["denominator"], answered["missing_n"]) == (2, 3, 0)
