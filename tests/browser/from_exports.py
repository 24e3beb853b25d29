"""Numbers computed from the sample's CSV files alone, to hold the pages against."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
ANALYSIS_CUT = date(2026, 8, 31)
"""30 days before the sample's data cut of 30 September 2026."""
CLINICAL = [
    "group", "individual", "family", "education", "medication_management", "peer", "case_management", "holistic",
    "visit",
]  # fmt: skip


@cache
def iop_sessions() -> pd.DataFrame:
    """Clinical sessions of IOP episodes up to the analysis cut, with site, program and attended share."""
    episodes = pd.read_csv(SAMPLE / "episodes.csv.gz", usecols=["episode_id", "site", "program", "level_of_care"])
    times = ["scheduled_start", "scheduled_end", "actual_start", "actual_end"]
    sessions = pd.read_csv(
        SAMPLE / "sessions.csv.gz", parse_dates=[*times, "session_date"], dtype={"billing_code": str}
    )
    sessions = sessions.merge(episodes[episodes["level_of_care"] == "IOP"], on="episode_id")
    in_scope = sessions["service_type"].isin(CLINICAL) & (sessions["session_date"].dt.date <= ANALYSIS_CUT)
    sessions = sessions[in_scope].copy()
    actual = sessions["actual_end"] - sessions["actual_start"]
    scheduled = sessions["scheduled_end"] - sessions["scheduled_start"]
    sessions["is_attended"] = sessions["status"] == "attended"
    sessions["is_partial"] = sessions["is_attended"] & (actual < 0.5 * scheduled)
    return sessions


def show_rate(**chosen: str) -> str:
    """INT-07 in the words of the page, over the sessions with the chosen site, program …"""
    sessions = iop_sessions()
    for column, value in chosen.items():
        sessions = sessions[sessions[column] == value]
    shown = int((sessions["is_attended"] & ~sessions["is_partial"]).sum())
    expected = int((sessions["is_attended"] | sessions["status"].isin(["no_show", "late_cancel"])).sum())
    return f"{100 * shown / expected:.1f} %"
