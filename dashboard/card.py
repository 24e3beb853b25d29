"""One card: a question, the answer in a sentence, a chart, what it rests on, its definition, table and CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, states
from dashboard.basis import describe_basis
from dashboard.benchmark import describe_benchmark, marks
from dashboard.charts.figure import Figure, Style
from dashboard.charts.nested import draw_nested
from dashboard.charts.palette import color_groups
from dashboard.containment import contained, show_remedy
from dashboard.footer import show_footer
from dashboard.plot import show_figure
from dashboard.takeaway import state_takeaway
from queries.answer import Answer
from queries.filters import Selection

Draw = Callable[[pd.DataFrame, Style], Figure]

OTHER_COMPARISONS = ("site", "track", "program")


def show_card(
    name: str,
    draw: Draw,
    selection: Selection,
    *,
    parameters: Mapping[str, Any] | None = None,
    by: str | None = None,
    question: str | None = None,
    step_label: str = "",
    value_label: str = "",
    target: float | None = None,
    target_label: str = "target",
    target_of: str | None = None,
    say_more: Callable[[Answer], str] | None = None,
) -> None:
    """Ask a measure and show it in a frame of its own; whatever goes wrong stays inside.

    ``by`` compares groups where the reader has not chosen a comparison. ``target`` overrides the program's own,
    which is looked up under the name ``target_of`` where that differs. ``say_more`` gives a second sentence.
    """
    compared = selection.by or (_comparison(selection, by) if by else None)
    chosen = replace(selection, by=compared)
    if by and compared != by:
        question = None
    key = "-".join([name, *(f"{value}" for value in (parameters or {}).values()), chosen.by or ""])
    with st.container(border=True, height="stretch", key=f"card-{key}".replace(" ", "_")):

        def show_failure(error: Exception) -> None:
            st.markdown(f"#### {question or name.replace('_', ' ').capitalize()}")
            show_remedy(error)

        answer = None
        with contained(name, show=show_failure), st.spinner(states.COMPUTING):
            answer = data.answer(name, chosen, parameters)
        if answer is None:
            return
        st.markdown(f"#### {question or answer.measure.question}")
        if target is None:
            target = data.target(data.current_warehouse(), target_of or name, chosen)
        _show_answer(answer, draw, key, target, target_label, step_label, value_label, say_more)


def _comparison(selection: Selection, by: str) -> str | None:
    """The comparison to show unasked: not one that the filters have narrowed to a single group."""
    values = dict(selection.values)
    return next((name for name in (by, *OTHER_COMPARISONS) if len(values.get(name, ())) != 1), None)


def _show_answer(
    answer: Answer,
    draw: Draw,
    key: str,
    target: float | None,
    target_label: str,
    step_label: str,
    value_label: str,
    say_more: Callable[[Answer], str] | None,
) -> None:
    warehouse = data.current_warehouse()
    published = data.benchmarks(warehouse, answer.measure.name)
    if states.say_unless_drawable(answer, warehouse):
        style = Style(
            unit=answer.measure.unit,
            target=target,
            target_label=target_label,
            colors=_colors(answer),
            step_label=step_label,
            value_label=value_label,
            benchmarks=marks(published),
        )
        word = "week" if "week" in step_label.lower() else "day"
        takeaway = state_takeaway(answer, target, word, is_nested=draw is draw_nested)
        st.markdown(takeaway)
        if say_more and (more := say_more(answer)):
            st.markdown(more)
        with contained(answer.measure.name, "drawn", _show_not_drawn):
            figure = draw(answer.frame, style)
            if figure["data"]:
                show_figure(figure, f"chart-{key}", takeaway or answer.measure.title)
            else:
                states.show_suppressed()
    if answer.warning:
        st.caption(f":material/warning: {answer.warning}")
    for found in published:
        line = describe_benchmark(found, answer.measure.unit, answer.data_cut)
        st.caption(f":material/compare_arrows: Published: {line}")
    st.caption(describe_basis(answer))
    show_footer(answer, key)


def _show_not_drawn(_: Exception) -> None:
    states.show_error("The chart could not be drawn. Its table and CSV are below.")


def _colors(answer: Answer) -> dict[str, str]:
    by = answer.selection.by
    if by is None:
        return {}
    known = [value for value, _ in data.options(data.current_warehouse()).get(by, [])]
    return color_groups(known)
