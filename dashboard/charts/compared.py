"""Levels of care set against IOP: as they are, and for the same kind of patient."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style

READINGS = {
    "crude": "as they are",
    "weighted": "same kind of patient",
    "before": "as they are",
    "after": "after weighting",
    "cost_difference": "cost difference",
    "icer": "price of one more result",
    "net_benefit": "net benefit",
}


def draw_compared(frame: pd.DataFrame, style: Style) -> Figure:
    """A row a level of care (or characteristic), a colour a reading, with intervals where there are any."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    levels = [level_of(name) for name in rows["category"]]
    groups = [
        level if group == "All" else f"{group}, {level}"
        for group, level in zip(rows["group_name"], levels, strict=True)
    ]
    readings = [READINGS.get(str(name), str(name)) for name in rows["statistic"]]
    if rows["statistic"].nunique() == 1:
        return draw_dots(rows.assign(group_name=groups, category=""), style)
    return draw_dots(rows.assign(group_name=groups, category=readings, statistic="mean"), style)


def level_of(category: object) -> str:
    """The level of care in "inpatient less IOP (paid)"; other names as they are."""
    return str(category).split(" less IOP", 1)[0]
