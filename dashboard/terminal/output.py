"""Writes a table in the format that somebody asked for: to the terminal, to a pipe or to a file."""

from __future__ import annotations

import io
import os
import re
import sys
import textwrap
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

PIPE_WIDTH = 160
"""Width of tables that go into a pipe or file, where no terminal says how wide it is."""

MOST_ROWS = 200
"""Rows of a table in the terminal; the other formats have all of them."""


class Format(StrEnum):
    """Formats of ``--format``."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def format_of(chosen: Format, out: Path | None) -> Format:
    """The format to write in: a table is for reading, so a file has its rows as CSV."""
    return Format.csv if out and chosen is Format.table else chosen


class OutputError(Exception):
    """The output cannot be written; the message says what to do."""


def write_in(stream: TextIO, *, encoding: str | None = None, errors: str | None = None) -> None:
    """Set the encoding of a stream, or what it does with characters that the encoding lacks."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors=errors)


def console(*, is_error: bool = False) -> Console:
    """The terminal, or its error stream."""
    stream = sys.stderr if is_error else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def say(text: str) -> None:
    """Text for people, as it is: brackets mean nothing, and only the terminal itself breaks lines."""
    console().print(text, markup=False, soft_wrap=True)


def write(frame: pd.DataFrame, chosen: Format, out: Path | None, *, json_content: Any = None) -> None:
    """Write the frame as csv, json or parquet to stdout or to ``out``.

    ``json_content`` replaces the rows in JSON where more than rows is to be said. Raises OutputError.
    """
    from queries.export import safe_csv, to_json

    if chosen is Format.parquet:
        _write_parquet(frame, out)
        return
    text = safe_csv(frame) if chosen is Format.csv else to_json(frame if json_content is None else json_content) + "\n"
    if out is None:
        write_in(sys.stdout, encoding="utf-8")  # As in a file, whatever the terminal's encoding is.
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out} cannot be written ({error.strerror}). Choose another file with --out.") from error


def _write_parquet(frame: pd.DataFrame, out: Path | None) -> None:
    if out is None and sys.stdout.isatty():
        raise OutputError("Parquet is not for reading in a terminal. Add --out FILE.parquet.")
    plain = frame.copy()
    for name in plain.columns:
        if plain[name].dtype == object:
            plain[name] = plain[name].map(lambda cell: None if cell is None else str(cell))
    try:
        plain.to_parquet(sys.stdout.buffer if out is None else out, index=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror if out is None or not out.is_dir() else "it is a folder"
        raise OutputError(f"{out} cannot be written ({reason}). Choose another file with --out.") from error


def show_rows(
    title: str,
    columns: dict[str, str],
    rows: Iterable[Iterable[Any]],
    *,
    most: int = MOST_ROWS,
    has_names_first: bool = True,
) -> None:
    """A table in the terminal; where it is too narrow for one, a paragraph per row.

    ``columns`` gives each header its justification: left or right. ``has_names_first``: the first column holds names
    that people copy, so it is never broken over lines.
    """
    every = [[text_of(cell) for cell in row] for row in rows]
    shown, hidden = every[:most], max(0, len(every) - most)
    screen = console()
    for is_ruled in (True, False):
        table = _table(title, columns, shown, is_ruled=is_ruled, has_names_first=has_names_first)
        if screen.measure(table, options=screen.options.update(max_width=10_000)).minimum <= screen.width:
            screen.print(table)
            break
    else:
        _show_paragraphs(screen, title, list(columns), shown)
    if hidden:
        say(f"… and {hidden:,} more rows. `--format csv --out FILE` has all of them.")


def _table(
    title: str, columns: dict[str, str], rows: list[list[str]], *, is_ruled: bool, has_names_first: bool
) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    if not is_ruled:
        table.box, table.show_edge, table.padding = SIMPLE_HEAD, False, (0, 1, 0, 0)
    for number, (header, justify) in enumerate(columns.items()):
        # Names that people copy, and numbers, stay in one line.
        is_whole = justify == "right" or (has_names_first and number == 0)
        width = max(cell_len(cell) for cell in [header, *(row[number] for row in rows)]) if is_whole else None
        table.add_column(
            escape(header),
            justify=justify,  # type: ignore[arg-type]
            overflow="fold",
            no_wrap=is_whole,
            min_width=width,
        )
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _show_paragraphs(screen: Console, title: str, headers: list[str], rows: list[list[str]]) -> None:
    if title:
        screen.print(f"[bold]{escape(title)}[/bold]")
    for first, *others in rows:
        screen.print(f"[bold]{escape(first)}[/bold]")
        for header, cell in zip(headers[1:], others, strict=True):
            if cell:
                indented = textwrap.fill(f"{header}: {cell}", screen.width, initial_indent="  ", subsequent_indent="  ")
                screen.print(indented, markup=False, soft_wrap=True)


def show_frame(title: str, frame: pd.DataFrame, *, most: int = MOST_ROWS) -> None:
    """Any frame as a table in the terminal."""
    import pandas as pd

    columns = {str(n): "right" if pd.api.types.is_numeric_dtype(frame[n]) else "left" for n in frame.columns}
    show_rows(title, columns, frame.itertuples(index=False, name=None), most=most, has_names_first=False)


def text_of(cell: Any) -> str:
    """A cell as people write it: thousands separated, nothing for a missing value."""
    import pandas as pd

    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() else f"{cell:,.4g}" if abs(cell) < 1000 else f"{cell:,.2f}"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}" if cell == cell.normalize() else f"{cell:%Y-%m-%d %H:%M}"
    return visible(str(cell))


def visible(text: str) -> str:
    """Text without control characters, which would steer the terminal that shows it."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", text)
