"""Sites, or other groups, against the range that chance allows at their size: a question, never a ranking."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from queries.answer import Answer
from queries.filters import Selection
from queries.review.contents import Reviewed
from queries.review.control import TOO_FEW
from queries.review.series import Ask
from queries.small_numbers import SMALLEST_JUDGED
from queries.statistics.funnels import TOO_FEW as OF_FEW_GROUPS
from queries.statistics.funnels import funnel, funnel_lines
from queries.warehouse import Warehouse

SIGNAL_IS_NO_VERDICT = "A signal asks for a review; it is no verdict. Groups stand in the order of their names."
NOT_INDEPENDENT = "not judged"


@dataclass(frozen=True)
class Funnel:
    """Groups of one rate, by name, around the rate of all that are shown.

    ``frame``: ``group_name``, ``numerator``, ``denominator``, ``value``, its 95 % interval ``lower`` and ``upper``,
    the limits ``lower_95`` … ``upper_998`` at its size, ``z``, ``p_value``, ``position`` and ``is_hidden``. ``lines``
    has the limits over all sizes, to draw.
    """

    entry: Reviewed
    answer: Answer
    by: str
    frame: pd.DataFrame
    lines: pd.DataFrame
    method: str

    @property
    def overall(self) -> float:
        """The rate of all shown groups together."""
        known = self.frame["target"].dropna()
        return float(known.iloc[0]) if len(known) else np.nan

    @property
    def is_adjusted(self) -> bool:
        """Whether the limits are widened by the variance between groups."""
        return self.method.startswith("arcsine")


def draw_funnel(ask: Ask, warehouse: Warehouse, entry: Reviewed, selection: Selection, by: str) -> Funnel | None:
    """The funnel of the chosen people's groups; None where the rate is no share or nobody may be shown.

    Hidden groups are listed without numbers and take no part: the overall rate, the variance between groups and the
    limits come from the shown ones. Groups of fewer than 20 have no position. Sessions and weeks of one person are
    alike: with too few groups to estimate how much, exact limits are too narrow and nothing is judged by them.
    """
    if not entry.is_share:
        return None
    chosen = replace(entry.followed(selection, warehouse.analysis_cut), by=by)
    answer = ask(entry.measure, chosen, entry.parameters)
    rows = entry.rows_of(answer.frame)
    rows = rows.sort_values("group_name", kind="stable").reset_index(drop=True)
    is_shown = (~rows["is_suppressed"] & rows["value"].notna()).to_numpy(dtype=bool)
    if not is_shown.any():
        return None
    counts = rows.loc[is_shown, ["numerator", "denominator"]].astype(float).round()
    units = funnel(counts["numerator"], counts["denominator"], is_overdispersed=True)
    units.index = counts.index
    method = str(units["method"].iloc[0])
    frame = rows[["group_name", "lower", "upper", "missing_n"]].join(units)
    frame.loc[frame["denominator"] < SMALLEST_JUDGED, "position"] = TOO_FEW
    if entry.is_clustered and method == OF_FEW_GROUPS:
        frame["position"], frame["p_value"] = NOT_INDEPENDENT, np.nan
    frame = frame.assign(is_hidden=rows["is_suppressed"].to_numpy(dtype=bool), position=frame["position"].fillna(""))
    tau_squared = float(units["tau_squared"].iloc[0]) if method.startswith("arcsine") else 0.0
    largest = int(counts["denominator"].max() * 1.05) + 1
    sizes = np.unique(np.geomspace(max(counts["denominator"].min() * 0.8, 5), largest, 120).round())
    lines = funnel_lines(sizes, float(units["target"].iloc[0]), tau_squared)
    return Funnel(entry, answer, by, frame, lines, method)
