"""The reviews that the page has computed, kept while data, choice and rules of hiding are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import data
from queries import catalog
from queries.answer import Answer
from queries.filters import Selection
from queries.review.between import Funnel, draw_funnel
from queries.review.case_mix import CaseMix, standardise_groups
from queries.review.contents import Reviewed, find_reviewed
from queries.review.control import ControlChart, draw_limits
from queries.review.recorded import read_changes
from queries.review.series import Ask, Series, read_series
from queries.warehouse import Warehouse


def chart(
    entry: Reviewed, selection: Selection, kind: str | None = None, rules: str = "nhs", *, is_rebased: bool = False
) -> ControlChart | None:
    """The control chart of a rate; None where there is not one whole period."""
    warehouse = data.current_warehouse()
    series = _series(warehouse, entry.measure, repr(selection), data.cache_key(warehouse), selection)
    if series is None:
        return None
    changes = read_changes(warehouse, entry, selection)
    target = data.target(warehouse, entry.target_of or entry.measure, selection)
    return draw_limits(series, kind=kind, rules=rules, target=target, changes=changes, is_rebased=is_rebased)


def funnel(entry: Reviewed, selection: Selection, by: str) -> Funnel | None:
    """The funnel of a rate."""
    warehouse = data.current_warehouse()
    return _funnel(warehouse, entry.measure, repr(selection), by, data.cache_key(warehouse), selection)


def case_mix(entry: Reviewed, selection: Selection, by: str) -> CaseMix | None:
    """The indirectly standardised groups of a rate."""
    warehouse = data.current_warehouse()
    return _case_mix(warehouse, entry.measure, repr(selection), by, data.cache_key(warehouse), selection)


@st.cache_data(max_entries=400, show_spinner=False)
def _series(_warehouse: Warehouse, name: str, selection_key: str, key: str, _s: Selection) -> Series | None:
    return read_series(_ask(_warehouse), _warehouse, find_reviewed(name), _s)


@st.cache_data(max_entries=400, show_spinner=False)
def _funnel(_warehouse: Warehouse, name: str, selection_key: str, by: str, key: str, _s: Selection) -> Funnel | None:
    return draw_funnel(_ask(_warehouse), _warehouse, find_reviewed(name), _s, by)


@st.cache_data(max_entries=200, show_spinner=False)
def _case_mix(_warehouse: Warehouse, name: str, selection_key: str, by: str, key: str, _s: Selection) -> CaseMix | None:
    return standardise_groups(_warehouse, find_reviewed(name), _s, by)


def _ask(warehouse: Warehouse) -> Ask:
    def ask(name: str, selection: Selection, parameters: Mapping[str, Any]) -> Answer:
        return catalog.ask_selection(warehouse, name, selection, parameters)

    return ask
