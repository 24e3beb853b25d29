"""Lines with interval bands: the shared drawing of curves, months and trajectories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.figure import MOST_COLORED_LINES, Style, floats, hover_format, names, short, text
from dashboard.charts.palette import GREY, color_of, faded

MOST_MARKERS = 40
LONGEST_LABEL = 16
"""Longer names stand in a legend, since they would take the room of the chart."""


def draw_lines(
    frame: pd.DataFrame,
    x_of: Any,
    style: Style,
    *,
    shape: str = "linear",
    markers: bool = False,
    span: float | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One line a group, labelled at its end, with its 95 % band where there are few: traces and annotations.

    ``span`` is what the axis of values covers, where that is fixed.
    """
    groups = names(frame, "group_name")
    ends = {name: _last_value(frame[frame["group_name"] == name]) for name in groups}
    known = [name for name in groups if not np.isnan(ends[name])]
    is_crowded = len(groups) > MOST_COLORED_LINES
    named = {min(known, key=ends.__getitem__), max(known, key=ends.__getitem__)} if is_crowded and known else set(known)
    traces, labels = [], []
    for place, name in enumerate(groups):
        part = frame[frame["group_name"] == name]
        color = GREY if is_crowded and name not in named else color_of(name, style.colors, place)
        x, y = x_of(part), floats(part["value"])
        if len(groups) <= 3:
            traces += _band(x, part, color, shape)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if markers and len(part) <= MOST_MARKERS else "lines",
                "x": x,
                "y": y,
                "name": name,
                "showlegend": len(name) > LONGEST_LABEL,
                "line": {"color": color, "width": 1 if is_crowded and name not in named else 2.5, "shape": shape},
                "marker": {"size": 6},
                "opacity": 0.55 if is_crowded and name not in named else 1,
                "customdata": floats(part["denominator"]),
                "hovertemplate": f"{name}: %{{y:{hover_format(style.unit)}}} (n %{{customdata:,.0f}})<extra></extra>",
            }
        )
        if name in named:
            last = int(np.flatnonzero(~np.isnan(y))[-1])
            is_bare = name in ("All", "") or len(name) > LONGEST_LABEL
            words = short(y[last], style.unit) if is_bare else f"{name} {short(y[last], style.unit)}"
            labels.append(text(x[last], y[last], words, xanchor="left", xshift=6, align="left"))
    return traces, spread_labels(labels, span=span)


def start_at(curve: pd.DataFrame, value: float) -> pd.DataFrame:
    """The curve of each group from day 0, where it has this value by definition, also if its first steps are hidden."""
    first = curve.sort_values("step", kind="stable").drop_duplicates("group_name")
    starts = first[first["step"] > 0].assign(step=0, value=value, lower=np.nan, upper=np.nan, denominator=np.nan)
    place = {name: number for number, name in enumerate(names(curve, "group_name"))}
    joined = pd.concat([starts, curve], ignore_index=True) if len(starts) else curve
    return joined.sort_values(["group_name", "step"], key=lambda k: k.map(place) if k.name == "group_name" else k)


def spread_labels(
    labels: list[dict[str, Any]], *, gap: float = 0.065, span: float | None = None
) -> list[dict[str, Any]]:
    """Move labels at the ends of lines apart so that none covers another."""
    if len(labels) < 2:
        return labels
    heights = [float(label["y"]) for label in labels]
    span = span or max(max(heights) - min(min(heights), 0), 1e-9)
    pixels_between = 16
    placed = float("-inf")
    for place in np.argsort(heights):
        pixels = heights[place] / span * pixels_between / gap
        placed = max(pixels, placed + pixels_between)
        labels[place]["yshift"] = placed - pixels
    return labels


def _last_value(part: pd.DataFrame) -> float:
    values = floats(part["value"])
    values = values[~np.isnan(values)]
    return float(values[-1]) if len(values) else np.nan


def _band(x: Any, part: pd.DataFrame, color: str, shape: str) -> list[dict[str, Any]]:
    lower, upper = floats(part["lower"]), floats(part["upper"])
    if np.isnan(lower).all():
        return []
    value = floats(part["value"])
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "line": {"width": 0, "shape": shape},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    # An interval that is not defined (at 0 or 1) closes on the line.
    return [
        edge | {"y": np.where(np.isnan(lower), value, lower)},
        edge | {"y": np.where(np.isnan(upper), value, upper), "fill": "tonexty", "fillcolor": faded(color, 0.18)},
    ]


def label_margin(labels: list[dict[str, Any]]) -> int:
    """Room on the right for the labels at the ends of lines, in pixels."""
    return 14 + max((min(len(label["text"]), 24) * 7 for label in labels), default=0)


def has_long_names(frame: pd.DataFrame) -> bool:
    """Whether a legend is needed, since names are too long to stand at the ends of lines."""
    return any(len(name) > LONGEST_LABEL for name in names(frame, "group_name"))
