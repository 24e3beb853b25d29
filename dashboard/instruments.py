"""The table of instruments on the Measures page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.benchmark import verified
from queries.instruments import read_instruments
from queries.warehouse import Warehouse


def show_instruments(warehouse: Warehouse) -> None:
    """Range, cut-off and change thresholds of each instrument; what is from memory says so in words."""
    st.subheader("Instruments")
    st.caption(
        "Cut-offs and thresholds of the outcome measures. A clinic sets its own in `instruments.csv`. "
        "AUDIT, AUDIT-C and DAST-10 are for the start only, the C-SSRS is never averaged, the BAM has no total."
    )
    table = describe_instruments(read_instruments(warehouse))
    st.dataframe(
        table, hide_index=True, width="stretch", column_config={"Source": st.column_config.TextColumn(width="large")}
    )


def describe_instruments(instruments: pd.DataFrame) -> pd.DataFrame:
    """The instruments as people read them, one row each."""
    rows = []
    for entry in instruments.to_dict("records"):
        case = {"at_least": "{} or more", "at_most": "{} or less"}.get(entry["caseness_is"] or "", "")
        changes = [entry["reliable_change"], entry["reliable_change_stricter"]]
        rows.append(
            {
                "Instrument": entry["instrument"],
                "Measures": entry["label"],
                "Range": f"{entry['minimum']}–{entry['maximum']}",
                "A case": case.format(points(entry["caseness"])) if pd.notna(entry["caseness"]) else "–",
                "Reliable change": " or ".join(points(change) for change in changes if pd.notna(change)) or "–",
                "Remission": f"below {points(entry['remission_below'])}" if pd.notna(entry["remission_below"]) else "–",
                "Before and after": "yes" if entry["is_change_measure"] else "no",
                "Verified": "from memory: verify" if entry["is_from_memory"] else "as published",
                "Source": verified(entry["source"]),
            }
        )
    return pd.DataFrame(rows)


def points(value: float) -> str:
    """A score without needless decimals."""
    return f"{value:g}"
