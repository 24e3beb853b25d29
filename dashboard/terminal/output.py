"""Writes a table in the format that somebody asked for: to the terminal, to a pipe or to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
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


class OutputError(Exception):
    """The output cannot be written; the message says what to do."""


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
    except OSError as error:
        raise OutputError(f"{out} cannot be written ({error.strerror}). Choose another file with --out.") from error


def show_rows(
    title: str,
    columns: dict[str, str],
    rows: Iterable[Iterable[Any]],
    *,
    most: int = MOST_ROWS,
    has_names_first: bool = True,
) -> None:
    """A table in the terminal. ``columns`` gives each header its justification: left or right.

    ``has_names_first``: the first column holds names that people copy, so it is never broken over lines.
    """
    table = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    for number, (header, justify) in enumerate(columns.items()):
        is_whole = has_names_first and number == 0
        table.add_column(header, justify=justify, overflow="fold", no_wrap=is_whole)  # type: ignore[arg-type]
    hidden = 0
    for number, row in enumerate(rows):
        if number < most:
            table.add_row(*(_escape(cell) for cell in row))
        else:
            hidden += 1
    console().print(table)
    if hidden:
        say(f"… and {hidden:,} more rows. `--format csv --out FILE` has all of them.")


def show_frame(title: str, frame: pd.DataFrame, *, most: int = MOST_ROWS) -> None:
    """Any frame as a table in the terminal."""
    import pandas as pd

    columns = {str(n): "right" if pd.api.types.is_numeric_dtype(frame[n]) else "left" for n in frame.columns}
    show_rows(title, columns, frame.itertuples(index=False, name=None), most=most, has_names_first=False)


def _escape(cell: Any) -> str:
    from rich.markup import escape

    return escape(text_of(cell))


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
    return str(cell)
