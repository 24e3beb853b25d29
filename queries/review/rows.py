"""The review as rows that leave the house: every number with its limits, rule, baseline and provenance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from queries.answer import Answer
from queries.review.between import Funnel
from queries.review.case_mix import STRATA, CaseMix
from queries.review.control import ControlChart
from queries.review.panel import Panel


def rows_of_chart(chart: ControlChart) -> pd.DataFrame:
    """One row a period, hidden ones without numbers; no statistic of a hidden period is among them."""
    frame = chart.frame[
        [
            "period", "value", "numerator", "denominator", "missing_n", "is_hidden", "centre", "lower", "upper",
            "deviation", "rule", "judgement", "phase", "is_baseline", "is_trial", "cause", "method",
        ]
    ]  # fmt: skip
    facts = {
        "rate": chart.series.entry.label,
        "period_is": chart.series.unit_of_time,
        "chart": chart.kind,
        "rules": chart.rules,
        "target": chart.target,
        "variation": chart.variation,
        "assurance": chart.assurance,
        "recorded_causes": "; ".join(f"{change.from_date}: {change.cause}" for change in chart.changes),
        "is_rebased": chart.is_rebased,
    }
    return _with_facts(frame, facts, chart.series.answer)


def rows_of_funnel(found: Funnel) -> pd.DataFrame:
    """One row a group in the order of names, hidden ones without numbers."""
    facts = {"rate": found.entry.label, "compared_by": found.by, "limits": found.method}
    return _with_facts(found.frame.drop(columns=["method"], errors="ignore"), facts, found.answer)


def rows_of_case_mix(found: CaseMix) -> pd.DataFrame:
    """One row a shown group in the order of names."""
    facts = {"rate": found.entry.label, "compared_by": found.by, "overall": found.overall, "strata": ", ".join(STRATA)}
    return _with_facts(found.frame, facts, found.answer)


def rows_of_panel(panel: Panel, answer: Answer) -> pd.DataFrame:
    """One row a comparison; the answer is that of any of its rates and tells the population and the versions."""
    facts = {"false_discovery_rate": panel.rate, "expected_false": panel.expected_false}
    shared = {name: value for name, value in answer.provenance().items() if name in _OF_ALL}
    return panel.frame.assign(**facts, **shared)


_OF_ALL = ("population", "data_cut", "analysis_cut", "data_version", "rule_version")


def _with_facts(frame: pd.DataFrame, facts: dict[str, Any], answer: Answer) -> pd.DataFrame:
    return frame.assign(**facts, **answer.provenance())
