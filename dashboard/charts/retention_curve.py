"""How long people stay: step curves with their bands, and under them how many are still at risk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.figure import Figure, Style, axis, build_figure, floats, joined_names, names, text, value_axis
from dashboard.charts.lines import draw_lines, has_long_names, label_margin, start_at

MOST_COLUMNS = 6
MOST_ROWS = 4
"""More groups than this have their numbers at risk in the table only."""
LINE_PIXELS = 15
AXIS_PIXELS = 46
"""What the ticks and the title of the axis take."""


def draw_retention_curve(frame: pd.DataFrame, style: Style) -> Figure:
    """A Kaplan–Meier step curve for each group, with bands for up to three, from 100 % on day 0."""
    rows = frame[frame["statistic"] == "survival"]
    rows = rows.assign(group_name=joined_names(rows))
    curve = start_at(rows[~rows["is_suppressed"]], 1.0)
    traces, labels = draw_lines(curve, lambda part: floats(part["step"]), style, shape="hv", span=1.02)
    days = reading_days(curve)
    everybody = frame[frame["statistic"] == "median"].set_index("group_name")["denominator"].astype(float)
    numbers = write_at_risk(rows[rows["group_name"].isin(set(curve["group_name"]))], days, everybody)
    lines = len({label["yshift"] for label in numbers})
    return build_figure(
        traces,
        height=320 + LINE_PIXELS * lines,
        showlegend=has_long_names(curve),
        annotations=[*labels, *numbers],
        margin={"l": 4, "r": label_margin(labels), "t": 14, "b": AXIS_PIXELS + LINE_PIXELS * lines if lines else 4},
        xaxis=axis(style.step_label or "Day", range=_reach(curve), tickvals=days) | {"automargin": not lines},
        yaxis=value_axis(style, range=[0, 1.02]),
    )


def reading_days(curve: pd.DataFrame) -> list[int]:
    """Days from 0, evenly spaced by 15, 30 … as far as the curves are shown: at most six, so that a phone has room."""
    last = int(curve["step"].max()) if len(curve) else 0
    apart = next(days for days in (15, 30, 60, 90, 180, 360, 3600) if last // days < MOST_COLUMNS)
    return list(range(0, last + 1, apart))


def _reach(curve: pd.DataFrame) -> list[float]:
    return [0.0, 1.02 * float(curve["step"].max() if len(curve) else 1)]


def write_at_risk(rows: pd.DataFrame, days: list[int], everybody: pd.Series) -> list[dict[str, Any]]:
    """How many remain after each of the axis's days, under it: a line for each group, a dash where it is hidden.

    Those who remain have neither left nor been censored by the day; on day 0 it is ``everybody`` of the group.
    """
    groups = [name for name in names(rows, "group_name") if name in everybody.index]
    if not days or not 0 < len(groups) <= MOST_ROWS:
        return []
    written: list[dict[str, Any]] = []
    below = AXIS_PIXELS

    def write(x: float, words: str, **settings: Any) -> None:
        placed: dict[str, Any] = {"yref": "paper", "yanchor": "top", "yshift": -below}
        written.append(text(x, 0, words, **placed | settings) | {"font": {"size": 11}})

    left: dict[str, Any] = {"xanchor": "left", "xref": "paper", "align": "left"}
    for place, name in enumerate(groups):
        title = "Still at risk" if len(groups) == 1 else f"Still at risk: {name}" if place == 0 else name
        write(0, title, **left)
        below += LINE_PIXELS
        own = rows[rows["group_name"] == name].drop_duplicates("step").set_index("step")
        remaining = floats(everybody[name] - own["numerator"] - own["missing_n"])
        by_day = dict(zip(own.index, remaining, strict=True)) | {0: float(everybody[name])}
        for day in days:
            number = by_day.get(day, np.nan)
            write(day, "–" if np.isnan(number) else f"{number:,.0f}", xanchor="center")
        below += LINE_PIXELS
    return written
