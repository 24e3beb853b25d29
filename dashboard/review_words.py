"""What a control chart, a funnel and a panel say in a sentence, computed from their rows."""

from __future__ import annotations

import pandas as pd

from dashboard.wording import day, in_unit, listed, month
from queries.review.between import NOT_INDEPENDENT, Funnel
from queries.review.case_mix import CaseMix
from queries.review.control import RULES, TOO_FEW, ControlChart, Signal
from queries.review.panel import Panel
from queries.statistics.baselines import BASELINE_POINTS

CHANGES = {
    "improvement": "change for the better",
    "concern": "change for the worse",
    "high": "higher than before",
    "low": "lower than before",
}
PATTERNS = {
    "outside limits": ("above the upper limit", "below the lower limit"),
    "trend": ("in a rising row", "in a falling row"),
    "two of three": ("close to the upper limit, two of three", "close to the lower limit, two of three"),
    "four of five": ("beyond one sigma above the mean, four of five", "beyond one sigma below the mean, four of five"),
    "shift": ("above the mean", "below the mean"),
    "long run": ("in a run above the centre", "in a run below the centre"),
}
"""Each rule in words, for signals upward and downward."""

VARIATION = {
    "improvement": "Improvement",
    "concern": "Concern",
    "high": "Higher",
    "low": "Lower",
    "common cause": "Common cause",
}
ASSURANCE = {
    "consistent pass": "consistently met",
    "consistent fail": "consistently missed",
    "hit and miss": "hit and miss",
}
_MEANS = {
    "consistent pass": "the process, left as it is, meets it",
    "consistent fail": "the process, left as it is, misses it",
    "hit and miss": "it lies within the limits, so chance decides whether a month meets it",
}


def unit_of(chart: ControlChart) -> str:
    """The unit of the chart's values: counts are events per 30 days."""
    return chart.series.entry.definition.unit


def period(chart: ControlChart, value: pd.Timestamp) -> str:
    """A month or quarter in words."""
    if chart.series.unit_of_time == "month":
        return month(value)
    return f"quarter {(value.month - 1) // 3 + 1} of {value.year}"


def short_period(chart: ControlChart, value: pd.Timestamp) -> str:
    """A month or quarter in few letters: Aug 2026, Q2 2026."""
    is_month = chart.series.unit_of_time == "month"
    return f"{value:%b %Y}" if is_month else f"Q{(value.month - 1) // 3 + 1} {value.year}"


def value_of(chart: ControlChart, value: object) -> str:
    """A value with its unit; a count is one per 30 days."""
    said = in_unit(value, unit_of(chart))
    return f"{said} per 30 days" if chart.series.entry.is_count else said


def describe_pattern(signal: Signal, unit_of_time: str) -> str:
    """Which rule fired: "6 months below the lower limit"."""
    pattern = PATTERNS[signal.rule][0 if signal.direction > 0 else 1]
    return f"{signal.points} {unit_of_time}{'' if signal.points == 1 else 's'} {pattern}"


def describe_chart(chart: ControlChart) -> str:
    """The sentence above a control chart."""
    known = chart.frame[chart.frame["value"].notna()]
    if known.empty:
        return ""
    last, label = known.iloc[-1], chart.series.entry.label
    now = f"{value_of(chart, last['value'])} in {period(chart, last['period'])}"
    if pd.isna(last["centre"]):
        return f"{label}: {now}; too few points can be shown for limits."
    usual = f"against {value_of(chart, last['centre'])} in the baseline"
    signal = chart.signal
    if last["judgement"] == TOO_FEW:
        return f"{label}: {now}, {usual}; {TOO_FEW}."
    if signal and signal.is_ongoing:
        change = CHANGES.get(signal.judgement, "change")
        since = f"since {period(chart, signal.since)}" if signal.points > 1 else f"in {period(chart, signal.since)}"
        pattern = describe_pattern(signal, chart.series.unit_of_time)
        return f"{label}: {change} {since} ({pattern}). {now}, {usual}."
    sentence = f"{label}: no change beyond chance at present. {now}, {usual}."
    if signal:
        when = f"{'in' if signal.points == 1 else 'until'} {period(chart, signal.until)}"
        sentence += (
            f" Latest signal: {CHANGES.get(signal.judgement, 'change')} {when} "
            f"({describe_pattern(signal, chart.series.unit_of_time)})."
        )
    return sentence


def describe_assurance(chart: ControlChart) -> str:
    """What the target is, and whether the process can be trusted to meet it."""
    if chart.target is None:
        return ""
    target = f"Target {in_unit(chart.target, unit_of(chart))}"
    if chart.assurance is None:
        return f"{target}: not judged."
    said = f"{target}: {ASSURANCE[chart.assurance]}; {_MEANS[chart.assurance]}."
    if chart.signal and chart.signal.is_ongoing:
        said += " That speaks of the process as it was in the baseline; it has changed since."
    return said


def describe_records(chart: ControlChart) -> list[str]:
    """One line for each cause on record."""
    return [
        f"On record from {day(change.from_date)}: {change.cause} ({change.recorded_by}, {day(change.recorded_on)})."
        for change in chart.changes
    ]


def describe_limits(chart: ControlChart) -> str:
    """Where centre and limits come from, in one sentence."""
    unit = chart.series.unit_of_time
    methods = sorted({str(name) for name in chart.frame.loc[chart.frame["centre"].notna(), "method"]})
    number = int(chart.frame.loc[chart.frame["phase"] == chart.frame["phase"].iloc[-1], "is_baseline"].sum())
    if not methods:
        return f"No limits: no {unit} may be shown."
    if chart.is_trial:
        said = f"Trial limits: a baseline needs {BASELINE_POINTS} points and has {number} {unit}s"
    else:
        said = f"Limits are fixed on the first {number} {unit}s"
    said += " since the last recorded cause" if chart.is_rebased else ""
    said += f" ({'; '.join(methods)}); signals by the rules of {RULES[chart.rules]}."
    if chart.series.entry.reading:
        said += f" {chart.series.entry.reading}"
    hidden = int(chart.frame["is_hidden"].sum())
    return said + (f" Hidden {unit}s ({hidden}) are gaps and do not enter the limits." if hidden else "")


def describe_funnel(found: Funnel) -> str:
    """Which groups lie outside, by name; nothing about rank."""
    shown = found.frame[found.frame["position"].str.len() > 0]
    outside = shown[shown["position"].str.contains("99.8|95", regex=True)]
    whole = f"All {len(shown)} shown together: {in_unit(found.overall, 'share')}."
    if found.entry.reading:
        whole += f" {found.entry.reading}"
    hidden = int(found.frame["is_hidden"].sum())
    if hidden:
        whole += f" {hidden} more are hidden (too few people), so this is not the rate of everybody."
    if (shown["position"] == NOT_INDEPENDENT).any():
        return (
            f"{whole} Not judged: sessions of one person are alike, and with fewer than 10 groups nobody can tell "
            "how much that widens the limits."
        )
    if outside.empty:
        return f"{whole} None lies outside the range that chance allows."
    names = [f"{row['group_name']} ({row['position']})" for row in outside.to_dict("records")]
    return f"{whole} Outside the range that chance allows: {listed(names)}."


def describe_case_mix(found: CaseMix) -> str:
    """Which groups differ from what their patients would be expected to have."""
    rows = found.frame
    different = rows[rows["position"].isin(["above", "below"])]
    if different.empty:
        return "Given who their patients are, no group differs from what is expected."
    names = [
        f"{row['group_name']} {in_unit(row['adjusted'], 'share')} adjusted ({row['observed']:,.0f} observed, "
        f"{row['expected']:,.1f} expected)"
        for row in different.to_dict("records")
    ]
    return f"Given who their patients are, different from expected: {listed(names)}."


def describe_panel(panel: Panel) -> str:
    """How many comparisons, how many signals to look at, and how many of these are expected to be chance."""
    flagged = len(panel.flagged)
    if not len(panel.frame):
        return "No comparison rests on enough people."
    if not flagged:
        return f"{len(panel.frame)} comparisons, no signal to look at (Benjamini–Hochberg, q = {panel.rate:.2f})."
    return (
        f"{flagged} signal{'' if flagged == 1 else 's'} to look at among {len(panel.frame)} comparisons (Benjamini–"
        f"Hochberg, q = {panel.rate:.2f}), of which about {panel.expected_false:.1f} are expected to be chance."
    )
