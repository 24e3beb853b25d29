"""Units that a source may use, and what one of them is in another."""

from __future__ import annotations

from etl.progress import nearest

UNITS = {
    "seconds": ("time", 1 / 3600),
    "minutes": ("time", 1 / 60),
    "hours": ("time", 1.0),
    "days": ("span", 1.0),
    "weeks": ("span", 7.0),
    "months": ("span", 30.4375),
    "cents": ("money", 0.01),
    "dollars": ("money", 1.0),
    "thousand dollars": ("money", 1000.0),
    "percent": ("share", 0.01),
    "share": ("share", 1.0),
}
"""Unit → what it measures, and how many of the base unit one of it is."""


def factor(column: str, unit: str, wanted: str) -> float:
    """How many ``wanted`` one ``unit`` is. Raises ValueError for units that are unknown or of different kinds."""
    for name in (unit, wanted):
        if name not in UNITS:
            raise ValueError(f"column {column}: unknown unit {name!r}.{nearest(name, UNITS)} Known: {', '.join(UNITS)}")
    (kind, one), (wanted_kind, other) = UNITS[unit], UNITS[wanted]
    if kind != wanted_kind:
        raise ValueError(f"column {column}: {unit} cannot become {wanted}")
    return one / other
