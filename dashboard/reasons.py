"""Why somebody is in or out, in sentences: the same in the terminal and on the page."""

from __future__ import annotations

import pandas as pd

from dashboard.wording import counted
from queries.explain import Explanation
from queries.reason_counts import ReasonCounts

COUNTED = "Counted"
HIDDEN = "hidden"


def summarise(explanation: Explanation, counts: ReasonCounts) -> str:
    """How many pass the filters and count: "2,565 episodes pass the filters: 2,414 counted, 151 left out."."""
    unit = explanation.unit
    if counts.selected == 0:
        return f"No {unit} passes the filters."
    start = f"How many {unit}s pass the filters is hidden"
    if counts.selected is not None:
        start = f"{counted(counts.selected, unit)} pass{'es' if counts.selected == 1 else ''} the filters"
    parts = ["it is hidden how many are counted" if counts.counted is None else f"{counts.counted:,} counted"]
    if counts.in_numerator is not None and explanation.measure.statistic != "counts":
        parts[0] += f", of these {counts.in_numerator:,} in the numerator"
    if counts.selected is not None and counts.counted is not None:
        parts.append(f"{counts.selected - counts.counted:,} left out")
    return f"{start}: {'; '.join(parts)}."


def number(units: int | None) -> str:
    """A number of the flow, or that it is hidden."""
    return HIDDEN if units is None or pd.isna(units) else f"{units:,}"
