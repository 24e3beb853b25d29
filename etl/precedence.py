"""Which of several records of one key wins: the one of the file that was exported last, as declared, never as found."""

from __future__ import annotations

import duckdb

from etl.sql import literal
from etl.stage import ROWS_PER_PIECE, Staged

LATE_CORRECTION = ("late_correction", "a file that was exported later has a record of the same key")
"""Rule and reason of the records that a later export replaces."""


def supersede_earlier(connection: duckdb.DuckDBPyConnection, staged: Staged, repeated: str, superseded: str) -> None:
    """List the rows whose key a later exported file repeats.

    ``repeated`` are the ``_row`` and key of all good rows of repeated keys. A key of which one file has no time is
    left alone: nobody knows which record is the later one.
    """
    places = []
    for number, piece in enumerate(staged.pieces):
        low = number * ROWS_PER_PIECE
        inside = f"r._row >= {low} and r._row < {low + ROWS_PER_PIECE}"
        if piece.read is not None:
            places.append(f"select r.*, {literal(piece.read.file.name)} as _file from {repeated} as r where {inside}")
        else:
            places.append(
                f"select r.*, m._file from {repeated} as r join {piece.relation} as m on m.rowid = r._row - {low} "
                f"where {inside}"
            )
    key = ", ".join(staged.table.key)
    connection.execute(
        f"insert into {superseded} select _row from (select _row, t.exported_at, "
        f"max(t.exported_at) over (partition by {key}) as latest, "
        f"bool_and(t.exported_at is not null) over (partition by {key}) as is_known "
        f"from ({' union all '.join(places)}) as placed left join file_time as t on t.file = placed._file) as timed "
        "where is_known and exported_at < latest"
    )
