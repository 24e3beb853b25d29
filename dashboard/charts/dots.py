"""Groups compared: a dot for the value, a line for its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.figure import (
    Figure,
    Style,
    axis,
    benchmark_lines,
    build_figure,
    floats,
    hover_format,
    joined_names,
    names,
    narrow_range,
    reach,
    share_ticks,
    short,
    target_line,
    value_axis,
    wrapped,
)
from dashboard.charts.palette import color_of
from dashboard.verdict import is_judged

ROW_PIXELS = 27
READINGS = {"missing_is_positive": "missing counted as use", "missing_is_negative": "missing counted as no use"}


def draw_dots(frame: pd.DataFrame, style: Style) -> Figure:
    """One row a group (and category) with the 95 % interval, the value and n.

    Groups stand in the order of their names, the same on every chart: people differ between them, so that a ranking
    would say more than the numbers do.
    """
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    if rows["statistic"].nunique() > 1:
        readings = [READINGS.get(str(name), str(name).replace("_", " ")) for name in rows["statistic"]]
        return _draw_categories_by_group(rows.assign(group_name=joined_names(rows), category=readings), style)
    has_groups, has_categories = rows["group_name"].nunique() > 1, rows["category"].nunique() > 1
    if has_groups and has_categories:
        return _draw_categories_by_group(rows, style)
    key = "group_name" if has_groups else "category"
    rows = rows.iloc[::-1]
    y = [wrapped(str(name)) or "All" for name in rows[key]]
    trace = _trace(rows, y, style)
    trace["marker"]["color"] = [color_of("" if has_groups else str(name), style.colors) for name in rows[key]]
    lines = max((name.count("<br>") + 1 for name in y), default=1)
    return _layout([trace, _labels(rows, y, style)], rows, len(rows) * (1 + 0.35 * (lines - 1)), style)


def _draw_categories_by_group(rows: pd.DataFrame, style: Style) -> Figure:
    groups = names(rows, "group_name")[::-1]
    categories = names(rows, "category")
    present = {name: [each for each in categories if each in set(part["category"])] for name, part in _by_group(rows)}
    traces = []
    for place, category in enumerate(categories):
        part = rows[rows["category"] == category]
        # Rows of a group share its place evenly, also where other groups have more of them.
        y = [
            groups.index(name) - ((present[name].index(category) + 0.5) / len(present[name]) - 0.5) * 0.8
            for name in part["group_name"].astype(str)
        ]
        trace = _trace(part, y, style)
        trace["name"] = category
        trace["marker"]["color"] = trace["error_x"]["color"] = color_of(category, style.colors, place)
        traces += [trace, _labels(part, y, style)]
    height = len(groups) * max(max(len(each) for each in present.values()) * 20, ROW_PIXELS)
    figure = _layout(traces, rows, height / ROW_PIXELS, style)
    figure["layout"]["showlegend"] = True
    figure["layout"]["yaxis"] = axis(tickvals=list(range(len(groups))), ticktext=[wrapped(name) for name in groups])
    return figure


def _by_group(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(name, rows[rows["group_name"] == name]) for name in names(rows, "group_name")]


def _trace(rows: pd.DataFrame, y: list[Any], style: Style) -> dict[str, Any]:
    value, lower, upper = (floats(rows[name]) for name in ("value", "lower", "upper"))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": value,
        "y": y,
        "marker": {"size": 10, "symbol": [_symbol(n, style) for n in rows["denominator"]]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": np.nan_to_num(upper - value),
            "arrayminus": np.nan_to_num(value - lower),
            "thickness": 2,
            "width": 0,
            "color": "#737981",
        },
        "customdata": np.column_stack([lower, upper, floats(rows["denominator"])]),
        "hovertemplate": (
            f"%{{y}}: %{{x:{hover_format(style.unit)}}} (%{{customdata[0]:{hover_format(style.unit)}}} to "
            f"%{{customdata[1]:{hover_format(style.unit)}}}), n %{{customdata[2]:,.0f}}<extra></extra>"
        ),
        "cliponaxis": False,
    }


def _symbol(n: Any, style: Style) -> str:
    """Hollow beside a target that so few people are not held against."""
    return "circle" if style.target is None or is_judged(n) else "circle-open"


def _labels(rows: pd.DataFrame, y: list[Any], style: Style) -> dict[str, Any]:
    """The values, written where the intervals end so that they cover nothing."""
    value, upper = floats(rows["value"]), floats(rows["upper"])
    return {
        "type": "scatter",
        "mode": "text",
        "x": np.where(np.isnan(upper), value, upper),
        "y": y,
        "text": [f"  <b>{short(number, style.unit)}</b>" for number in value],
        "textposition": "middle right",
        "textfont": {"size": 12},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _layout(traces: list[dict[str, Any]], rows: pd.DataFrame, number: float, style: Style) -> Figure:
    shapes, labels = target_line(style, "vertical")
    published, their_labels = benchmark_lines(style)
    limits = narrow_range(reach(rows, style), room_above=0.24)
    return build_figure(
        traces,
        height=int(70 + max(number, 4 if published else 2) * ROW_PIXELS),
        shapes=[*shapes, *published],
        annotations=[*labels, *their_labels],
        margin={"l": 4, "r": 18, "t": 22, "b": 4},
        xaxis=value_axis(style, range=limits, rangemode="normal", **share_ticks(style, limits)),
        yaxis=axis(),
    )
