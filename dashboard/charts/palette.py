"""One colour for each thing, the same on every page. Seen by the colour-blind; 3:1 or more on light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

BLUE = "#1272B6"
VERMILLION = "#C4560A"
GREEN = "#0B8361"
PURPLE = "#98558F"
AMBER = "#96710A"
SKY = "#3F8FC4"
GREY = "#737981"
INDIGO = "#6A6FC9"

CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, AMBER, SKY, GREY)

CATEGORY_COLORS: dict[str, str] = {
    # Where people are
    "completed or stepped down": GREEN,
    "in care, completed or stepped down": GREEN,
    "completed": GREEN,
    "step_down": SKY,
    "step down": SKY,
    "in care": BLUE,
    "places": GREY,
    "open": BLUE,
    "lateral": AMBER,
    "step_up": PURPLE,
    "step up": PURPLE,
    "other exit": GREY,
    "other": GREY,
    "reason not recorded": AMBER,
    "dropped out or terminated": VERMILLION,
    "dropped_out": VERMILLION,
    "dropped out": VERMILLION,
    "terminated": PURPLE,
    "admissions": BLUE,
    "discharges": VERMILLION,
    # Appointments
    "attended": GREEN,
    "shown": GREEN,
    "partial": AMBER,
    "no_show": VERMILLION,
    "no-show": VERMILLION,
    "no show": VERMILLION,
    "late_cancel": PURPLE,
    "late cancel": PURPLE,
    "late cancellation": PURPLE,
    "client_cancel": SKY,
    "client cancel": SKY,
    "cancelled by the patient": SKY,
    "program_cancel": INDIGO,
    "program cancel": INDIGO,
    "cancelled by the program": INDIGO,
    "attended in part": AMBER,
    "late cancellation by the patient": PURPLE,
    "timely cancellation by the patient": SKY,
    # Services
    "group": BLUE,
    "individual": GREEN,
    "family": VERMILLION,
    "education": PURPLE,
    "medication management": AMBER,
    "peer": INDIGO,
    "case management": GREY,
    "holistic": SKY,
    # Hours
    "under 9": VERMILLION,
    "< 9 hours": VERMILLION,
    "under 9 hours": VERMILLION,
    "9 to < 20 hours": GREEN,
    "9 to under 20 hours": GREEN,
    "≥ 20 hours": BLUE,
    "20 hours or more": BLUE,
    # Change and severity
    "reliably improved": GREEN,
    "in care, not yet improved": BLUE,
    "left without improvement": VERMILLION,
    "recovered": GREEN,
    "improved": SKY,
    "unchanged": BLUE,
    "deteriorated": VERMILLION,
    "minimal": GREEN,
    "none": GREEN,
    "mild": SKY,
    "moderate": AMBER,
    "moderately severe": VERMILLION,
    "severe": PURPLE,
    "not followed up": GREY,
    "missing": GREY,
    "unknown": GREY,
    "not recorded": GREY,
    # Readings of what is missing
    "missing counted as use": VERMILLION,
    "missing counted as positive": VERMILLION,
    "missing counted as no use": BLUE,
    "missing counted as negative": BLUE,
    "as recorded": GREY,
    # Care compared
    "crude": VERMILLION,
    "at equal severity": BLUE,
    "IOP episode": BLUE,
    "residential stay": PURPLE,
    "inpatient stay": VERMILLION,
    "all": BLUE,
    "low severity": GREEN,
    "middle severity": AMBER,
    "high severity": VERMILLION,
    # Groups
    "day": BLUE,
    "evening": VERMILLION,
    "weekend": GREEN,
    "SUD": BLUE,
    "MH": VERMILLION,
    "COD": GREEN,
    "adult": BLUE,
    "adolescent": VERMILLION,
    "IOP": BLUE,
    "inpatient": VERMILLION,
    "residential": PURPLE,
}
"""Also the order in which the parts of a whole stand beside each other."""


def color_groups(values: Iterable[str]) -> dict[str, str]:
    """A colour for each value of a filter, by its place among all values that the data hold.

    The place does not depend on what is selected, so a site keeps its colour when others are filtered away.
    """
    return {value: CATEGORY_COLORS.get(value, CYCLE[place % len(CYCLE)]) for place, value in enumerate(values)}


def color_of(name: str, colors: Mapping[str, str], place: int = 0) -> str:
    """The colour of a group or category; ``place`` decides where nothing else does."""
    if name in ("All", ""):
        return BLUE
    return colors.get(name) or CATEGORY_COLORS.get(name) or CYCLE[place % len(CYCLE)]


def faded(color: str, opacity: float) -> str:
    """A colour with opacity, for bands and fills."""
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def in_order(names: Iterable[str]) -> list[str]:
    """Categories in their fixed order; unknown ones keep their place after those."""
    known = list(CATEGORY_COLORS)
    return sorted(names, key=lambda name: known.index(name) if name in CATEGORY_COLORS else len(known))
