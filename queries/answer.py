"""The one shape of every result, and the facts that are printed with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from queries.benchmarks import Benchmark
from queries.filters import Selection
from queries.headers import sentence
from queries.measure import Measure

PLACEMENT_WARNING = sentence("placement")
"""Stands, word for word, wherever an unadjusted gap between these levels of care is shown (definitions, 05)."""

PRICE_YEAR = "the years of service or of the price, not adjusted for inflation"
"""Of which year the dollars of a cost are (definitions, 05): the same of all, since nothing is converted."""

COLUMNS: dict[str, str] = {
    "group_name": "string",
    "category": "string",
    "step": "Int64",
    "period": "datetime64[us]",
    "statistic": "string",
    "value": "Float64",
    "lower": "Float64",
    "upper": "Float64",
    "numerator": "Float64",
    "denominator": "Float64",
    "missing_n": "Float64",
    "method": "string",
    "is_suppressed": "boolean",
}
"""Columns of every answer, with their pandas types.

``group_name`` compares groups ("All" without a comparison); ``category`` splits one (a cause, a band, a kind of
service); ``step`` is a day or week in care; ``period`` the first day of a month or week; ``lower`` and ``upper`` bound
the 95 % interval; ``method`` says how it was computed.
"""


@dataclass(frozen=True)
class Answer:
    """A measure's result with everything a reviewer needs to trace it."""

    measure: Measure
    selection: Selection
    parameters: dict[str, Any]
    frame: pd.DataFrame
    data_cut: date
    analysis_cut: date
    version: str
    rule_version: str
    published: tuple[Benchmark, ...] = ()
    """Published values of the measure, the most comparable first."""

    @property
    def is_empty(self) -> bool:
        return self.frame.empty

    @property
    def warning(self) -> str:
        """What the reader must mind: the measure's warning, and that of placement where levels of care are compared."""
        own, groups = self.measure.warning, set(self.frame["group_name"])
        is_gap = (
            self.selection.by == "level_of_care" and "IOP" in groups and bool(groups & {"inpatient", "residential"})
        )
        return f"{own} {PLACEMENT_WARNING}".strip() if is_gap and PLACEMENT_WARNING not in own else own

    def with_frame(self, frame: pd.DataFrame) -> Answer:
        """The same answer with other rows."""
        return replace(self, frame=frame)

    def provenance(self) -> dict[str, str]:
        """What is printed with every rate: id, population, cut-offs, versions."""
        return {
            "measure": self.measure.name,
            "title": self.measure.title,
            "specification": ", ".join(self.measure.spec),
            "unit_of_analysis": self.measure.unit_of_analysis,
            "population": self.selection.describe(),
            "parameters": ", ".join(f"{name}={value}" for name, value in self.parameters.items()),
            "data_cut": self.data_cut.isoformat(),
            "analysis_cut": self.analysis_cut.isoformat(),
            "data_version": self.version,
            "rule_version": self.rule_version,
            "price_year": PRICE_YEAR if self.measure.topic == "cost" else "",
            "published": "; ".join(found.describe() for found in self.published),
        }


def shape(rows: pd.DataFrame) -> pd.DataFrame:
    """Give any derived rows the one shape: missing columns are added empty, types are fixed, order is kept."""
    shaped = pd.DataFrame(index=rows.index)
    for name, kind in COLUMNS.items():
        if name in rows.columns:
            shaped[name] = rows[name].astype(kind)  # type: ignore[call-overload]
        else:
            shaped[name] = pd.Series([pd.NA] * len(rows), index=rows.index).astype(kind)  # type: ignore[call-overload]
    shaped["group_name"] = shaped["group_name"].fillna("All")
    shaped["category"] = shaped["category"].fillna("")
    shaped["is_suppressed"] = shaped["is_suppressed"].fillna(False)
    return shaped.reset_index(drop=True)
