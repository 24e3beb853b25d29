"""Cases of the checks of conformance."""

from __future__ import annotations

from datetime import date

from tests.etl.checks.case import Case, Rows


def _file(table: str, read: int = 100, rejected: int = 0) -> Rows:
    name = f"{table}.csv"
    return [{"file": name, "table_name": table, "rows_read": read, "rows_rejected": rejected}]


def _rejected(table: str, rule: str, found: int = 2) -> Case:
    """A file of 100 records of which two break a rule, one of them in two columns."""
    reject = {"file": f"{table}.csv", "table_name": table, "rule": rule}
    rows = [reject | {"line": 2}, reject | {"line": 5}, reject | {"line": 5, "column_name": "other"}]
    other = {"file": f"{table}.csv", "table_name": table, "rule": "another_rule", "line": 9}
    return Case({"load.file": _file(table), "load.reject": [other]}, {"load.reject": rows}, (found, 100))


ITEMS = "1;0;2;1;0;0;1;0;0"
FORM = {"instrument": "PHQ-9", "score": 5, "item_scores": ITEMS}
TWO = {"episodes": [{}, {}]}
PRICE = {"payer": "medicaid", "billing_code": "H0015", "setting": "IOP"}

CONFORMANCE = {
    "rejected_share": Case({"load.file": _file("sessions")}, {"load.file": _file("costs", rejected=3)}, (3, 200)),
    "rejected_most_of_a_file": Case(
        {"load.file": _file("sessions", rejected=9)}, {"load.file": _file("costs", rejected=10)}, (1, 2)
    ),
    "rejected_end_before_start": _rejected("sessions", "actual_end_after_start"),
    "rejected_impossible_session": _rejected("sessions", "at_most_a_day_long"),
    "rejected_discharge_before_admission": _rejected("episodes", "discharge_not_before_admission"),
    "rejected_score_out_of_range": _rejected("assessments", "score_in_instrument_range"),
    "rejected_unknown_reference": _rejected("costs", "unknown_reference"),
    "rejected_duplicate_key": _rejected("patients", "duplicate_key"),
    "rejected_unknown_code": _rejected("episodes", "not_allowed"),
    "rejected_unreadable_value": _rejected("sessions", "not_a_date"),
    "rejected_out_of_range": _rejected("sessions", "attended_not_in_the_future"),
    "rejected_broken_line": _rejected("sessions", "wrong_field_count"),
    "assessment_of_another_patient": Case(
        TWO | {"sessions": [{}, {"episode_id": "e2"}], "assessments": [{"score": 5}]},
        {"assessments": [{"score": 5, "episode_id": "e2", "patient_id": "p1"}]},
        (1, 2),
    ),
    "specimen_of_another_patient": Case(
        TWO | {"toxicology": [{}]}, {"toxicology": [{"episode_id": "e2", "patient_id": "p1"}]}, (1, 2)
    ),
    "record_of_another_patient": Case(
        TWO | {"medications": [{}], "satisfaction": [{}]},
        {"certifications": [{"episode_id": "e2", "patient_id": "p1"}]},
        (1, 3),
    ),
    "item_sum_differs": Case({"episodes": [{}], "assessments": [FORM]}, {"assessments": [FORM | {"score": 6}]}, (1, 2)),
    "item_count_differs": Case(
        {"episodes": [{}], "assessments": [FORM]}, {"assessments": [FORM | {"item_scores": "1;2;1;1"}]}, (1, 2)
    ),
    "item_out_of_range": Case(
        {"episodes": [{}], "assessments": [FORM, FORM | {"item_scores": ";0;2;1;0;0;1;0;0"}]},
        {"assessments": [FORM | {"item_scores": "1;0;9;1;0;0;1;0;0"}, FORM | {"item_scores": "1;NA"}]},
        (2, 4),
    ),
    "benchmark_outside_interval": Case(
        {"benchmarks": [{"benchmark_value": 0.5, "lower": 0.4, "upper": 0.6}, {"benchmark_value": 9}]},
        {"benchmarks": [{"benchmark_value": 0.5, "lower": 0.6}]},
        (1, 2),
    ),
    "target_and_benchmark_units": Case(
        {
            "targets": [{"measure": "show_rate", "target_value": 0.8}, {"measure": "retention", "target_value": 0.6}],
            "benchmarks": [{"measure": "show_rate", "benchmark_value": 0.7}],
        },
        {"benchmarks": [{"measure": "retention", "benchmark_value": 63}]},
        (1, 2),
    ),
    "rates_overlap": Case(
        {"rates": [PRICE | {"effective_from": date(2025, 1, 1), "effective_to": date(2025, 12, 31)}]},
        {"rates": [PRICE | {"effective_from": date(2025, 12, 31)}, PRICE | {"effective_from": date(2026, 5, 1)}]},
        (2, 3),
    ),
    "baseline_change_of_unknown_site": Case(
        {"episodes": [{}], "baseline_changes": [{"site": "North"}, {"site": "all", "from_date": date(2026, 2, 1)}]},
        {"baseline_changes": [{"site": "all", "from_date": date(2027, 1, 1)}]},
        (1, 3),
    ),
    "cost_basis_mixed": Case(
        TWO | {"costs": [{}, {}]}, {"costs": [{"episode_id": "e2"}, {"episode_id": "e2", "basis": "charge"}]}, (1, 2)
    ),
    "panel_contradicts": Case(
        {
            "episodes": [{}],
            "toxicology": [{"specimen_id": "a"}, {"specimen_id": "a", "substance": "opioid", "result": "negative"}],
        },
        {
            "toxicology": [
                {"specimen_id": "b"},
                {"specimen_id": "b", "substance": "opioid", "result": "positive"},
                {"specimen_id": "c", "result": "not_collected"},
                {"specimen_id": "c", "substance": "cocaine", "result": "negative"},
            ]
        },
        (2, 3),
    ),
    "specimen_of_two_patients": Case(
        TWO | {"toxicology": [{"specimen_id": "a"}]},
        {"toxicology": [{"specimen_id": "b"}, {"specimen_id": "b", "substance": "opioid", "episode_id": "e2"}]},
        (1, 2),
    ),
    "use_contradicts": Case(
        {"episodes": [{}], "use_events": [{"days_used": 3}, {"substance": "none", "days_used": 0}]},
        {"use_events": [{"substance": "none", "days_used": 2}]},
        (1, 3),
    ),
}
