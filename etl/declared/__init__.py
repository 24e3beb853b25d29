"""The constructs of source.toml that say what a column or table is instead of how: each becomes plain SQL.

``columns`` compiles what stands in ``[tables.x.columns]``, ``tables`` what makes the rows of a table out of raw files.
"""

from __future__ import annotations

from etl.declared import schema
from etl.declared.columns import Column, compile_column
from etl.declared.tables import compile_rows, lookups

__all__ = ["Column", "compile_column", "compile_rows", "lookups", "schema"]
