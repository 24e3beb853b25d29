"""Which steps of a curve may be shown: those at which enough people have left since the step before that is shown.

And with how many digits what is derived from curves may be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DIGITS_OF_FEW, DIGITS_OF_MANY, MANY = 2, 3, 500
TESTS = ("p_value", "chi_square")
NARROW = 10
REGULAR_DAYS = 15
"""Curves are read, and those at risk counted, on multiples of this day."""


def floats(counts: pd.Series) -> NDArray:
    """Counts as numbers, NaN where there is none."""
    return counts.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def are_small(counts: NDArray | float, smallest: int) -> NDArray:
    """Whether counts are above 0 and below the threshold."""
    # Half a person is rounding noise of a difference, not a count.
    size = np.abs(np.asarray(counts, dtype=float))
    with np.errstate(invalid="ignore"):
        return (size > 1e-6) & (size < smallest - 1e-6)


def blur(values: NDArray, n: float) -> NDArray:
    """Values to so few digits that they do not give back the number at risk of n people, nor so who was censored.

    A ratio of two steps is 1 − d/n: with every digit, and d shown, it tells n.
    """
    return np.round(values, DIGITS_OF_MANY if n >= MANY else DIGITS_OF_FEW)


def round_comparisons(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Test statistics to two significant digits, differences of curves to the digits that the curves are shown with.

    A test is one number about the order in which many left, and a difference one number about two shown values: with
    two digits countless orders give the same, with all of them a reader could try which one does. A difference in
    percentage points has a decimal only where its interval is narrower than ten, so that hundreds stand behind it.
    """
    is_test, is_difference = rows["statistic"].isin(TESTS), rows["statistic"] == "difference"
    for name in ("value", "lower", "upper"):
        values = floats(rows[name])
        if is_test.any():
            rows.loc[is_test, name] = [_two_digits(value) for value in values[is_test]]
        if is_difference.any():
            with np.errstate(invalid="ignore"):
                is_narrow = floats(rows["upper"]) - floats(rows["lower"]) < NARROW
            decimal = np.round(values, 1)
            rounded = np.where(is_narrow, decimal, np.round(values)) if unit == "percentage points" else decimal
            rows.loc[is_difference, name] = rounded[is_difference] + 0.0
    return rows


def _two_digits(value: float) -> float:
    return float(f"{value:.1e}") if np.isfinite(value) else value


def _is_any_few(counts: Sequence[float], smallest: int) -> bool:
    """are_small for a few numbers, which an array would only slow down."""
    return any(1e-6 < abs(count) < smallest - 1e-6 for count in counts)


@dataclass(frozen=True)
class _Reader:
    """What the shown steps of a survival curve have told so far."""

    everybody: float
    events: float = 0.0
    censored: float = 0.0

    def learns_few(self, row: _Step, others: Sequence[float], smallest: int) -> bool:
        """Whether the step would show few who left since the step before, or few of everybody who did not."""
        since = [row.events - known for known in (self.events, *others)]
        return _is_any_few((*since, self.everybody - row.events), smallest)

    def learns_few_censored(self, row: _Step, smallest: int) -> bool:
        """Whether the censored would show few who were censored since they were told last, or few who remain."""
        remaining = self.everybody - row.events - row.censored
        return _is_any_few((row.censored - self.censored, remaining), smallest)

    def learns_few_at_risk(self, row: _Step, smallest: int) -> bool:
        """Whether the number at risk would besides show few who left between two steps or on the day of one."""
        left_before = self.everybody - row.at_risk - self.events - self.censored
        left_on_the_day = row.events - self.events + row.censored - self.censored - left_before
        return _is_any_few((left_before, left_on_the_day), smallest) or self.learns_few_censored(row, smallest)

    def after(self, row: _Step, *, with_censored: bool) -> _Reader:
        """What is known once the step is shown."""
        return replace(self, events=row.events, censored=row.censored if with_censored else self.censored)


@dataclass(frozen=True)
class _Step:
    step: float
    events: float
    at_risk: float
    censored: float

    @property
    def is_regular(self) -> bool:
        return self.step % REGULAR_DAYS == 0


def thin_survival(
    part: pd.DataFrame, hidden: NDArray, smallest: int, others: Sequence[tuple[NDArray, NDArray]] = ()
) -> tuple[NDArray, NDArray, NDArray]:
    """Keep the steps of a survival curve at which enough have left since the step before that is shown.

    ``others`` are the shown steps, and the events by each, of curves of the same people: a step whose events differ by
    few from theirs is hidden. A step that would hide the censored of the next regular day (15, 30 …), where those who
    remain are counted, gives way to it: without its own censored, or hidden.
    Returns what is hidden, where the number at risk is, and where the censored are: they would show few who were
    censored, few who left between two steps or on the day of one, or few who remain.
    """
    columns = [floats(part[name]) for name in ("step", "numerator", "denominator", "missing_n")]
    steps = [_Step(*values) for values in zip(*columns, strict=True)]
    hidden = hidden | are_small(columns[2], smallest)
    risk_hidden, censored_hidden = np.zeros(len(part), dtype=bool), np.zeros(len(part), dtype=bool)
    order = [int(row) for row in np.argsort(columns[0], kind="stable")]
    reader = _Reader(np.nanmax(columns[2], initial=0.0))

    def may_show(seen: _Reader, row: int) -> bool:
        elsewhere = [_held(other, steps[row].step) for other in others]
        return not hidden[row] and not seen.learns_few(steps[row], elsewhere, smallest)

    def says_all(seen: _Reader, row: int) -> bool:
        return may_show(seen, row) and not seen.learns_few_censored(steps[row], smallest)

    regular = [row for row in order if steps[row].is_regular]
    for row in order:
        regular = [other for other in regular if steps[other].step > steps[row].step]
        choices = [False] if reader.learns_few_censored(steps[row], smallest) else [True, False]
        told = [reader.after(steps[row], with_censored=choice) for choice in choices]
        if regular and not steps[row].is_regular and says_all(reader, regular[0]):
            fitting = [each for each in told if says_all(each, regular[0])]
        else:
            fitting = told
        if not fitting or not may_show(reader, row):
            hidden[row] = True
            continue
        afterwards = fitting[0]
        censored_hidden[row] = len(choices) == 1 or afterwards != told[0]
        risk_hidden[row] = censored_hidden[row] or reader.learns_few_at_risk(steps[row], smallest)
        reader = afterwards
    return hidden, risk_hidden, censored_hidden


def _held(curve: tuple[NDArray, NDArray], step: float) -> float:
    """Events of a shown curve at its last step up to this one."""
    steps, events = curve
    place = int(np.searchsorted(steps, step, side="right"))
    return float(events[place - 1]) if place else 0.0


def thin_steps(population: NDArray, hidden: NDArray, smallest: int) -> NDArray:
    """Steps whose population, which only shrinks, differs by few from that of the step before that is shown."""
    also, last = np.zeros(len(population), dtype=bool), np.nan
    for row in range(len(population)):
        if hidden[row] or np.isnan(population[row]):
            continue
        also[row] = bool(are_small(population[row] - last, smallest))
        last = last if also[row] else population[row]
    return also


def thin_incidence(part: pd.DataFrame, hidden: NDArray, smallest: int) -> tuple[NDArray, NDArray]:
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
    counts[row_of, column_of] = floats(part["numerator"])
    total, censored = np.zeros(len(line)), np.zeros(len(line))
    total[row_of], censored[row_of] = floats(part["denominator"]), floats(part["missing_n"])

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
        is_safe = ~are_small(since, smallest)
        is_whole = bool(is_safe[rising].all())
        is_safe &= rising | is_whole
        if (
            are_small(total[row : row + 1], smallest).any()
            or are_small(since[~is_safe].sum(keepdims=True), smallest).any()
        ):
            continue
        is_shown[row] = is_safe
        last = np.where(is_safe & (is_whole | ~is_derived), parts[row], last)
        counts_hidden[row] = bool(are_small(censored[row] - last_censored, smallest))
        last_censored = last_censored if counts_hidden[row] else censored[row]
    return hidden | ~is_shown[row_of, column_of] | merged[column_of], counts_hidden[row_of]


def _is_rising(counts: NDArray) -> NDArray:
    """Which columns count exits so far; the one that falls counts those who are still in care."""
    return np.asarray((np.diff(counts, axis=0) >= 0).all(axis=0))


def _merge_rare(final: NDArray, is_rising: NDArray, smallest: int) -> NDArray:
    merged = is_rising & are_small(final, smallest)
    if merged.any():
        candidates = np.where(is_rising & ~merged & (final > 0), final, np.inf)
        for place in np.argsort(candidates, kind="stable"):
            if (merged.sum() >= 2 and final[merged].sum() >= smallest) or not np.isfinite(candidates[place]):
                break
            merged[place] = True
    return merged
