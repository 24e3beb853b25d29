"""Stays, sessions and weeks computed from the sample's CSV files with pandas alone, as the definitions say.

Nothing here reads the warehouse: the measures are held against these numbers. Nobody in the sample comes back within a
day, so that an exported episode is a stay.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
DATA_CUT = pd.Timestamp("2026-09-30")
LAG = pd.Timedelta(days=30)
ANALYSIS_CUT = DATA_CUT - LAG
DAY = pd.Timedelta(days=1)
NOT_CLINICAL = ["mutual_help", "transport", "documentation", "specimen_collection"]
HEIGHT = {"OP": 1, "IOP": 2, "PHP": 3, "residential": 4, "withdrawal": 4, "inpatient": 5}
DATED_BY_DISCHARGE = ["completed", "transferred", "died"]


@cache
def table(name: str) -> pd.DataFrame:
    """One file of the sample, in its order, with its dates and times as such."""
    path = SAMPLE / f"{name}.csv.gz"
    times = [column for column in pd.read_csv(path, nrows=0) if column.endswith(("_date", "_start", "_end"))]
    # "none" is a value: only an empty field is missing.
    return pd.read_csv(path, parse_dates=times, low_memory=False, keep_default_na=False, na_values=[""])


@cache
def sessions() -> pd.DataFrame:
    """Clinical sessions up to the data cut with the minutes that count: at most the schedule's, overlaps once."""
    own = table("sessions")
    own = own[~own["service_type"].isin(NOT_CLINICAL) & (own["session_date"] <= DATA_CUT)].copy()
    own["patient_id"] = own["episode_id"].map(table("episodes").set_index("episode_id")["patient_id"])
    minute = pd.Timedelta(minutes=1)
    own["scheduled"] = (own["scheduled_end"] - own["scheduled_start"]) / minute
    own["actual"] = (own["actual_end"] - own["actual_start"]) / minute
    own["is_attended"] = own["status"] == "attended"
    own["is_partial"] = own["is_attended"] & (own["actual"] < 0.5 * own["scheduled"])

    timed = own[own["is_attended"] & own["actual"].notna()].copy()
    timed["begin"] = (timed["actual_start"] - pd.Timestamp("2020-01-01")) / minute
    timed["end"] = timed["begin"] + np.fmin(timed["actual"], timed["scheduled"])
    timed = timed.sort_values(["patient_id", "session_date", "begin"], kind="stable")
    of_a_day = [timed["patient_id"], timed["session_date"]]
    covered = timed.groupby(of_a_day)["end"].cummax().groupby(of_a_day).shift()
    own["minutes"] = 0.0
    own.loc[timed.index, "minutes"] = np.maximum(timed["end"] - np.fmax(timed["begin"], covered), 0)
    return own


@cache
def stays() -> pd.DataFrame:
    """One row an episode: day 0, exit and its cause at the analysis cut, what was attended by then, and what was paid.

    ``paid`` is empty where a cost line has another basis, or there is none.
    """
    own = table("episodes").set_index("episode_id", drop=False)
    came = sessions()[sessions()["is_attended"]]
    seen = came.groupby("episode_id")["session_date"].agg(["min", "max"]).reindex(own.index)
    own["day_zero"], own["last_seen"] = seen["min"], seen["max"]
    own["is_started"] = own["day_zero"] <= ANALYSIS_CUT
    is_dated = own["discharge_reason"].isin(DATED_BY_DISCHARGE)
    own["exit_date"] = own["discharge_date"].where(is_dated, own["last_seen"])
    own["cause"] = [_cause(row) if row.is_started else None for row in own.itertuples()]
    own["is_closed"] = own["is_started"] & (own["cause"] != "open")
    own["days"] = (own["exit_date"].where(own["is_closed"], ANALYSIS_CUT) - own["day_zero"]) / DAY
    own["open_until"] = [_open_until(row) for row in own.itertuples()]
    counted = came[came["session_date"] <= ANALYSIS_CUT].groupby("episode_id")
    own["sessions"] = counted.size().reindex(own.index).fillna(0)
    own["hours"] = counted["minutes"].sum().reindex(own.index).fillna(0) / 60
    own["age"] = [
        _age(born, row)
        for born, row in zip(
            own["patient_id"].map(table("patients").set_index("patient_id")["birth_date"]),
            own.itertuples(),
            strict=True,
        )
    ]
    lines = table("costs").groupby("episode_id").agg({"amount": "sum", "basis": set})
    own["paid"] = lines["amount"].where(lines["basis"] == {"paid"}).reindex(own.index)
    own["severity"] = own[[f"asam_dimension_{number}" for number in range(1, 7)]].sum(axis=1, skipna=False)
    return own


def _cause(row: Any) -> str:
    """success, dropout, other, unknown or open, at the analysis cut."""
    if row.exit_date > ANALYSIS_CUT:
        return "open"
    if pd.isna(row.discharge_date):
        return "dropout" if row.last_seen + LAG <= DATA_CUT else "open"
    if row.discharge_reason == "transferred":
        return "success" if HEIGHT.get(row.discharge_to, 9) < HEIGHT[row.level_of_care] else "other"
    if pd.isna(row.discharge_reason) or row.discharge_reason == "unknown":
        return "unknown"
    causes = {"completed": "success", "dropped_out": "dropout", "terminated": "dropout"}
    return causes.get(row.discharge_reason, "other")


def _open_until(row: Any) -> pd.Timestamp:
    """Last day on which weeks are expected: the discharge, or the planned end within the no-contact limit."""
    if row.discharge_reason in DATED_BY_DISCHARGE:
        return min(row.discharge_date, ANALYSIS_CUT)
    limit = row.last_seen + LAG
    if not pd.isna(row.planned_days):
        limit = min(limit, max(row.day_zero + (row.planned_days - 1) * DAY, row.last_seen))
    return min(limit, ANALYSIS_CUT)


def _age(born: pd.Timestamp, row: Any) -> float:
    """Completed years on day 0, or at the admission of people who never came."""
    day = row.admission_date if pd.isna(row.day_zero) else row.day_zero
    if pd.isna(born):
        return row.age_at_admission
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@cache
def weeks() -> pd.DataFrame:
    """One row a whole Monday-to-Sunday week in care, also those without a service, with its hours and target."""
    rows = []
    for row in stays()[stays()["is_started"]].itertuples():
        monday = row.day_zero + (-row.day_zero.weekday() % 7) * DAY
        while monday + 6 * DAY <= row.open_until:
            rows.append((row.Index, row.patient_id, monday, 6.0 if row.age < 18 else 9.0))
            monday += 7 * DAY
    own = pd.DataFrame(rows, columns=["episode_id", "patient_id", "monday", "target"])
    came = sessions()[sessions()["session_date"] <= ANALYSIS_CUT]
    monday = came["session_date"] - pd.to_timedelta(came["session_date"].dt.day_of_week, unit="D")
    minutes = came["minutes"].groupby([came["episode_id"], monday]).sum()
    # Whole minutes add up exactly: hours would miss a target of 9 by rounding.
    own["hours"] = minutes.reindex(pd.MultiIndex.from_frame(own[["episode_id", "monday"]])).fillna(0).to_numpy() / 60
    return own
