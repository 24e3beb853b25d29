"""At which value of a result 24-hour care becomes worth its price: the cost-effectiveness acceptability curve."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.compared import level_of
from dashboard.charts.figure import RULE, Figure, Style, axis, build_figure, floats, text
from dashboard.charts.lines import draw_lines, label_margin


def draw_acceptability(frame: pd.DataFrame, style: Style) -> Figure:
    """A line a level of care over the value of one result; above one half 24-hour care is the likelier better buy."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    levels = [level_of(name) for name in rows["category"]]
    traces, labels = draw_lines(rows.assign(group_name=levels), lambda part: floats(part["step"]), style)
    # The names stand in a legend: beside the lines they would take the room of a phone.
    for trace in traces:
        trace["showlegend"] = bool(trace.get("name"))
    for label in labels:
        label["text"] = " ".join(label["text"].split(" ")[-2:])
    half = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0.5, "y1": 0.5}
    return build_figure(
        traces,
        height=340,
        showlegend=True,
        shapes=[half | {"line": {"dash": "dot", "width": 1.5, "color": RULE.replace("0.25", "0.9")}, "layer": "below"}],
        annotations=[*labels, text(0, 0.5, "IOP below, 24-hour care above", xanchor="left", yanchor="bottom")],
        margin={"l": 4, "r": label_margin(labels), "t": 22, "b": 4},
        xaxis=axis(style.step_label, tickformat="$,~s", rangemode="tozero", nticks=5, tickangle=0),
        yaxis=axis(tickformat=".0%", range=[-0.03, 1.03], showgrid=True, gridcolor=RULE),
    )
