"""Cases of the checks of plausibility within one load."""

from __future__ import annotations

from datetime import date

from tests.clinic import ADMISSION
from tests.etl.checks.case import Case, Rows

CLOSED = {"discharge_day": 30, "discharge_reason": "completed"}
BORN = {"birth_date": date(1980, 5, 17)}
ONE = {"episodes": [{}]}
FORM = {"instrument": "PHQ-9", "score": 5, "item_scores": "1;0;2;1;0;0;1;0;0"}


def _panel(specimen: str, positives: int) -> Rows:
    substances = [
        "alcohol",
        "amphetamine",
        "barbiturate",
        "benzodiazepine",
        "cannabis",
        "cocaine",
        "fentanyl",
        "opioid",
    ]
    return [
        {"specimen_id": specimen, "substance": name, "result": "positive" if place < positives else "negative"}
        for place, name in enumerate(substances)
    ]


PLAUSIBILITY = {
    "long_open_episodes": Case(
        ONE | {"sessions": [{"session_date": date(2026, 9, 1)}]},
        {"episodes": [{}], "sessions": [{"episode_id": "e2"}]},
        (1, 2),
    ),
    "overlapping_episodes": Case(
        {"episodes": [CLOSED | {"patient_id": "a"}, {"patient_id": "a", "day": 30, **CLOSED}]},
        {"episodes": [{"patient_id": "a", "day": 50}]},
        (1, 3),
    ),
    "overlapping_sessions": Case(ONE | {"sessions": [{}, {"start": 13}]}, {"sessions": [{"start": 14}]}, (1, 3)),
    "sessions_outside_episode": Case(
        {"episodes": [CLOSED], "sessions": [{}, {"day": 31}]}, {"sessions": [{"day": 32}, {"day": -2}]}, (2, 4)
    ),
    "sessions_after_death": Case(
        {"episodes": [CLOSED | {"discharge_reason": "died"}], "sessions": [{}]},
        {
            "episodes": [{}],
            "incidents": [{"incident_type": "death", "patient_id": "p2", "incident_date": ADMISSION}],
            "sessions": [{"episode_id": "e2", "day": 5}],
        },
        (1, 2),
    ),
    "death_without_discharge": Case(
        {"episodes": [CLOSED], "incidents": [{"incident_type": "death", "patient_id": "p1", "day": 25}]},
        {"episodes": [{}], "incidents": [{"incident_type": "death", "patient_id": "p2", "day": 25}]},
        (1, 2),
    ),
    "assessment_outside_episode": Case(
        {
            "episodes": [CLOSED],
            "sessions": [{}],
            "assessments": [{"score": 3, "day": 60}, {"score": 3, "day": 99, "timepoint": "followup_90"}],
        },
        {"assessments": [{"score": 3, "day": 61}]},
        (1, 2),
    ),
    "intake_score_late": Case(
        ONE | {"sessions": [{}], "assessments": [{"score": 3, "timepoint": "intake", "day": 30}]},
        {"assessments": [{"score": 3, "timepoint": "intake", "day": 31}]},
        (1, 2),
    ),
    "specimen_outside_episode": Case(
        {"episodes": [CLOSED], "toxicology": [{"day": 60}]}, {"toxicology": [{"day": 61}]}, (1, 2)
    ),
    "costs_outside_episode": Case({"episodes": [CLOSED], "costs": [{"day": 60}]}, {"costs": [{"day": 61}]}, (1, 2)),
    "authorization_outside_episode": Case(
        {"episodes": [CLOSED], "authorizations": [{"end_date": date(2026, 2, 1)}]},
        {"authorizations": [{"start_date": date(2026, 3, 1), "end_date": date(2026, 3, 9)}]},
        (1, 2),
    ),
    "request_after_admission": Case(
        {"episodes": [{}], "requests": [{"episode_id": "e1", "day": -3}]},
        {"requests": [{"episode_id": "e1", "day": 1}]},
        (1, 2),
    ),
    "scheduled_far_ahead": Case(
        ONE | {"sessions": [{"session_date": date(2026, 10, 2), "status": "unknown"}]},
        {"sessions": [{"session_date": date(2028, 10, 2), "status": "unknown"}]},
        (1, 2),
    ),
    "age_implausible": Case({"episodes": [{}]}, {"episodes": [{"age_at_admission": 4}]}, (1, 2)),
    "age_differs": Case(
        {"patients": [{"patient_id": "p1", **BORN}], "episodes": [{"age_at_admission": 45}]},
        {"episodes": [{"patient_id": "p1", "age_at_admission": 30}]},
        (1, 2),
    ),
    "born_on_first_january": Case(
        {"patients": [{"patient_id": "p1", **BORN}]},
        {"patients": [{"patient_id": "p2", "birth_date": date(1980, 1, 1)}]},
        (1, 2),
    ),
    "same_person_twice": Case(
        {"patients": [{"patient_id": "p1", **BORN}], "episodes": [{}, {"patient_id": "p1", "day": 60}]},
        {"patients": [{"patient_id": "p3", **BORN}], "episodes": [{}]},
        (2, 3),
    ),
    "identifier_at_two_sites": Case(
        {"episodes": [{}, {"patient_id": "a"}], "sessions": [{}, {"episode_id": "e2"}]},
        {
            "episodes": [{"patient_id": "a", "site": "South", "level_of_care": "PHP"}],
            "sessions": [{"episode_id": "e3"}],
        },
        (1, 2),
    ),
    "hours_over_24_a_day": Case(
        ONE | {"sessions": [{"hours": 8, "start": 1}, {"hours": 8, "start": 9}]},
        {"sessions": [{"day": 1, "hours": 13, "start": 1}, {"day": 1, "hours": 14, "start": 9}]},
        (1, 2),
    ),
    "hours_over_60_a_week": Case(
        {"episodes": [CLOSED | {"discharge_day": 13}], "sessions": [{"day": day} for day in range(5)]},
        {"sessions": [{"day": 7 + day, "hours": 13} for day in range(5)]},
        (1, 2),
    ),
    "session_too_long": Case(ONE | {"sessions": [{"hours": 8}]}, {"sessions": [{"day": 1, "hours": 9}]}, (1, 2)),
    "session_too_short": Case(ONE | {"sessions": [{}]}, {"sessions": [{"day": 1, "hours": 0.05}]}, (1, 2)),
    "session_at_night": Case(
        ONE | {"sessions": [{}, {"start": 20}]}, {"sessions": [{"day": 1, "start": 2}, {"day": 2, "start": 23}]}, (2, 4)
    ),
    "minutes_all_alike": Case(
        {"episodes": [{}, {"site": "South"}], "sessions": [{"day": day, "hours": 1 + day % 2} for day in range(50)]},
        {"sessions": [{"day": day, "episode_id": "e2", "hours": 1} for day in range(50)]},
        (1, 2),
    ),
    "times_equal_schedule": Case(
        ONE | {"sessions": [{"actual_hours": 2, "scheduled_hours": 3}]}, {"sessions": [{"day": 1}]}, (1, 2)
    ),
    "weekend_services": Case(ONE | {"sessions": [{}, {"day": 4}]}, {"sessions": [{"day": 5}, {"day": 6}]}, (2, 4)),
    "holiday_services": Case(
        {"episodes": [{"admission_date": date(2025, 12, 1)}], "sessions": [{}]},
        {"sessions": [{"session_date": date(2025, 12, 25)}, {"session_date": date(2026, 1, 1)}]},
        (2, 3),
    ),
    "dates_heaped": Case(
        {"episodes": [{"day": day} for day in range(100)]},
        {"episodes": [{"day": 5}] * 11},
        (12, 111),
    ),
    "copied_scores": Case(
        ONE | {"assessments": [FORM | {"item_scores": f"{day % 3};0;2;1;0;0;1;0;0"} for day in range(5)]},
        {"assessments": [FORM | {"patient_id": "p9", "episode_id": None}] * 5},
        (1, 2),
    ),
    "straight_answers": Case(
        ONE | {"assessments": [FORM]}, {"assessments": [FORM | {"item_scores": "2;2;2;2;2;2;2;2;2"}]}, (1, 2)
    ),
    "oversized_groups": Case(
        {"episodes": [{} for _ in range(40)], "sessions": [{"group_id": "A"}, {"group_id": "A", "episode_id": "e2"}]},
        {"sessions": [{"group_id": "B", "episode_id": f"e{number}"} for number in range(1, 32)]},
        (1, 2),
    ),
    "groups_of_one": Case(
        {"episodes": [{}, {}], "sessions": [{"group_id": "A"}, {"group_id": "A", "episode_id": "e2"}]},
        {"sessions": [{"group_id": "B"}]},
        (1, 2),
    ),
    "stay_too_long": Case({"episodes": [CLOSED]}, {"episodes": [{"admission_date": date(2025, 2, 1)}]}, (1, 2)),
    "cost_negative": Case(ONE | {"costs": [{}]}, {"costs": [{"amount": -5}]}, (1, 2)),
    "cost_below_zero_in_sum": Case(
        {"episodes": [{}, {}], "costs": [{"amount": 9}, {"amount": -5}]},
        {"costs": [{"episode_id": "e2", "amount": -5}]},
        (1, 2),
    ),
    "cost_extreme": Case(
        ONE | {"costs": [{"amount": 900}, {"amount": 20000, "setting": "inpatient"}]},
        {"costs": [{"amount": 20000}]},
        (1, 3),
    ),
    "cost_repeated": Case(
        ONE | {"costs": [{"amount": 90}]}, {"costs": [{"amount": 90, "day": 1}, {"amount": 90, "day": 1}]}, (1, 2)
    ),
    "overlapping_authorizations": Case(
        ONE | {"authorizations": [{"end_date": date(2026, 2, 1)}]},
        {"authorizations": [{"start_date": date(2026, 2, 1), "end_date": date(2026, 3, 1)}]},
        (1, 2),
    ),
    "authorized_beyond_the_clock": Case(
        ONE | {"authorizations": [{"end_date": date(2026, 2, 1), "authorized_hours": 100}]},
        {"authorizations": [{"end_date": ADMISSION, "authorized_hours": 11}]},
        (1, 2),
    ),
    "duplicate_person_day_test": Case(ONE | {"toxicology": [{}]}, {"toxicology": [{"day": 1}, {"day": 1}]}, (1, 2)),
    "panel_impossible": Case(ONE | {"toxicology": _panel("a", 7)}, {"toxicology": _panel("b", 8)}, (1, 2)),
    "specimens_all_alike": Case(
        {
            "episodes": [{}, {"site": "South"}],
            "toxicology": [{"day": day, "result": ["negative", "positive"][day % 2]} for day in range(50)],
        },
        {"toxicology": [{"day": day, "episode_id": "e2"} for day in range(50)]},
        (1, 2),
    ),
    "dose_extreme": Case(ONE | {"medications": [{"amount": 24}]}, {"medications": [{"amount": 60, "day": 1}]}, (1, 2)),
    "two_agonists_a_day": Case(
        ONE | {"medications": [{}, {"day": 1}]}, {"medications": [{"day": 1, "medication": "methadone"}]}, (1, 2)
    ),
    "window_overfull": Case(
        ONE | {"use_events": [{"window_days": 30, "days_used": 10, "controlled_environment_days": 20}]},
        {"use_events": [{"window_days": 30, "days_used": 11, "controlled_environment_days": 20}]},
        (1, 2),
    ),
}
