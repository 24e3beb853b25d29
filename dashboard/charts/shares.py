"""Parts of a whole: bars of 100 %."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.charts.figure import CLEAR, LEGEND, Figure, Style, axis, build_figure, floats, names, value_axis
from dashboard.charts.palette import GREY, color_of, in_order

HIDDEN = "hidden (few people)"
SMALLEST_REST = 0.002
"""Less than this is rounding."""

OCCASIONS = {"baseline": "first score", "latest": "latest score"}


def draw_shares(frame: pd.DataFrame, style: Style) -> Figure:
    """One bar a group, or a month or week, split by category; parts of 7 % and more carry their share."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    is_timed = bool(rows["period"].notna().any() or (rows["step"].notna().any() and rows["step"].nunique() > 1))
    label = style.step_label
    traces = []
    for place, category in enumerate(in_order(names(rows, "category"))):
        part = rows[rows["category"] == category]
        value = floats(part["value"])
        where = _where(part, is_timed, label)
        traces.append(
            {
                "type": "bar",
                "orientation": "v" if is_timed else "h",
                "x": where if is_timed else value,
                "y": value if is_timed else where,
                "name": category,
                "marker": {"color": color_of(category, style.colors, place), "line": {"width": 0}},
                "text": [f"{100 * share:.0f} %" if share >= 0.07 else "" for share in value],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": "#ffffff", "size": 12},
                "customdata": floats(part["denominator"]),
                "hovertemplate": (
                    f"{category}: %{{{'y' if is_timed else 'x'}:.1%}} (n %{{customdata:,.0f}})<extra></extra>"
                ),
            }
        )
    bars = max(len(set(_where(rows, False, ""))), 1)
    traces += _hidden_part(frame, rows, is_timed, style)
    shares = value_axis(style, range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1])
    bars_in_order = rows.sort_values(["period", "step"]) if is_timed else rows
    order: dict[str, Any] = {
        "categoryorder": "array",
        "categoryarray": list(dict.fromkeys(_where(bars_in_order, is_timed, label))),
    }
    return build_figure(
        traces,
        height=(300 if is_timed else 70 + 34 * bars) + 22 * _legend_rows(rows),
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend=LEGEND | {"traceorder": "normal"},
        margin={"l": 4, "r": 18, "t": 10, "b": 4},
        xaxis=axis(**order) if is_timed else shares,
        yaxis=shares if is_timed else axis(autorange="reversed", showticklabels=bars > 1, **order),
    )


def _hidden_part(frame: pd.DataFrame, shown: pd.DataFrame, is_timed: bool, style: Style) -> list[dict[str, Any]]:
    """What the shown parts of a bar leave over where others are hidden, so that every bar is a whole."""
    hidden = set(_where(frame[frame["is_suppressed"]], is_timed, style.step_label))
    totals = pd.Series(floats(shown["value"]), index=_where(shown, is_timed, style.step_label)).groupby(level=0).sum()
    rest = 1 - totals[[bar in hidden for bar in totals.index]].clip(upper=1)
    rest = rest[rest > SMALLEST_REST]
    if rest.empty:
        return []
    bars, shares = [str(bar) for bar in rest.index], rest.to_numpy(dtype=float)
    return [
        {
            "type": "bar",
            "orientation": "v" if is_timed else "h",
            "x": bars if is_timed else shares,
            "y": shares if is_timed else bars,
            "name": HIDDEN,
            "marker": {"color": CLEAR, "line": {"width": 0}, "pattern": {"shape": "/", "fgcolor": GREY, "size": 6}},
            "hovertemplate": f"{HIDDEN}<extra></extra>",
        }
    ]


def _where(part: pd.DataFrame, is_timed: bool, label: str) -> list[str]:
    """The bar of each row: its group (and occasion, where first and latest are held side by side), month or day."""
    if not is_timed:
        occasions = [OCCASIONS.get(str(name), "") for name in part["statistic"]]
        groups = [
            "" if name == "All" and occasion else str(name)
            for name, occasion in zip(part["group_name"], occasions, strict=True)
        ]
        return [", ".join(filter(None, pair)) for pair in zip(groups, occasions, strict=True)]
    if part["period"].notna().any():
        return [f"{value:%b %Y}" for value in part["period"]]
    return [f"{label} {value}".strip() for value in part["step"]]


def _legend_rows(rows: pd.DataFrame) -> int:
    """Rows that the legend will take on a narrow card: long names stand alone."""
    categories = names(rows, "category")
    return len(categories) if max(map(len, categories), default=0) > 14 else (len(categories) + 1) // 2
