"""Lists of people for the program's own work: only where the server shows cases, and never in an export."""

from __future__ import annotations

from pathlib import Path

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


def _read_cases(file: str, warehouse: Warehouse, selection: Selection) -> pd.DataFrame:
    if not disclosure.may_see_cases():
        raise CasesError(
            "This server does not show individual cases. Where everybody who can open it may see patients, start it "
            "with IOP_SHOW_CASES=yes; the counts are in `iop ask no_contact`."
        )
    return catalog.count(warehouse, catalog.read_measure(_ROOT / file), selection, {})
