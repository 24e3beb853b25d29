"""Reads what was loaded: files, rejects, checks, rules and the dictionary of the warehouse."""

from __future__ import annotations

import difflib
from typing import Any

import pandas as pd

from queries import disclosure
from queries.small_numbers import is_small
from queries.warehouse import Warehouse, WarehouseError


class CasesHiddenError(PermissionError):
    """Rows of single patients were asked for where the setting hides them."""


def files(warehouse: Warehouse) -> pd.DataFrame:
    """Files of the current version: one row per file, read = accepted + rejected + superseded.

    Where cases are not shown, 1–10 rejected or superseded records are empty, and with them what would give them away.
    """
    rows = _frame(
        warehouse,
        """
        select file, table_name, rows_read, rows_accepted, rows_rejected, rows_superseded, bytes, sha256
        from load.file
        order by file, table_name
        """,
    ).astype(dict.fromkeys(("rows_accepted", "rows_rejected", "rows_superseded"), "Int64"))
    if not disclosure.may_see_cases():
        for column in ("rows_rejected", "rows_superseded"):
            few = is_small(rows[column])
            rows.loc[few, [column, "rows_accepted"]] = pd.NA
    return rows


def reject_counts(warehouse: Warehouse) -> pd.DataFrame:
    """Rejected records by file, table, column and rule, the most frequent first; no text of the records.

    Where cases are not shown, 1–10 records are empty, and so is the next smallest number where only one of a file is.
    """
    rows = _frame(
        warehouse,
        """
        select
          file,
          table_name,
          coalesce(column_name, '') as column_name,
          rule,
          any_value(message order by message) as message,
          count(distinct line) as records
        from load.reject
        group by file, table_name, column_name, rule
        order by records desc, file, table_name, column_name, rule
        """,
    )
    if not disclosure.may_see_cases():
        # What a record holds stands in quotes: "'1 May' is not a date".
        rows["message"] = rows["message"].str.replace(r"'[^']*'", "the value", regex=True)
    return _without_few(rows, "records")


def rejects(
    warehouse: Warehouse, *, file: str | None = None, rule: str | None = None, limit: int = 1000
) -> pd.DataFrame:
    """Rejected records with their raw text: one row per record, column and broken rule, at most ``limit``.

    Raises CasesHiddenError where the setting does not allow rows of single patients.
    """
    if not disclosure.may_see_cases():
        raise CasesHiddenError(
            "Rejected rows show single patients, which this setting hides. Where you may see them, set "
            "IOP_SHOW_CASES=yes; the counts by rule are open without it."
        )
    return _frame(
        warehouse,
        """
        select file, line, table_name, column_name, rule, message, raw_text
        from load.reject
        where ($file is null or file = $file) and ($rule is null or rule = $rule)
        order by file, line, column_name, rule
        limit $row_limit
        """,
        {"file": file, "rule": rule, "row_limit": limit},
    )


def superseded(warehouse: Warehouse) -> pd.DataFrame:
    """Records that another record or the mapping replaces: one row per file and reason, hidden as rejected ones are."""
    rows = _frame(
        warehouse,
        """
        select file, table_name, rule, message, record_count
        from load.superseded
        order by file, table_name, rule, message
        """,
    )
    return _without_few(rows, "record_count")


def _without_few(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    rows = rows.astype({column: "Int64"})
    if disclosure.may_see_cases():
        return rows
    few = is_small(rows[column])
    hidden = set(rows.index[few])
    for _, part in rows.groupby("file"):
        others = part.loc[~few[part.index], column].sort_values(kind="stable")
        # The file's own total is known: of one hidden number it would be the rest.
        if few[part.index].sum() == 1:
            hidden.update(others.index[:1])
    rows.loc[sorted(hidden), column] = pd.NA
    return rows


def checks(warehouse: Warehouse) -> pd.DataFrame:
    """Data-quality checks of the current version, those with violations first.

    ``is_found`` says that there are violations, ``is_failed`` that they are of a blocking check, ``found`` how many in
    words. Where cases are not shown, 1–10 records, and all but 1–10, are hidden: many checks are about people.
    """
    rows = _frame(
        warehouse,
        """
        select
          check_name,
          title,
          severity,
          violations,
          denominator,
          message,
          violations > 0 as is_found,
          severity = 'block' and violations > 0 as is_failed
        from load.check_result
        order by violations = 0, severity <> 'block', severity <> 'warn', check_name
        """,
    ).astype({"violations": "Int64", "denominator": "Int64"})
    rows["found"] = rows["violations"].map("{:,}".format).astype(object)
    if not disclosure.may_see_cases():
        _hide_few(rows)
    return rows


def _hide_few(rows: pd.DataFrame) -> None:
    few = is_small(rows["violations"])
    hidden = few | is_small(rows["denominator"] - rows["violations"]) & rows["is_found"]
    for place in rows.index[hidden]:
        row = rows.loc[place]
        told = f"{row['violations']:,} of {row['denominator']:,}"
        rows.loc[place, "message"] = str(row["message"]).replace(told, f"Some of {row['denominator']:,}", 1)
        rows.loc[place, "found"] = f"1–{disclosure.threshold() - 1}" if few[place] else "nearly all"
    rows.loc[hidden, "violations"] = pd.NA


def dictionary(warehouse: Warehouse, table: str | None = None) -> pd.DataFrame:
    """Every table and column with type, unit, allowed values and meaning; a row without column is the table itself.

    ``table`` is a name or ``schema.name``. Raises WarehouseError with the nearest names when there is none.
    """
    schema_name, _, table_name = (table or "").rpartition(".")
    found = _frame(
        warehouse,
        """
        select schema_name, table_name, column_name, type, unit, is_required, allowed, meaning
        from load.dictionary
        where ($table_name is null or table_name = $table_name) and ($schema_name is null or schema_name = $schema_name)
        order by
          array_position(['mart', 'core', 'load'], schema_name), table_name, position
        """,
        {"table_name": table_name or None, "schema_name": schema_name or None},
    )
    if found.empty and table:
        names = tables(warehouse)
        known = [*names["table_name"], *(names["schema_name"] + "." + names["table_name"])]
        near = difflib.get_close_matches(table, known, 3, 0.4)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise WarehouseError(f"There is no table {table!r}.{hint} `iop dictionary` lists them all.")
    return found


def tables(warehouse: Warehouse) -> pd.DataFrame:
    """One row per table of the warehouse with its meaning and its number of columns."""
    return _frame(
        warehouse,
        """
        select
          schema_name,
          table_name,
          any_value(meaning) filter (where coalesce(column_name, '') = '') as meaning,
          count(*) filter (where coalesce(column_name, '') <> '') as columns
        from load.dictionary
        group by schema_name, table_name
        order by array_position(['mart', 'core', 'load'], schema_name), table_name
        """,
    )


def rules(warehouse: Warehouse) -> pd.DataFrame:
    """Named parameters that the marts were built with: one row per rule."""
    return _frame(warehouse, "select rule, value, text_value, meaning, source from load.rule order by rule")


def _frame(warehouse: Warehouse, sql: str, parameters: dict[str, Any] | None = None) -> pd.DataFrame:
    return warehouse.cursor().execute(sql, parameters or {}).df()
