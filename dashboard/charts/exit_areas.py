"""Where people are, day by day: stacked shares that sum to one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.charts.figure import Figure, Style, axis, build_figure, floats, text, value_axis
from dashboard.charts.lines import draw_lines, label_margin, start_at
from dashboard.charts.palette import CATEGORY_COLORS, GREY

# From the bottom: what a program hopes for, then those still there, then the ways of leaving.
ORDER = ("completed or stepped down", "in care", "other exit", "reason not recorded", "dropped out or terminated")
IN_CARE = "in care"
REST = "in care, or too few to show"
LOST = "dropped out or terminated"


def draw_exit_areas(frame: pd.DataFrame, style: Style) -> Figure:
    """Stacked areas for one group; for several, the share that dropped out as one line each."""
    rows = frame[(frame["statistic"] == "cumulative_incidence") & ~frame["is_suppressed"]]
    if rows["group_name"].nunique() > 1:
        return _compare_dropout(rows, style)
    shares = fill_steps(rows)
    is_partly_hidden = not set(frame["category"]) - {IN_CARE} <= set(rows["category"])
    x = shares.index.to_numpy(dtype=float)
    traces, labels, base = [], [], np.zeros(len(x))
    for name in shares.columns:
        y = shares[name].to_numpy(dtype=float)
        color = CATEGORY_COLORS.get(name, GREY)
        label = REST if name == IN_CARE and is_partly_hidden else name
        where = _place_for_name(x, y)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "one",
                "x": x,
                "y": y,
                "name": label,
                "showlegend": where is None and bool(y.max(initial=0) > 0.005),
                "line": {"width": 0.5, "color": color, "shape": "hv"},
                "fillcolor": color,
                "hovertemplate": f"Day %{{x}}: {label} %{{y:.1%}}<extra></extra>",
            }
        )
        if where is not None:
            middle = base[where] + y[where] / 2
            labels.append(text(x[where], middle, f"<b>{label}</b>", color="#ffffff", bgcolor=color, borderpad=1))
        base = base + y
    return build_figure(
        traces,
        annotations=labels,
        showlegend=any(trace["showlegend"] for trace in traces),
        xaxis=axis(style.step_label or "Day in care", nticks=8),
        yaxis=value_axis(style, range=[0, 1]),
    )


def fill_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares by step and category that sum to one: a hidden step keeps the value before it, and what is left over is
    those still in care."""
    table = rows.assign(value=floats(rows["value"])).pivot_table(index="step", columns="category", values="value")
    if len(table):  # On day 0 everybody is in care, whoever may be shown later.
        table = table.reindex(sorted({0, *table.index}))
    table = table.drop(columns=IN_CARE, errors="ignore").sort_index().ffill().fillna(0)
    table[IN_CARE] = (1 - table.sum(axis=1)).clip(lower=0)
    return table[sorted(table.columns, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))]


def _place_for_name(x: np.ndarray, y: np.ndarray) -> int | None:
    """Where an area is thick enough for its name, away from the edges: the middle of its widest stretch."""
    if not len(x):
        return None
    thickness = np.where((x > 0.15 * x.max()) & (x < 0.8 * x.max()), y, -1.0)
    widest = np.flatnonzero(thickness > 0.97 * thickness.max())
    return int(widest[len(widest) // 2]) if thickness.max() > 0.065 else None


def _compare_dropout(rows: pd.DataFrame, style: Style) -> Figure:
    lost = start_at(rows[rows["category"] == LOST], 0.0)
    traces, labels = draw_lines(lost, lambda part: floats(part["step"]), style, shape="hv")
    return build_figure(
        traces,
        annotations=labels,
        margin={"l": 4, "r": label_margin(labels), "t": 14, "b": 4},
        xaxis=axis(style.step_label or "Day in care", nticks=8, range=[0, 1.02 * float(lost["step"].max())]),
        yaxis=value_axis(style) | {"title": {"text": "Dropped out or terminated", "font": {"size": 12}}},
    )
