"""How many are in or out of a measure, by reason: what everybody may see of an explanation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from queries import catalog, disclosure
from queries.answer import shape
from queries.explain import Explanation
from queries.thinning import are_small, floats
from queries.warehouse import Warehouse


@dataclass(frozen=True)
class ReasonCounts:
    """Who passes the filters, who counts, and who is left out by reason; None or missing where that is hidden."""

    selected: int | None
    counted: int | None
    in_numerator: int | None
    left_out: pd.DataFrame
    """Columns ``reason`` and ``units``, in the order of the measure's exclusions."""

    @property
    def has_hidden(self) -> bool:
        return self.counted is None or bool(self.left_out["units"].isna().any())


def count_reasons(warehouse: Warehouse, explanation: Explanation) -> ReasonCounts:
    """The number for each reason: exact where the server shows cases, otherwise through the gate.

    The reasons are parts of a whole, so a small one takes the next smallest with it, but never those who count: the
    measure itself shows them. Where all that are hidden are few, the whole is hidden too. Those who count are hidden
    where they differ by few from a number that the measure shows. How many are in the numerator is left to the measure.
    """
    reasons = explanation.reasons()
    is_in = reasons["is_in"].astype(bool)
    counted, selected = int(reasons.loc[is_in, "units"].sum()), int(reasons["units"].sum())
    left_out = reasons.loc[~is_in, ["reason", "units"]].astype({"units": "Int64"}).reset_index(drop=True)
    if disclosure.may_see_cases():
        met = reasons.loc[is_in, "in_numerator"].sum() if explanation.has_numerator else None
        return ReasonCounts(selected, counted, None if met is None else int(met), left_out)
    exact = left_out["units"].copy()
    left_out["units"] = _suppress(left_out)
    smallest = disclosure.threshold()
    answer = catalog.ask_selection(warehouse, explanation.measure.name, explanation.selection, explanation.parameters)
    beside = floats(answer.frame["denominator"]) - counted
    is_counted_hidden = bool(are_small(np.append(abs(beside), counted), smallest).any())
    hidden = int(exact[left_out["units"].isna()].sum())
    is_whole_hidden = is_counted_hidden or 0 < hidden < smallest
    return ReasonCounts(None if is_whole_hidden else selected, None if is_counted_hidden else counted, None, left_out)


def _suppress(left_out: pd.DataFrame) -> pd.Series:
    """The numbers of a partition after the gate for counts."""
    if left_out.empty:
        return left_out["units"]
    number = left_out["units"].astype("Float64")
    rows = pd.DataFrame(
        {
            "category": left_out["reason"],
            "statistic": "count",
            "value": number,
            "numerator": number,
            "denominator": number,
        }
    )
    return disclosure.suppress_rows(shape(rows), unit="count", is_partition=True)["value"].astype("Int64")
