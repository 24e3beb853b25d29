"""A figure on the page, in the ink of the reader's theme."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.figure import Figure, ink_figure

CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True}
INK = {"light": "#33383f", "dark": "#e3e6ea"}


def show_figure(figure: Figure, key: str, alt: str) -> None:
    """Draw a figure; ``alt`` says in words what it shows."""
    # The browser may not have told its theme yet.
    ink = INK.get(st.context.theme.type or "")
    st.plotly_chart(ink_figure(figure, ink), key=key, config=CONFIG, alt=alt)
