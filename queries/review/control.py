"""A control chart of one series: its kind, baseline, limits, signals, target, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.review.recorded import BaselineChange
from queries.review.series import Series
from queries.small_numbers import SMALLEST_JUDGED
from queries.statistics.assurance import assure_target
from queries.statistics.attribute_charts import p_chart, u_chart
from queries.statistics.baselines import BASELINE_POINTS, Rebase
from queries.statistics.multiplicity import deviation_p_value
from queries.statistics.run_rules import COMMON_CAUSE, RULE_SETS, HigherIs, latest_judgement, mark_signals
from queries.statistics.xmr_charts import run_chart, xmr_chart

KINDS = {
    "p": "p: shares, limits from each n",
    "p_laney": "p′: shares that vary more than chance",
    "u": "u: events per exposure",
    "u_laney": "u′: events that vary more than chance",
    "xmr": "XmR: one value a period",
    "run": "Run chart: median, no limits",
}
"""Kinds of chart, in words."""

RULES = {"nhs": "NHS Making Data Count", "anhoej": "Anhøj", "western_electric": "Western Electric"}
TOO_FEW = f"too few to judge (n < {SMALLEST_JUDGED})"


class ChartError(ValueError):
    """A kind of chart or a set of rules does not fit; the message says which do."""


@dataclass(frozen=True)
class Signal:
    """The latest pattern that chance does not explain: its points, and whether it goes on to the last one."""

    since: pd.Timestamp
    until: pd.Timestamp
    points: int
    rule: str
    direction: int
    judgement: str
    is_ongoing: bool


@dataclass(frozen=True)
class ControlChart:
    """One series with its limits and signals.

    ``frame`` has a row a period: those of the series, ``centre``, ``lower``, ``upper``, ``deviation``, ``phase``,
    ``is_baseline``, ``is_trial``, ``cause``, ``rule``, ``direction``, ``judgement`` and ``method``. ``variation`` is
    the judgement of the last point and ``assurance`` that of the target; both are None where nothing may be judged.
    """

    series: Series
    kind: str
    rules: str
    target: float | None
    changes: tuple[BaselineChange, ...]
    is_rebased: bool
    frame: pd.DataFrame
    variation: str | None
    assurance: str | None
    signal: Signal | None

    @property
    def is_trial(self) -> bool:
        """Whether the limits of the last points rest on fewer points than a baseline needs."""
        return bool(self.frame["is_trial"].iloc[-1])

    @property
    def p_value(self) -> float:
        """Two-sided p-value of the last shown point against its limits; NaN without limits."""
        known = self.frame[self.frame["value"].notna()]
        return float(deviation_p_value(known["deviation"].iloc[-1])) if len(known) else np.nan


def kinds_of(series: Series) -> list[str]:
    """The kinds of chart that fit, the suggested one first."""
    entry = series.entry
    if entry.is_count:
        return ["u_laney", "u", "xmr", "run"]
    if not entry.is_share:
        return ["xmr", "run"]
    # Sessions and weeks of one person are alike: shares of them vary more between months than coins do.
    return ["p_laney", "p", "xmr", "run"] if entry.is_clustered else ["p", "p_laney", "xmr", "run"]


def draw_limits(
    series: Series,
    *,
    kind: str | None = None,
    rules: str = "nhs",
    target: float | None = None,
    changes: Sequence[BaselineChange] = (),
    is_rebased: bool = False,
    baseline: int = BASELINE_POINTS,
) -> ControlChart:
    """The control chart of a series by one kind and one set of rules; limits are fixed on its first 12 points.

    ``changes`` are the causes on record. They are told beside the chart; only ``is_rebased`` starts limits anew at
    them, so that a cause explains a signal and does not hide it. A point that rests on fewer than 20 has no judgement.
    Raises ChartError for a kind or rules that do not fit the series.
    """
    suggested, *others = kinds_of(series)
    kind = kind or suggested
    if kind not in (suggested, *others):
        raise ChartError(f"{series.entry.label} has no {kind} chart. Choose {', '.join((suggested, *others))}.")
    if rules not in RULE_SETS:
        raise ChartError(f"There are no rules {rules!r}. Choose {', '.join(RULES)}.")
    points = series.frame
    higher_is: HigherIs = series.entry.definition.higher_is  # type: ignore[assignment]
    within = _in_series(points, changes)
    rebases = [Rebase(position, change.cause) for position, change in within] if is_rebased else []
    chart = mark_signals(_chart(points, kind, rebases, baseline), rules=rules, higher_is=higher_is)
    frame = points.assign(**{name: chart[name].to_numpy() for name in chart.columns if name not in points.columns})
    is_judged = _enough(points, is_count=series.entry.is_count)
    frame.loc[~is_judged & frame["value"].notna().to_numpy(), "judgement"] = TOO_FEW
    frame.loc[frame["value"].isna(), ["judgement", "rule"]] = ""
    frame.loc[frame["value"].isna(), "direction"] = 0
    latest = frame[frame["value"].notna()]
    can_judge = bool(len(latest)) and latest["judgement"].iloc[-1] != TOO_FEW and latest["centre"].notna().iloc[-1]
    return ControlChart(
        series=series,
        kind=kind,
        rules=rules,
        target=target,
        changes=tuple(change for _, change in within),
        is_rebased=is_rebased and bool(rebases),
        frame=frame,
        variation=latest_judgement(frame) if can_judge else None,
        assurance=assure_target(frame, target, higher_is) if target is not None and can_judge else None,
        signal=_latest_signal(frame),
    )


def _chart(points: pd.DataFrame, kind: str, rebases: list[Rebase], baseline: int) -> pd.DataFrame:
    value = points["value"].to_numpy(dtype=float)
    if kind == "run":
        return run_chart(value, baseline=baseline, rebases=rebases)
    if kind == "xmr":
        return xmr_chart(value, baseline=baseline, rebases=rebases)
    # A hidden period counts nothing: it has no limits and gives none.
    numerator, denominator = (points[name].fillna(0).to_numpy(dtype=float) for name in ("numerator", "denominator"))
    draw = p_chart if kind.startswith("p") else u_chart
    return draw(numerator, denominator, is_laney=kind.endswith("laney"), baseline=baseline, rebases=rebases)


def _enough(points: pd.DataFrame, *, is_count: bool) -> NDArray:
    """Where a point may be judged; a count has no denominator to be small."""
    n = points["numerator" if is_count else "denominator"].to_numpy(dtype=float)
    return np.ones(len(n), dtype=bool) if is_count else np.nan_to_num(n, nan=0.0) >= SMALLEST_JUDGED


def _in_series(points: pd.DataFrame, changes: Sequence[BaselineChange]) -> list[tuple[int, BaselineChange]]:
    """The recorded changes that fall after the first point, each with the first period that begins on or after it."""
    found: dict[int, BaselineChange] = {}
    for change in changes:
        position = int(np.searchsorted(points["period"].to_numpy(), np.datetime64(change.from_date)))
        if 0 < position < len(points):
            found.setdefault(position, change)
    return sorted(found.items())


def _latest_signal(frame: pd.DataFrame) -> Signal | None:
    """The last unbroken stretch of shown points with a signal to one side; a hidden point does not break it."""
    shown = frame[frame["value"].notna()]
    is_signal = (shown["direction"] != 0) & (shown["judgement"] != TOO_FEW)
    if not is_signal.any():
        return None
    last = int(np.flatnonzero(is_signal.to_numpy())[-1])
    direction = int(shown["direction"].iloc[last])
    first = last
    while first > 0 and is_signal.iloc[first - 1] and int(shown["direction"].iloc[first - 1]) == direction:
        first -= 1
    part = shown.iloc[first : last + 1]
    return Signal(
        since=part["period"].iloc[0],
        until=part["period"].iloc[-1],
        points=len(part),
        rule=str(part["rule"].mode().iloc[0]),
        direction=direction,
        judgement=str(part["judgement"].iloc[-1]) if part["judgement"].iloc[-1] != COMMON_CAUSE else "",
        is_ongoing=last == len(shown) - 1,
    )
