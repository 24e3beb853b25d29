"""Quality review: change over time, differences between sites, and all rates at once."""

import streamlit as st

from dashboard import data, sidebar
from dashboard.layout import cards, open_tab
from dashboard.review_between import show_case_mix, show_funnel
from dashboard.review_over_time import show_control_chart
from dashboard.review_panel import show_panel
from queries.review.contents import REVIEWED
from queries.review.control import KINDS, RULES
from queries.review.recorded import read_changes

SUGGESTED = "suggested"
RATES = {entry.measure: entry for entry in REVIEWED}

chosen = sidebar.selection()
by = chosen.by or next(
    name for name in ("site", "program", "track") if len(dict(chosen.values).get(name, ())) != 1 or name == "track"
)


def spell_as_labels() -> None:
    """Links may name a rate, chart or rules as the terminal does; the controls read their labels."""
    known = {"rate": {key: entry.label for key, entry in RATES.items()}, "chart": KINDS, "rules": RULES}
    spelt = {
        name: labels[given] for name, labels in known.items() if (given := st.query_params.get(name, "")) in labels
    }
    if spelt:
        for name, label in spelt.items():
            st.query_params[name] = label
        st.rerun()


def choose_rules() -> str:
    """One set of rules at a time."""
    return st.segmented_control(
        "Rules for signals", list(RULES), default="nhs", format_func=RULES.__getitem__, required=True, key="rules",
        bind="query-params",
    )  # fmt: skip


spell_as_labels()
for name, tab in open_tab(("Over time", "Between sites", "All measures"), "review_view"):
    with tab:
        if name == "All measures":
            show_panel(chosen, by, choose_rules())
            continue
        with st.container(horizontal=True, vertical_alignment="bottom"):
            rate = st.selectbox(
                "Rate",
                list(RATES),
                format_func=lambda key: RATES[key].label,
                key="rate",
                bind="query-params",
                width=340,
            )
            entry = RATES[rate]
            if name == "Over time":
                kind = st.selectbox(
                    "Chart",
                    [SUGGESTED, *KINDS],
                    format_func=lambda key: KINDS.get(key, "Suggested"),
                    key="chart",
                    bind="query-params",
                    width=300,
                )
        if name == "Over time":
            rules = choose_rules()
            is_rebased = bool(read_changes(data.current_warehouse(), entry, chosen)) and st.toggle(
                "Start the limits anew where a cause is on record", key="rebase", bind="query-params"
            )
            show_control_chart(
                entry, chosen, kind=None if kind == SUGGESTED else kind, rules=rules, is_rebased=is_rebased
            )
        else:
            with cards():
                show_funnel(entry, chosen, by)
                show_case_mix(entry, chosen, by)
