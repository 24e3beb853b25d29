"""Measures: the definition of every number, made from the files that compute it."""

import streamlit as st

from dashboard import data, sidebar
from dashboard.definition import show_definition
from dashboard.explanation import show_explanation
from dashboard.instruments import show_instruments
from dashboard.resampled import show_resampling
from queries import catalog

measures = catalog.measures()

st.caption("Every number of this dashboard is one of these named SQL files. A link to this page names its measure.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    wanted = st.text_input(
        "Search", key="search", bind="query-params", placeholder="retention, INT-01, urine …", live=True, width=360
    )
    topic = st.selectbox(
        "Topic",
        ["All", *sorted({entry.topic for entry in measures.values()})],
        key="topic",
        bind="query-params",
        width=200,
    )
    name = st.selectbox(
        "Measure",
        ["", *measures],
        format_func=lambda value: value or "All",
        key="measure",
        bind="query-params",
        width=320,
    )

words = wanted.lower().split()


def is_wanted(entry: catalog.Measure) -> bool:
    """Whether a measure has every word that is searched for, and the topic."""
    text = " ".join([entry.name, entry.title, entry.question, entry.formula, *entry.spec, entry.source]).lower()
    return topic in ("All", entry.topic) and all(word in text for word in words)


if name:
    with st.container(border=True):
        st.markdown(f"### {measures[name].question}")
        show_definition(measures[name])
        show_resampling(measures[name], sidebar.selection())
    with st.container(border=True, key="card-explanation"):
        show_explanation(measures[name], sidebar.selection())
else:
    found = [entry for entry in measures.values() if is_wanted(entry)]
    st.caption(f"{len(found)} of {len(measures)} measures")
    if not found:
        st.info("No measure has all these words. Try fewer, or the topic 'All'.", icon=":material/search_off:")
    for group in sorted({entry.topic for entry in found}):
        st.subheader(group.capitalize())
        for entry in (each for each in found if each.topic == group):
            ids = ", ".join(entry.spec)
            opened = st.expander(
                f"**{entry.title}** · {entry.question} · {ids}", key=f"def-{entry.name}", on_change="rerun"
            )
            if opened.open:
                with opened:
                    show_definition(entry)
    if topic in ("All", "outcomes") and not words:
        show_instruments(data.current_warehouse())
    missing = [
        each
        for each in catalog.unavailable()
        if topic == "All" and all(word in f"{each.title} {each.spec} {each.reason}".lower() for word in words)
    ]
    if missing:
        st.subheader("What cannot be answered")
        st.caption("Asked for by the specification; the data that are exported today cannot answer it.")
        for each in missing:
            st.markdown(f"**{each.title}** ({each.spec}): {each.reason}")
