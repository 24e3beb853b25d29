"""The cost-effectiveness plane: how much dearer and how much better 24-hour care is than IOP, and how sure that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.charts.compared import level_of
from dashboard.charts.figure import RULE, Figure, Style, axis, build_figure, text
from dashboard.charts.palette import color_of, faded

WIDTH_OF_INTERVAL = 3.92
RADIUS = np.sqrt(5.991)
"""Of the ellipse that holds 95 % of a normal cloud, in standard errors: chi-square with 2 degrees of freedom."""


def draw_plane(frame: pd.DataFrame, costs: pd.DataFrame, results: pd.DataFrame, style: Style) -> Figure:
    """A dot and a 95 % ellipse a level of care.

    ``frame`` holds the correlation of the draws, ``costs`` the rows ``cost_difference`` and ``results`` the rows
    ``weighted``, with intervals.
    """
    traces, extent = [], [np.zeros((1, 2))]
    together = frame[(frame["statistic"] == "correlation") & frame["value"].notna()]
    for place, row in enumerate(together.to_dict("records")):
        level = level_of(row["category"])
        cost = _row(costs, "cost_difference", level)
        result = _row(results, "weighted", level)
        if cost is None or result is None:
            continue
        outline = ellipse(result, cost, float(row["value"]))
        extent.append(outline)
        traces += _trace(level, outline, result, cost, color_of(level, style.colors, place))
    edges = np.concatenate(extent)
    across, up = (_range(edges[:, side]) for side in (0, 1))
    return build_figure(
        traces,
        height=360,
        showlegend=True,
        annotations=_corners(),
        margin={"l": 4, "r": 14, "t": 22, "b": 4},
        xaxis=axis("Good results more per 100 people", range=across, **_zero()),
        yaxis=axis("US dollars more a person", range=up, tickformat="$,.3~s", **_zero()),
    )


def ellipse(result: dict[Any, Any], cost: dict[Any, Any], correlation: float) -> NDArray:
    """The outline that holds 95 % of a normal cloud with these intervals: (result, cost) points."""
    angle = np.linspace(0, 2 * np.pi, 61)
    spread = [float(row["upper"] - row["lower"]) / WIDTH_OF_INTERVAL * RADIUS for row in (result, cost)]
    x = np.cos(angle)
    y = correlation * np.cos(angle) + np.sqrt(max(1 - correlation**2, 0)) * np.sin(angle)
    return np.column_stack([float(result["value"]) + spread[0] * x, float(cost["value"]) + spread[1] * y])


def _row(frame: pd.DataFrame, statistic: str, level: str) -> dict[Any, Any] | None:
    rows = frame[(frame["statistic"] == statistic) & frame["value"].notna() & frame["upper"].notna()]
    rows = rows[[level_of(name) == level for name in rows["category"]]]
    return rows.iloc[0].to_dict() if len(rows) else None


def _trace(
    level: str, outline: NDArray, result: dict[Any, Any], cost: dict[Any, Any], color: str
) -> list[dict[str, Any]]:
    cloud = {
        "type": "scatter",
        "mode": "lines",
        "x": outline[:, 0],
        "y": outline[:, 1],
        "fill": "toself",
        "fillcolor": faded(color, 0.15),
        "line": {"color": color, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    dot = {
        "type": "scatter",
        "mode": "markers",
        "x": [float(result["value"])],
        "y": [float(cost["value"])],
        "name": f"{level} less IOP",
        "marker": {"size": 11, "color": color},
        "hovertemplate": f"{level}: %{{x:+.1f}} per 100 people, %{{y:$,.0f}} more<extra></extra>",
    }
    return [cloud, dot]


def _corners() -> list[dict[str, Any]]:
    corner: dict[str, Any] = {"xref": "paper", "yref": "paper"}
    left, right = {"xanchor": "left", "align": "left"}, {"xanchor": "right", "align": "right"}
    return [
        text(0.01, 1, "costs more,<br>does worse", yanchor="top", **corner, **left),
        text(0.99, 1, "costs more,<br>does better", yanchor="top", **corner, **right),
        text(0.01, 0, "costs less,<br>does worse", yanchor="bottom", **corner, **left),
        text(0.99, 0, "costs less,<br>does better", yanchor="bottom", **corner, **right),
    ]


def _range(values: NDArray) -> list[float]:
    """Around what is drawn and 0, with room for the words in the corners."""
    low, high = float(values.min()), float(values.max())
    room = 0.28 * ((high - low) or 1.0)
    return [low - room, high + room]


def _zero() -> dict[str, Any]:
    return {"zeroline": True, "zerolinecolor": RULE.replace("0.25", "0.9"), "zerolinewidth": 1.5, "nticks": 5}
