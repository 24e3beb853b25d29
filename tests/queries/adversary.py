"""Somebody who tries to work out counts of 1 to 10 from what an answer shows, knowing how it was computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from queries.answer import Answer

SETS = {"share", "share_at_target", "missing_is_worst", "complete_case", "lower_bound", "upper_bound"}
CURVES = {"survival", "cumulative_incidence"}


def small(count: float) -> bool:
    return 0.001 < abs(count) < 10.999


def numbers(rows: pd.DataFrame) -> pd.DataFrame:
    wanted = ["value", "lower", "upper", "numerator", "denominator", "missing_n"]
    plain = rows.assign(**{name: rows[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in wanted})
    return plain.reset_index(drop=True)


def given_away(answer: Answer, exact: Answer) -> Iterator[str]:
    """What a reader of the answer can work out of it; ``exact`` only tells which sums are true."""
    measure, seen, true = answer.measure, numbers(answer.frame), numbers(exact.frame)
    visible = seen[~answer.frame["is_suppressed"].to_numpy(bool)]
    yield from read_off(visible, measure.unit)
    is_nested = bool(measure.options.get("nested"))
    points = visible[~visible["statistic"].isin(CURVES)]
    in_sets = points if is_nested else points[points["statistic"].isin(SETS)]
    for rows in several(in_sets, ["group_name", "step", "period"] + ([] if is_nested else ["category"])):
        yield from subtracted(rows)
    for rows in several(points, ["group_name", "category", "step", "period"]):
        for name in ("denominator", "missing_n"):
            yield from apart(rows[name], f"{name} of two statistics of the same people")
        yield from beside_follow_up(rows)
    if measure.partition:
        yield from left_over(seen, true)
    if seen["statistic"].isin(CURVES).any():
        for (group, _), rows in seen.groupby(["group_name", "period"], dropna=False):
            yield from between_steps(rows, true.loc[rows.index], str(group))
    yield from with_many_digits(visible)
    if population := list(measure.options.get("nested_steps", ())):
        for _, rows in points.groupby(["group_name", "category", "statistic"], dropna=False):
            yield from apart(rows.sort_values("step")[population].sum(axis=1, skipna=False), "people from step to step")
    if measure.options.get("of_points"):
        yield from (f"{points_in_all} points" for points_in_all in points["value"] * points["denominator"]
                    if small(points_in_all))  # fmt: skip


def with_many_digits(rows: pd.DataFrame) -> Iterator[str]:
    """Tests and differences of curves that a reader could try tables of exits against, until one gives all digits."""
    for row in rows[rows["statistic"].isin(["p_value", "chi_square", "difference"])].itertuples():
        if row.denominator < 22:
            yield f"{row.statistic} of {row.denominator} people"
        if row.statistic == "difference":
            yield from (f"difference {x}" for x in (row.value, row.lower, row.upper) if abs(x - round(x, 1)) > 1e-9)
        elif not np.isnan(row.value) and row.value != float(f"{row.value:.1e}"):
            yield f"{row.statistic} {row.value}"


def several(rows: pd.DataFrame, keys: list[str]) -> Iterator[pd.DataFrame]:
    """Groups of two rows or more."""
    for _, part in rows[rows.duplicated(keys, keep=False)].groupby(keys, dropna=False):
        yield part


def read_off(rows: pd.DataFrame, unit: str) -> Iterator[str]:
    for row in rows.itertuples():
        is_share = unit == "share" or row.statistic in SETS
        counts = {"n": row.denominator, "missing n": row.missing_n}
        if is_share:
            counts["count"] = row.numerator
            if row.statistic not in CURVES:
                counts["the others"] = row.denominator - row.numerator
        if unit == "count" or row.statistic == "count":
            counts["value"] = row.value
        yield from (f"{name} {count}" for name, count in counts.items() if small(count))


def subtracted(rows: pd.DataFrame) -> Iterator[str]:
    yield from apart(rows["numerator"], "counts of one set")
    yield from apart(rows["denominator"], "n of one set")
    yield from apart(rows["denominator"] - rows["numerator"], "others of one set")


def beside_follow_up(rows: pd.DataFrame) -> Iterator[str]:
    """What the number of people with a result and one other reading of the missing give together."""
    readings = {row.statistic: row for row in rows.itertuples()}
    if (followed := readings.get("follow_up")) is None or np.isnan(followed.numerator):
        return
    missing = followed.denominator - followed.numerator
    for statistic, counted in (("lower_bound", 0), ("complete_case", 0), ("upper_bound", missing)):
        row = readings.get(statistic)
        if row is None or np.isnan(row.numerator):
            continue
        events = row.numerator - counted
        found = {"events": events, "others": followed.numerator - events}
        if statistic == "complete_case":
            found = {"known in part": row.denominator - followed.numerator}
        yield from (f"{statistic} beside the follow-up: {count} {name}" for name, count in found.items()
                    if small(count))  # fmt: skip


def apart(counts: pd.Series, what: str) -> Iterator[str]:
    for one, other in combinations(counts.dropna(), 2):
        if small(one - other):
            yield f"{what}: {one} and {other}"


def left_over(seen: pd.DataFrame, true: pd.DataFrame) -> Iterator[str]:
    """What the shown parts leave of a whole."""
    rows = seen[~seen["statistic"].isin(CURVES)]
    for part in several(rows, ["group_name", "statistic", "step", "period"]):
        whole, shown = true.loc[part.index, "numerator"].sum(), part["numerator"].sum()
        is_whole_known = (part["denominator"] - whole).abs().min() < 0.001
        if is_whole_known and small(whole - shown):
            yield f"parts leave {whole - shown}"


def between_steps(seen: pd.DataFrame, true: pd.DataFrame, group: str) -> Iterator[str]:
    for category, rows in seen[seen["statistic"] == "survival"].groupby("category"):
        yield from (f"{group} {category}: {found}" for found in of_survival(rows, true.loc[rows.index]))
    incidence = seen[seen["statistic"] == "cumulative_incidence"]
    for category, rows in incidence.groupby("category"):
        shown = rows.dropna(subset=["numerator"]).sort_values("step")["numerator"]
        if (np.diff(true.loc[rows.index].sort_values("step")["numerator"]) >= 0).all():
            yield from (f"{group} {category}: {n} left" for n in np.diff([0, *shown]) if small(n))
    totals = seen.loc[~seen["statistic"].isin(CURVES), "missing_n"].dropna()
    for missing in seen.loc[seen["statistic"].isin(CURVES), "missing_n"].dropna():
        yield from (f"{group}: {total - missing} censored later" for total in totals if small(total - missing))
    for row in seen[seen["statistic"].isin(CURVES)].dropna(subset=["value"]).itertuples():
        if np.isnan(row.denominator) or np.isnan(row.numerator):
            # With more digits, ratios of such values tell how many were at risk.
            yield from (f"{group}: {x} with all digits" for x in (row.value, row.lower, row.upper)
                        if not np.isnan(x) and abs(x - round(x, 3)) > 1e-9)  # fmt: skip


def of_survival(seen: pd.DataFrame, true: pd.DataFrame) -> Iterator[str]:
    """Events, censored and at risk: what can be added and subtracted between the steps that are shown."""
    everybody = true["denominator"].max()
    known_events = known_censored = 0.0
    for row in seen.dropna(subset=["value"]).sort_values("step").itertuples():
        if small(row.numerator - known_events):
            yield f"{row.numerator - known_events} events"
        if small(everybody - row.numerator):
            yield f"{everybody - row.numerator} have not left"
        if not np.isnan(row.missing_n):
            if small(row.missing_n - known_censored):
                yield f"{row.missing_n - known_censored} censored"
            if small(everybody - row.numerator - row.missing_n):
                yield f"{everybody - row.numerator - row.missing_n} remain"
        if not np.isnan(row.denominator):
            before = everybody - row.denominator - known_events - known_censored
            if small(before):
                yield f"{before} left since the step before"
            if not np.isnan(row.missing_n):
                on_the_day = row.numerator + row.missing_n - (everybody - row.denominator)
                if small(on_the_day):
                    yield f"{on_the_day} left on the day"
        known_events = row.numerator
        known_censored = known_censored if np.isnan(row.missing_n) else row.missing_n
