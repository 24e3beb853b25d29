"""The instruments as they are scored here: cut-offs and thresholds, where they are from and which are from memory."""

from __future__ import annotations

import pandas as pd

from queries.warehouse import Warehouse


def read_instruments(warehouse: Warehouse) -> pd.DataFrame:
    """One row per instrument, by name; ``is_from_memory`` marks numbers to be verified before they are quoted."""
    return (
        warehouse.cursor()
        .execute(
            """
            select
              instrument, label, minimum, maximum, caseness, caseness_is, reliable_change, reliable_change_stricter,
              remission_below, is_change_measure, source, is_from_memory, is_own
            from mart.instrument
            order by instrument
            """
        )
        .df()
    )
