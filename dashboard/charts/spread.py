"""How a quantity is spread over people: the middle half as a bar, the median as a dot, the mean as a diamond."""

from __future__ import annotations

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
from dashboard.charts.palette import BLUE, VERMILLION, faded


def draw_spread(frame: pd.DataFrame, style: Style) -> Figure:
    """One row a group or category."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    rows = rows.assign(group_name=joined_names(rows))
    parts = {
        name: rows[rows["statistic"] == name].set_index("group_name")["value"]
        for name in ("p25", "median", "p75", "mean")
    }
    places = names(rows[rows["statistic"] == "median"], "group_name")
    shown = [name for name in places if name in parts["p25"].index and name in parts["p75"].index]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": shown,
            "base": [float(parts["p25"][name]) for name in shown],
            "x": [float(parts["p75"][name] - parts["p25"][name]) for name in shown],
            "width": 0.45,
            "name": "middle half of people",
            "marker": {"color": faded(BLUE, 0.28), "line": {"width": 0}},
            "customdata": [float(parts["p75"][name]) for name in shown],
            "hovertemplate": f"%{{y}}: middle half from %{{base:{hover_format(style.unit)}}} to "
            f"%{{customdata:{hover_format(style.unit)}}}<extra></extra>",
        }
    ]
    for statistic, color, symbol in (("median", BLUE, "circle"), ("mean", VERMILLION, "diamond-open")):
        value = floats(parts[statistic])
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text" if statistic == "median" else "markers",
                "x": value,
                "y": [str(name) for name in parts[statistic].index],
                "name": statistic,
                "marker": {"size": 11, "color": color, "symbol": symbol, "line": {"width": 2, "color": color}},
                "text": [f"<b>{short(number, style.unit)}</b>" for number in value],
                "textposition": "top center",
                "hovertemplate": f"%{{y}}: {statistic} %{{x:{hover_format(style.unit)}}}<extra></extra>",
            }
        )
    shapes, labels = target_line(style, "vertical")
    return build_figure(
        traces,
        height=140 + 32 * max(len(places), 1),
        shapes=shapes,
        annotations=labels,
        showlegend=True,
        xaxis=value_axis(style),
        yaxis=axis(
            range=[len(places) - 0.4, -0.75],
            categoryorder="array",
            categoryarray=places,
            showticklabels=len(places) > 1,
        ),
    )
