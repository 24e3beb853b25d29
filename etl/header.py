"""Holds the header of a file against the columns that its source declares."""

from __future__ import annotations

from etl.mapping import RawFile
from etl.progress import LoadError, nearest


def check_header(name: str, raw: RawFile, header: tuple[str, ...]) -> None:
    """Raise LoadError where a header is not the declared one, with the nearest names."""
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise LoadError(f"{name} has two columns of one name: {', '.join(twice)}. Rename or remove one.")
    missing = [column for column in raw.columns if column not in header]
    extra = [column for column in header if column not in raw.columns]
    if missing or (extra and raw.extra_columns == "refuse"):
        raise LoadError(_wrong_columns(name, raw, missing, extra))


def _wrong_columns(name: str, raw: RawFile, missing: list[str], extra: list[str]) -> str:
    if len(extra) == 1 and raw.delimiter in extra[0]:
        return f"{name} has a quote in its header that does not close. Export it again."
    if len(extra) == 1 and (other := [mark for mark in ",;\t|" if mark in extra[0]]):
        return (
            f"{name} is separated by {other[0]!r}, not by {raw.delimiter!r}. Export it again, or declare "
            "its delimiter in source.toml."
        )
    if missing and {column.strip().lower() for column in extra} >= set(missing):
        return (
            f"{name} has column names that differ in spaces or capitals only: {', '.join(extra)}. Write them "
            f"as the source does: {', '.join(missing)}."
        )
    says = [f"{name} has the wrong columns."]
    if missing:
        says.append(f"Missing: {', '.join(missing)}.")
    if extra:
        says.append(f"Unexpected: {', '.join(column or 'a column without a name' for column in extra)}.")
    hints = [nearest(column, missing).replace("Did you mean", f"{column}: did you mean") for column in extra]
    says += [hint.strip() for hint in hints if hint]
    says.append("Line 1 must hold every column of the mapping, in any order; leave cells empty where unknown.")
    return " ".join(says)
