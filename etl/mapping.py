"""Reads ``etl/sources/<name>/source.toml``: how the files of an export become canonical tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from etl import contract
from etl.declared import compile_column, compile_rows, lookups, schema
from etl.formats import CSV, FORMATS, format_of
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
    format: str = "csv"
    table: str = ""
    """The sheet of a workbook or the table of an SQLite file, where it has several."""
    nulls: tuple[str, ...] = ("",)
    is_optional: bool = False
    extra_columns: str = "refuse"
    exported_at: tuple[str, ...] = ()
    """Forms of the time in the file's name, ``name:%Y-%m-%d``, the first that it has."""
    timestamp_formats: tuple[str, ...] = TIMESTAMP_FORMATS


@dataclass(frozen=True)
class RowRule:
    """A condition over the raw columns of one part."""

    name: str
    sql: str
    says: str
    column: str = ""


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
    says: dict[str, str] = field(default_factory=dict)
    """What is wrong with a value of no form, by canonical column."""
    lookups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Raw files that are looked up, with the columns whose values may not repeat in them."""

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
    where: str
    """The file, as messages name it."""

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
    """The mapping of a source: a name in ``folder``, a file anywhere, or a folder that holds a source.toml.

    Raises LoadError for an unknown source or a malformed file.
    """
    path = _find(source, folder)
    is_known = path.parent.parent == folder
    where = f"etl/sources/{source}/source.toml" if is_known else str(path)
    try:
        text = path.read_text(encoding="utf-8")
        body = tomllib.loads(text)
        for problem in schema.problems(body):
            raise ValueError(problem)
        return _mapping(source if is_known else "", body, text, where)
    except OSError as error:
        raise LoadError(f"{where} cannot be read ({error.strerror}). Check that you may read it.") from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        said = f"{error}{'' if str(error).endswith(('.', '?')) else '.'}"
        raise LoadError(f"{where} is malformed: {said} See etl/sources/README.md.") from error


def _find(source: str, folder: Path) -> Path:
    """Where the source.toml is. Raises LoadError where there is none."""
    names = sorted(p.parent.name for p in folder.glob("*/source.toml"))
    if source in names:
        return folder / source / "source.toml"
    given = Path(source)
    if given.is_file():
        return given
    if (given / "source.toml").is_file():
        return given / "source.toml"
    if given.suffix == ".toml":
        raise LoadError(f"There is no file {source}. `iop connect DIR` writes a draft for the files of a folder.")
    if given.is_dir():
        raise LoadError(f"There is no source.toml in {source}. `iop connect {source}` writes a draft for its files.")
    raise LoadError(
        f"There is no source {source!r}.{nearest(source, names)} Known: {', '.join(names)}; or give the path of a "
        "source.toml."
    )


def _mapping(source: str, body: dict[str, Any], text: str, where: str) -> Mapping:
    if source and body["source"]["name"] != source:
        raise ValueError(f"[source] name is {body['source']['name']!r}, the folder is {source!r}")
    files = {name: _raw_file(name, dict(entry)) for name, entry in body["files"].items()}
    columns_of = {name: raw.columns for name, raw in files.items()}
    parts: dict[str, tuple[Part, ...]] = {}
    duplicates: dict[str, Duplicates] = {}
    for table, declared in body["tables"].items():
        entries = declared if isinstance(declared, list) else [declared]
        try:
            parts[table] = tuple(_part(table, dict(entry), columns_of) for entry in entries)
        except ValueError as error:
            raise ValueError(f"table {table}: {error}") from error
        policy: Any = next((entry["duplicates"] for entry in entries if "duplicates" in entry), "reject")
        duplicates[table] = Duplicates() if policy == "reject" else Duplicates(**policy)
    return Mapping(
        name=body["source"]["name"],
        title=body["source"]["title"],
        data_cut=body["source"]["data_cut"],
        files=files,
        parts=parts,
        duplicates=duplicates,
        parameters=body.get("parameters", {}),
        rules=body.get("rules", {}),
        text=text,
        where=where,
    )


def _raw_file(name: str, entry: dict[str, Any]) -> RawFile:
    paths = entry.pop("path")
    columns = entry.pop("columns")
    if isinstance(columns, str):
        columns = contract.tables()[columns.removeprefix("contract:")].column_names
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    for key in ("nulls", "timestamp_formats"):
        if key in entry:
            entry[key] = tuple(entry[key])
    forms = entry.get("exported_at", ())
    entry["exported_at"] = (forms,) if isinstance(forms, str) else tuple(forms)
    for form in entry["exported_at"]:
        if not form.startswith("name:%") or set(re.findall("%.", form)) - {"%Y", "%m", "%d", "%H", "%M", "%S"}:
            raise ValueError(f"[files.{name}] exported_at is {form!r}. It should be of the form name:%Y-%m-%d")
    kind = entry.setdefault("format", format_of(paths[0]) or CSV)
    if kind not in FORMATS:
        raise ValueError(f"[files.{name}] format is {kind!r}.{nearest(kind, FORMATS)} Known: {', '.join(FORMATS)}")
    if kind == CSV and paths[0].removesuffix(".gz").endswith(".tsv"):
        entry.setdefault("delimiter", "\t")
    if kind == "excel":
        # A workbook shows a time at midnight as a day.
        entry.setdefault("timestamp_formats", (*TIMESTAMP_FORMATS, "%Y-%m-%d"))
    return RawFile(
        name=name,
        paths=paths,
        columns=tuple(columns),
        **entry,
    )


def _part(table: str, entry: dict[str, Any], columns_of: dict[str, tuple[str, ...]]) -> Part:
    entry.pop("duplicates", None)
    declared = entry.pop("columns", {})
    values = entry.pop("values", {})
    _refuse_unknown([*declared, *values], contract.tables()[table].column_names, f"{table} has no column")
    raw = entry.pop("from", "")
    rows: dict[str, Any] = {key: entry.pop(key) for key in ("joins", "wide", "presence") if key in entry}
    codes = {name: body.get("values") for name, body in declared.items() if isinstance(body, dict) and "codes" in body}
    for name, known in [*codes.items(), *values.items()]:
        _refuse_other_codes(table, name, known)
    if bool(raw) == bool(entry.get("from_sql")):
        raise ValueError("exactly one of from and from_sql is needed")
    if rows and not raw:
        raise ValueError(f"{' and '.join(rows)} need from, not from_sql")
    if raw:
        _refuse_unknown([raw], columns_of, "[files] declares no")
    compiled = {name: compile_column(name, body) for name, body in declared.items()}
    columns = {name: column.sql for name, column in compiled.items()}
    for column in compiled.values():
        _refuse_unknown(column.beside, contract.tables()[table].column_names, f"{table} has no column")
        columns |= column.beside
    rules = tuple(RowRule(**rule) for rule in entry.pop("rules", []))
    rules += tuple(
        RowRule(rule, sql, says, name) for name, column in compiled.items() for rule, sql, says in column.rules
    )
    from_sql = compile_rows(raw, rows, columns_of) if rows else ""
    if from_sql:
        raw, entry["from_sql"] = "", from_sql
    return Part(
        table=table,
        raw=raw,
        columns=columns,
        values=values,
        rules=rules,
        says={name: column.says for name, column in compiled.items() if column.says},
        lookups=tuple(lookups(rows)),
        **entry,
    )


def _refuse_other_codes(table: str, name: str, codes: Any) -> None:
    """Refuse codes that become what the contract does not know."""
    allowed = contract.tables()[table].column(name).allowed
    for raw, value in codes.items() if isinstance(codes, dict) and allowed else ():
        if value and value not in allowed:
            raise ValueError(
                f"column {name}: {raw!r} becomes {value!r}.{nearest(str(value), allowed)} Known: {', '.join(allowed)}"
            )


def _refuse_unknown(names: Iterable[str], known: Collection[str], says: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{says} {name!r}.{nearest(name, known)}")
