"""How long people stay: step curves with their bands."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.figure import Figure, Style, axis, build_figure, floats, joined_names, value_axis
from dashboard.charts.lines import draw_lines, has_long_names, label_margin


def draw_retention_curve(frame: pd.DataFrame, style: Style) -> Figure:
    """A Kaplan–Meier step curve for each group, with log-log bands for up to three."""
    curve = frame[(frame["statistic"] == "survival") & ~frame["is_suppressed"]]
    curve = curve.assign(group_name=joined_names(curve))
    traces, labels = draw_lines(curve, lambda part: floats(part["step"]), style, shape="hv")
    return build_figure(
        traces,
        showlegend=has_long_names(curve),
        annotations=labels,
        margin={"l": 4, "r": label_margin(labels), "t": 14, "b": 4},
        xaxis=axis(style.step_label or "Day", rangemode="tozero", nticks=8),
        yaxis=value_axis(style, range=[0, 1.02]),
    )
