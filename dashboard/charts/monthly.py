"""Month by month: a line with its band and the target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.charts.figure import (
    Figure,
    Style,
    axis,
    build_figure,
    days,
    floats,
    joined_names,
    narrow_range,
    target_line,
    value_axis,
)
from dashboard.charts.lines import draw_lines, has_long_names, label_margin

CENTRAL = ("share", "median", "mean", "missing_is_worst", "count")


def draw_monthly(frame: pd.DataFrame, style: Style) -> Figure:
    """One line a group over months or weeks; of several statistics the share, else the median, is drawn."""
    rows = frame[~frame["is_suppressed"]]
    present = set(rows["statistic"])
    central = next((name for name in CENTRAL if name in present), None)
    rows = rows[rows["statistic"] == central] if central else rows
    rows = rows.assign(group_name=joined_names(rows))
    traces, labels = draw_lines(rows, lambda part: days(part["period"]), style, markers=True)
    limits = narrow_range(
        np.array(
            [
                *floats(rows["lower"]),
                *floats(rows["upper"]),
                *floats(rows["value"]),
                np.nan if style.target is None else style.target,
            ]
        ),
        room_below=0.5,
    )
    shapes, target_labels = target_line(style, "horizontal")
    return build_figure(
        traces,
        shapes=shapes,
        annotations=[*labels, *target_labels],
        showlegend=has_long_names(rows),
        margin={"l": 4, "r": label_margin(labels), "t": 14, "b": 4},
        xaxis=axis(tickformat="%b<br>%Y", nticks=8),
        yaxis=value_axis(style, range=limits, rangemode="normal"),
    )
