"""The control chart of one rate on a card."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import review_data, states
from dashboard.charts.control import draw_control
from dashboard.charts.figure import Style
from dashboard.plot import show_figure
from dashboard.review_card import Evidence, card, show_evidence
from dashboard.review_tables import table_of_chart
from dashboard.review_words import (
    ASSURANCE,
    VARIATION,
    describe_assurance,
    describe_chart,
    describe_limits,
    describe_records,
    unit_of,
)
from queries.filters import Selection
from queries.review.contents import Reviewed
from queries.review.control import ControlChart
from queries.review.rows import rows_of_chart

Color = Literal["blue", "orange", "gray", "violet"]
BADGES: dict[str, tuple[str, Color]] = {
    "improvement": (":material/trending_up:", "blue"),
    "concern": (":material/flag:", "orange"),
    "high": (":material/arrow_upward:", "violet"),
    "low": (":material/arrow_downward:", "violet"),
    "common cause": (":material/horizontal_rule:", "gray"),
    "consistent pass": (":material/check_circle:", "blue"),
    "consistent fail": (":material/cancel:", "orange"),
    "hit and miss": (":material/help:", "gray"),
}


def show_control_chart(
    entry: Reviewed,
    selection: Selection,
    *,
    kind: str | None = None,
    rules: str = "nhs",
    is_rebased: bool = False,
    question: str = "",
) -> None:
    """Takeaway, variation and assurance, chart, where the limits come from, causes on record, and the evidence."""
    key = f"control-{entry.measure}"
    with card(key, question or f"{entry.label}: does it change more than chance allows?"):
        with st.spinner(states.COMPUTING):
            chart = review_data.chart(entry, selection, kind, rules, is_rebased=is_rebased)
        if chart is None:
            st.info("The chosen dates hold not one whole month that can be followed. Widen them in the sidebar.")
            return
        if chart.frame["value"].isna().all():
            if chart.frame["is_hidden"].any():
                states.show_suppressed()
            else:
                st.info("Nothing was counted in these periods. Widen the dates or remove a filter in the sidebar.")
            return
        _show_chart(chart, key)


def _show_chart(chart: ControlChart, key: str) -> None:
    takeaway = describe_chart(chart)
    st.markdown(takeaway)
    _show_badges(chart)
    style = Style(unit=unit_of(chart), target=chart.target, value_label="per 30 days" if _is_count(chart) else "")
    recorded = [(change.from_date.isoformat(), "on record") for change in chart.changes]
    show_figure(draw_control(chart.frame, style, recorded), f"chart-{key}", takeaway)
    for line in describe_records(chart):
        st.caption(f":material/history_edu: {line}")
    st.caption(" ".join(filter(None, [describe_limits(chart), describe_assurance(chart)])))
    evidence = Evidence(
        chart.series.answer,
        points=chart.frame,
        hidden=int(chart.frame["is_hidden"].sum()),
        thing=chart.series.unit_of_time,
        table=table_of_chart(chart),
        rows=rows_of_chart(chart),
        file=f"review_{chart.series.entry.measure}",
    )
    show_evidence(evidence, key)


def _is_count(chart: ControlChart) -> bool:
    return chart.series.entry.is_count


def _show_badges(chart: ControlChart) -> None:
    """Variation and assurance as an icon with its word; neither where too few are counted."""
    with st.container(horizontal=True, gap="small"):
        if chart.variation is None:
            st.badge("Not judged", icon=":material/help:", color="gray")
        else:
            icon, color = BADGES[chart.variation]
            st.badge(VARIATION[chart.variation], icon=icon, color=color)
        if chart.assurance:
            icon, color = BADGES[chart.assurance]
            st.badge(f"Target {ASSURANCE[chart.assurance]}", icon=icon, color=color)
        if chart.is_trial:
            st.badge("Trial limits", icon=":material/science:", color="gray")
