"""Cards of the quality review: a sentence, a chart, what its limits mean, definition, table and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.basis import describe_basis, describe_points
from dashboard.containment import contained
from dashboard.footer import show_footer
from dashboard.table import csv_of_rows, file_name
from queries.answer import Answer

HELP = "Every point with limits, rule, baseline, filters and data version; hidden numbers are empty"


@dataclass(frozen=True)
class Evidence:
    """What a chart stands on: the answer, its points and what they are, its table and the rows of its CSV."""

    answer: Answer
    points: pd.DataFrame
    hidden: int
    thing: str
    table: pd.DataFrame
    rows: pd.DataFrame
    file: str


@contextmanager
def card(key: str, question: str) -> Iterator[None]:
    """A frame of its own; whatever goes wrong stays inside."""
    with st.container(border=True, key=f"card-{key}"):
        st.markdown(f"#### {question}")
        with contained(key, "shown"):
            yield


def show_evidence(evidence: Evidence, key: str) -> None:
    """The line under the chart, then definition, table and CSV."""
    answer = evidence.answer
    numbers = describe_points(answer, evidence.points, evidence.hidden, evidence.thing)
    st.caption(f"{describe_basis(answer, numbers)}. {answer.selection.describe()}.")
    show_footer(
        answer,
        key,
        table=evidence.table,
        content=csv_of_rows(evidence.rows),
        file=file_name(answer, evidence.file),
        explained=HELP,
    )
