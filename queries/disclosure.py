"""Small-number rules: the one gate through which every shared number leaves.

Counts of 1–10, and everything that would give them away, are hidden; zero may be shown. What gives a count away: its
rate and interval, the other part of its denominator, the last hidden part of a whole, the difference of two counts of
one set (the bounds of a share), and the step of a curve between two days. Source: CMS cell suppression policy.
"""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.answer import Answer

SMALLEST_SHOWN = 11
"""Counts below this, other than zero, are hidden. A stricter setting is allowed, a looser one is not."""

_NUMBERS = ["value", "lower", "upper", "numerator", "denominator", "missing_n"]
_SHARES = {"share", "share_at_target", "missing_is_worst", "complete_case", "lower_bound", "upper_bound"}
_CURVES = {"survival", "cumulative_incidence"}


class SettingError(ValueError):
    """A setting of this server cannot be read; the message says how to write it."""


def may_see_cases() -> bool:
    """Whether this server shows individual cases (IOP_SHOW_CASES=yes). Everything that lists people asks here."""
    return os.environ.get("IOP_SHOW_CASES", "no").strip().lower() in {"yes", "true", "1"}


def threshold() -> int:
    """The smallest count that is shown: IOP_SMALLEST_COUNT where it is stricter than 11.

    Raises SettingError for a setting that is no number: what it meant to hide would be shown.
    """
    setting = os.environ.get("IOP_SMALLEST_COUNT", "").strip() or str(SMALLEST_SHOWN)
    if not setting.isdecimal():
        raise SettingError(
            f"IOP_SMALLEST_COUNT is {setting!r}. Set it to a whole number from {SMALLEST_SHOWN} up, or leave it out."
        )
    return max(SMALLEST_SHOWN, int(setting))


def is_small(counts: pd.Series, smallest: int | None = None) -> pd.Series:
    """Whether each count is one of those that are hidden: above 0 and below the threshold."""
    smallest = threshold() if smallest is None else smallest
    return pd.Series(_small(_floats(counts), smallest), index=counts.index)


def suppress(answer: Answer) -> Answer:
    """Hide small counts and what gives them away; rows stay, marked ``is_suppressed``."""
    if answer.frame.empty:
        return answer
    measure = answer.measure
    return answer.with_frame(
        suppress_rows(
            answer.frame,
            unit=measure.unit,
            is_partition=measure.partition,
            is_nested=bool(measure.options.get("nested", False)),
        )
    )


def suppress_rows(frame: pd.DataFrame, *, unit: str, is_partition: bool, is_nested: bool = False) -> pd.DataFrame:
    """The rows of an answer with small counts hidden.

    ``is_partition``: the categories are parts of one whole, so two parts are hidden where one would be. ``is_nested``:
    the categories may contain each other, so the difference of two is a count too.
    """
    smallest = threshold()
    rows = frame.reset_index(drop=True)
    is_curve = rows["statistic"].isin(_CURVES).to_numpy(dtype=bool)
    hidden = rows["is_suppressed"].fillna(False).to_numpy(dtype=bool)
    hidden |= ~is_curve & _is_small_row(rows, unit, smallest)
    missing_hidden = _small(_floats(rows["missing_n"]), smallest)

    is_set_member = ~is_curve & (is_nested | rows["statistic"].isin(_SHARES).to_numpy(dtype=bool))
    set_keys = ["group_name", "step", "period"] + ([] if is_nested else ["category"])
    for places in _places(rows[is_set_member], set_keys):
        hidden[places] |= _differs_by_few(rows.iloc[places], hidden[places], smallest)
        missing_hidden[places] |= hidden[places].any()
    if is_partition:
        for places in _places(rows[~is_curve], ["group_name", "step", "period", "statistic"]):
            hidden[places] |= _complement(_floats(rows["numerator"])[places], hidden[places], smallest)
            missing_hidden[places] |= hidden[places].any()

    counts_hidden = np.zeros(len(rows), dtype=bool)
    for places in _places(rows[rows["statistic"] == "survival"], ["group_name", "category", "period"]):
        hidden[places], missing_hidden[places] = _thin_survival(rows.iloc[places], hidden[places], smallest)
    for places in _places(rows[rows["statistic"] == "cumulative_incidence"], ["group_name", "period"]):
        hidden[places], counts_hidden[places] = _thin_incidence(rows.iloc[places], hidden[places], smallest)

    is_survival = (rows["statistic"] == "survival").to_numpy(dtype=bool)
    rows.loc[missing_hidden | counts_hidden, "missing_n"] = pd.NA
    rows.loc[counts_hidden, "numerator"] = pd.NA
    rows.loc[missing_hidden & is_survival, "denominator"] = pd.NA
    rows.loc[hidden, _NUMBERS] = pd.NA
    rows.loc[hidden, "is_suppressed"] = True
    rows.loc[~hidden, "is_suppressed"] = False
    return rows


def _floats(counts: pd.Series) -> NDArray:
    return counts.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _small(counts: NDArray, smallest: int) -> NDArray:
    # Half a person is rounding noise of a difference, not a count.
    with np.errstate(invalid="ignore"):
        return (np.abs(counts) > 1e-6) & (np.abs(counts) < smallest - 1e-6)


def _places(rows: pd.DataFrame, keys: list[str]) -> list[NDArray]:
    """Positions of the rows of each group, in their order."""
    if rows.empty:
        return []
    return [np.sort(part.index.to_numpy()) for _, part in rows.groupby(keys, dropna=False, sort=False)]


def _is_small_row(rows: pd.DataFrame, unit: str, smallest: int) -> NDArray:
    numerator, denominator = _floats(rows["numerator"]), _floats(rows["denominator"])
    is_share = rows["statistic"].isin(_SHARES).to_numpy(dtype=bool) | (unit == "share")
    is_count = (rows["statistic"] == "count").to_numpy(dtype=bool) | (unit == "count")
    small = _small(denominator, smallest)
    small |= is_share & (_small(numerator, smallest) | _small(denominator - numerator, smallest))
    return small | is_count & _small(_floats(rows["value"]), smallest)


def _differs_by_few(part: pd.DataFrame, hidden: NDArray, smallest: int) -> NDArray:
    """Rows whose counts differ by few persons from a row of the same set that is shown before them."""
    numerator, denominator = _floats(part["numerator"]), _floats(part["denominator"])
    quantities = np.column_stack([numerator, denominator, denominator - numerator])
    also = np.zeros(len(part), dtype=bool)
    for row in range(len(part)):
        shown = [other for other in range(row) if not hidden[other] and not also[other]]
        also[row] = bool(_small(quantities[row] - quantities[shown], smallest).any())
    return also


def _complement(numerator: NDArray, hidden: NDArray, smallest: int) -> NDArray:
    """Where the parts of a whole hide one small part, hide the next smallest too, so that it cannot be subtracted."""
    also = np.zeros(len(hidden), dtype=bool)
    if not hidden.any():
        return also
    for row in np.argsort(numerator, kind="stable"):
        covered = hidden | also
        if covered.sum() >= 2 and np.nansum(numerator[covered]) >= smallest:
            break
        if not covered[row] and numerator[row] > 0:
            also[row] = True
    return also


def _thin_survival(part: pd.DataFrame, hidden: NDArray, smallest: int) -> tuple[NDArray, NDArray]:
    """Keep the steps of a survival curve at which enough have left since the step before that is shown.

    Returns what is hidden, and where the number at risk is hidden since it would show few censored.
    """
    step = _floats(part["step"])
    events, at_risk, censored = (_floats(part[name]) for name in ("numerator", "denominator", "missing_n"))
    hidden, risk_hidden = hidden | _small(at_risk, smallest), np.zeros(len(part), dtype=bool)
    last_events, last_censored = 0.0, 0.0
    for row in np.argsort(step, kind="stable"):
        if hidden[row] or _small(events[row] - last_events, smallest):
            hidden[row] = True
            continue
        last_events = events[row]
        risk_hidden[row] = bool(_small(censored[row] - last_censored, smallest))
        last_censored = last_censored if risk_hidden[row] else censored[row]
    return hidden, risk_hidden


def _thin_incidence(part: pd.DataFrame, hidden: NDArray, smallest: int) -> tuple[NDArray, NDArray]:
    """Keep, of each competing curve, the steps at which enough have left that way since its step shown before.

    Those still in care are shown only where nothing else is hidden, since they are what the other curves leave over.
    Causes with few exits in all are hidden throughout, joined by the next smallest until they are at least two and
    enough together. Returns what is hidden, and where the counts are hidden since they would show few censored.
    """
    column = {name: place for place, name in enumerate(dict.fromkeys(part["category"]))}
    line = {step: place for place, step in enumerate(sorted(set(part["step"])))}
    row_of = np.array([line[step] for step in part["step"]])
    column_of = np.array([column[name] for name in part["category"]])
    counts = np.zeros((len(line), len(column)))
    counts[row_of, column_of] = _floats(part["numerator"])
    total, censored = np.zeros(len(line)), np.zeros(len(line))
    total[row_of], censored[row_of] = _floats(part["denominator"]), _floats(part["missing_n"])

    merged = _merge_rare(counts[-1], _is_rising(counts), smallest)
    # What is merged, and what the categories leave over, are never shown but could be subtracted.
    left_over = total - censored - counts.sum(axis=1)
    parts = np.column_stack([np.where(merged, 0, counts), counts[:, merged].sum(axis=1), left_over])
    is_derived = np.append(np.zeros(len(column), dtype=bool), [True, True])
    rising = _is_rising(parts)

    is_shown = np.zeros(parts.shape, dtype=bool)
    counts_hidden = np.zeros(len(line), dtype=bool)
    last, last_censored = np.zeros(parts.shape[1]), 0.0
    for row in range(len(line)):
        since = np.where(rising, parts[row] - last, parts[row])
        is_safe = ~_small(since, smallest)
        is_whole = bool(is_safe[rising].all())
        is_safe &= rising | is_whole
        if _small(total[row : row + 1], smallest).any() or _small(since[~is_safe].sum(keepdims=True), smallest).any():
            continue
        is_shown[row] = is_safe
        last = np.where(is_safe & (is_whole | ~is_derived), parts[row], last)
        counts_hidden[row] = bool(_small(censored[row] - last_censored, smallest))
        last_censored = last_censored if counts_hidden[row] else censored[row]
    return hidden | ~is_shown[row_of, column_of] | merged[column_of], counts_hidden[row_of]


def _is_rising(counts: NDArray) -> NDArray:
    """Which columns count exits so far; the one that falls counts those who are still in care."""
    return np.asarray((np.diff(counts, axis=0) >= 0).all(axis=0))


def _merge_rare(final: NDArray, is_rising: NDArray, smallest: int) -> NDArray:
    merged = is_rising & _small(final, smallest)
    if merged.any():
        candidates = np.where(is_rising & ~merged & (final > 0), final, np.inf)
        for place in np.argsort(candidates, kind="stable"):
            if (merged.sum() >= 2 and final[merged].sum() >= smallest) or not np.isfinite(candidates[place]):
                break
            merged[place] = True
    return merged
