"""All rates at once: which of many comparisons are worth a review when some differ by chance alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from queries.review.between import Funnel
from queries.review.control import TOO_FEW
from queries.statistics.multiplicity import FALSE_DISCOVERY_RATE, flag_for_review


@dataclass(frozen=True)
class Panel:
    """Every shown group of every rate against the rate of all, by Benjamini and Hochberg.

    ``frame``: ``measure``, ``label``, ``group_name``, ``value``, ``denominator``, ``target``, ``p_value``, ``q_value``
    and ``is_for_review``, in the order given.
    """

    frame: pd.DataFrame
    rate: float = FALSE_DISCOVERY_RATE

    @property
    def flagged(self) -> pd.DataFrame:
        return self.frame[self.frame["is_for_review"]]

    @property
    def expected_false(self) -> float:
        """How many of the flagged are expected to be chance."""
        return self.rate * len(self.flagged)

    def groups_of(self, measure: str) -> Sequence[str]:
        """The flagged groups of a rate, by name."""
        rows = self.flagged
        return sorted(rows.loc[rows["measure"] == measure, "group_name"].astype(str))


def compare_all(funnels: Iterable[Funnel]) -> Panel:
    """One panel of all funnels; groups that are hidden or too few to judge are not tested."""
    parts = [
        found.frame.loc[found.frame["p_value"].notna() & (found.frame["position"] != TOO_FEW)].assign(
            measure=found.entry.measure, label=found.entry.label
        )
        for found in funnels
    ]
    columns = ["measure", "label", "group_name", "value", "denominator", "target", "p_value"]
    frame = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns, dtype=float)
    tested = flag_for_review(frame["p_value"])
    return Panel(frame.assign(q_value=tested["q_value"], is_for_review=tested["is_for_review"]))
