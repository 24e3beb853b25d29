"""The JSON Schema of source.toml: editors complete by it, and a mapping is held against it before it is compiled.

``python -m etl.declared`` writes etl/sources/source.schema.json from the contract and the constructs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from etl import contract
from etl.declared.columns import CONSTRUCTS, REPEATED_HOUR
from etl.declared.units import UNITS
from etl.formats import FORMATS
from etl.progress import nearest

PATH = Path(__file__).parent.parent / "sources" / "source.schema.json"

_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_SQL = {"type": "string", "description": "SQL over the raw columns, which are all text."}
_KEYS: dict[str, dict[str, Any]] = {
    "date": _SQL | {"description": "A raw column that holds a date; format says how it is written."},
    "time": _SQL | {"description": "A raw column that holds a date and a time; format says how they are written."},
    "days": _SQL | {"description": "A raw column that holds a number of days after an anchor; it may be negative."},
    "weeks": _SQL | {"description": "A raw column that holds a number of weeks after an anchor."},
    "number": _SQL | {"description": "A raw column that holds a number."},
    "codes": _SQL | {"description": "A raw column that holds codes; values says what each means."},
    "flag": _SQL | {"description": "A raw column that holds a flag; yes and no say which value is which."},
    "first_of": _TEXTS | {"description": "The first of several columns or SQL expressions that has a value."},
    "constant": {"description": "One value for every record."},
    "format": _TEXTS | {"description": "Forms like %m/%d/%Y or %Y-%m-%dT%H:%M:%S%z; only these are taken."},
    "zone": _TEXT | {"description": "Zone of the times as they are written, like America/New_York."},
    "clinic_zone": _TEXT | {"description": "Zone of the clinic's clock, where it differs from zone."},
    "repeated_hour": {
        "enum": list(REPEATED_HOUR),
        "description": "Which one is meant where the clocks showed a time twice in autumn; default first.",
    },
    "after": _SQL
    | {"description": "The date from which days or weeks count: a column, a joined column, a $parameter."},
    "unit": {"enum": list(UNITS), "description": "Unit of the raw number."},
    "to": {"enum": list(UNITS), "description": "Unit of the canonical column."},
    "without": _TEXTS | {"description": "Marks to drop before the number is read, like $ and ,."},
    "values": {
        "type": "object",
        "additionalProperties": _TEXT,
        "description": "Raw code to canonical code; an empty text means not known.",
    },
    "else": _TEXT | {"description": 'What a code that is not listed becomes: "reject" (default), "keep", or a value.'},
    "empty": _TEXT | {"description": "What an empty cell becomes."},
    "ignore_case": {"type": "boolean", "description": "Whether capitals and blanks around a code do not matter."},
    "yes": _TEXTS | {"description": "Raw values that mean yes."},
    "no": _TEXTS | {"description": "Raw values that mean no."},
    "imputed": _TEXT | {"description": "Canonical column that says that the first choice had no value."},
}


def source_schema() -> dict[str, Any]:
    """The whole schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "source.toml of IOP Outcomes",
        "description": "How the files of one kind of export become canonical tables.",
        "type": "object",
        "required": ["source", "files", "tables"],
        "additionalProperties": False,
        "properties": {
            "source": _object(
                {
                    "name": _TEXT | {"description": "Short name; for a folder of etl/sources, the folder's."},
                    "title": _TEXT | {"description": "What people call this export."},
                    "data_cut": {
                        "description": 'Last day that the data cover: a date, "export.toml", or "max:table.column".',
                    },
                },
                ["name", "title", "data_cut"],
            ),
            "parameters": {"type": "object", "description": "Constants of this source, bound as $name in its SQL."},
            "rules": {"type": "object", "description": "Overrides of etl/rules.toml by name."},
            "files": {"type": "object", "minProperties": 1, "additionalProperties": _file()},
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "properties": {name: _one_or_several(name) for name in contract.tables()},
            },
        },
        "$defs": {
            "sql": _SQL,
            **_constructs(),
            **{f"table_{name}": _table(table) for name, table in contract.tables().items()},
        },
    }


def _one_or_several(table: str) -> dict[str, Any]:
    part = {"$ref": f"#/$defs/table_{table}"}
    return {"anyOf": [part, {"type": "array", "items": part, "minItems": 1}]}


def _constructs() -> dict[str, Any]:
    return {kind: _object({key: _KEYS[key] for key in (kind, *more)}, [kind]) for kind, (_, more) in CONSTRUCTS.items()}


def _object(properties: dict[str, Any], required: list[str], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
        **more,
    }


def _file() -> dict[str, Any]:
    return _object(
        {
            "path": _TEXTS | {"description": "Name or pattern, or several; .gz is tried too; every match is read."},
            "columns": _TEXTS | {"description": 'The header, in any order, or "contract:table".'},
            "format": {"enum": list(FORMATS), "description": "Where the file's name does not say it."},
            "table": _TEXT | {"description": "Sheet of a workbook, or table of an SQLite file."},
            "delimiter": _TEXT | {"description": 'Default ",", or a tab for .tsv.'},
            "encoding": _TEXT | {"description": "Default utf-8."},
            "nulls": {"type": "array", "items": _TEXT, "description": 'Cells without a value; default [""].'},
            "is_optional": {"type": "boolean", "description": "Whether the file may be absent; default false."},
            "extra_columns": {"enum": ["refuse", "ignore"], "description": 'Default "refuse".'},
            "timestamp_formats": {"type": "array", "items": _TEXT},
            "exported_at": _TEXTS | {"description": 'Where its export time stands: "name:%Y-%m-%d" of the file name.'},
        },
        ["path", "columns"],
    )


def _table(table: contract.Table) -> dict[str, Any]:
    return _object(
        {
            "from": _TEXT | {"description": "The raw file whose records become rows."},
            "from_sql": _TEXT | {"description": "A SELECT over raw files that returns _file and _line of its record."},
            "where": _SQL | {"description": "Which records are for this table; the others are superseded."},
            "where_says": _TEXT | {"description": "Why the others are not, in words."},
            "joins": {"type": "array", "items": _join(), "description": "Raw files that are looked up by a key."},
            "wide": _object(
                {
                    "columns": _TEXT | {"description": "A pattern of column names; its named groups become columns."},
                    "value": _TEXT | {"description": 'Name of the column with the cell; default "value".'},
                },
                ["columns"],
                description="Columns that become rows: one a filled cell.",
            ),
            "presence": _object(
                {
                    "positives": _TEXT | {"description": "Raw file that holds positives only."},
                    "on": {"type": "array", "items": _TEXT, "description": "Columns that both files share."},
                    "column": _TEXT | {"description": "Column of the positives that names what was found."},
                    "panel": {"type": "array", "items": _TEXT, "description": "Everything that was tested for."},
                    "not_reported_where": _SQL
                    | {"description": "Which of the negatives are not known, because the positives leave them out."},
                },
                ["positives", "on", "column", "panel"],
                description="A file of positives, with the panel that makes the negatives.",
            ),
            "columns": {
                "type": "object",
                "additionalProperties": False,
                "properties": {column.name: _column(column) for column in table.columns},
            },
            "values": {"type": "object", "additionalProperties": {"type": "object"}},
            "rules": {
                "type": "array",
                "items": _object({"name": _TEXT, "sql": _SQL, "says": _TEXT}, ["name", "sql", "says"]),
            },
            "duplicates": {
                "anyOf": [
                    {"type": "string", "enum": ["reject"]},
                    _object({"keep": {"enum": ["first", "last", "latest_export", "reject"]}, "order_by": _TEXT}, []),
                ],
                "description": "What happens to records of one key.",
            },
        },
        [],
        description=table.meaning,
    )


def _join() -> dict[str, Any]:
    on = {"type": "object", "additionalProperties": _TEXT, "minProperties": 1}
    return _object(
        {
            "raw": _TEXT | {"description": "The raw file that is looked up."},
            "on": on | {"description": "Column of the driving file = column of the looked-up file."},
        },
        ["raw", "on"],
    )


def _column(column: contract.Column) -> dict[str, Any]:
    said = f"{column.comment}{' Required.' if column.required else ''}"
    kinds: list[dict[str, Any]] = [{"$ref": f"#/$defs/{kind}"} for kind in ("sql", *CONSTRUCTS)]
    if column.allowed:
        codes = _constructs()["codes"]
        codes["properties"]["values"] = {"type": "object", "additionalProperties": {"enum": [*column.allowed, ""]}}
        kinds[kinds.index({"$ref": "#/$defs/codes"})] = codes
    return {"description": said, "anyOf": kinds}


def problems(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the structure of a mapping, one sentence each; what columns hold is left to the compiler."""
    for error in Draft202012Validator(source_schema()).iter_errors(body):
        for found in _plain(error):
            if "columns" not in list(found.absolute_path)[1:] or found.absolute_path[0] != "tables":
                yield _sentence(found)


def _plain(error: ValidationError) -> Iterator[ValidationError]:
    """Of alternatives, those of the one that fits the value's type."""
    if error.validator != "anyOf" or not error.context:
        yield error
        return
    fitting = [entry for entry in error.context if entry.validator not in ("type", "enum") or entry.path]
    if not fitting:
        yield error
    for entry in fitting:
        yield from _plain(entry)


def _sentence(error: ValidationError) -> str:
    place = ".".join(str(part) for part in error.absolute_path)
    where = f"[{place}] " if place else ""
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = next(name for name in error.instance if name not in known)
        return f"{where}does not know {unknown!r}.{nearest(unknown, known)}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"{where}needs {missing}"
    if error.validator == "enum":
        known = [str(value) for value in error.validator_value]
        return f"{where}is {error.instance!r}.{nearest(str(error.instance), known)} Known: {', '.join(known)}"
    if error.validator in ("type", "anyOf"):
        return f"{where}is {error.instance!r}, which is not of the kind that is needed here"
    return f"{where}{error.message}"


def text() -> str:
    """The schema as it stands in the file."""
    return json.dumps(source_schema(), indent=1, ensure_ascii=False) + "\n"
