"""The Checks tab of the Data page: what the data-quality checks found, by category, and the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.footer import show_csv_button
from dashboard.states import show_cases_hidden
from dashboard.wording import counted
from queries import checks, disclosure
from queries.export import safe_csv
from queries.warehouse import Warehouse, WarehouseError

ICONS = {"block": ":material/error:", "warn": ":material/warning:", "note": ":material/info:"}
LEVELS = {"block": "blocks", "warn": "warning", "note": "note", "none": "in order"}
CHANGES = {
    "new": ":material/fiber_new: new since the last load",
    "worse": ":material/trending_up: worse than at the last load",
    "better": ":material/trending_down: better than at the last load",
    "same": "as at the last load",
    "fixed": "fixed since the last load",
}

CATEGORIES = {
    "conformance": "Conformance: do values and references keep the contract?",
    "completeness": "Completeness: is anything missing?",
    "plausibility": "Plausibility: can it be true?",
}
"""Kahn's three questions to data."""

COLUMNS: dict[str, Any] = {
    "title": st.column_config.TextColumn("What should hold", width="large"),
    "level": st.column_config.TextColumn("Result", width="small"),
    "found": st.column_config.TextColumn("Found", width="small"),
    "denominator": st.column_config.NumberColumn("Of", format="localized", width="small"),
    "share": st.column_config.ProgressColumn("Share", format="percent", min_value=0, max_value=1),
    "change": st.column_config.TextColumn("Since the last load", width="small"),
    "thresholds": "Thresholds",
    "check_name": "Name",
}


def show_checks(warehouse: Warehouse) -> None:
    """What was found first, with what to do; every check below it in a table; rows where cases may be shown."""
    try:
        found = checks.checks(warehouse)
    except WarehouseError as error:
        st.error(str(error), icon=":material/error:")
        return
    fixed = int((found["change"] == "fixed").sum())
    st.markdown(
        f"{counted(int(found['is_found'].sum()), 'check')} of {len(found)} found something to note"
        + (f"; {counted(fixed, 'finding')} of the last load fixed." if fixed else ".")
    )
    for category, question in CATEGORIES.items():
        part = found[found["category"] == category]
        noticed = part[part["is_found"] | (part["change"] == "fixed")]
        st.subheader(question, divider="gray")
        if noticed.empty:
            st.markdown(f":material/check_circle: All {counted(len(part), 'check')} are in order.")
        for row in noticed.to_dict("records"):
            _show_finding(dict(row))
        with st.expander(f"All {counted(len(part), 'check')} of {category}"):
            st.dataframe(
                part.assign(level=part["severity"].map(LEVELS))[list(COLUMNS)],
                hide_index=True,
                alt=f"Every check of {category} with its result, share and thresholds",
                column_config=COLUMNS,
            )
    st.caption(
        "Thresholds are changed, without a new load, in checks.toml of the warehouse folder "
        "(etl/checks/README.md). `iop check` prints the same."
    )
    _show_rows(warehouse, found)


def _show_finding(row: Mapping[Any, Any]) -> None:
    icon = ICONS.get(row["severity"], ":material/check_circle:")
    share = "" if pd.isna(row["share"]) else f"{row['share']:.1%} · "
    since = f" · {CHANGES[row['change']]}" if row["change"] else ""
    st.markdown(f"{icon} **{row['title']}.** {row['message']} {row['remedy']}")
    st.caption(f"{share}{row['thresholds']}{since} · {row['check_name']}")


def _show_rows(warehouse: Warehouse, found: pd.DataFrame) -> None:
    broken = found.loc[found["violations"].fillna(1) > 0, ["check_name", "title"]]
    if broken.empty:
        return
    if not disclosure.may_see_cases():
        show_cases_hidden("The rows behind a check show single patients, so they are")
        return
    titles: dict[str, str] = dict(zip(broken["check_name"], broken["title"], strict=True))
    name = st.selectbox(
        "Rows of", list(titles), format_func=lambda chosen: titles[chosen], key="check", bind="query-params"
    )
    rows = checks.violating_rows(warehouse, name)
    st.dataframe(rows, hide_index=True, alt=f"What breaks the check {name}")
    show_csv_button(safe_csv(rows).encode(), f"{name}.csv")
