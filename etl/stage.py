"""Turns raw relations into one staged relation per canonical table: typed values beside the text they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from etl import contract
from etl.export_folder import Export
from etl.map_part import MappedParts
from etl.mapping import TIMESTAMP_FORMATS, Mapping, Part
from etl.progress import LoadError, Progress
from etl.read import ReadFile, read_file, reader_type
from etl.sql import literal
from etl.unchanged import refuse_changed

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

    def __post_init__(self) -> None:
        self.connection.execute("create temp table file_time (file varchar, exported_at timestamp)")
        for file in self.export.all_files:
            self.connection.execute("insert into file_time values ($1, $2)", [file.name, file.exported_at])

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
            refuse_changed(file)
            done.append(read_file(self.connection, file, f"raw_{raw}_{number}", types, self.workspace))
            refuse_changed(file)
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
            MappedParts(self.connection, self.mapping, self.parameters, self.read).write(part, relation)
            yield Piece(relation, part)

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
