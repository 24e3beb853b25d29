"""The checks of a load written in pandas, as somebody without this product would: the second yardstick."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl import contract
from etl.contract import Column, Table

DATA_CUT = pd.Timestamp("2026-09-30")
HIGHEST_SCORE = {
    "PHQ-9": 27, "GAD-7": 21, "BAM-Use": 12, "BAM-Risk": 24, "BAM-Protective": 24, "CES-D": 60, "PCL-5": 80,
    "AUDIT": 40, "AUDIT-C": 12, "DAST-10": 10, "WHO-5": 100, "COWS": 48, "BDI": 63, "C-SSRS": 6,
}  # fmt: skip
HIGHEST_SCORE_BAM_R = {"BAM-Use": 90, "BAM-Risk": 180, "BAM-Protective": 180}
DEFAULT_LIMITS = {
    "date": ("1900-01-01", "2100-12-31"), "timestamp": ("1990-01-01", "2100-12-31"),
}  # fmt: skip
TRUTH = dict.fromkeys(("true", "t", "1", "yes", "y"), True) | dict.fromkeys(("false", "f", "0", "no", "n"), False)


def check_with_pandas(data: Path) -> dict[str, pd.DataFrame]:
    """Read every table as text, type it, apply the contract's rules; returns the rows that hold, by table."""
    kept: dict[str, pd.DataFrame] = {}
    for name, table in contract.tables().items():
        path = data / f"{name}.csv"
        if not path.is_file():
            continue
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")
        text = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        kept[name] = good_rows(table, text, kept)
    return kept


def good_rows(table: Table, text: pd.DataFrame, parents: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The typed rows that break no rule of the contract."""
    frame = pd.DataFrame({column.name: typed(column, text[column.name]) for column in table.columns})
    is_good = pd.Series(True, index=frame.index)
    for column in table.columns:
        is_good &= column_holds(column, frame[column.name], text[column.name])
        if column.references:
            parent, key = column.references.split(".")
            is_good &= frame[column.name].isna() | frame[column.name].isin(parents[parent][key])
    is_good &= row_rules_hold(table.name, frame)
    good = frame[is_good]
    return good[~good.duplicated(list(table.key))]


def typed(column: Column, text: pd.Series) -> pd.Series:
    """A text column in its type; what cannot be read is missing."""
    if column.type == "date":
        return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if column.type == "timestamp":
        return pd.to_datetime(text, format="%Y-%m-%d %H:%M", errors="coerce")
    if column.type == "integer":
        return pd.to_numeric(text.where(text.str.fullmatch(r"[+-]?\d+", na=False)), errors="coerce")
    if column.type.startswith("decimal"):
        places = int(column.type.removesuffix(")").split(",")[1])
        form = rf"[+-]?\d+(?:\.\d{{0,{places}}}0*)?"
        return pd.to_numeric(text.where(text.str.fullmatch(form, na=False)), errors="coerce")
    if column.type == "number":
        numbers = pd.to_numeric(text, errors="coerce")
        return numbers.where(np.isfinite(numbers))
    if column.type == "boolean":
        return text.str.lower().map(TRUTH)
    return text


def column_holds(column: Column, values: pd.Series, text: pd.Series) -> pd.Series:
    """Required, readable, allowed and within its range, row by row."""
    holds = values.notna() | (text.isna() & (not column.required))
    if column.allowed:
        holds &= values.isna() | values.isin(column.allowed)
    default_low, default_high = DEFAULT_LIMITS.get(column.type, (None, None))
    low = column.min if column.min is not None else default_low
    high = column.max if column.max is not None else default_high
    if low is not None:
        holds &= values.isna() | (values >= bound(column, low))
    if high is not None:
        holds &= values.isna() | (values <= bound(column, high))
    return holds


def bound(column: Column, limit: Any) -> Any:
    """A limit as the column's values are."""
    if column.type in ("date", "timestamp"):
        return DATA_CUT if limit == "data_cut" else pd.Timestamp(limit)
    return limit


def row_rules_hold(name: str, rows: pd.DataFrame) -> pd.Series:
    """The rules between columns of one row."""
    holds = pd.Series(True, index=rows.index)
    if name == "episodes":
        holds &= ~(rows.discharge_date < rows.admission_date)
        holds &= rows.discharge_reason.isna() | rows.discharge_date.notna()
    elif name == "requests":
        holds &= ~(rows.assessed_date < rows.requested_date)
    elif name == "sessions":
        scheduled, actual = rows.scheduled_end - rows.scheduled_start, rows.actual_end - rows.actual_start
        holds &= ~(scheduled <= timedelta(0)) & ~(actual <= timedelta(0))
        holds &= ~(actual.fillna(scheduled) > timedelta(hours=16))
        start = rows.actual_start.fillna(rows.scheduled_start).dt.normalize()
        holds &= start.isna() | (start == rows.session_date)
        holds &= (rows.status != "attended") | (rows.session_date <= DATA_CUT)
    elif name == "assessments":
        highest = rows.instrument.map(HIGHEST_SCORE).mask(
            rows.instrument_version == "BAM-R", rows.instrument.map(HIGHEST_SCORE | HIGHEST_SCORE_BAM_R)
        )
        holds &= rows.score.isna() | ((rows.score >= 0) & ~(rows.score > highest))
    elif name == "use_events":
        holds &= ~(rows.days_used > rows.window_days)
    elif name == "satisfaction":
        low, high = (
            rows.scale.map({"CSQ-8": 8}).fillna(0),
            rows.scale.map({"CSQ-8": 32, "overall_0_10": 10}).fillna(100),
        )
        holds &= rows.score.isna() | ((rows.score >= low) & (rows.score <= high))
    elif name == "authorizations":
        holds &= rows.end_date >= rows.start_date
    return holds
