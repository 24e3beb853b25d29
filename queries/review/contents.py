"""Which rates a quality reviewer follows, and how each becomes a series of months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from queries import catalog
from queries.filters import Selection
from queries.measure import Measure, MeasureError

COUNTED_SHARES = ("proportion", "cluster_ratio", "bounds")
"""Statistics whose value is a numerator over a denominator, which charts of shares and funnels need."""


@dataclass(frozen=True)
class Reviewed:
    """One rate under review."""

    measure: str
    label: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    category: str | None = None
    statistic: str | None = None
    by_month: str = ""
    """The measure that has this number month by month; without one, each month is asked for itself."""
    target_of: str = ""
    followed_days: int = 0
    """A month counts when its last day lies so long before the analysis cut-off that everybody in it was followed."""

    @property
    def definition(self) -> Measure:
        return catalog.measure(self.measure)

    def rows_of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of an answer that hold the one category and statistic under review."""
        for column, wanted in (("category", self.category), ("statistic", self.statistic)):
            if wanted is not None:
                frame = frame[frame[column] == wanted]
        return frame

    def followed(self, selection: Selection, analysis_cut: date) -> Selection:
        """The selection up to the last day from which everybody was followed."""
        last = analysis_cut - timedelta(days=self.followed_days)
        return replace(selection, date_to=max(min(last, selection.date_to), selection.date_from))

    @property
    def reading(self) -> str:
        """How a missing result is read, where that matters."""
        return "A missing result counts against us." if self.statistic == "missing_is_worst" else ""

    @property
    def is_count(self) -> bool:
        return self.definition.unit == "count"

    @property
    def is_clustered(self) -> bool:
        """Whether what is counted, such as sessions, comes several times a person."""
        return self.definition.statistic == "cluster_ratio"

    @property
    def is_share(self) -> bool:
        return self.definition.unit == "share"


REVIEWED = (
    Reviewed("show_rate", "Show rate", by_month="show_rate_by_month"),
    Reviewed("no_show_rate", "No-shows", category="no-show"),
    Reviewed("weekly_target_attainment", "Weeks with enough hours", by_month="target_attainment_by_month"),
    Reviewed(
        "crude_retention",
        "In care or left well at day 30",
        {"day": 30},
        target_of="retention_at",
        followed_days=30,
    ),
    Reviewed("early_dropout", "Left before the 4th session", followed_days=30),
    Reviewed(
        "completion_rate",
        "Completed (180 days on)",
        category="completed, of closed episodes",
        followed_days=180,
    ),
    Reviewed("step_down_completed", "Reached the next level of care"),
    Reviewed("follow_up_rate", "Followed up"),
    Reviewed(
        "reliable_improvement",
        "Reliably improved (PHQ-9)",
        {"instrument": "PHQ-9"},
        statistic="missing_is_worst",
    ),
    Reviewed("urine_completion", "Urine tests done"),
    Reviewed("urine_positivity", "Positive urine tests", category="any"),
    Reviewed("admissions_and_discharges", "Admissions", category="admissions", by_month="admissions_and_discharges"),
    Reviewed("hours_by_month", "Median hours a week", statistic="median", by_month="hours_by_month"),
)
"""The rows of the panel, and what the page offers."""


def find_reviewed(name: str) -> Reviewed:
    """The entry of a measure; for other shares of the catalogue that have one number a group, one made from its header.

    Raises MeasureError where the measure is no such share: a chart of shares needs counts, not a model's estimate.
    """
    by_month = {entry.by_month: entry for entry in REVIEWED if entry.by_month}
    entries = by_month | {entry.measure: entry for entry in REVIEWED}
    if name in entries:
        return entries[name]
    measure = catalog.measure(name)
    if measure.unit != "share" or measure.statistic not in COUNTED_SHARES or measure.axis != "none":
        known = ", ".join(entry.measure for entry in REVIEWED)
        raise MeasureError(
            f"{name} is not one share of counted things a month, so it has no control chart. Review one of {known}, or "
            "another share without parts."
        )
    statistic = "missing_is_worst" if measure.statistic == "bounds" else None
    return Reviewed(name, measure.title, statistic=statistic)
