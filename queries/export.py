"""Turns answers and tables into what people take away: rows with provenance, and CSV that a spreadsheet may open."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from queries.answer import Answer

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_with_provenance(answer: Answer) -> pd.DataFrame:
    """The answer's rows, each with the measure, population, cut-offs and versions that it belongs to."""
    frame = answer.frame.copy()
    for name, value in answer.provenance().items():
        frame[name] = value
    return frame


def safe_csv(frame: pd.DataFrame) -> str:
    """The frame as CSV in which no text begins a formula: ``=1+1`` is written ``'=1+1``. Numbers stay numbers."""
    safe = frame.copy()
    for name in safe.columns:
        if not (pd.api.types.is_numeric_dtype(safe[name]) or pd.api.types.is_datetime64_any_dtype(safe[name])):
            safe[name] = safe[name].map(_disarm)
    safe.columns = pd.Index([_disarm(str(name)) for name in safe.columns])
    return safe.to_csv(index=False, lineterminator="\n")


def _disarm(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell


def to_json(content: Any) -> str:
    """JSON with every digit of every number; missing values are null, dates are text as 2026-01-31."""
    return json.dumps(_plain(content), indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return [_plain(row) for row in value.to_dict("records")]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime(value.year, value.month, value.day) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, str | int | bool) else str(value)
