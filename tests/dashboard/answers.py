"""Answers with rows given by hand, for what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from queries import catalog
from queries.answer import Answer, shape
from queries.warehouse import Warehouse


def answer_of(clinic: Warehouse, measure: str, *records: dict[str, object], **changes: object) -> Answer:
    """An answer with rows given by hand, for a measure of the catalogue with some facts changed."""
    answer = catalog.ask(clinic, measure)
    frame = shape(pd.DataFrame([{"statistic": "share", "denominator": 100} | record for record in records]))
    return replace(answer, frame=frame, measure=replace(answer.measure, **changes))
