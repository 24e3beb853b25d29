"""The tables of schema ``load``: what was read, what was rejected, which rules held. All commented."""

from __future__ import annotations

import duckdb

from etl.stage import literal

LOAD_TABLES: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "version": (
        "What this warehouse is. One row.",
        {
            "version": ("VARCHAR", "Name of the version: data cut and digest of the inputs."),
            "source": ("VARCHAR", "Source that the export was read as."),
            "data_cut": ("DATE", "Last day that the data cover."),
            "analysis_cut": ("DATE", "Data cut minus the ascertainment lag: the day at which measures are evaluated."),
            "rule_version": ("VARCHAR", "Digest of the named rules."),
            "exported_at": ("TIMESTAMP", "When the export was made, as export.toml says; empty if it does not."),
            "schema_version": ("INTEGER", "Version of the warehouse's layout."),
            "code_version": ("VARCHAR", "Version of IOP Outcomes that built it."),
            "input_digest": ("VARCHAR", "SHA-256 over the files, mapping, rules, contract, marts and code."),
        },
    ),
    "file": (
        "The files that were read. One row per file and canonical table that it feeds.",
        {
            "file": ("VARCHAR", "Name of the file."),
            "table_name": ("VARCHAR", "Canonical tables that it feeds; 'lookup' if it is only looked up."),
            "sha256": ("VARCHAR", "SHA-256 of the file as it is on disk."),
            "bytes": ("BIGINT", "Size on disk. Unit: bytes."),
            "rows_read": ("BIGINT", "Records after the header. Equals accepted + rejected + superseded."),
            "rows_accepted": ("BIGINT", "Records that were loaded whole."),
            "rows_rejected": ("BIGINT", "Records of which at least one row was rejected."),
            "rows_superseded": ("BIGINT", "Records that another record or the mapping replaces."),
        },
    ),
    "reject": (
        "Records that were not loaded, and why. One row per record, column and broken rule.",
        {
            "file": ("VARCHAR", "File of the record."),
            "line": ("BIGINT", "Line on which the record begins; the header is line 1."),
            "table_name": ("VARCHAR", "Canonical table that it was meant for."),
            "column_name": ("VARCHAR", "Column that broke the rule; empty for a rule on the whole record."),
            "rule": ("VARCHAR", "Name of the rule."),
            "message": ("VARCHAR", "The rule in words."),
            "raw_text": ("VARCHAR", "The record as it is in the file. May hold protected health information."),
        },
    ),
    "superseded": (
        "Records that were read and are represented by another record, or are not for any table. "
        "One row per file and reason.",
        {
            "file": ("VARCHAR", "File of the records."),
            "table_name": ("VARCHAR", "Canonical table that they were read for."),
            "rule": ("VARCHAR", "duplicate_key or not_selected."),
            "message": ("VARCHAR", "The reason in words."),
            "record_count": ("BIGINT", "Number of records."),
        },
    ),
    "check_result": (
        "Results of the data-quality checks of etl/checks. One row per check.",
        {
            "check_name": ("VARCHAR", "Name of the check."),
            "title": ("VARCHAR", "What it looks at."),
            "severity": ("VARCHAR", "block, warn or note."),
            "violations": ("BIGINT", "How many break it."),
            "denominator": ("BIGINT", "Out of how many."),
            "message": ("VARCHAR", "What it means, and what to do."),
        },
    ),
    "dictionary": (
        "Every table and column of this warehouse. One row per column, and one per table with an empty column.",
        {
            "schema_name": ("VARCHAR", "Schema: core, mart or load."),
            "table_name": ("VARCHAR", "Table."),
            "column_name": ("VARCHAR", "Column; empty for the table itself."),
            "position": ("INTEGER", "Place in the table; 0 for the table itself."),
            "type": ("VARCHAR", "DuckDB type."),
            "unit": ("VARCHAR", "Unit of the values, if any."),
            "is_required": ("BOOLEAN", "Whether the contract requires a value."),
            "allowed": ("VARCHAR", "Allowed codes with their meanings, or the allowed range."),
            "meaning": ("VARCHAR", "What it is."),
        },
    ),
    "rule": (
        "Named parameters that the marts were built with. One row per rule.",
        {
            "rule": ("VARCHAR", "Name; bound as $name in SQL."),
            "value": ("DOUBLE", "Value of a numeric rule."),
            "text_value": ("VARCHAR", "Value as text."),
            "meaning": ("VARCHAR", "What it sets."),
            "source": ("VARCHAR", "Who says so."),
        },
    ),
}


def create_load_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables of schema load with their comments."""
    for name, (meaning, columns) in LOAD_TABLES.items():
        fields = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
        connection.execute(f"create table load.{name} ({fields})")
        connection.execute(f"comment on table load.{name} is {literal(meaning)}")
        for column, (_, text) in columns.items():
            connection.execute(f"comment on column load.{name}.{column} is {literal(text)}")
