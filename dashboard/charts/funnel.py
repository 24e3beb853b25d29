"""A funnel: each group's share over its size, within the range that chance allows there."""

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
    narrow_range,
    share_ticks,
    target_line,
    text,
    value_axis,
)
from dashboard.charts.palette import BLUE, GREY, PURPLE, VERMILLION

LIMITS = (("95", "95 % of chance", "dot"), ("998", "99.8 % of chance", "solid"))


def draw_funnel_plot(groups: pd.DataFrame, lines: pd.DataFrame, style: Style, higher_is: str) -> Figure:
    """Groups with ``denominator``, ``value`` and ``position``, and the limits over all sizes.

    Only groups outside the limits have a colour and their name; nobody has a place.
    """
    shown = groups[groups["value"].notna()]
    traces = [trace for suffix, name, dash in LIMITS for trace in _limit(lines, suffix, name, dash)]
    overall = float(shown["target"].iloc[0]) if len(shown) else np.nan
    n = floats(lines["denominator"])
    traces.append(_line(n, np.full(len(n), overall), "all together", {"color": GREY, "width": 1.5}))
    is_outside = shown["position"].str.startswith(("above", "below"))
    for name, part in (("within", shown[~is_outside]), ("outside", shown[is_outside])):
        if len(part):
            traces.append(_dots(part, name, [_color(word, higher_is) for word in part["position"]], style))
    labels = [
        text(row["denominator"], row["value"], str(row["group_name"]), yanchor="bottom", yshift=7)
        for row in shown[is_outside].to_dict("records")
    ]
    drawn = floats(lines["lower_998"]), floats(lines["upper_998"])
    inside = n >= (shown["denominator"].min() if len(shown) else 0) * 0.8
    reached = np.array([*floats(shown["value"]), *drawn[0][inside], *drawn[1][inside]])
    limits = narrow_range(reached, room_above=0.12)
    shapes, target_labels = target_line(style, "horizontal")
    return build_figure(
        traces,
        height=380,
        shapes=shapes,
        annotations=[*labels, *target_labels],
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"},
        margin={"l": 4, "r": 14, "t": 14, "b": 4},
        xaxis=axis(style.step_label, nticks=6, tickformat=",~g"),
        yaxis=value_axis(style, range=limits, rangemode="normal", **share_ticks(style, limits)),
    )


def _limit(lines: pd.DataFrame, suffix: str, name: str, dash: str) -> list[dict[str, Any]]:
    look = {"color": GREY, "width": 1.2, "dash": dash}
    n = floats(lines["denominator"])
    lower = _line(n, floats(lines[f"lower_{suffix}"]), name, look)
    return [lower, _line(n, floats(lines[f"upper_{suffix}"]), name, look) | {"showlegend": False}]


def _line(x: Any, y: Any, name: str, look: dict[str, Any]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": look, "hoverinfo": "skip"}


def _dots(part: pd.DataFrame, name: str, colors: list[str], style: Style) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": floats(part["denominator"]),
        "y": floats(part["value"]),
        "name": name,
        "showlegend": False,
        "marker": {"size": 10, "color": colors, "symbol": "diamond" if name == "outside" else "circle"},
        "customdata": part[["group_name", "position"]].to_numpy(),
        "hovertemplate": (
            f"%{{customdata[0]}}: %{{y:{hover_format(style.unit)}}} of %{{x:,.0f}}, %{{customdata[1]}}<extra></extra>"
        ),
        "cliponaxis": False,
    }


def _color(position: str, higher_is: str) -> str:
    """Blue where the difference is a good one, orange where it is not; a difference without a direction is purple."""
    if not position.startswith(("above", "below")):
        return GREY
    if higher_is == "neutral":
        return PURPLE
    return BLUE if position.startswith("above") == (higher_is == "better") else VERMILLION
