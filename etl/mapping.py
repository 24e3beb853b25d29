"""Reads ``etl/sources/<name>/source.toml``: how the files of an export become canonical tables."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from etl import contract
from etl.progress import LoadError, nearest

SOURCES = Path(__file__).parent / "sources"
TIMESTAMP_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class RawFile:
    """A declared file of the export; its name is a relation in the mapping's SQL."""

    name: str
    paths: tuple[str, ...]
    columns: tuple[str, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    nulls: tuple[str, ...] = ("",)
    is_optional: bool = False
    extra_columns: str = "refuse"
    timestamp_formats: tuple[str, ...] = TIMESTAMP_FORMATS


@dataclass(frozen=True)
class RowRule:
    """A condition over the raw columns of one part."""

    name: str
    sql: str
    says: str


@dataclass(frozen=True)
class Part:
    """One select that feeds a canonical table."""

    table: str
    raw: str = ""
    from_sql: str = ""
    where: str = ""
    where_says: str = "not a row of this table"
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: tuple[RowRule, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether every column is a raw column as it stands, so that the reader may type it."""
        is_identifier = all(re.fullmatch(r"[A-Za-z_]\w*", sql) for sql in self.columns.values())
        return bool(self.raw) and is_identifier and not (self.where or self.values or self.rules)


@dataclass(frozen=True)
class Duplicates:
    """What happens to rows of one key: rejected after the first, or superseded by a stated precedence."""

    keep: str = "reject"
    order_by: str = ""


@dataclass(frozen=True)
class Mapping:
    """A whole source.toml."""

    name: str
    title: str
    data_cut: str | date
    files: dict[str, RawFile]
    parts: dict[str, tuple[Part, ...]]
    duplicates: dict[str, Duplicates]
    parameters: dict[str, Any]
    rules: dict[str, Any]
    text: str

    def direct_part(self, raw: str) -> Part | None:
        """The only part that uses this raw file, when all its columns are plain; otherwise None."""
        users = [
            part
            for parts in self.parts.values()
            for part in parts
            if part.raw == raw or re.search(rf"\b{re.escape(raw)}\b", part.from_sql)
        ]
        return users[0] if len(users) == 1 and users[0].raw == raw and users[0].is_plain else None


def known_sources() -> list[str]:
    """Names of the sources that this installation can load."""
    return sorted(path.parent.name for path in SOURCES.glob("*/source.toml"))


def read_mapping(source: str, folder: Path = SOURCES) -> Mapping:
    """The mapping of a source. Raises LoadError for an unknown source or a malformed file."""
    path = folder / source / "source.toml"
    names = sorted(p.parent.name for p in folder.glob("*/source.toml"))
    if source not in names:
        raise LoadError(f"There is no source {source!r}.{nearest(source, names)} Known: {', '.join(names)}.")
    text = path.read_text(encoding="utf-8")
    try:
        body = tomllib.loads(text)
        return _mapping(source, body, text)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise LoadError(
            f"etl/sources/{source}/source.toml is malformed: {error}. See etl/sources/README.md."
        ) from error


def _mapping(source: str, body: dict[str, Any], text: str) -> Mapping:
    unknown = set(body) - {"source", "parameters", "rules", "files", "tables"}
    if unknown:
        raise ValueError(f"unknown sections {sorted(unknown)}")
    if body["source"]["name"] != source:
        raise ValueError(f"[source] name is {body['source']['name']!r}, the folder is {source!r}")
    parts: dict[str, tuple[Part, ...]] = {}
    duplicates: dict[str, Duplicates] = {}
    for table, declared in body["tables"].items():
        if table not in contract.tables():
            raise ValueError(f"unknown table {table!r}.{nearest(table, contract.tables())}")
        entries = declared if isinstance(declared, list) else [declared]
        parts[table] = tuple(_part(table, dict(entry)) for entry in entries)
        policy: Any = next((entry["duplicates"] for entry in entries if "duplicates" in entry), "reject")
        duplicates[table] = Duplicates() if policy == "reject" else Duplicates(**policy)
    return Mapping(
        name=source,
        title=body["source"]["title"],
        data_cut=body["source"]["data_cut"],
        files={name: _raw_file(name, dict(entry)) for name, entry in body["files"].items()},
        parts=parts,
        duplicates=duplicates,
        parameters=body.get("parameters", {}),
        rules=body.get("rules", {}),
        text=text,
    )


def _raw_file(name: str, entry: dict[str, Any]) -> RawFile:
    paths = entry.pop("path")
    columns = entry.pop("columns")
    if isinstance(columns, str):
        columns = contract.tables()[columns.removeprefix("contract:")].column_names
    for key in ("nulls", "timestamp_formats"):
        if key in entry:
            entry[key] = tuple(entry[key])
    return RawFile(
        name=name,
        paths=(paths,) if isinstance(paths, str) else tuple(paths),
        columns=tuple(columns),
        **entry,
    )


def _part(table: str, entry: dict[str, Any]) -> Part:
    entry.pop("duplicates", None)
    columns = entry.pop("columns", {})
    values = entry.pop("values", {})
    unknown = (set(columns) | set(values)) - set(contract.tables()[table].column_names)
    if unknown:
        raise ValueError(f"{table} has no columns {sorted(unknown)}")
    raw = entry.pop("from", "")
    if bool(raw) == bool(entry.get("from_sql")):
        raise ValueError(f"{table} needs exactly one of from and from_sql")
    rules = tuple(RowRule(**rule) for rule in entry.pop("rules", []))
    return Part(table=table, raw=raw, columns=columns, values=values, rules=rules, **entry)
