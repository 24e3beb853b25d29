"""Cases of the checks of completeness."""

from __future__ import annotations

from datetime import date

from tests.etl.checks.case import Case, Rows


def _sessions(number: int, episode: str = "e1", first: int = 0, **row: object) -> Rows:
    return [{"episode_id": episode, "day": first + day, **row} for day in range(number)]


NORTH_AND_SOUTH = {"episodes": [{"site": "North"}, {"site": "South"}]}
INDEX = {"index_name": "PCE-Health"}
CLOSED = {"discharge_day": 30, "discharge_reason": "completed"}
DIMENSIONS = {f"asam_dimension_{number}": 1 for number in range(1, 7)}

COMPLETENESS = {
    "no_episodes": Case({"episodes": [{}]}, {}, (0, 1)),
    "nothing_attended": Case({"episodes": [{}], "sessions": [{}]}, {}, (0, 1)),
    "rejected_missing_value": Case(
        {"load.file": [{"file": "a.csv", "table_name": "costs", "rows_read": 50, "rows_rejected": 0}]},
        {"load.reject": [{"file": "a.csv", "line": 7, "table_name": "costs", "rule": "required"}]},
        (1, 50),
    ),
    "price_index_gap": Case(
        {"price_index": [INDEX | {"year": 2020}, INDEX | {"year": 2021}]},
        {"price_index": [INDEX | {"year": 2024}]},
        (1, 3),
    ),
    "attended_without_minutes": Case(
        {"episodes": [{}], "sessions": [{}, {"status": "no_show"}]},
        {"sessions": [{"day": 1, "actual_hours": None, "scheduled_hours": 3}]},
        (1, 2),
    ),
    "minutes_missing_at_a_site": Case(
        NORTH_AND_SOUTH | {"sessions": _sessions(20)}, {"sessions": _sessions(20, "e2", hours=None)}, (1, 2)
    ),
    "status_unknown_at_a_site": Case(
        NORTH_AND_SOUTH | {"sessions": _sessions(20)},
        {"sessions": _sessions(18, "e2") + _sessions(2, "e2", 18, status="unknown")},
        (1, 2),
    ),
    "status_unknown": Case({"episodes": [{}], "sessions": [{}]}, {"sessions": [{"status": "unknown"}]}, (1, 2)),
    "modality_unknown": Case({"episodes": [{}], "sessions": [{}]}, {"sessions": [{"modality": None}]}, (1, 2)),
    "schedule_missing": Case(
        {"episodes": [{}], "sessions": [{}]}, {"sessions": [{"day": 1, "actual_hours": 3}]}, (1, 2)
    ),
    "group_unnamed": Case({"episodes": [{}], "sessions": [{"group_id": "A"}]}, {"sessions": [{"day": 1}]}, (1, 2)),
    "reason_missing": Case(
        {"episodes": [CLOSED, {}]},
        {"episodes": [{"discharge_day": 9}, CLOSED | {"discharge_reason": "unknown"}]},
        (2, 3),
    ),
    "reason_missing_at_a_site": Case(
        {"episodes": [CLOSED] * 20},
        {"episodes": [CLOSED | {"site": "South"}] * 16 + [{"site": "South", "discharge_day": 30}] * 4},
        (1, 2),
    ),
    "scores_missing_at_a_site": Case(
        {
            "episodes": [{"episode_id": f"n{number}"} for number in range(20)],
            "sessions": [{"episode_id": f"n{number}"} for number in range(20)],
            "assessments": [{"episode_id": f"n{number}", "score": 5} for number in range(20)],
        },
        {
            "episodes": [{"episode_id": f"s{number}", "site": "South"} for number in range(20)],
            "sessions": [{"episode_id": f"s{number}", "session_id": f"x{number}"} for number in range(20)],
        },
        (1, 2),
    ),
    "never_started": Case({"episodes": [{}], "sessions": [{}]}, {"episodes": [{}]}, (1, 2)),
    "birth_and_age_missing": Case({"episodes": [{}]}, {"episodes": [{"age_at_admission": None}]}, (1, 2)),
    "sex_not_recorded": Case(
        {"patients": [{"patient_id": "a", "sex": "male"}]},
        {"patients": [{"patient_id": "b", "sex": "unknown"}]},
        (1, 2),
    ),
    "race_not_recorded": Case(
        {"patients": [{"patient_id": "a", "race_ethnicity": "white"}]}, {"patients": [{"patient_id": "b"}]}, (1, 2)
    ),
    "payer_not_recorded": Case({"episodes": [{}]}, {"episodes": [{"payer": "unknown"}, {"payer": None}]}, (2, 3)),
    "substance_not_recorded": Case(
        {"episodes": [{}, {"program": "MH", "primary_substance": "none"}]},
        {"episodes": [{"primary_substance": "none"}]},
        (1, 2),
    ),
    "severity_not_recorded": Case(
        {"episodes": [DIMENSIONS]}, {"episodes": [DIMENSIONS | {"asam_dimension_4": None}]}, (1, 2)
    ),
    "costs_missing": Case(
        {"episodes": [CLOSED], "sessions": [{}], "costs": [{"amount": 90}]},
        {"episodes": [CLOSED], "sessions": [{"episode_id": "e2"}]},
        (1, 2),
    ),
    "site_month_without_sessions": Case(
        {"episodes": [{}], "sessions": _sessions(50)}, {"sessions": _sessions(20, first=90)}, (1, 4)
    ),
    "results_pending_long": Case(
        {"episodes": [{}], "toxicology": [{}, {"specimen_date": date(2026, 9, 20), "result": "pending"}]},
        {"toxicology": [{"result": "pending"}]},
        (1, 2),
    ),
    "report_without_days": Case(
        {
            "episodes": [{}],
            "use_events": [{"window_days": 30, "days_used": 2}, {"window_days": 30, "substance": "none"}],
        },
        {"use_events": [{"window_days": 30}]},
        (1, 2),
    ),
    "cost_zero": Case({"episodes": [{}], "costs": [{"amount": 90}]}, {"costs": [{}]}, (1, 2)),
}
