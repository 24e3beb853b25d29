"""The checks of a load written in pandas, as somebody without this product would: the second yardstick."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pandas as pd

from etl import contract
from etl.contract import Column, Table

DATA_CUT = pd.Timestamp("2026-09-30")
HIGHEST_SCORE = {
    "PHQ-9": 27, "GAD-7": 21, "BAM-Use": 12, "BAM-Risk": 24, "BAM-Protective": 24, "CES-D": 60, "PCL-5": 80,
    "AUDIT": 40, "AUDIT-C": 12, "DAST-10": 10, "WHO-5": 100, "COWS": 48, "BDI": 63, "C-SSRS": 6,
}  # fmt: skip


def check_with_pandas(data: Path) -> int:
    """Read every table as text, type it, apply the contract's rules; returns the rows that hold."""
    kept: dict[str, pd.DataFrame] = {}
    for name, table in contract.tables().items():
        path = data / f"{name}.csv"
        if not path.is_file():
            continue
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")
        text = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        kept[name] = good_rows(table, text, kept)
    return sum(len(frame) for frame in kept.values())


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
    is_good &= ~frame.duplicated(list(table.key))
    return frame[is_good]


def typed(column: Column, text: pd.Series) -> pd.Series:
    """A text column in its type; what cannot be read is missing."""
    if column.type == "date":
        return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if column.type == "timestamp":
        return pd.to_datetime(text, format="%Y-%m-%d %H:%M", errors="coerce")
    if column.type in ("integer", "number") or column.type.startswith("decimal"):
        return pd.to_numeric(text, errors="coerce")
    if column.type == "boolean":
        return text.str.lower().map({"true": True, "false": False, "1": True, "0": False})
    return text


def column_holds(column: Column, values: pd.Series, text: pd.Series) -> pd.Series:
    """Required, readable, allowed and within its range, row by row."""
    holds = values.notna() | (text.isna() & (not column.required))
    if column.allowed:
        holds &= values.isna() | values.isin(column.allowed)
    for limit, is_low in ((column.min, True), (column.max, False)):
        if limit is not None:
            bound = DATA_CUT if limit == "data_cut" else pd.Timestamp(limit) if column.type == "date" else limit
            holds &= values.isna() | (values >= bound if is_low else values <= bound)
    return holds


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
        holds &= rows.score.isna() | ((rows.score >= 0) & ~(rows.score > rows.instrument.map(HIGHEST_SCORE)))
    elif name == "use_events":
        holds &= ~(rows.days_used > rows.window_days)
    elif name == "authorizations":
        holds &= rows.end_date >= rows.start_date
    return holds
