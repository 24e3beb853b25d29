"""Reads the results that R computed from the same trial; tests/oracle/README.md says what each file holds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse

FOLDER = Path(__file__).parents[1] / "oracle"


def oracle(name: str) -> pd.DataFrame:
    """One oracle file, with the arm as the warehouse names it in ``arm`` where the file has a group of the trial."""
    frame = pd.read_csv(FOLDER / f"{name}.csv")
    if "group" in frame.columns:
        frame["arm"] = frame["group"].str.removeprefix("27: ")
    return frame


def rows(warehouse: Warehouse, sql: str) -> pd.DataFrame:
    """Rows of the warehouse; people have their number in the trial as ``who``."""
    return warehouse.cursor().execute(sql).df()


def answer(warehouse: Warehouse, name: str, *, by: str | None = "arm", **parameters: object) -> pd.DataFrame:
    """The exact answer of the catalogue over the whole trial, which is outpatient care and not an IOP."""
    selection = select({"level_of_care": []}, by=by)
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), selection, parameters).frame
