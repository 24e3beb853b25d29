"""What all figures share: a quiet frame, axes in the measure's unit, lines for targets."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Figure = dict[str, Any]

CLEAR = "rgba(0,0,0,0)"
RULE = "rgba(128,134,142,0.25)"
LEGEND: dict[str, Any] = {
    "orientation": "h",
    "x": 0,
    "xanchor": "left",
    "y": 1.02,
    "yanchor": "bottom",
    "title": {"text": ""},
}
TARGET_COLOR = "#737981"
MOST_COLORED_LINES = 7
"""With more groups than this, lines are grey and only the highest and lowest are coloured and named."""


@dataclass(frozen=True)
class Style:
    """How a measure is drawn: its unit, target, fixed colours and the words on its axes."""

    unit: str
    target: float | None = None
    target_label: str = "target"
    colors: Mapping[str, str] = field(default_factory=dict)
    step_label: str = ""
    value_label: str = ""
    benchmarks: tuple[tuple[float, str], ...] = ()
    """Published values and their labels, drawn as dotted lines where groups are compared."""


def ink_figure(figure: Figure, ink: str | None) -> Figure:
    """The figure with its words in the page's text colour, which has more contrast than plotly's own."""
    if ink:
        layout = figure["layout"]
        layout["font"] = layout["font"] | {"color": ink}
        for name in ("xaxis", "yaxis"):
            layout[name]["tickfont"] = layout[name]["tickfont"] | {"color": ink}
            layout[name]["title"]["font"] = layout[name]["title"]["font"] | {"color": ink}
        layout["legend"] = layout["legend"] | {"font": {"color": ink, "size": 12}}
        for label in layout.get("annotations", []):
            label["font"] = {"color": ink} | label["font"]
        for trace in figure["data"]:
            if "text" in trace and trace["type"] == "scatter":
                trace["textfont"] = {"size": 12} | trace.get("textfont", {}) | {"color": ink}
    return figure


def build_figure(traces: list[dict[str, Any]], *, height: int = 320, **layout: Any) -> Figure:
    """A figure with transparent ground, so that it suits light and dark, and without zooming that traps a thumb."""
    shared: dict[str, Any] = {
        "height": height,
        "margin": {"l": 4, "r": 8, "t": 10, "b": 4},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "font": {"size": 13},
        "legend": LEGEND,
        "xaxis": axis(),
        "yaxis": axis(),
    }
    return {"data": traces, "layout": shared | layout}


def axis(title: str = "", **settings: Any) -> dict[str, Any]:
    """A quiet axis."""
    shared: dict[str, Any] = {
        "title": {"text": title, "font": {"size": 12}, "standoff": 8},
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"size": 12},
    }
    return shared | settings


def value_axis(style: Style, **settings: Any) -> dict[str, Any]:
    """An axis of values: percent, dollars or plain numbers, from zero unless told otherwise."""
    formats: dict[str, Any] = {"share": {"tickformat": ".0%"}, "USD": {"tickformat": "$,.3~s"}}
    quiet = {"showgrid": True, "gridcolor": RULE, "rangemode": "tozero", "nticks": 5, "tickangle": 0}
    return axis(style.value_label, **(quiet | formats.get(style.unit, {"tickformat": ",~g"}) | settings))


def hover_format(unit: str) -> str:
    """The d3 format of a value in a tooltip."""
    return {"share": ".1%", "USD": "$,.0f", "count": ",.0f", "persons": ",.1f"}.get(unit, ",.1f")


def floats(column: pd.Series) -> NDArray:
    """A column as floats, missing as NaN."""
    return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def days(column: pd.Series) -> list[str]:
    """Dates as plotly reads them fastest."""
    return [str(value) for value in pd.to_datetime(column).dt.strftime("%Y-%m-%d")]


def text(x: Any, y: Any, words: str, *, color: str | None = None, **settings: Any) -> dict[str, Any]:
    """A label within the plot; without a colour it takes the theme's text colour."""
    font = {"size": 12} | ({"color": color} if color else {})
    return {"x": x, "y": y, "text": words, "showarrow": False, "font": font} | settings


def target_line(style: Style, orientation: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A dashed line at the target with its label: shapes and annotations of the layout."""
    if style.target is None:
        return [], []
    dashed = {"type": "line", "line": {"dash": "dash", "width": 1.5, "color": TARGET_COLOR}, "layer": "below"}
    words = f"{style.target_label} {short(style.target, style.unit)}"
    if orientation == "vertical":
        shape = dashed | {"x0": style.target, "x1": style.target, "y0": 0, "y1": 1, "yref": "paper"}
        return [shape], [text(style.target, 1, words, yref="paper", yanchor="bottom")]
    shape = dashed | {"y0": style.target, "y1": style.target, "x0": 0, "x1": 1, "xref": "paper"}
    return [shape], [text(0, style.target, words, xref="paper", xanchor="left", yanchor="bottom")]


def benchmark_lines(style: Style) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dotted vertical lines at published values, with their labels along them."""
    dotted = {"type": "line", "line": {"dash": "dot", "width": 1.5, "color": TARGET_COLOR}, "layer": "below"}
    shapes = [dotted | {"x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper"} for value, _ in style.benchmarks]
    upright: dict[str, Any] = {"yref": "paper", "yanchor": "bottom", "xanchor": "left", "textangle": -90}
    labels = [text(value, 0, words, **upright) for value, words in style.benchmarks]
    return shapes, labels


def narrow_range(values: NDArray, *, room_below: float = 0.12, room_above: float = 0.1) -> list[float]:
    """The range of an axis of dots or lines, which unlike bars need not start at zero; they do where zero is near."""
    known = values[~np.isnan(values)]
    if not len(known):
        return [0.0, 1.0]
    low, high = float(known.min()), float(known.max())
    span = (high - low) or abs(high) or 1.0
    start = low - room_below * span if low > 0.4 * high else min(low - room_below * span if low < 0 else 0.0, 0.0)
    return [start, high + room_above * (high - start or 1.0)]


def reach(rows: pd.DataFrame, style: Style) -> NDArray:
    """All that an axis of values must hold: values, intervals and the target."""
    published = [value for value, _ in style.benchmarks]
    values = [*floats(rows["value"]), *floats(rows["lower"]), *floats(rows["upper"]), *published]
    return np.array(values if style.target is None else [*values, style.target], dtype=float)


def share_ticks(style: Style, limits: list[float]) -> dict[str, str]:
    """A decimal on the ticks of a share whose range is narrow, so that no two read the same."""
    return {"tickformat": ".1%"} if style.unit == "share" and limits[1] - limits[0] < 0.06 else {}


def short(value: float, unit: str) -> str:
    """A value as a label in a chart: 61 %, 1.2 %, $4,180, 8.7."""
    if np.isnan(value):
        return ""
    if unit == "share":
        return f"{100 * value:.{1 if 0 < value < 0.095 else 0}f} %"
    if unit == "USD":
        return f"−${-value:,.0f}" if value < 0 else f"${value:,.0f}"
    value = round(value, 1) + 0.0  # A negative zero loses its sign.
    return (f"{value:,.0f}" if unit in ("count", "persons") else f"{value:,.1f}").replace("-", "−")


def names(frame: pd.DataFrame, column: str) -> list[str]:
    """The distinct groups or categories in the order of the rows."""
    return [str(name) for name in dict.fromkeys(frame[column])]


def joined_names(frame: pd.DataFrame) -> pd.Series:
    """What tells one line or row from the next: the group, the category, or both where both vary."""
    groups, categories = frame["group_name"].astype(str), frame["category"].astype(str)
    if categories.nunique() <= 1:
        return groups
    return categories if groups.nunique() <= 1 else groups + ", " + categories


def wrapped(name: str, width: int = 21) -> str:
    """A long name over several lines, so that it leaves room for the marks on a phone."""
    return "<br>".join(textwrap.wrap(name, width)) or name
