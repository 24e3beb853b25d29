"""How a page is laid out: cards two abreast, tabs that only work when open, choices kept in the URL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from queries import catalog

CARD_PIXELS = 430


@contextmanager
def cards() -> Iterator[None]:
    """Cards side by side where the screen is wide enough for two, else one under the other."""
    with st.grid(2, min_column_width=CARD_PIXELS, gap="small"):
        yield


@contextmanager
def tiles() -> Iterator[None]:
    """Small boxes, four abreast on a wide screen."""
    with st.grid(4, min_column_width=200, gap="small"):
        yield


def open_tab(names: Sequence[str], key: str) -> Iterator[tuple[str, Any]]:
    """The tab that is open, to be filled; the others cost nothing. Which one it is stands in the URL."""
    tabs = st.tabs(list(names), key=key, on_change="rerun", bind="query-params")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            yield name, tab


def choose_parameter(measure: str, name: str, label: str, *, key: str) -> Any:
    """A measure's own parameter as a control bound to the URL; its default where it has no list of choices."""
    try:
        parameters = {parameter.name: parameter for parameter in catalog.measure(measure).parameters}
    except catalog.MeasureError:
        return None
    parameter = parameters.get(name)
    if parameter is None or not parameter.choices:
        return parameter.default if parameter else None
    choose = st.segmented_control if len(parameter.choices) <= 5 else st.selectbox
    if choose is st.segmented_control:
        return st.segmented_control(
            label, parameter.choices, default=parameter.default, required=True, key=key, bind="query-params"
        )
    index = parameter.choices.index(parameter.default)
    return st.selectbox(label, parameter.choices, index=index, key=key, bind="query-params", width=280)
