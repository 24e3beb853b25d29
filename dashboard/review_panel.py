"""All rates of the review in one table, with the groups worth a look."""

from __future__ import annotations

import streamlit as st

from dashboard import review_data
from dashboard.footer import show_csv_button
from dashboard.review_card import card
from dashboard.review_tables import table_of_all
from dashboard.review_words import describe_panel
from dashboard.table import csv_of_rows, file_name
from queries.filters import FILTERS, Selection
from queries.review.between import SIGNAL_IS_NO_VERDICT
from queries.review.contents import REVIEWED
from queries.review.panel import compare_all
from queries.review.rows import rows_of_panel


def show_panel(selection: Selection, by: str, rules: str) -> None:
    """One row a rate; below it the comparisons that Benjamini and Hochberg leave."""
    with card("panel", "Which numbers are worth a closer look?"):
        done = st.progress(0.0, "Computing …")
        charts, funnels = [], []
        for place, entry in enumerate(REVIEWED, start=1):
            chart = review_data.chart(entry, selection, rules=rules)
            charts += [chart] if chart is not None else []
            found = review_data.funnel(entry, selection, by)
            funnels += [found] if found is not None else []
            done.progress(place / len(REVIEWED), f"Computing {entry.label} …")
        done.empty()
        if not charts:
            st.info("The chosen dates hold not one whole month. Widen them in the sidebar.")
            return
        panel = compare_all(funnels)
        st.markdown(describe_panel(panel))
        table = table_of_all(charts, panel).rename(columns={"Groups to look at": f"{FILTERS[by].label}s to look at"})
        st.dataframe(
            table,
            hide_index=True,
            key="panel-rows",
            alt="All rates under review",
            height="content",
            column_config={
                "Measure": st.column_config.TextColumn(width=190, pinned=True),
                "Assurance": st.column_config.TextColumn(width=140),
            },
        )
        st.caption(
            "Variation: the latest point against limits fixed on the first 12. Assurance: whether the target lies "
            "beyond the limits. To look at: groups whose rate differs from all together (funnel p-values). "
            f"{SIGNAL_IS_NO_VERDICT}"
        )
        answer = charts[0].series.answer
        comparisons = rows_of_panel(panel, answer)
        facts = ("population", "data_cut", "analysis_cut", "data_version", "rule_version")
        told = table.assign(**{fact: answer.provenance()[fact] for fact in facts}, rules=rules)
        with st.container(horizontal=True, gap="small"):
            for label, rows, name in (
                ("CSV", told, "review"),
                ("CSV of the comparisons", comparisons, "review_comparisons"),
            ):
                show_csv_button(csv_of_rows(rows), file_name(answer, name), key=f"csv-{name}", label=label)
