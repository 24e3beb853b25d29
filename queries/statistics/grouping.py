"""What separates one curve, rate or distribution from the next in the counts of a measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

KEYS = ("group_name", "category", "step", "period")
"""Columns of an answer that name a row; the rest are numbers."""


def present_keys(counts: pd.DataFrame, besides: Sequence[str] = ()) -> list[str]:
    """The naming columns that the counts have, leaving out those that the statistic itself uses."""
    return [key for key in KEYS if key in counts.columns and key not in besides]


def split_groups(counts: pd.DataFrame, besides: Sequence[str] = ()) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Each named part of the counts, in the order in which the SQL returned them."""
    keys = present_keys(counts, besides)
    if counts.empty:
        return
    if not keys:
        yield {}, counts
        return
    for values, part in counts.groupby(keys, sort=False, dropna=False):
        yield dict(zip(keys, values, strict=True)), part


def sum_or_zero(part: pd.DataFrame, column: str) -> float:
    """The sum of a column, 0 where the measure does not return it."""
    return float(part[column].sum()) if column in part.columns else 0.0


def build_rows(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of an answer from records; without records, an empty frame that still has the columns."""
    return pd.DataFrame(records) if records else pd.DataFrame(columns=[*KEYS, "statistic", "value"])
