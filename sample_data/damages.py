"""Kinds of damage that real exports carry: what is done to a copy of a good row, and the rule that must catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Row = dict[str, str]


def _any(_row: Row) -> bool:
    return True


@dataclass(frozen=True)
class Damage:
    """One kind of bad row: cells that replace those of a good row (``where`` chooses which), and the rules broken."""

    rules: tuple[str, ...]
    cells: Callable[[Row], Row] = field(default=lambda _row: {})
    where: Callable[[Row], bool] = _any
    shape: str = "same"
    """"same", "extra" (a field too many), "short", "open_quote", "copy" (a repeated key) or "footer"."""


def _set(rule: str | tuple[str, ...], **cells: str) -> Damage:
    rules = (rule,) if isinstance(rule, str) else rule
    return Damage(rules, lambda _row: dict(cells))


def _timed(row: Row) -> bool:
    return bool(row["actual_start"] and row["actual_end"]) and row["actual_start"] < row["actual_end"]


EXTRA = Damage(("wrong_field_count",), shape="extra")
SHORT = Damage(("wrong_field_count",), shape="short")
REPEATED = Damage(("duplicate_key",), shape="copy")
FOOTER = Damage(("required",), shape="footer")

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "sites": (REPEATED, _set("out_of_range", capacity="-1")),
    "patients": (
        _set("required", patient_id=""),
        _set("not_a_date", birth_date="infinity"),
        _set("not_a_date", birth_date="03/14/1988"),
        _set("out_of_range", birth_date="1899-12-31"),
        _set("out_of_range", birth_date="2031-01-01"),
        _set("not_allowed", sex="F"),
        REPEATED,
        SHORT,
    ),
    "episodes": (
        Damage(
            ("discharge_not_before_admission",),
            lambda row: {"discharge_date": row["admission_date"], "admission_date": row["discharge_date"]},
            lambda row: row["discharge_date"] > row["admission_date"],
        ),
        Damage(
            ("reason_needs_discharge",), lambda _row: {"discharge_date": ""}, lambda row: bool(row["discharge_reason"])
        ),
        _set("not_an_integer", planned_days="30.7"),
        _set("not_an_integer", planned_days="1e2"),
        _set("not_an_integer", age_at_admission="0x1F"),
        _set("out_of_range", asam_dimension_3="5"),
        _set("not_allowed", level_of_care="intensive outpatient"),
        _set("out_of_range", planned_hours="nan"),
        _set("unknown_reference", patient_id="P9999999"),
        _set("unknown_reference", site="Nowhere"),
        EXTRA,
        FOOTER,
    ),
    "requests": (
        Damage(
            ("assessed_not_before_requested",),
            lambda _row: {"requested_date": "2025-02-10", "assessed_date": "2025-02-09"},
        ),
        _set("out_of_range", requested_date="2026-10-01", assessed_date=""),
        _set("not_allowed", outcome="Admitted"),
        SHORT,
    ),
    "sessions": (
        _set("not_a_date", session_date="02/03/2024"),
        _set("not_a_date", session_date="2025-02-29"),
        # The reader turns these three into years far away: then the times are on another day as well.
        _set(("out_of_range", "times_on_session_date"), session_date="infinity"),
        _set(("out_of_range", "times_on_session_date"), session_date="epoch"),
        _set(("out_of_range", "times_on_session_date"), session_date="24-03-02"),
        Damage(("not_a_timestamp",), lambda row: {"scheduled_start": row["scheduled_start"] + "-05:00"}),
        Damage(("not_a_timestamp",), lambda _row: {"scheduled_start": "03/02/2024 09:00"}),
        EXTRA,
        SHORT,
        Damage(
            ("actual_end_after_start",),
            lambda row: {"actual_start": row["actual_end"], "actual_end": row["actual_start"]},
            _timed,
        ),
        Damage(
            ("scheduled_end_after_start",),
            lambda row: {"scheduled_start": row["scheduled_end"], "scheduled_end": row["scheduled_start"]},
        ),
        Damage(
            ("at_most_a_day_long",),
            lambda row: {"actual_start": row["session_date"] + " 05:00", "actual_end": row["session_date"] + " 22:00"},
        ),
        Damage(
            ("times_on_session_date",),
            lambda _row: {"session_date": "2025-01-01"},
            lambda row: row["session_date"] != "2025-01-01",
        ),
        Damage(
            ("attended_not_in_the_future",),
            lambda _row: {
                "session_date": "2026-10-05",
                "scheduled_start": "",
                "scheduled_end": "",
                "actual_start": "",
                "actual_end": "",
                "status": "attended",
            },
        ),
        _set("not_allowed", status="Attended"),
        _set("not_allowed", service_type="yoga"),
        _set("required", status=""),
        _set("required", episode_id=""),
        _set("not_a_boolean", is_date_imputed="perhaps"),
        _set("unknown_reference", episode_id="E9999999"),
        # The first bad row of episodes.csv has this key, so that the session is without an episode.
        _set("unknown_reference", episode_id="X000000"),
        REPEATED,
        FOOTER,
    ),
    "assessments": (
        Damage(("score_in_instrument_range",), lambda _row: {"score": "28"}, lambda row: row["instrument"] == "PHQ-9"),
        _set("not_a_number", score="moderate"),
        _set("not_a_number", score="inf"),
        _set("not_an_integer", window_days="14.0"),
        _set("out_of_range", window_days="0"),
        _set("not_allowed", instrument="PHQ9"),
        Damage(("unterminated_quote",), shape="open_quote"),
        SHORT,
        FOOTER,
    ),
    "toxicology": (
        _set("not_allowed", result="pos"),
        _set("not_a_boolean", is_prescribed="ja"),
        _set("out_of_range", specimen_date="2027-01-04"),
        REPEATED,
        EXTRA,
    ),
    "use_events": (
        _set("days_used_within_window", window_days="7", days_used="8"),
        _set("out_of_range", days_used="-1"),
        _set("not_an_integer", window_days="0x1F"),
        _set("required", event_date=""),
    ),
    "medications": (_set("out_of_range", amount="-4"), _set("not_allowed", medication="Suboxone"), REPEATED),
    "costs": (
        _set("not_a_number", amount="1.005"),
        _set("not_a_number", amount="$12.00"),
        _set("out_of_range", amount="10000000.01"),
        _set("not_allowed", basis="billed"),
        _set("required", amount=""),
        FOOTER,
    ),
    "authorizations": (
        _set("end_not_before_start", start_date="2025-03-31", end_date="2025-03-01"),
        _set("not_a_number", authorized_hours="twelve"),
    ),
    "rates": (_set("not_a_number", amount="259.125"), _set("not_allowed", unit="week")),
    "price_index": (_set("out_of_range", year="26"),),
    "benchmarks": (_set("not_allowed", comparable="perhaps"),),
    "targets": (_set("not_allowed", program="everybody"),),
    "certifications": (_set("required", certified_date=""), _set("out_of_range", certified_hours_per_week="900")),
    "incidents": (_set("not_allowed", incident_type="od"), _set("unknown_reference", patient_id="P9999999")),
    "functioning": (_set("not_allowed", employment="works"), _set("not_an_integer", arrests_30_days="1.5")),
    "satisfaction": (_set("rating_in_scale_range", scale="CSQ-8", score="33"), REPEATED),
    "instruments": (_set("not_allowed", instrument="PHQ9"), _set("out_of_range", reliable_change="-1")),
    "baseline_changes": (_set("required", cause=""), _set("not_a_date", from_date="03/01/2026")),
}

HARMLESS = {
    "patients": "line_break",
    "requests": "byte_order_mark",
    "toxicology": "mixed_line_ends",
    "use_events": "blank_line",
    "costs": "windows_line_ends",
}
"""What is odd about the good rows of a file and must not cost one of them."""
