"""Numbers, intervals and dates as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

UNANSWERED = "–"

_PLURALS = {"person": "people"}


def in_unit(value: Any, unit: str) -> str:
    """A value with its unit: 61.4 %, 8.7 hours, $4,180, 312."""
    if value is None or pd.isna(value):
        return UNANSWERED
    number = float(value)
    if unit == "share":
        return f"{100 * number:.1f} %"
    if unit == "USD":
        return f"−${-number:,.0f}" if number < 0 else f"${number:,.0f}"
    if unit in ("count", "persons"):
        return f"{number:,.0f}"
    if unit == "p-value":
        return p_value(number)
    return f"{number:,.1f} {unit}".rstrip().replace("-", "−")


def p_value(number: float) -> str:
    """A p-value to two digits: 0.41, 0.0031, < 0.0001."""
    return "< 0.0001" if number < 0.0001 else f"{number:.2g}"


def interval(lower: Any, upper: Any, unit: str) -> str:
    """A 95 % interval with its unit once, or nothing where there is none."""
    if pd.isna(lower) or pd.isna(upper):
        return ""
    if unit == "share":
        return f"{100 * float(lower):.1f}–{100 * float(upper):.1f} %"
    if unit == "USD":
        return f"{in_unit(lower, unit)} to {in_unit(upper, unit)}"
    words = "" if unit in ("count", "persons") else f" {unit}"
    if float(lower) < 0:
        return f"{float(lower):,.1f} to {float(upper):,.1f}{words}".replace("-", "−")
    return f"{float(lower):,.1f}–{float(upper):,.1f}{words}"


def with_interval(row: Mapping[Any, Any], unit: str) -> str:
    """The value of a row and, where there is one, its interval in brackets."""
    limits = interval(row["lower"], row["upper"], unit)
    return in_unit(row["value"], unit) + (f" ({limits})" if limits else "")


def whole(value: Any) -> str:
    """A count with its thousands separated."""
    return UNANSWERED if pd.isna(value) else f"{float(value):,.0f}"


def counted(number: float, thing: str) -> str:
    """ "1 episode", "1,204 episodes"."""
    return f"{number:,.0f} {thing if round(number) == 1 else _PLURALS.get(thing, thing + 's')}"


def day(value: date) -> str:
    """A date in words, the same in every locale: 30 Sep 2026."""
    return f"{value.day} {value:%b %Y}"


def month(value: Any) -> str:
    """A month in words: September 2026."""
    return f"{value:%B %Y}"


def listed(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
