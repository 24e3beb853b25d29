"""Categories in two levels, such as "commercial: IOP episode" or "residential, high severity (paid)"."""

from __future__ import annotations

import re

import pandas as pd

WHOLE = "all"
_NAME = re.compile(r"^(?P<outer>[^,:(]+?)(?:[,:] (?P<inner>[^(]+?))?(?: \((?P<basis>[^)]+)\))?$")


def nest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their category split: columns ``outer``, ``inner`` ("all" where there is none) and ``basis``."""
    parts = rows["category"].astype(str).str.extract(_NAME)
    return rows.assign(outer=parts["outer"], inner=parts["inner"].fillna(WHOLE), basis=parts["basis"].fillna(""))
