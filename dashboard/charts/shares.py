"""Parts of a whole: bars of 100 %."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.figure import LEGEND, Figure, Style, axis, build_figure, floats, names, value_axis
from dashboard.charts.palette import color_of, in_order

OCCASIONS = {"baseline": "first score", "latest": "latest score"}


def draw_shares(frame: pd.DataFrame, style: Style) -> Figure:
    """One bar a group, or a month or week, split by category; parts of 7 % and more carry their share."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    is_timed = bool(rows["period"].notna().any() or (rows["step"].notna().any() and rows["step"].nunique() > 1))
    traces = []
    for place, category in enumerate(in_order(names(rows, "category"))):
        part = rows[rows["category"] == category]
        value = floats(part["value"])
        where = _where(part, is_timed, style.step_label)
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
    shares = value_axis(style, range=[0, 1])
    return build_figure(
        traces,
        height=(300 if is_timed else 70 + 34 * bars) + 22 * _legend_rows(rows),
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend=LEGEND | {"traceorder": "normal"},
        xaxis=axis() if is_timed else shares,
        yaxis=shares if is_timed else axis(autorange="reversed", showticklabels=bars > 1),
    )


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
    return len(categories) if max(map(len, categories), default=0) > 20 else (len(categories) + 1) // 2
