"""Workbooks, read by python-calamine: the first row that holds anything is the header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from etl.formats.rows import Record, Rows, as_line, as_text
from etl.progress import LoadError, nearest


def tables(path: Path) -> list[str]:
    """Names of the sheets that hold cells, hidden ones last: an export is rarely in one."""
    book = _open(path)
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    return [sheet.name for sheet in sheets if book.get_sheet_by_name(sheet.name).start is not None]


def rows(path: Path, table: str, columns: tuple[str, ...]) -> Rows:
    """The rows of a sheet; ``table`` may be empty where only one sheet holds cells."""
    known = tables(path)
    if not table:
        if len(known) != 1:
            which = "no sheet with cells" if not known else f"several sheets ({', '.join(known)})"
            raise LoadError(f'{path.name} has {which}. Say which one is meant: table = "…" in source.toml.')
        table = known[0]
    if table not in known:
        raise LoadError(
            f"{path.name} has no sheet {table!r} with cells.{nearest(table, known)} It has {', '.join(known)}."
        )
    sheet = _open(path).get_sheet_by_name(table)
    found = _rows(sheet)
    try:
        _, first = next(found)
    except StopIteration:
        raise LoadError(f"Sheet {table!r} of {path.name} is empty. Export it again.") from None
    header = [as_text(cell) or "" for cell in first]
    while header and not header[-1]:
        header.pop()
    if "" in header:
        raise LoadError(
            f"{path.name}: column {header.index('') + 1} of the header has no name. Merged cells and blank titles "
            "cannot be read: give every column one title in one row."
        )
    return Rows(tuple(header), _records(found, len(header)))


def _records(found: Iterator[tuple[int, list[Any]]], width: int) -> Iterator[Record]:
    for line, cells in found:
        texts = [as_text(cell) for cell in cells]
        beyond = [text for text in texts[width:] if text is not None]
        text = as_line(texts[:width] if not beyond else texts)
        if beyond:
            yield Record(line, None, text, f"{len(texts)} cells where the header has {width}")
        else:
            yield Record(line, texts[:width] + [None] * (width - len(texts)), text)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold anything, with the number that the spreadsheet shows."""
    first = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1):
        if any(cell != "" and cell is not None for cell in cells):
            yield number, cells


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise LoadError(f"{path.name} is protected by a password. Save it without one.") from error
    except (CalamineError, OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise LoadError(f"{path.name} is no workbook that can be read ({reason}). Save it again, or as CSV.") from error
