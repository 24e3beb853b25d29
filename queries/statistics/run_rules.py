"""One set of rules at a time on a control chart, and what a signal means for the patients.

Sets are never joined: each has its own rate of false alarms, and together they cry wolf.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from queries.statistics.anhoej_rules import RunsAnalysis, analyse_runs, anhoej_signals
from queries.statistics.nhs_rules import Signals, nhs_signals
from queries.statistics.runs import Points, compare
from queries.statistics.western_electric_rules import western_electric_signals

HigherIs = Literal["better", "worse", "neutral"]

RULE_SETS: dict[str, Callable[[Points], Signals]] = {
    "nhs": nhs_signals,
    "anhoej": anhoej_signals,
    "western_electric": western_electric_signals,
}

COMMON_CAUSE = "common cause"

_JUDGEMENTS: dict[HigherIs, dict[int, str]] = {
    "better": {1: "improvement", -1: "concern"},
    "worse": {1: "concern", -1: "improvement"},
    "neutral": {1: "high", -1: "low"},
}


def mark_signals(chart: pd.DataFrame, *, rules: str = "nhs", higher_is: HigherIs = "neutral") -> pd.DataFrame:
    """The chart with ``rule``, ``direction`` (1, −1, 0) and ``judgement`` of each point, by one set of rules.

    The chart has ``value``, ``centre``, ``deviation`` and ``phase``; no pattern reaches over from one phase to the
    next. ``rule`` is empty and the judgement ``common cause`` where nothing is unusual. Raises ValueError for an
    unknown set.
    """
    if rules not in RULE_SETS:
        raise ValueError(f"Unknown rules {rules!r}; the sets are {', '.join(RULE_SETS)}.")
    rule = np.full(len(chart), "", dtype=object)
    direction = np.zeros(len(chart), dtype=int)
    for places in chart.groupby("phase", sort=False).indices.values():
        part = chart.iloc[places]
        points = Points(*(part[name].to_numpy(dtype=float) for name in ("value", "centre", "deviation")))
        for name, found in reversed(RULE_SETS[rules](points)):
            rule[places[found != 0]] = name
            direction[places[found != 0]] = found[found != 0]
    names = _JUDGEMENTS[higher_is]
    judgement = [names.get(int(towards), COMMON_CAUSE) for towards in direction]
    return chart.assign(rule=rule, direction=direction, judgement=judgement)


def latest_judgement(marked: pd.DataFrame) -> str | None:
    """The icon of a chart: the judgement of its last point that has a value; None where no point has one."""
    known = marked.loc[marked["value"].notna(), "judgement"]
    return str(known.iloc[-1]) if len(known) else None


def runs_by_phase(chart: pd.DataFrame) -> dict[int, RunsAnalysis]:
    """Anhøj's analysis of the runs of each phase."""
    return {
        int(str(phase)): analyse_runs(compare(part["value"], part["centre"]))
        for phase, part in chart.groupby("phase", sort=False)
    }
