"""Lists of people for the program's own work: only where the server shows cases, and never in an export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from queries import catalog, disclosure
from queries.filters import Selection
from queries.warehouse import Warehouse

_ROOT = Path(__file__).parent


class CasesError(Exception):
    """Cases may not be shown here; the message says how to allow it."""


def no_contact_cases(warehouse: Warehouse, selection: Selection) -> pd.DataFrame:
    """Open episodes without an attended service for 7 days or more at the data cut-off, longest first.

    One row per episode with its ids, last service, ``days_without_contact`` and ``action``. Raises CasesError where
    the server does not show cases.
    """
    return _read_cases("retention/no_contact.cases.sql", warehouse, selection)


def patient_weeks(warehouse: Warehouse, selection: Selection) -> pd.DataFrame:
    """Weeks in care, the newest first: hours scheduled, attended, authorised and billed, ``reason`` and ``mismatches``.

    The eligible weeks, and those of them on target, are the denominator and numerator of weekly_target_attainment.
    Raises CasesError where the server does not show cases.
    """
    return _read_cases("intensity/patient_weeks.cases.sql", warehouse, selection)


def week_sessions(warehouse: Warehouse, episode_id: str, week_start: date) -> pd.DataFrame:
    """The sessions of one episode's week (a Monday), with the minutes that count and ``why``.

    Raises CasesError where the server does not show cases.
    """
    own = {"episode": episode_id, "week": week_start}
    return _read_cases("intensity/week_sessions.cases.sql", warehouse, Selection(()), own)


def require_cases(open_to_all: str) -> None:
    """Raise CasesError where the server does not show cases; ``open_to_all`` says what can be asked instead."""
    if not disclosure.may_see_cases():
        raise CasesError(
            "This server does not show individual cases. Where everybody who can open it may see patients, start it "
            f"with IOP_SHOW_CASES=yes; {open_to_all}"
        )


def _read_cases(
    file: str, warehouse: Warehouse, selection: Selection, own: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    require_cases("the counts are in `iop ask no_contact` and `iop ask weekly_target_attainment`.")
    return catalog.count(warehouse, catalog.read_measure(_ROOT / file), selection, own or {})
