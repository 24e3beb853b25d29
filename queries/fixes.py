"""Rejected records as files to mend and send again: the original columns, and what is wrong with each record."""

from __future__ import annotations

import csv
import io
import re

from queries import disclosure
from queries.loads import CasesHiddenError
from queries.warehouse import Warehouse, WarehouseError

ADDED = ("iop_file", "iop_sha256", "iop_line", "iop_problem")
"""Which record a row replaces, and why; the loader reads the first three."""

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet may take for a formula, and what would be taken for an escaped one on the way back."""

NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")

HIDDEN = (
    "Rejected records show single patients, which this setting hides. Where you may see them, set IOP_SHOW_CASES=yes."
)


def name_of(file: str) -> str:
    """The name under which the mended records go beside the export: ``patients.csv.gz`` → ``patients.fixes.csv``."""
    stem = re.sub(r"\.(csv|tsv|txt)(\.gz)?$", "", file, flags=re.IGNORECASE)
    return f"{stem}.fixes.csv"


def files_to_fix(warehouse: Warehouse) -> list[tuple[str, int]]:
    """Files with rejected records, and how many of them have no text (it is kept for 200,000 a file)."""
    return (
        warehouse.cursor()
        .execute(
            """
        select file, count(distinct line) filter (where raw_text is null) from load.reject group by file order by file
        """
        )
        .fetchall()
    )


def fixes(warehouse: Warehouse, file: str) -> bytes:
    """The rejected records of a file: its own columns in their order, then file, sha256, line and every problem.

    UTF-8 with the file's own delimiter. A cell that a spreadsheet could run begins with one more apostrophe. Raises
    CasesHiddenError where cases are hidden, WarehouseError for a file without rejected records.
    """
    if not disclosure.may_see_cases():
        raise CasesHiddenError(HIDDEN)
    cursor = warehouse.cursor()
    known = cursor.execute(
        "select any_value(header), any_value(delimiter), any_value(sha256) from load.file where file = $file",
        {"file": file},
    ).fetchone()
    rows = cursor.execute(
        """
        select
          line,
          any_value(raw_text) as raw_text,
          string_agg(
            coalesce(column_name || ': ', '') || message || ' (' || rule || ')',
            '; '
            order by column_name, rule, message
          ) as problem
        from (select distinct line, column_name, rule, message, raw_text from load.reject where file = $file)
        group by line
        order by line
        """,
        {"file": file},
    ).fetchall()
    if not rows or known is None or known[0] is None:
        raise WarehouseError(f"No record of {file!r} was rejected. `iop rejects` lists the files that have some.")
    header, delimiter, sha256 = known
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*header, *ADDED])
    for line, raw_text, problem in rows:
        cells = [escaped(cell) for cell in _cells(raw_text, header, delimiter)]
        writer.writerow([*cells, file, sha256, line, escaped(problem)])
    return text.getvalue().encode("utf-8")


def escaped(cell: str) -> str:
    """The cell as no spreadsheet runs it; taking one apostrophe off what begins ``'=`` gives the cell back."""
    return "'" + cell if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _cells(raw_text: str | None, header: list[str], delimiter: str) -> list[str]:
    """One cell a column. What is too much stays in the last one; a record that cannot be split is all in the first."""
    if raw_text is None:
        return [""] * len(header)
    try:
        has_blanks = f'{delimiter} "' in raw_text
        cells = next(
            csv.reader(io.StringIO(raw_text, newline=""), delimiter=delimiter, skipinitialspace=has_blanks), []
        )
    except csv.Error:
        cells = [raw_text]
    if len(cells) > len(header):
        cells[len(header) - 1 :] = [delimiter.join(cells[len(header) - 1 :])]
    return cells + [""] * (len(header) - len(cells))
