"""Which groups take part in a test or a difference of curves: those whose people may be shown.

A test statistic over few people can give them away. A group takes part where it has at least twice the smallest count
that may be shown, so that neither taking part nor being left out says how few did not leave, and where those who left
are none or not few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from queries.small_numbers import threshold
from queries.thinning import are_small

NO_COMPARISON = "nothing to compare: choose a comparison of groups"
TOO_FEW = "nothing to compare: fewer than two groups have enough people to take part"
EXITS = ("events", "competing", "censored")


@dataclass(frozen=True)
class ComparedGroups:
    """The counts of the groups that take part, their names in order, and the names of those that do not."""

    counts: pd.DataFrame
    names: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why there is nothing to compare; empty where there is."""
        if len(self.names) > 1:
            return ""
        return NO_COMPARISON if len(self.names) + len(self.left_out) < 2 else TOO_FEW

    @property
    def note(self) -> str:
        """Who does not take part, for the method of a row."""
        return f"; left out, too few people: {', '.join(self.left_out)}" if self.left_out else ""

    def of(self, *names: str) -> pd.DataFrame:
        """The counts of some groups."""
        return self.counts[self.counts["group_name"].isin(names)]


def choose_groups(counts: pd.DataFrame, by_day: float = np.inf, *, needs_both: bool = False) -> ComparedGroups:
    """Split the groups of rows of ``group_name``, ``step`` and exits into those that take part and those that do not.

    Events count up to and including ``by_day``. With ``needs_both`` those without the event must not be few either: the
    share on a day tells them.
    """
    if counts.empty:
        return ComparedGroups(counts, (), ())
    rows = counts.assign(group_name=counts["group_name"].astype(str), competing=counts.get("competing", 0.0))
    people = rows[[*EXITS]].sum(axis=1).groupby(rows["group_name"]).sum()
    events = rows["events"].where(rows["step"] <= by_day, 0).groupby(rows["group_name"]).sum()
    smallest = threshold()
    is_in = (people >= 2 * smallest) & ~are_small(events.to_numpy(dtype=float), smallest)
    if needs_both:
        is_in &= ~are_small((people - events).to_numpy(dtype=float), smallest)
    names = sorted(people.index)
    taking_part = tuple(name for name in names if is_in[name])
    left_out = tuple(name for name in names if not is_in[name] and people[name] > 0)
    return ComparedGroups(rows[rows["group_name"].isin(taking_part)], taking_part, left_out)
