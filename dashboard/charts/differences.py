"""Groups less a reference group: a dot for the difference, a line for its interval, a dashed line at the reference."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style


def draw_differences(frame: pd.DataFrame, style: Style) -> Figure:
    """One row a group with the 95 % interval of its difference; the reference is at zero."""
    rows = frame[(frame["statistic"] == "difference") & frame["value"].notna()]
    reference = str(rows["category"].iloc[0]).removeprefix("less ") if len(rows) else ""
    named = rows.assign(category=rows["group_name"], group_name="All")
    label = f"same as {reference}:" if reference else "no difference:"
    return draw_dots(named, replace(style, target=0.0, target_label=label))
