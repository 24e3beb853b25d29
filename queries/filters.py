"""Every filter, defined once: its label, values and default become the sidebar, the CLI flags and the SQL.

A measure counts over ``selected_episode`` (or ``selected_request``): the episodes (requests) that pass the filters,
each with the ``group_name`` of the chosen comparison. Values bind as parameters; nobody's text is ever joined into SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from queries.warehouse import Warehouse

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(9999, 12, 31)


class FilterError(ValueError):
    """A filter or comparison is not known; the message lists those that are."""


@dataclass(frozen=True)
class Filter:
    """One filter of episodes: a list of values of one column of mart.episode."""

    name: str
    label: str
    column: str
    help: str
    default: tuple[str, ...] = ()
    can_compare: bool = True
    of_requests: bool = False
    """Known of every request for care, started or not: the same column of mart.request."""


FILTERS: dict[str, Filter] = {
    entry.name: entry
    for entry in (
        Filter("site", "Site", "site", "Where the care was delivered.", of_requests=True),
        Filter("region", "Region", "region", "Group of sites.", of_requests=True),
        Filter("program", "Program", "program", "SUD, MH or COD (co-occurring)."),
        Filter("track", "Track", "track", "Day, evening or weekend."),
        Filter(
            "level_of_care",
            "Level of care",
            "level_of_care",
            "IOP unless you choose otherwise.",
            ("IOP",),
            of_requests=True,
        ),
        Filter("payer", "Payer", "payer", "Primary payer at admission."),
        Filter("substance", "Primary substance", "primary_substance", "Primary substance at admission."),
        Filter("age_group", "Age group", "age_group", "Age at day 0.", of_requests=True),
        Filter("sex", "Sex", "sex", "Sex as recorded.", of_requests=True),
        Filter("race_ethnicity", "Race/ethnicity", "race_ethnicity", "Race or ethnicity as recorded."),
        Filter("language", "Language", "preferred_language", "Preferred language."),
        Filter("severity", "Severity", "severity_band", "Sum of the six ASAM dimensions at admission."),
        Filter("arm", "Arm", "arm", "Treatment arm or pathway, where there is one."),
    )
}

COMPARISONS = tuple(name for name, entry in FILTERS.items() if entry.can_compare)
"""What ``by=`` accepts."""

NOT_OF_REQUESTS = "All: not known of every request"
"""The one group of a comparison of requests by what only people who started have."""


@dataclass(frozen=True)
class Selection:
    """A normalised choice of filters: hashable, so that it can key a cache."""

    values: tuple[tuple[str, tuple[str, ...]], ...]
    date_from: date = FIRST_DAY
    date_to: date = LAST_DAY
    by: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Values for every ``$name`` of the shared selection; an empty choice means everybody and binds null."""
        chosen = dict(self.values)
        bound: dict[str, Any] = {name: list(chosen[name]) if chosen.get(name) else None for name in FILTERS}
        return bound | {"date_from": self.date_from, "date_to": self.date_to, "by": self.by}

    def describe(self) -> str:
        """The choice in words, for captions: "Site North · 2026-01-01 to 2026-06-30"."""
        parts = [f"{FILTERS[name].label} {', '.join(values)}" for name, values in self.values if values]
        if self.date_from > FIRST_DAY or self.date_to < LAST_DAY:
            start = self.date_from.isoformat() if self.date_from > FIRST_DAY else "the start"
            end = self.date_to.isoformat() if self.date_to < LAST_DAY else "the data cut-off"
            parts.append(f"{start} to {end}")
        return " · ".join(parts) or "Everybody"


def select(
    filters: Mapping[str, Any] | None = None,
    *,
    date_from: date | str | None = None,
    date_to: date | str | None = None,
    by: str | None = None,
) -> Selection:
    """Check and normalise a choice of filters.

    A missing filter takes its default; an empty list means everybody. Raises FilterError for an unknown filter,
    comparison or date.
    """
    filters = dict(filters or {})
    date_from = filters.pop("date_from", date_from)
    date_to = filters.pop("date_to", date_to)
    unknown = sorted(set(filters) - set(FILTERS))
    if unknown:
        raise FilterError(f"Unknown filter {', '.join(unknown)}. The filters are {', '.join(FILTERS)}.")
    if by is not None and by not in COMPARISONS:
        raise FilterError(f"Cannot compare by {by!r}. Choose one of {', '.join(COMPARISONS)}.")
    values = []
    for name, entry in FILTERS.items():
        chosen = filters.get(name)
        if chosen is None:
            chosen = entry.default
        if isinstance(chosen, str):
            chosen = (chosen,)
        values.append((name, tuple(sorted({str(value) for value in chosen}))))
    start, end = _day(date_from, FIRST_DAY), _day(date_to, LAST_DAY)
    if start > end:
        raise FilterError(f"The first date {start} is after the last {end}. Swap them.")
    return Selection(tuple(values), start, end, by)


def filter_options(warehouse: Warehouse) -> dict[str, list[tuple[str, str]]]:
    """For each filter, the values that occur in the data with their labels, in a fixed order."""
    sql = "select filter, value, label from mart.filter_value order by filter, value"
    rows = warehouse.cursor().execute(sql).fetchall()
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in FILTERS}
    for name, value, label in rows:
        if name in found:
            found[name].append((value, label))
    return found


def _day(value: date | str | None, default: date) -> date:
    if value in (None, ""):
        return default
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise FilterError(f"{value!r} is not a date. Write it as 2026-01-31.") from None
