"""An answer as a table and as CSV: what stands behind a chart, for people who read numbers or cannot see it."""

from __future__ import annotations

import pandas as pd

from dashboard.wording import UNANSWERED, day, in_unit, interval, whole
from queries import disclosure
from queries.answer import Answer
from queries.export import rows_with_provenance, safe_csv
from queries.filters import FILTERS

STATISTICS = {
    "follow_up": "with a result",
    "missing_is_worst": "missing counts against us",
    "complete_case": "among those with a result",
    "multiple_imputation": "missing filled in by a model",
    "lower_bound": "lowest possible",
    "upper_bound": "highest possible",
    "share_at_target": "share at target",
    "p25": "25th percentile",
    "p75": "75th percentile",
    "p90": "90th percentile",
    "restricted_mean": "restricted mean",
    "cumulative_incidence": "cumulative incidence",
    "time_lost": "time lost",
    "crude": "as they are",
    "weighted": "same kind of patient",
    "before": "before weighting",
    "after": "after weighting",
    "cost_difference": "cost difference",
    "icer": "cost of one more result (ICER)",
    "net_benefit": "net benefit",
    "of_draws": "share of draws",
    "p_value": "p-value",
    "chi_square": "χ²",
}
SHARES = {"share_at_target", "survival", "cumulative_incidence"}


def table_of(answer: Answer) -> pd.DataFrame:
    """The rows in words, without columns that say nothing; hidden numbers say so."""
    frame, unit = answer.frame, answer.measure.unit
    columns: dict[str, list[str]] = {}
    if frame["group_name"].nunique() > 1:
        label = FILTERS[answer.selection.by].label if answer.selection.by else "Group"
        columns[label] = [str(name) for name in frame["group_name"]]
    if (frame["category"] != "").any():
        columns["Part"] = [str(name) for name in frame["category"]]
    if frame["step"].notna().any():
        columns[str(answer.measure.options.get("step_name", "Day or week"))] = [whole(value) for value in frame["step"]]
    if frame["period"].notna().any():
        columns["From"] = ["" if pd.isna(value) else day(value) for value in frame["period"]]
    if frame["statistic"].nunique() > 1:
        columns["Statistic"] = [STATISTICS.get(str(name), str(name)) for name in frame["statistic"]]
    hidden = f"hidden (1–{disclosure.threshold() - 1})"
    units = [unit_of(str(name), unit) for name in frame["statistic"]]
    rows = list(zip(frame.to_dict("records"), units, strict=True))
    columns["Value"] = [hidden if row["is_suppressed"] else in_unit(row["value"], kind) for row, kind in rows]
    columns["95 % interval"] = [interval(row["lower"], row["upper"], kind) for row, kind in rows]
    for name, label in (("numerator", "Count"), ("denominator", "n"), ("missing_n", "Missing")):
        if frame[name].notna().any():
            columns[label] = [whole(value) for value in frame[name]]
    return pd.DataFrame(columns).replace({UNANSWERED: ""})


def unit_of(statistic: str, unit: str) -> str:
    """The unit of a row, where its statistic has another than the measure."""
    return "share" if statistic in SHARES else {"chi_square": ""}.get(statistic, unit)


def csv_of(answer: Answer) -> bytes:
    """The suppressed rows with their provenance as CSV that a spreadsheet opens without running formulas."""
    return csv_of_rows(rows_with_provenance(answer))


def csv_of_rows(rows: pd.DataFrame) -> bytes:
    """Rows as CSV with the mark by which a spreadsheet knows UTF-8."""
    return safe_csv(rows).encode("utf-8-sig")


def file_name(answer: Answer, name: str | None = None) -> str:
    """A name that says what is inside: retained_at_2026-09-30.csv, or ``name`` in place of the measure's."""
    return f"{name or answer.measure.name}_{answer.data_cut.isoformat()}.csv"
