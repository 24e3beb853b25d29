"""Results of the headline measures for chosen stays, computed from the sample's CSV files with pandas and numpy alone.

Every function takes the rows of ``exported_care.stays`` that a filter leaves and returns numbers, not answers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.stats

from tests.sample_truths.exported_care import ANALYSIS_CUT, DAY, HEIGHT, sessions, stays, table, weeks

RELIABLE_CHANGE = {"PHQ-9": 6, "GAD-7": 4}


def of(chosen: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to the chosen stays."""
    return rows[rows["episode_id"].isin(chosen.index)]


def weekly_hours(chosen: pd.DataFrame, first: str = "2000-01-01", last: str = "2100-01-01") -> pd.DataFrame:
    """INT-01 and INT-02: the whole weeks in care whose Monday lies between the days."""
    own = of(chosen, weeks())
    return own[own["monday"].between(first, last)]


def attendance(chosen: pd.DataFrame, first: str = "2000-01-01", last: str = "2100-01-01") -> pd.DataFrame:
    """INT-07: by person, the sessions shown, and those and the ones attended in part, missed or cancelled late.

    Of the months whose first day lies between the days.
    """
    own = of(chosen, sessions())
    month = own["session_date"].dt.to_period("M").dt.start_time
    own = own[(own["session_date"] <= ANALYSIS_CUT) & month.between(first, last)]
    is_shown = own["is_attended"] & ~own["is_partial"]
    is_expected = own["is_attended"] | own["status"].isin(["no_show", "late_cancel"])
    by_person = pd.DataFrame({"shown": is_shown, "expected": is_expected}).groupby(own["patient_id"]).sum()
    return by_person[by_person["expected"] > 0]


def clustered_interval(y: pd.Series, n: pd.Series) -> tuple[float, float]:
    """95 % interval of Σy/Σn over persons, by the residuals themselves."""
    ratio, clusters = y.sum() / n.sum(), len(y)
    variance = clusters / (clusters - 1) * ((y - ratio * n) ** 2).sum() / n.sum() ** 2
    half = scipy.stats.t.ppf(0.975, clusters - 1) * np.sqrt(variance)
    return ratio - half, ratio + half


def incidence(chosen: pd.DataFrame, causes: list[str], day: int) -> float:
    """Aalen–Johansen: of those who started, the share that left by these causes up to and including the day."""
    started = chosen[chosen["is_started"]]
    still_in, left = 1.0, 0.0
    for time in sorted(started.loc[started["is_closed"] & (started["days"] <= day), "days"].unique()):
        at_risk = (started["days"] >= time).sum()
        out = started[started["is_closed"] & (started["days"] == time)]
        left += still_in * out["cause"].isin(causes).sum() / at_risk
        still_in *= 1 - len(out) / at_risk
    return left


def completion(chosen: pd.DataFrame) -> tuple[int, int]:
    """RET-11: completed, of closed episodes."""
    closed = chosen[chosen["is_closed"]]
    return int((closed["discharge_reason"] == "completed").sum()), len(closed)


def early_dropout(chosen: pd.DataFrame) -> tuple[int, int]:
    """RET-07: left without success before the fourth session, of those who could be followed for 30 days."""
    followed = chosen[chosen["is_started"] & (chosen["day_zero"] + 30 * DAY <= ANALYSIS_CUT)]
    is_early = followed["is_closed"] & (followed["cause"] != "success") & (followed["sessions"] < 4)
    return int(is_early.sum()), len(followed)


def reliable_change(chosen: pd.DataFrame, instrument: str) -> dict[str, int]:
    """OUT-03 and OUT-04: of those due for a second score, how many have one, and are better or worse by enough."""
    scores = of(chosen, table("assessments"))
    scores = scores[(scores["instrument"] == instrument) & scores["score"].notna()]
    scores = scores.join(chosen[["day_zero", "exit_date", "is_closed", "is_started"]], on="episode_id")
    day = scores["assessed_date"]
    in_care = ~scores["timepoint"].str.startswith("followup") & (day <= ANALYSIS_CUT)
    in_care &= ~scores["is_closed"] | (day <= scores["exit_date"] + 14 * DAY)
    scores = scores[in_care & scores["is_started"]].sort_values(["assessed_date", "assessment_id"])
    window = scores["assessed_date"].between(scores["day_zero"] - 30 * DAY, scores["day_zero"] + 14 * DAY)
    first = scores[window & scores["timepoint"].isin(["intake", "week"])].groupby("episode_id").nth(0)
    first = first.set_index("episode_id")
    later = scores[scores["assessed_date"] > scores["episode_id"].map(first["assessed_date"])]
    latest = later.groupby("episode_id").nth(-1).set_index("episode_id")["score"]
    due = first[first["is_closed"] | (first["day_zero"] + 28 * DAY <= ANALYSIS_CUT)]
    better = due["score"] - latest.reindex(due.index)
    threshold = RELIABLE_CHANGE[instrument]
    return {
        "due": len(due),
        "seen": int(better.notna().sum()),
        "improved": int((better >= threshold).sum()),
        "deteriorated": int((better <= -threshold).sum()),
        "paid": float(chosen["paid"].reindex(due.index[due["is_closed"]]).sum()),
        "paid_improved": int((better[due["is_closed"] & chosen["paid"].reindex(due.index).notna()] >= threshold).sum()),
    }


def urine(chosen: pd.DataFrame) -> pd.DataFrame:
    """UDS-1 and UDS-2: the specimens of the chosen stays up to the last expected day, one row each."""
    tests = of(chosen, table("toxicology"))
    tests = tests.join(chosen[["day_zero", "open_until"]], on="episode_id")
    tests = tests[tests["specimen_date"].between(tests["day_zero"], tests["open_until"])]
    is_prescribed = tests["is_prescribed"].fillna(False).astype(bool)
    tests = tests.assign(
        is_positive=(tests["result"] == "positive") & ~is_prescribed,
        is_result=tests["result"].isin(["positive", "negative"]),
        is_unsettled=tests["result"].isin(["invalid", "dilute", "pending"]),
        is_expected=tests["is_expected"].fillna(False).astype(bool),
        is_collected=tests["result"] != "not_collected",
    )
    flags = ["is_positive", "is_result", "is_unsettled", "is_expected", "is_collected"]
    whole = tests.groupby(["patient_id", "specimen_id"])[flags].any().reset_index()
    whole["is_valid"] = whole["is_positive"] | (whole["is_result"] & ~whole["is_unsettled"])
    return whole


def words(chosen: pd.DataFrame) -> pd.Series:
    """RLP-1: a letter a week from day 0 on, of those who had ended; a short last week only where something is known."""
    closed = chosen[chosen["is_closed"]]
    tests = of(closed, table("toxicology"))
    tests = tests[tests["result"] != "not_collected"]
    is_prescribed = tests["is_prescribed"].fillna(False).astype(bool)
    tested = pd.DataFrame(
        {
            "episode_id": tests["episode_id"],
            "date": tests["specimen_date"],
            "use": (tests["result"] == "positive") & ~is_prescribed,
            "none": tests["result"].isin(["positive", "negative"]),
            "unsettled": tests["result"].isin(["invalid", "dilute", "pending"]),
        }
    )
    reports = of(closed, table("use_events"))
    reports = reports[reports["window_days"] <= 7]
    is_use = (reports["substance"] != "none") & (reports["days_used"] > 0)
    reported = pd.DataFrame(
        {
            "episode_id": reports["episode_id"],
            "date": reports["event_date"] - (reports["window_days"] // 2) * DAY,
            "use": is_use,
            "none": (reports["report_source"] == "self_report") & ~is_use,
            "unsettled": False,
        }
    )
    known = pd.concat([tested, reported]).join(closed[["day_zero", "open_until"]], on="episode_id")
    known = known[known["date"].between(known["day_zero"], known["open_until"])]
    known["week"] = (known["date"] - known["day_zero"]) // (7 * DAY)
    letters = known.groupby(["episode_id", "week"])[["use", "none", "unsettled"]].any()
    letter = np.select([letters["use"], letters["none"], letters["unsettled"]], ["+", "-", "*"], "o")
    found = dict(zip(letters.index, letter, strict=True))
    said = {}
    for row in closed.itertuples():
        last = (row.open_until - row.day_zero) // DAY
        word = [found.get((row.Index, week), "o") for week in range(last // 7 + 1)]
        if word[-1] == "o" and (last + 1) % 7:
            word.pop()
        if word and (row.program != "MH" or set(word) != {"o"}):
            said[row.Index] = "".join(word)
    return pd.Series(said, dtype=object)


def costs(chosen: pd.DataFrame) -> pd.DataFrame:
    """CST-01, 03 and 04: closed stays whose cost lines are all paid amounts, with those of a step up within 30 days."""
    closed = chosen[chosen["is_closed"] & chosen["paid"].notna()].copy()
    transferred = closed[closed["discharge_reason"].isin(["completed", "transferred"])]
    later = stays().reset_index(drop=True)
    extra = {}
    for row in transferred.itertuples():
        if HEIGHT.get(row.discharge_to, 0) > HEIGHT[row.level_of_care]:
            gap = (later["admission_date"] - row.exit_date) / DAY
            is_next = (later["patient_id"] == row.patient_id) & (later["level_of_care"] == row.discharge_to)
            extra[row.Index] = later.loc[is_next & gap.between(0, 30) & (later["episode_id"] != row.Index)]
    added = pd.Series({key: next_stays["paid"].sum() for key, next_stays in extra.items()}, dtype=float)
    closed["with_step_up"] = closed["paid"] + added.reindex(closed.index).fillna(0)
    open_ends = [
        key for key, next_stays in extra.items() if not (next_stays["is_closed"] & next_stays["paid"].notna()).all()
    ]
    return closed.assign(is_whole=~closed.index.isin(open_ends))
