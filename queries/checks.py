"""Reads what the data-quality checks found, judges it by the thresholds that hold now, and lists the rows."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from etl.severity import FILE_NAME, LEVELS, ThresholdError, Thresholds, change, overridden
from queries import disclosure
from queries.loads import CasesHiddenError
from queries.small_numbers import is_small
from queries.warehouse import Warehouse, WarehouseError, open_file

CATEGORIES = ("conformance", "completeness", "plausibility")
BLOCKED = "blocked.duckdb"


def checks(warehouse: Warehouse) -> pd.DataFrame:
    """The checks of a version, the worst first; one row per check.

    ``severity`` is what ``checks.toml`` makes of it now (block, warn, note, none); ``is_found`` says that it is not
    none, ``is_failed`` that it is block, ``found`` how many in words, ``change`` how it compares with the last load.
    Where cases are not shown, 1–10 records, and all but 1–10, are hidden: many checks are about people.
    Raises WarehouseError for a checks.toml that cannot be understood.
    """
    rows = _results(warehouse)
    limits = _thresholds(warehouse, rows)
    given = [limits[name] for name in rows["check_name"]]
    counts = list(zip(rows["violations"], rows["denominator"], strict=True))
    rows["severity"] = [limit.level(*count) for limit, count in zip(given, counts, strict=True)]
    rows["thresholds"] = [limit.words for limit in given]
    rows["change"] = [
        change(*count, *(None if pd.isna(value) else int(value) for value in last))
        for count, last in zip(counts, rows[["last_violations", "last_denominator"]].to_numpy(), strict=True)
    ]
    rows["is_found"] = rows["severity"] != "none"
    rows["is_failed"] = rows["severity"] == "block"
    counted = ["violations", "denominator", "last_violations", "last_denominator"]
    rows = rows.astype(dict.fromkeys(counted, "Int64"))
    rows["share"] = (rows["violations"] / rows["denominator"].where(rows["denominator"] > 0)).astype("Float64")
    rows["found"] = rows["violations"].map("{:,}".format).astype(object)
    if not disclosure.may_see_cases():
        _hide_few(rows)
    worst = {level: number for number, level in enumerate((*LEVELS, "none"))}
    order = rows["severity"].map(worst) * 2 + (rows["violations"].fillna(1) == 0)
    return rows.assign(order=order).sort_values(["order", "check_name"]).drop(columns="order").reset_index(drop=True)


def one(warehouse: Warehouse, name: str) -> pd.Series:
    """One check, as in ``checks``. Raises WarehouseError, with the nearest name, for an unknown one."""
    rows = checks(warehouse)
    _known(name, list(rows["check_name"]))
    return rows[rows["check_name"] == name].iloc[0]


def violating_rows(warehouse: Warehouse, name: str, limit: int = 1000) -> pd.DataFrame:
    """What breaks a check, at most ``limit`` rows.

    Raises CasesHiddenError where the setting hides single patients, WarehouseError for an unknown check.
    """
    if not disclosure.may_see_cases():
        raise CasesHiddenError(
            "The rows of a check show single patients, which this setting hides. Where you may see them, set "
            "IOP_SHOW_CASES=yes; the counts are open without it."
        )
    results = _results(warehouse)
    known: dict[str, str] = dict(zip(results["check_name"], results["rows_sql"], strict=True))
    _known(name, list(known))
    sql = f"select * from ({known[name]}) as broken order by all limit {int(limit)}"
    used = duckdb.extract_statements(sql)[0].named_parameters
    values = _parameters(warehouse)
    return warehouse.cursor().execute(sql, {key: values[key] for key in used}).df()


def open_blocked(home: Path) -> Warehouse:
    """What the last load built and a check kept from being published. Raises WarehouseError where there is none."""
    if not (home / BLOCKED).is_file():
        raise WarehouseError(f"No load of {home} was blocked since the last one that was published.")
    return open_file(home, home / BLOCKED, "the blocked load")


def _results(warehouse: Warehouse) -> pd.DataFrame:
    try:
        return (
            warehouse.cursor()
            .execute(
                """
                select
                  result.check_name,
                  title,
                  category,
                  context,
                  result.violations,
                  result.denominator,
                  counts,
                  message,
                  remedy,
                  note_from,
                  warn_from,
                  block_from,
                  rows_sql,
                  last.violations as last_violations,
                  last.denominator as last_denominator
                from load.check_result as result
                left join load.last_check_result as last on last.check_name = result.check_name
                order by result.check_name
                """
            )
            .df()
        )
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise WarehouseError(
            f"Version {warehouse.version} was built by an older IOP Outcomes, whose checks were kept otherwise. "
            "Load the export again."
        ) from error


def _thresholds(warehouse: Warehouse, rows: pd.DataFrame) -> dict[str, Thresholds]:
    columns = rows[["check_name", "note_from", "warn_from", "block_from"]].to_dict("records")
    defaults = {row["check_name"]: Thresholds(row["note_from"], row["warn_from"], row["block_from"]) for row in columns}
    try:
        return overridden(defaults, warehouse.home / FILE_NAME)
    except ThresholdError as error:
        raise WarehouseError(str(error)) from error


def _parameters(warehouse: Warehouse) -> dict[str, Any]:
    """The named rules that the version was built with, and its cuts."""
    rules = warehouse.cursor().execute("select rule, value, text_value from load.rule").fetchall()
    values: dict[str, Any] = {
        name: text if value is None else int(value) if float(value).is_integer() else value
        for name, value, text in rules
    }
    return values | {"data_cut": warehouse.data_cut, "analysis_cut": warehouse.analysis_cut}


def _known(name: str, names: list[str]) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise WarehouseError(f"There is no check {name!r}.{hint} `iop check --all` lists them.")


def _hide_few(rows: pd.DataFrame) -> None:
    few = is_small(rows["violations"])
    hidden = few | is_small(rows["denominator"] - rows["violations"]) & (rows["violations"] > 0)
    for place in rows.index[hidden]:
        row = rows.loc[place]
        told = f"{row['violations']:,} of {row['denominator']:,}"
        message = str(row["message"]).replace(told, f"some of {row['denominator']:,}", 1)
        rows.loc[place, "message"] = message[:1].upper() + message[1:]
        rows.loc[place, "found"] = f"1–{disclosure.threshold() - 1}" if few[place] else "nearly all"
    rows.loc[hidden, ["violations", "share"]] = pd.NA
    rows.loc[is_small(rows["last_violations"].fillna(0)), "last_violations"] = pd.NA
    rows.loc[is_small((rows["last_denominator"] - rows["last_violations"]).fillna(0)), "last_violations"] = pd.NA
