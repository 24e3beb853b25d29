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
from queries.small_numbers import threshold
from queries.thinning import are_small, blur, floats, round_comparisons, thin_incidence, thin_steps, thin_survival

_NUMBERS = ["value", "lower", "upper", "numerator", "denominator", "missing_n"]
_SHARES = {"share", "share_at_target", "missing_is_worst", "complete_case", "lower_bound", "upper_bound"}
_CURVES = {"survival", "cumulative_incidence"}


def may_see_cases() -> bool:
    """Whether this server shows individual cases (IOP_SHOW_CASES=yes). Everything that lists people asks here."""
    return os.environ.get("IOP_SHOW_CASES", "no").strip().lower() in {"yes", "true", "1"}


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
            population=tuple(measure.options.get("nested_steps", ())),
            is_of_points=bool(measure.options.get("of_points", False)),
        )
    )


def suppress_rows(
    frame: pd.DataFrame,
    *,
    unit: str,
    is_partition: bool,
    is_nested: bool = False,
    population: tuple[str, ...] = (),
    is_of_points: bool = False,
) -> pd.DataFrame:
    """The rows of an answer with small counts hidden.

    ``is_partition``: the categories are parts of one whole, so two parts are hidden where one would be. ``is_nested``:
    the categories may contain each other, so the difference of two is a count too. ``population``: the columns whose
    sum at each step is people of whom only fewer are left at the next. ``is_of_points``: means of few points on a
    short scale, whose sum says that somebody has them and that few do.
    """
    sheet = _Sheet(frame.reset_index(drop=True), unit, threshold())
    if is_of_points:
        sheet.hide_few_points()
    sheet.hide_differences_in_a_set(is_nested=is_nested)
    if is_partition:
        sheet.hide_the_last_part()
    if population:
        sheet.hide_few_who_left(population)
    sheet.thin_curves(is_nested=is_nested)
    sheet.hide_few_censored_later()
    return round_comparisons(sheet.suppressed(), unit)


class _Sheet:
    """Rows of one answer, and what of them is hidden so far: all of a row, its n, all its counts, or its missing n."""

    def __init__(self, rows: pd.DataFrame, unit: str, smallest: int) -> None:
        self.rows, self.smallest = rows, smallest
        self.is_curve = rows["statistic"].isin(_CURVES).to_numpy(dtype=bool)
        self.is_share = rows["statistic"].isin(_SHARES).to_numpy(dtype=bool)
        self.numerator, self.denominator, self.missing, self.value = (
            floats(rows[name]) for name in ("numerator", "denominator", "missing_n", "value")
        )
        self.hidden = rows["is_suppressed"].fillna(False).to_numpy(dtype=bool)
        self.hidden |= ~self.is_curve & self._is_small_row(unit)
        self.missing_hidden = are_small(self.missing, smallest)
        self.n_hidden = np.zeros(len(rows), dtype=bool)
        self.counts_hidden = np.zeros(len(rows), dtype=bool)

    def hide_few_points(self) -> None:
        self.hidden |= are_small(self.value * self.denominator, self.smallest)

    def hide_differences_in_a_set(self, *, is_nested: bool) -> None:
        """Hide rows whose counts differ by few from another's of the same people, or only their n where they may."""
        is_member = ~self.is_curve & (is_nested | self.is_share)
        keys = ["group_name", "step", "period"] + ([] if is_nested else ["category"])
        counts = np.column_stack([self.numerator, self.denominator, self.denominator - self.numerator])
        for places in _places(self.rows[is_member], keys, of_several=True):
            self.hidden[places] |= _differs_by_few(counts[places], self.hidden[places], self.smallest)
            self.missing_hidden[places] |= self.hidden[places].any()
        counts = np.column_stack([self.denominator, self.missing])
        same_people = ["group_name", "category", "step", "period"]
        for places in _places(self.rows[~self.is_curve & ~is_member], same_people, of_several=True):
            self.n_hidden[places] |= _differs_by_few(counts[places], self.hidden[places], self.smallest)

    def hide_the_last_part(self) -> None:
        for places in _places(self.rows[~self.is_curve], ["group_name", "step", "period", "statistic"]):
            self.hidden[places] |= _complement(self.numerator[places], self.hidden[places], self.smallest)
            self.missing_hidden[places] |= self.hidden[places].any()

    def hide_few_who_left(self, population: tuple[str, ...]) -> None:
        """Hide the steps between which few left; where n and missing n make up the people, missing n is enough."""
        people = np.sum([floats(self.rows[name]) for name in population], axis=0)
        target = self.hidden if population == ("denominator",) else self.missing_hidden
        for places in _places(self.rows[~self.is_curve], ["group_name", "category", "period", "statistic"]):
            target[places] |= thin_steps(people[places], self.hidden[places], self.smallest)

    def thin_curves(self, *, is_nested: bool) -> None:
        shown: dict[str, list[tuple[NDArray, NDArray]]] = {}
        is_survival = self.rows["statistic"] == "survival"
        for places in _places(self.rows[is_survival], ["group_name", "category", "period"]):
            part = self.rows.iloc[places]
            others = shown.setdefault(part["group_name"].iloc[0], []) if is_nested else []
            self.hidden[places], self.n_hidden[places], few_censored = thin_survival(
                part, self.hidden[places], self.smallest, others
            )
            self.missing_hidden[places] |= few_censored
            seen = part[~self.hidden[places]].sort_values("step")
            others.append((floats(seen["step"]), floats(seen["numerator"])))
            self._blur(places[self.n_hidden[places] | few_censored], np.nanmax(self.denominator[places], initial=0))
        for places in _places(self.rows[self.rows["statistic"] == "cumulative_incidence"], ["group_name", "period"]):
            self.hidden[places], self.counts_hidden[places] = thin_incidence(
                self.rows.iloc[places], self.hidden[places], self.smallest
            )
            self._blur(places[self.counts_hidden[places]], np.nanmax(self.denominator[places], initial=0))

    def hide_few_censored_later(self) -> None:
        """A median's missing n is everybody who was censored: hidden where a step shows all but few of them."""
        is_shown_step = self.is_curve & ~self.hidden & ~self.missing_hidden & ~self.counts_hidden
        for places in _places(self.rows, ["group_name"]):
            by_step = self.missing[places[is_shown_step[places]]]
            for place in places[~self.is_curve[places]]:
                self.missing_hidden[place] |= bool(are_small(self.missing[place] - by_step, self.smallest).any())

    def suppressed(self) -> pd.DataFrame:
        rows = self.rows
        without_n = self.n_hidden & ~self.is_curve
        rows.loc[self.missing_hidden | without_n | self.counts_hidden, "missing_n"] = pd.NA
        rows.loc[self.counts_hidden, "numerator"] = pd.NA
        rows.loc[self.n_hidden, "denominator"] = pd.NA
        rows.loc[self.hidden, _NUMBERS] = pd.NA
        rows["is_suppressed"] = pd.array(self.hidden, dtype="boolean")
        return rows

    def _is_small_row(self, unit: str) -> NDArray:
        is_share = self.is_share | (unit == "share")
        is_count = (self.rows["statistic"] == "count").to_numpy(dtype=bool) | (unit == "count")
        small = are_small(self.denominator, self.smallest)
        small |= is_share & are_small(self.numerator, self.smallest)
        small |= is_share & are_small(self.denominator - self.numerator, self.smallest)
        return small | is_count & are_small(self.value, self.smallest)

    def _blur(self, places: NDArray, n: float) -> None:
        for name in ("value", "lower", "upper"):
            self.rows.loc[places, name] = blur(floats(self.rows[name])[places], n)


def _places(rows: pd.DataFrame, keys: list[str], *, of_several: bool = False) -> list[NDArray]:
    """Positions of the rows of each group, in their order; where asked, only of groups of several rows."""
    if of_several:
        rows = rows[rows.duplicated(keys, keep=False)]
    if rows.empty:
        return []
    return [np.sort(part.index.to_numpy()) for _, part in rows.groupby(keys, dropna=False, sort=False)]


def _differs_by_few(counts: NDArray, hidden: NDArray, smallest: int) -> NDArray:
    """Rows one of whose counts differs by few persons from that of a row which is shown before them."""
    also = np.zeros(len(counts), dtype=bool)
    for row in range(len(counts)):
        shown = [other for other in range(row) if not hidden[other] and not also[other]]
        also[row] = bool(are_small(counts[row] - counts[shown], smallest).any())
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
