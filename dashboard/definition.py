"""A measure's definition in full, for the button of a card and for the Measures page."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.benchmark import describe_benchmark, verified
from queries.answer import Answer
from queries.counted_tests import read_counts
from queries.measure import Measure

UNITS = {"share": "share (percent)", "USD": "US dollars", "count": "number", "persons": "number of people"}
HIGHER_IS = {"better": "Higher is better.", "worse": "Lower is better.", "neutral": "Neither high nor low is good."}


def show_definition(measure: Measure, answer: Answer | None = None, *, with_sql: bool = True) -> None:
    """Formula, ids, source, review and SQL; for an answer also what was counted and which filters it ignores."""
    st.markdown(f"**{measure.title}** · `{measure.name}` · {', '.join(measure.spec)}")
    st.markdown(measure.formula)
    st.caption(
        f"Unit: {UNITS.get(measure.unit, measure.unit)} per {measure.unit_of_analysis}. "
        f"{HIGHER_IS.get(measure.higher_is, '')} Dates select by {measure.dated_by.replace('_', ' ')}."
    )
    for label, text in (("Note", measure.notes), ("Mind", measure.warning), ("Source", verified(measure.source))):
        if text:
            st.markdown(f"{label}: {text}")
    tests = read_counts().get(measure.name)
    st.caption(f"Review: {measure.reviewed}." + (f" Tests: {tests.describe()}." if tests else ""))
    for found in data.benchmarks(data.current_warehouse(), measure.name):
        line = describe_benchmark(found, measure.unit, data.current_warehouse().data_cut)
        st.caption(f":material/compare_arrows: Published: {line}")
    if answer is not None:
        _show_population(answer)
    for parameter in measure.parameters:
        choices = f" (one of {', '.join(map(str, parameter.choices))})" if parameter.choices else ""
        st.caption(f"Parameter {parameter.name}: {parameter.label}, default {parameter.default}{choices}.")
    if with_sql:
        st.code(measure.sql, language="sql", wrap_lines=True)
        if measure.executable_sql != measure.sql:
            with st.expander("The whole statement, with what it shares with other measures", icon=":material/code:"):
                st.code(measure.executable_sql, language="sql", wrap_lines=True)


def _show_population(answer: Answer) -> None:
    facts = answer.provenance()
    st.caption(f"Counted: {facts['population']}" + (f" · {facts['parameters']}" if facts["parameters"] else "") + ".")
    unused = answer.measure.unused_filters(answer.selection)
    if unused:
        st.caption(f"This measure does not use: {', '.join(unused)}.")
    methods = [str(method) for method in answer.frame["method"].dropna().unique()]
    if methods:
        st.caption(f"Intervals: {'; '.join(methods)}.")
    st.caption(f"Data version {facts['data_version']}, rules {facts['rule_version']}.")
