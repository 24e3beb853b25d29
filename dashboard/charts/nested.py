"""Dots of categories in two levels: a row an outer one, a colour an inner one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style, joined_names
from dashboard.nesting import nest


def draw_nested(frame: pd.DataFrame, style: Style) -> Figure:
    """Dots with intervals; the basis of cost, where the categories name one, stands on the axis."""
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    if rows.empty:
        return draw_dots(rows, style)
    nested = nest(rows)
    basis = str(nested["basis"].iloc[0])
    outer = joined_names(nested.assign(category=nested["outer"]))
    shown = nested.assign(group_name=outer.to_numpy(), category=nested["inner"])
    return draw_dots(shown, replace(style, value_label=style.value_label or basis.capitalize()))
