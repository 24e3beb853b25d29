"""Exports → warehouse: reads a clinic's files, keeps every reject, publishes one DuckDB file."""
