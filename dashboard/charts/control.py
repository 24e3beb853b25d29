"""A control chart: points, centre and limits, the target, and the points at which a rule fired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.figure import (
    RULE,
    Figure,
    Style,
    axis,
    build_figure,
    days,
    floats,
    hover_format,
    narrow_range,
    share_ticks,
    short,
    target_line,
    text,
    value_axis,
)
from dashboard.charts.palette import BLUE, GREY, PURPLE, VERMILLION

JUDGED = {"improvement": BLUE, "concern": VERMILLION, "high": PURPLE, "low": PURPLE}
"""A colour for each direction; what is common cause, or rests on too few, stays grey."""

LATE = 0.75
"""Labels of points after this share of the chart stand to their left, where there is room."""

Marks = Sequence[tuple[str, str]]


def draw_control(frame: pd.DataFrame, style: Style, recorded: Marks = ()) -> Figure:
    """One row a period with ``value``, ``centre``, ``lower``, ``upper``, ``phase``, ``rule`` and ``judgement``.

    ``recorded`` are days (as 2026-03-01) and words of causes on record, drawn as upright lines. Hidden periods are
    gaps.
    """
    x, value = days(frame["period"]), floats(frame["value"])
    traces = [trace for _, part in frame.groupby("phase", sort=False) for trace in _lines(part)]
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": value,
            "line": {"color": GREY, "width": 1.5},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    )
    traces += _points(frame, style)
    ends = _end_labels(frame, style)
    reached = [*value, *floats(frame["lower"]), *floats(frame["upper"])]
    limits = narrow_range(np.array([*reached, np.nan if style.target is None else style.target]), room_above=0.14)
    if style.unit == "share":
        limits = [max(limits[0], 0.0), min(limits[1], 1.02)]
    shapes, target_labels = target_line(style, "horizontal")
    causes = [_upright(day) for day, _ in recorded]
    words = [text(day, 1, said, yref="paper", yanchor="bottom", xanchor="center") for day, said in recorded]
    return build_figure(
        traces,
        height=340,
        shapes=[*shapes, *causes],
        annotations=[*target_labels, *ends, *words, *_rule_labels(frame)],
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.24, "yanchor": "top"},
        margin={"l": 4, "r": 52, "t": 24, "b": 4},
        xaxis=axis(tickformat="%b<br>%Y", nticks=8),
        yaxis=value_axis(style, range=limits, rangemode="normal", **share_ticks(style, limits)),
    )


def _lines(part: pd.DataFrame) -> list[dict[str, Any]]:
    """Centre and limits of one phase."""
    x = days(part["period"])
    plain = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip", "showlegend": False, "connectgaps": True}
    edge = {"color": GREY, "width": 1.2, "dash": "dot", "shape": "hvh"}
    is_first = bool((part["phase"] == 1).all())
    traces = [plain | {"y": floats(part["centre"]), "line": {"color": GREY, "width": 1.5}}]
    if part["upper"].notna().any():
        traces.append(plain | {"y": floats(part["lower"]), "line": edge, "name": "limits", "showlegend": is_first})
        traces.append(plain | {"y": floats(part["upper"]), "line": edge})
    return traces


def _points(frame: pd.DataFrame, style: Style) -> list[dict[str, Any]]:
    shown = frame[frame["value"].notna()]
    traces = []
    for judgement in dict.fromkeys(shown["judgement"]):
        part = shown[shown["judgement"] == judgement]
        color = JUDGED.get(str(judgement))
        rules = [f"<br>{rule}" if rule else "" for rule in part["rule"]]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": days(part["period"]),
                "y": floats(part["value"]),
                "name": str(judgement),
                "marker": {
                    "color": color or GREY,
                    "size": 10 if color else 7,
                    "symbol": "diamond" if color else "circle" if judgement == "common cause" else "circle-open",
                },
                "customdata": [[n, rule] for n, rule in zip(floats(part["denominator"]), rules, strict=True)],
                "hovertemplate": (
                    f"%{{x|%b %Y}}: %{{y:{hover_format(style.unit)}}} (n %{{customdata[0]:,.0f}}), {judgement}"
                    "%{customdata[1]}<extra></extra>"
                ),
                "cliponaxis": False,
            }
        )
    return traces


def _rule_labels(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rule in words at the first point of the latest two stretches of signals; the others tell it on hover."""
    shown = frame[frame["value"].notna()].reset_index(drop=True)
    is_marked = shown["judgement"].isin(list(JUDGED))
    rules, x = list(shown["rule"]), days(shown["period"])
    starts = [
        place
        for place, marked in enumerate(is_marked)
        if marked and (place == 0 or not is_marked[place - 1] or rules[place] != rules[place - 1])
    ]
    labels = []
    for place in starts[-2:]:
        is_above = bool(shown["direction"].iloc[place] > 0)
        anchor = "right" if place > LATE * len(shown) else "center"
        label = text(x[place], float(shown["value"].iloc[place]), str(rules[place]), xanchor=anchor)
        label |= {"yanchor": "bottom", "yshift": 8} if is_above else {"yanchor": "top", "yshift": -8}
        labels.append(label)
    return labels


def _end_labels(frame: pd.DataFrame, style: Style) -> list[dict[str, Any]]:
    """Centre and limits as numbers at the right."""
    known = frame[frame["centre"].notna() & frame["value"].notna()]
    if known.empty:
        return []
    last = known.iloc[-1]
    return [
        text(1, float(last[name]), short(float(last[name]), style.unit), xref="paper", xanchor="left", xshift=4)
        for name in ("lower", "centre", "upper")
        if pd.notna(last[name]) and (style.unit != "share" or 0 <= last[name] <= 1)
    ]


def _upright(day: str) -> dict[str, Any]:
    line = {"color": RULE.replace("0.25", "0.9"), "width": 1.5, "dash": "dashdot"}
    return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}
