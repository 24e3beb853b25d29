"""Dots of one reading where a measure has several that must not be mixed, such as bases of cost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style


def draw_leading(frame: pd.DataFrame, style: Style) -> Figure:
    """Dots of the reading that most groups have, the first of those, named on the axis; the table has the others.

    Categories are a reading and, after a comma, its kinds: "paid, per day in care".
    """
    rows = frame[~frame["is_suppressed"] & frame["value"].notna()]
    if rows.empty:
        return draw_dots(rows, style)
    parts = rows["category"].astype(str).str.split(", ", n=1)
    reading, kind = parts.str[0], parts.str[1].astype("string").fillna("")
    leading = str(rows.groupby(reading, sort=False)["group_name"].nunique().idxmax())
    label = leading.capitalize() + ("" if reading.nunique() == 1 else " (the others are in the table)")
    is_leading = reading == leading
    return draw_dots(rows[is_leading].assign(category=kind[is_leading]), replace(style, value_label=label))
