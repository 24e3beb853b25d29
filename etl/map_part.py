"""Runs the SQL of a mapped part over raw relations: text columns of one canonical table, with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from etl import contract
from etl.mapping import Mapping, Part
from etl.progress import LoadError
from etl.read import ReadFile
from etl.sql import literal, used_parameters


@dataclass
class MappedParts:
    """Turns parts of a mapping into temp tables of text columns with ``_file``, ``_line`` and ``_broken``."""

    connection: duckdb.DuckDBPyConnection
    mapping: Mapping
    parameters: dict[str, Any]
    read: Callable[[str], list[ReadFile]]

    def write(self, part: Part, relation: str) -> None:
        """Run a part's SQL into a temp table of text columns with ``_file``, ``_line`` and ``_broken``."""
        where = f"{self.mapping.where}, table {part.table}"
        mentioned = part.from_sql + part.where + " ".join(part.columns.values())
        for raw in self.mapping.files:
            if raw == part.raw or re.search(rf"\b{re.escape(raw)}\b", mentioned):
                self._raw_view(raw)
        self._refuse_repeated(part, where)
        source = part.from_sql.strip().rstrip(";") or f"select * from {part.raw}"
        names = self._columns_of(source, where)
        if not {"_file", "_line"} <= names:
            raise LoadError(f"{where}: from_sql must return _file and _line of the row that drives each result row.")
        selected, broken = [], []
        for column in contract.tables()[part.table].columns:
            sql = part.columns.get(column.name) or (f'"{column.name}"' if column.name in names else "null")
            if column.name in part.values:
                known = part.values[column.name]
                arms = " ".join(f"when {literal(raw)} then {literal(value)}" for raw, value in known.items())
                broken.append(
                    (
                        f"not_allowed:{column.name}",
                        f"({sql}) is null or ({sql})::varchar in ({', '.join(map(literal, known))})",
                    )
                )
                sql = f"case ({sql})::varchar {arms} else ({sql})::varchar end"
            selected.append(f"({sql})::varchar as {column.name}")
        broken += [(f"{rule.name}:{rule.column}", rule.sql) for rule in part.rules]
        checks = ", ".join(f"case when not coalesce(({sql}), true) then {literal(key)} end" for key, sql in broken)
        flags = f"list_filter([{checks}], lambda x: x is not null)" if broken else "null::varchar[]"
        condition = f"coalesce(({part.where}), false)" if part.where else "true"
        try:
            self._run(
                f"create or replace temp table {relation} as select _file, _line, {', '.join(selected)}, "
                f"{flags} as _broken from ({source}) as source_rows where {condition}",
                where,
            )
        except LoadError:
            self._name_the_column(part, source, where)
            raise
        self._run(
            f"create or replace temp table unselected_{relation} as select distinct _file, _line "
            f"from ({source}) as source_rows where not {condition}",
            where,
        )

    def _refuse_repeated(self, part: Part, where: str) -> None:
        """Refuse a looked-up file that has a key twice: a record would become two."""
        for raw, key in part.lookups:
            quoted = [f'"{name}"' for name in key]
            row = self.connection.execute(
                f'select any_value(_file), min(_line), max(_line), count(*) from "{raw}" '
                f"where {' and '.join(f'{name} is not null' for name in quoted)} "
                f"group by {', '.join(quoted)} having count(*) > 1 order by 2 limit 1"
            ).fetchone()
            if row:
                raise LoadError(
                    f"{where}: {raw} is looked up by {', '.join(key)}, but {row[0]} has the same value {row[3]} times "
                    f"(first on lines {row[1]} and {row[2]}). Join by a key, or take one record each in from_sql."
                )

    def _name_the_column(self, part: Part, source: str, where: str) -> None:
        """Raise LoadError for the first column or rule whose SQL fails by itself."""
        for name, sql in part.columns.items():
            self._run(f"select ({sql})::varchar from ({source}) as source_rows", f"{where}, column {name}")
        for rule in part.rules:
            self._run(f"select ({rule.sql})::boolean from ({source}) as source_rows", f"{where}, rule {rule.name}")

    def _raw_view(self, raw: str) -> None:
        selects = []
        for read in self.read(raw):
            columns = ", ".join(f'"{name}"' for name in self.mapping.files[raw].columns)
            name = literal(read.file.name)
            if read.has_line_column:
                selects.append(f"select {columns}, {name} as _file, _line from {read.relation}")
            elif not read.bad:
                selects.append(f"select {columns}, {name} as _file, rowid + 2 as _line from {read.relation}")
            else:
                before = ", ".join(
                    f"({good}, {n})" for n, good in enumerate(read.good_rows_before_bad_lines(), start=1)
                )
                self.connection.execute(
                    f"create or replace temp table bad_{read.relation} as "
                    f"select good_rows, max(bad_lines) as bad_lines from (values {before}) as v(good_rows, bad_lines) "
                    "group by 1"
                )
                selects.append(
                    f"select {columns}, {name} as _file, r.rowid + 2 + coalesce(b.bad_lines, 0) as _line "
                    f"from {read.relation} as r asof left join bad_{read.relation} as b on r.rowid >= b.good_rows"
                )
        if not selects:
            columns = ", ".join(f'null::varchar as "{name}"' for name in self.mapping.files[raw].columns)
            selects = [f"select {columns}, null::varchar as _file, null::bigint as _line where false"]
        self.connection.execute(f'create or replace temp view "{raw}" as {" union all ".join(selects)}')

    def _columns_of(self, sql: str, where: str) -> set[str]:
        statement = f"select * from ({sql}) as source_rows limit 0"
        try:
            done = self.connection.execute(statement, used_parameters(statement, self.parameters, where))
        except duckdb.Error as error:
            raise LoadError(f"{where}: {str(error).splitlines()[0]}") from error
        return {entry[0] for entry in done.description or []}

    def _run(self, sql: str, where: str) -> None:
        try:
            self.connection.execute(sql, used_parameters(sql, self.parameters, where))
        except duckdb.Error as error:
            raise LoadError(f"{where}: {_reason(error)}") from error


def _reason(error: duckdb.Error) -> str:
    """The first line of what DuckDB says, with the nearest names or the remedy."""
    text = str(error)
    said = text.splitlines()[0]
    if found := re.search(r"Candidate bindings: (.*)", text):
        return f"{said} The nearest columns are {found[1].rstrip('.')}."
    is_of_a_value = isinstance(error, duckdb.ConversionException)
    return f"{said} Use try_cast where a value may be malformed." if is_of_a_value else said
