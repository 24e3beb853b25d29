"""The shared filters: each lives in the URL, so that a view can be bookmarked and sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.wording import day
from queries.filters import COMPARISONS, FILTERS, FilterError, Selection, select
from queries.warehouse import Warehouse

FIRST = ("site", "program", "track", "level_of_care")
"""The filters that are always in view; the others are one click away."""

NO_COMPARISON = "nothing"

_CHOSEN = "chosen_selection"
_LINK_READ = "is_link_read"


def choose(warehouse: Warehouse) -> Selection:
    """Draw the filters and return the normalised choice, which the page then reads with ``selection()``.

    A choice that cannot be used is said in the sidebar, and everybody is shown with the defaults.
    """
    options = data.options(warehouse)
    _spell_as_labels(options)
    found = data.coverage(warehouse)
    given = {name: st.query_params.get_all(name) for name in [*FILTERS, "by"]}
    compared = [name for name in COMPARISONS if len(options[name]) > 1]
    with st.sidebar:
        dates = _choose_dates(found.first_day, warehouse.data_cut)
        by = st.selectbox(
            "Compare by",
            [NO_COMPARISON, *compared],
            format_func=lambda name: FILTERS[name].label if name in FILTERS else "Nothing",
            key="by",
            bind="query-params",
            help="Shows every chart by group.",
        )
        values = {name: _choose_values(name, options[name]) for name in FIRST}
        others = [name for name in FILTERS if name not in FIRST]
        is_any_chosen = any(given[name] or st.session_state.get(name) for name in others)
        with st.expander("More filters", expanded=is_any_chosen, icon=":material/tune:"):
            values |= {name: _choose_values(name, options[name]) for name in others}
        _warn_of_unknown(given, options | {"by": [(name, FILTERS[name].label) for name in compared]})
        st.button("Reset filters", icon=":material/restart_alt:", on_click=reset, width="stretch", key="reset")
        try:
            chosen = select(values, date_from=dates[0], date_to=dates[1], by=None if by == NO_COMPARISON else by)
        except FilterError as error:
            st.warning(str(error))
            chosen = select(values)
        show_facts(warehouse)
    st.session_state[_CHOSEN] = chosen
    return chosen


def selection() -> Selection:
    """The choice that the sidebar drew in this run."""
    chosen: Selection = st.session_state.get(_CHOSEN) or select()
    return chosen


def reset() -> None:
    """Back to the defaults, in the URL too."""
    for name, entry in FILTERS.items():
        st.session_state[name] = list(entry.default)
    st.session_state["from"] = st.session_state["to"] = None
    st.session_state["by"] = NO_COMPARISON


def _spell_as_labels(options: dict[str, list[tuple[str, str]]]) -> None:
    """Links may name values as the data and the terminal do (``by=age_group``); the controls read their labels."""
    if st.session_state.get(_LINK_READ):
        return
    st.session_state[_LINK_READ] = True
    spelling = {name: dict(pairs) for name, pairs in options.items()} | {
        "by": {name: entry.label for name, entry in FILTERS.items()}
    }
    is_changed = False
    for name, labels in spelling.items():
        given = st.query_params.get_all(name)
        spelt = [labels.get(value, value) for value in given]
        if spelt != given:
            st.query_params[name] = spelt
            is_changed = True
    if is_changed:
        st.rerun()


def _choose_dates(first_day: date | None, data_cut: date) -> list[date | None]:
    limits: dict[str, Any] = {"min_value": first_day or data_cut, "max_value": data_cut, "format": "YYYY-MM-DD"}
    chosen = []
    for key, label in (("from", "From"), ("to", "To")):
        chosen.append(st.date_input(label, value=None, key=key, bind="query-params", **limits))
    return chosen


def _choose_values(name: str, options: list[tuple[str, str]]) -> list[str]:
    entry = FILTERS[name]
    labels = dict(options)
    default = [value for value in entry.default if value in labels]
    return st.multiselect(
        entry.label,
        list(labels),
        default=default,
        format_func=lambda value: labels.get(value, value),
        key=name,
        bind="query-params",
        help=entry.help,
        placeholder="All" if options else "Not in the data",
        disabled=not options,
    )


def _warn_of_unknown(given: dict[str, list[str]], options: dict[str, list[tuple[str, str]]]) -> None:
    for name, values in given.items():
        known = {text for pair in options[name] for text in pair} | {""}
        unknown = [value for value in values if value not in known]
        if unknown:
            what = FILTERS[name].label.lower() if name in FILTERS else "a comparison by"
            st.warning(f"The link asks for {what} {', '.join(unknown)}, which the data do not hold.")


def show_facts(warehouse: Warehouse) -> None:
    """The version and the cut-off of what is shown, at the foot of the sidebar."""
    if data.is_invented(warehouse):
        st.sidebar.info("Invented sample clinic: no real people.", icon=":material/science:")
    st.sidebar.caption(
        f"Data to {day(warehouse.data_cut)}, evaluated at {day(warehouse.analysis_cut)}.  \n"
        f"Version {warehouse.version} · rules {warehouse.rule_version}"
    )
