"""The review's rows as people read them, in the browser's tables and the terminal's."""

from __future__ import annotations

import pandas as pd

from dashboard.review_words import ASSURANCE, VARIATION, period, short_period, unit_of, value_of
from dashboard.wording import UNANSWERED, in_unit, interval, whole
from queries import disclosure
from queries.filters import FILTERS
from queries.review.between import Funnel
from queries.review.case_mix import CaseMix
from queries.review.control import ControlChart
from queries.review.panel import Panel

ICONS = {"concern": "⚑", "improvement": "✓", "high": "↑", "low": "↓", "common cause": "="}


def table_of_chart(chart: ControlChart) -> pd.DataFrame:
    """One row a period: value, counts, centre, limits and what fired."""
    unit, entry = unit_of(chart), chart.series.entry
    hidden = f"hidden (1–{disclosure.threshold() - 1})"
    rows = chart.frame.to_dict("records")
    columns: dict[str, list[str]] = {
        chart.series.unit_of_time.capitalize(): [period(chart, row["period"]) for row in rows],
        "Value": [hidden if row["is_hidden"] else in_unit(row["value"], unit) for row in rows],
        "Centre": [in_unit(row["centre"], unit) for row in rows],
        "Limits": [interval(row["lower"], row["upper"], unit) for row in rows],
        "Signal": [str(row["rule"]) for row in rows],
        "Judgement": [str(row["judgement"]) for row in rows],
        "Baseline": ["yes" if row["is_baseline"] else "" for row in rows],
    }
    if not entry.is_count:
        columns |= {label: [whole(row[name]) for row in rows] for name, label in
                    (("numerator", "Count"), ("denominator", "n"))}  # fmt: skip
    return pd.DataFrame(columns).replace({UNANSWERED: ""})


def table_of_funnel(found: Funnel) -> pd.DataFrame:
    """One row a group in the order of names, with the funnel at its size."""
    hidden = f"hidden (1–{disclosure.threshold() - 1})"
    rows = found.frame.to_dict("records")
    return pd.DataFrame(
        {
            FILTERS[found.by].label: [str(row["group_name"]) for row in rows],
            "Value": [hidden if row["is_hidden"] else in_unit(row["value"], "share") for row in rows],
            "95 % interval": [interval(row["lower"], row["upper"], "share") for row in rows],
            "Count": [whole(row["numerator"]) for row in rows],
            "n": [whole(row["denominator"]) for row in rows],
            "95 % of chance": [interval(row["lower_95"], row["upper_95"], "share") for row in rows],
            "99.8 % of chance": [interval(row["lower_998"], row["upper_998"], "share") for row in rows],
            "Position": [str(row["position"]) for row in rows],
        }
    ).replace({UNANSWERED: ""})


def table_of_case_mix(found: CaseMix) -> pd.DataFrame:
    """One row a group in the order of names: observed, expected, their ratio and the adjusted rate."""
    rows = found.frame.to_dict("records")
    return pd.DataFrame(
        {
            FILTERS[found.by].label: [row["group_name"] for row in rows],
            "n": [whole(row["persons"]) for row in rows],
            "Observed": [whole(row["observed"]) for row in rows],
            "Expected": [f"{row['expected']:,.1f}" for row in rows],
            "O/E": [f"{row['value']:.2f} ({row['lower']:.2f}–{row['upper']:.2f})" for row in rows],
            "Adjusted rate": [in_unit(row["adjusted"], "share") for row in rows],
            "Its 95 % limits": [interval(row["adjusted_lower"], row["adjusted_upper"], "share") for row in rows],
            "Position": [row["position"] for row in rows],
        }
    )


def table_of_all(charts: list[ControlChart], panel: Panel) -> pd.DataFrame:
    """One row a rate: the latest value, its variation and assurance, since when, and the groups to look at."""
    records = []
    for chart in charts:
        known = chart.frame[chart.frame["value"].notna()]
        last = known.iloc[-1] if len(known) else None
        signal = chart.signal
        variation = chart.variation or ""
        records.append(
            {
                "Measure": chart.series.entry.label,
                "Variation": f"{ICONS[variation]} {VARIATION[variation]}" if variation else "not judged",
                "Signal since": short_period(chart, signal.since) if signal and signal.is_ongoing else "",
                "Latest": "hidden" if last is None else value_of(chart, last["value"]),
                "Period": "" if last is None else short_period(chart, last["period"]),
                "Target": "" if chart.target is None else in_unit(chart.target, unit_of(chart)),
                "Assurance": ASSURANCE.get(chart.assurance or "", ""),
                "Groups to look at": ", ".join(panel.groups_of(chart.series.entry.measure)),
            }
        )
    return pd.DataFrame(records)
