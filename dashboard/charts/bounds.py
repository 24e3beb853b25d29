"""A share with people whose result is missing: what is claimed, and what the truth could be."""

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
    hover_format,
    joined_names,
    names,
    short,
    target_line,
    value_axis,
)
from dashboard.charts.palette import BLUE, GREEN, VERMILLION, faded

READINGS = {
    "missing_is_worst": ("missing counts against us", BLUE, "circle"),
    "share": ("estimate", BLUE, "circle"),
    "complete_case": ("among those with a result", VERMILLION, "diamond-open"),
    "multiple_imputation": ("missing filled in by a model", GREEN, "square"),
}


def draw_bounds(frame: pd.DataFrame, style: Style) -> Figure:
    """Per group: a bar from the worst to the best case, a dot with interval where missing counts against us, and a
    diamond for those with a result only."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    rows = rows.assign(group_name=_with_follow_up(rows.assign(group_name=joined_names(rows))))
    rows = rows[rows["statistic"] != "follow_up"]
    # With too few followed up there is no reading, only the bounds.
    groups = names(rows, "group_name")
    by_statistic = {name: rows[rows["statistic"] == name].set_index("group_name") for name in set(rows["statistic"])}
    traces = []
    if {"lower_bound", "upper_bound"} <= by_statistic.keys():
        low, high = (by_statistic[name]["value"] for name in ("lower_bound", "upper_bound"))
        shown = [name for name in groups if name in low.index and name in high.index]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": shown,
                "base": [float(low[name]) for name in shown],
                "x": [float(high[name] - low[name]) for name in shown],
                "width": 0.42,
                "name": "worst to best case",
                "marker": {"color": faded(BLUE, 0.25), "line": {"width": 0}},
                "customdata": [float(high[name]) for name in shown],
                "hovertemplate": "%{y}: from %{base:.1%} to %{customdata:.1%}<extra></extra>",
            }
        )
    traces += [
        _points(by_statistic, name, label, style, color, symbol)
        for name, (label, color, symbol) in READINGS.items()
        if name in by_statistic
    ]
    shapes, labels = target_line(style, "vertical")
    # Above the first row and beside the line, where it meets neither the legend nor a value.
    labels = [label | {"y": 1, "yanchor": "top", "xanchor": "left", "xshift": 4} for label in labels]
    return build_figure(
        traces,
        height=140 + 46 * len(groups),
        shapes=shapes,
        annotations=labels,
        showlegend=True,
        xaxis=value_axis(style, range=[0, min(1.0, float(np.nanmax([*floats(rows["value"]), 0.1])) * 1.12)]),
        yaxis=axis(range=[len(groups) - 0.4, -1.05 if labels else -0.75], showticklabels=len(groups) > 1),
    )


def _with_follow_up(rows: pd.DataFrame) -> pd.Series:
    """The name of each row's group with how many of it have a result: a rate is read in that light."""
    seen = rows[rows["statistic"] == "follow_up"].set_index("group_name")["value"]
    labels = {name: f"{name}<br>{100 * share:.0f} % with a result" for name, share in seen.items()}
    return rows["group_name"].map(lambda name: labels.get(name, name))


def _points(
    by_statistic: dict[Any, pd.DataFrame], statistic: str, label: str, style: Style, color: str, symbol: str
) -> dict[str, Any]:
    rows = by_statistic[statistic]
    value, lower, upper = (floats(rows[name]) for name in ("value", "lower", "upper"))
    is_primary = statistic != "complete_case"
    return {
        "type": "scatter",
        "mode": "markers+text" if is_primary else "markers",
        "x": value,
        "y": [str(name) for name in rows.index],
        "name": label,
        "marker": {"size": 12, "color": color, "symbol": symbol, "line": {"width": 2, "color": color}},
        "text": [f"<b>{short(number, style.unit)}</b>" for number in value],
        "textposition": "bottom center" if statistic == "multiple_imputation" else "top center",
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.nan_to_num(upper - value),
            "arrayminus": np.nan_to_num(value - lower),
            "thickness": 2,
            "width": 0,
            "color": color,
            "visible": is_primary,
        },
        "hovertemplate": f"%{{y}}: %{{x:{hover_format(style.unit)}}}, {label}<extra></extra>",
    }
