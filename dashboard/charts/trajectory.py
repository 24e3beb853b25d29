"""Week by week in care: a mean with its band, and how many it rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.figure import (
    Figure,
    Style,
    axis,
    build_figure,
    floats,
    joined_names,
    narrow_range,
    target_line,
    value_axis,
)
from dashboard.charts.lines import draw_lines, has_long_names, label_margin
from dashboard.charts.palette import BLUE, faded


def draw_trajectory(frame: pd.DataFrame, style: Style) -> Figure:
    """One line a group by week or day in care; n stands under the axis when there is one group."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    spread = rows[rows["statistic"].isin(["p25", "p75"])]
    present = set(rows["statistic"])
    central = next((name for name in ("share", "median", "mean", "missing_is_worst") if name in present), None)
    rows = rows[rows["statistic"] == central] if central else rows
    rows = rows.assign(group_name=joined_names(rows))
    traces, labels = draw_lines(rows, lambda part: floats(part["step"]), style, markers=True)
    is_single = rows["group_name"].nunique() == 1
    if is_single and not spread.empty:
        traces = [*_middle_half(spread), *traces]
    limits = narrow_range(
        np.array(
            [
                *floats(spread["value"]),
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
        xaxis=axis(style.step_label or "Week in care", **(_counts_under_axis(rows) if is_single else {"nticks": 10})),
        yaxis=value_axis(style, range=limits, rangemode="normal"),
    )


def _middle_half(spread: pd.DataFrame) -> list[dict[str, Any]]:
    edges = []
    for statistic, fill in (("p25", {}), ("p75", {"fill": "tonexty", "fillcolor": faded(BLUE, 0.15)})):
        part = spread[spread["statistic"] == statistic]
        edges.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": floats(part["step"]),
                "y": floats(part["value"]),
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
            | fill
        )
    return edges


def _counts_under_axis(rows: pd.DataFrame) -> dict[str, Any]:
    step, n = floats(rows["step"]), floats(rows["denominator"])
    shown = np.unique(np.linspace(0, max(len(step) - 1, 0), min(len(step), 5)).astype(int))
    return {
        "tickangle": 0,
        "tickvals": [step[place] for place in shown],
        "ticktext": [f"{step[place]:.0f}<br>n {n[place]:,.0f}" for place in shown],
    }
