"""Counts as bars: by week or month, or by category."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.figure import Figure, Style, axis, build_figure, days, floats, names, value_axis
from dashboard.charts.palette import BLUE, color_of


def draw_flows(frame: pd.DataFrame, style: Style) -> Figure:
    """Bars over time, one colour a category (side by side for admissions and discharges, else stacked)."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    if not rows["period"].notna().any():
        return _draw_categories(rows, style)
    key = "category" if rows["category"].nunique() > 1 else "group_name"
    parts = names(rows, key)
    totals = rows.groupby([key, "period"], sort=False, as_index=False)["value"].sum()
    traces = []
    for place, name in enumerate(parts):
        part = totals[totals[key] == name]
        traces.append(
            {
                "type": "bar",
                "x": days(part["period"]),
                "y": floats(part["value"]),
                "name": name,
                "marker": {"color": color_of(name, style.colors, place), "line": {"width": 0}},
                "hovertemplate": f"%{{x|%-d %b %Y}}: {name} %{{y:,.0f}}<extra></extra>",
            }
        )
    return build_figure(
        traces,
        barmode="group" if set(parts) == {"admissions", "discharges"} else "stack",
        bargap=0.2,
        showlegend=len(parts) > 1,
        xaxis=axis(tickformat="%b<br>%Y", nticks=8),
        yaxis=value_axis(style),
    )


def _draw_categories(rows: pd.DataFrame, style: Style) -> Figure:
    has_groups = rows["group_name"].nunique() > 1
    has_categories = rows["category"].nunique() > 1
    key = "category" if has_categories or (not has_groups and (rows["category"] != "").any()) else "group_name"
    traces = []
    for place, group in enumerate(names(rows, "group_name") if has_groups and has_categories else ["All"]):
        part = rows[rows["group_name"] == group] if has_groups and has_categories else rows
        value = floats(part["value"])
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": value,
                "y": [str(name) or "All" for name in part[key]],
                "name": group,
                "marker": {"color": color_of(group, style.colors, place) if group != "All" else BLUE},
                "text": [f"{number:,.0f}" for number in value],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{x:,.0f}<extra></extra>",
            }
        )
    return build_figure(
        traces,
        height=90 + 36 * max(rows[key].nunique(), 1) * max(len(traces), 1),
        barmode="group",
        showlegend=len(traces) > 1,
        margin={"l": 4, "r": 48, "t": 10, "b": 4},
        xaxis=value_axis(style),
        yaxis=axis(autorange="reversed"),
    )
