"""Turns raw relations into one staged relation per canonical table: typed values beside the text they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from etl import contract
from etl.export_folder import Export
from etl.mapping import TIMESTAMP_FORMATS, Mapping, Part
from etl.progress import LoadError, Progress
from etl.read import ReadFile, read_file, reader_type

ROWS_PER_PIECE = 1 << 40
"""A staged row number is piece × this + rowid, so that it leads back to its file and line."""


@dataclass
class Piece:
    """One relation that feeds a staged table: a file that the reader typed, or a part mapped by SQL."""

    relation: str
    part: Part
    read: ReadFile | None = None
    """The file, when the piece is one file as it stands; None when the piece has ``_file`` and ``_line``."""
    typed: frozenset[str] = frozenset()
    """Canonical columns that arrive typed; the others arrive as text."""


@dataclass
class Staged:
    """The staged relation of one table: ``_row``, the typed columns, ``_text_<column>`` and ``_broken``."""

    table: contract.Table
    relation: str
    pieces: list[Piece]
    text_columns: tuple[str, ...]


def literal(text: str) -> str:
    """A constant of the contract or of a mapping as SQL text (never a value that a person typed)."""
    return "'" + text.replace("'", "''") + "'"


def used_parameters(sql: str, values: dict[str, Any], where: str) -> dict[str, Any]:
    """The named parameters that a statement uses. Raises LoadError, naming ``where``, for an unknown one."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise LoadError(f"{where}: the SQL cannot be parsed: {str(error).splitlines()[0]}") from error
    if len(statements) != 1:
        raise LoadError(f"{where}: expected one statement, found {len(statements)}.")
    names = set(statements[0].named_parameters)
    unknown = sorted(names - set(values))
    if unknown:
        raise LoadError(f"{where}: unknown parameter ${unknown[0]}. Rules are in etl/rules.toml.")
    return {name: values[name] for name in names}


@dataclass
class Stage:
    """The staging area of one load: reads files when they are first needed."""

    connection: duckdb.DuckDBPyConnection
    mapping: Mapping
    export: Export
    parameters: dict[str, Any]
    workspace: Path
    progress: Progress
    reads: dict[str, list[ReadFile]] = field(default_factory=dict)
    staged: dict[str, Staged] = field(default_factory=dict)
    bytes_read: int = 0

    def table(self, name: str) -> Staged:
        """The staged relation of a canonical table, made on first use."""
        if name not in self.staged:
            pieces: list[Piece] = []
            for number, part in enumerate(self.mapping.parts.get(name, ())):
                pieces += self._pieces(part, number)
            self.staged[name] = self._union(contract.tables()[name], pieces)
        return self.staged[name]

    def read(self, raw: str) -> list[ReadFile]:
        """The physical files of a raw name in temp relations. Plain files are typed on the way."""
        if raw in self.reads:
            return self.reads[raw]
        part = self.mapping.direct_part(raw)
        types: dict[str, str] = {}
        if part is not None:
            for column in contract.tables()[part.table].columns:
                types[part.columns.get(column.name, column.name)] = reader_type(column)
        done = []
        for number, file in enumerate(self.export.files[raw]):
            self.progress.stage(f"Reading {file.name}")
            done.append(read_file(self.connection, file, f"raw_{raw}_{number}", types, self.workspace))
            self.bytes_read += file.bytes
        self.reads[raw] = done
        return done

    def drop(self, name: str) -> None:
        """Free the staged rows of a table whose files nothing else uses."""
        staged = self.staged[name]
        self.connection.execute(f"drop view {staged.relation}")
        for piece in staged.pieces:
            self.connection.execute(f"drop table {piece.relation}")

    def _pieces(self, part: Part, number: int) -> Iterable[Piece]:
        if part.raw and part.raw not in self.mapping.files:
            raise LoadError(f"Table {part.table} is from {part.raw!r}, which source.toml does not declare in [files].")
        if part.raw and self.mapping.direct_part(part.raw) is part:
            for read in self.read(part.raw):
                typed = {
                    column.name
                    for column in contract.tables()[part.table].columns
                    if read.types.get(part.columns.get(column.name, column.name), "VARCHAR") != "VARCHAR"
                }
                yield Piece(read.relation, part, read, frozenset(typed))
        else:
            relation = f"mapped_{part.table}_{number}"
            self._map(part, relation)
            yield Piece(relation, part)

    def _map(self, part: Part, relation: str) -> None:
        """Run a part's SQL into a temp table of text columns with ``_file``, ``_line`` and ``_broken``."""
        where = f"etl/sources/{self.mapping.name}/source.toml, table {part.table}"
        mentioned = part.from_sql + part.where + " ".join(part.columns.values())
        for raw in self.mapping.files:
            if raw == part.raw or re.search(rf"\b{re.escape(raw)}\b", mentioned):
                self._raw_view(raw)
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
        broken += [(f"{rule.name}:", rule.sql) for rule in part.rules]
        checks = ", ".join(f"case when not coalesce(({sql}), true) then {literal(key)} end" for key, sql in broken)
        flags = f"list_filter([{checks}], lambda x: x is not null)" if broken else "null::varchar[]"
        condition = f"coalesce(({part.where}), false)" if part.where else "true"
        self._run(
            f"create or replace temp table {relation} as select _file, _line, {', '.join(selected)}, "
            f"{flags} as _broken from ({source}) as source_rows where {condition}",
            where,
        )
        self._run(
            f"create or replace temp table unselected_{relation} as select distinct _file, _line "
            f"from ({source}) as source_rows where not {condition}",
            where,
        )

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
            raise LoadError(
                f"{where}: {str(error).splitlines()[0]} Use try_cast where a value may be malformed."
            ) from error

    def _union(self, table: contract.Table, pieces: list[Piece]) -> Staged:
        texts = tuple(
            c.name for c in table.columns if c.type != "text" and any(c.name not in piece.typed for piece in pieces)
        )
        selects = [self._select(table, piece, number, texts) for number, piece in enumerate(pieces)]
        relation = f"staged_{table.name}"
        if selects:
            self.connection.execute(f"create or replace temp view {relation} as {' union all '.join(selects)}")
        return Staged(table, relation, pieces, texts)

    def _select(self, table: contract.Table, piece: Piece, number: int, texts: tuple[str, ...]) -> str:
        # What a part's SQL casts to text is in DuckDB's own form.
        formats = (piece.part.raw and self.mapping.files[piece.part.raw].timestamp_formats) or TIMESTAMP_FORMATS
        formats = formats if piece.read is not None else (*formats, "%Y-%m-%d %H:%M:%S")
        columns = [f"{number * ROWS_PER_PIECE} + rowid as _row"]
        for column in table.columns:
            source = f'"{column.name}"'
            if piece.read is not None:
                raw = piece.part.columns.get(column.name, column.name)
                source = f'"{raw}"' if raw in piece.read.types else "null::varchar"
            is_typed = column.name in piece.typed
            columns.append(f"{source if is_typed else parsed(column, source, formats)} as {column.name}")
            if column.name in texts:
                columns.append(f"{'null::varchar' if is_typed else source} as _text_{column.name}")
        columns.append(f"{'null::varchar[]' if piece.read is not None else '_broken'} as _broken")
        return f"select {', '.join(columns)} from {piece.relation}"


def parsed(column: contract.Column, text: str, formats: Iterable[str] = TIMESTAMP_FORMATS) -> str:
    """SQL that turns text into the column's type, or null where the text is not of its form.

    Dates, times, numbers and booleans as the reader casts them: a verdict must not depend on how a file is read.
    """
    kind = column.duckdb_type
    if kind == "VARCHAR":
        return text
    if kind == "BOOLEAN":
        return f"try_cast({text} as boolean)"
    if kind == "DOUBLE":
        # 'nan' and 'infinity' are numbers to the cast.
        return f"try_cast(case when regexp_full_match({text}, '[ +.\\d-].*') then {text} end as double)"
    if kind in ("DATE", "TIMESTAMP"):
        listed = ", ".join(literal(f) for f in (formats if kind == "TIMESTAMP" else ("%Y-%m-%d",)))
        # 'infinity' and 'epoch' would become 1900-01-01.
        dated = f"case when regexp_full_match({text}, '\\s*\\d.*') then {text} end"
        return f"try_strptime({dated}, [{listed}])" + ("::date" if kind == "DATE" else "")
    pattern = "[+-]?\\d+"
    if kind.startswith("DECIMAL"):
        places = int(kind.removesuffix(")").split(",")[1])
        pattern += f"(\\.\\d{{0,{places}}}0*)?"
    return f"try_cast(case when regexp_full_match({text}, '{pattern}') then {text} end as {kind})"
