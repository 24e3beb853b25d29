"""The trial's persons as counted rows, for tests of curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from queries.statistics.survival import Curve, kaplan_meier

ORACLE = Path(__file__).parent.parent / "oracle"

TRIAL = {
    "ctn27_lastcontact": ("lc_time", "lc_event"),
    "ctn27_gap28": ("gap_time", "gap_event"),
    "ctn27_lastdose": ("dose_time", "dose_event"),
}

ARMS = ("Methadone", "Outpatient BUP")


def count(group, time, event, **columns) -> pd.DataFrame:
    """One row a person; event is 1 or 0 (censored)."""
    event = np.asarray(event, dtype=int)
    return pd.DataFrame({"group_name": group, "step": time, "events": event, "censored": 1 - event} | columns)


def trial_counts(label: str) -> pd.DataFrame:
    time, event = TRIAL[label]
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    return count(episodes["treatment"], episodes[time], episodes[event], person_id=episodes["who"])


def curve_of(people: pd.DataFrame, time: str = "ttr", event: str = "relapse") -> Curve:
    return kaplan_meier(people[time].to_numpy(), people[event].to_numpy(), 1 - people[event].to_numpy())
