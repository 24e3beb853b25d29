"""What makes the rows of a table out of raw files: joins, columns that become rows, positives with their panel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from etl.progress import nearest
from etl.sql import literal


def compile_rows(raw: str, body: Mapping[str, Any], columns_of: Mapping[str, tuple[str, ...]]) -> str:
    """The ``from_sql`` of a table whose rows come from ``raw``, or "" where they are its records as they stand.

    ``columns_of`` are the columns of every raw file. Raises ValueError, with the nearest name, for what is unknown.
    """
    if "presence" in body:
        source = _presence(raw, body["presence"], columns_of)
    elif "wide" in body:
        source = _wide(raw, body["wide"], columns_of)
    elif body.get("joins"):
        source = f"select * from {_quoted(raw)}"
    else:
        return ""
    for join in body.get("joins", ()):
        source = _joined(source, raw, join, columns_of)
    if left_out := body.get("presence", {}).get("not_reported_where"):
        # What the positives leave out is not negative: none found does not mean that there was none.
        result = f"if(result = 'negative' and coalesce(({left_out}), false), 'not_reported', result)"
        source = f"select * replace ({result} as result) from ({source}) as found"
    return source


def lookups(body: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Raw files that are looked up, with the columns whose values may not repeat in them."""
    return [(str(join["raw"]), tuple(map(str, join["on"].values()))) for join in body.get("joins", ())]


def _joined(source: str, raw: str, join: Mapping[str, Any], columns_of: Mapping[str, tuple[str, ...]]) -> str:
    other, on = str(join["raw"]), join["on"]
    _known(other, columns_of)
    for right in on.values():
        _column(other, str(right), columns_of)
    condition = " and ".join(
        f'driving."{left}"::varchar = {_quoted(other)}."{right}"::varchar' for left, right in on.items()
    )
    # The looked-up record is one value: its columns are written clients.birth, and none of them hides another.
    return f"select driving.*, {_quoted(other)} from ({source}) as driving left join {_quoted(other)} on {condition}"


def _wide(raw: str, wide: Mapping[str, Any], columns_of: Mapping[str, tuple[str, ...]]) -> str:
    try:
        pattern = re.compile(str(wide["columns"]))
    except re.error as error:
        raise ValueError(f"wide.columns is {wide['columns']!r}, which is no pattern: {error}") from error
    matched = [(name, found) for name in columns_of[raw] if (found := pattern.fullmatch(name))]
    if not matched:
        raise ValueError(f"no column of {raw} matches {wide['columns']!r}. It has {', '.join(columns_of[raw])}")
    value = str(wide.get("value", "value"))
    entries = []
    for name, found in matched:
        groups = {"column_name": name} | {key: text or "" for key, text in found.groupdict().items()}
        parts = [f"{literal(key)}: {literal(text)}" for key, text in groups.items()]
        entries.append("{" + ", ".join([*parts, f"{literal(value)}: {_quoted(name)}::varchar"]) + "}")
    cells = ", ".join(entries)
    # A cell without a value is no row: nobody filled it in.
    return (
        f"select * from (select *, unnest([{cells}], recursive := true) from {_quoted(raw)}) as long "
        f"where {_quoted(value)} is not null"
    )


def _presence(raw: str, presence: Mapping[str, Any], columns_of: Mapping[str, tuple[str, ...]]) -> str:
    positives, on, column = str(presence["positives"]), list(presence["on"]), str(presence["column"])
    _known(positives, columns_of)
    for name in on:
        _column(raw, name, columns_of)
        _column(positives, name, columns_of)
    _column(positives, column, columns_of)
    match = " and ".join(f'specimen."{name}" is not distinct from found."{name}"' for name in on)
    names = ", ".join(f'found."{name}"' for name in on)
    panel = ", ".join(literal(str(entry).lower()) for entry in presence["panel"])
    return f"""
select specimen.*, lower(found."{column}") as tested_for, 'positive' as result
from {_quoted(raw)} as specimen
join (select distinct {names}, "{column}" from {_quoted(positives)} as found) as found on {match}
union all
select specimen.*, panel.tested_for, 'negative' as result
from {_quoted(raw)} as specimen
cross join (select unnest([{panel}]) as tested_for) as panel
where not exists (
  select 1 from {_quoted(positives)} as found where {match} and lower(found."{column}") = panel.tested_for
)
union all by name
-- A positive without a specimen on record was tested all the same.
select {names}, lower(found."{column}") as tested_for, 'positive' as result, min(_file) as _file, min(_line) as _line
from {_quoted(positives)} as found
where not exists (select 1 from {_quoted(raw)} as specimen where {match})
group by {names}, lower(found."{column}")"""


def _known(raw: str, columns_of: Mapping[str, tuple[str, ...]]) -> None:
    if raw not in columns_of:
        raise ValueError(f"[files] declares no {raw!r}.{nearest(raw, columns_of)}")


def _column(raw: str, name: str, columns_of: Mapping[str, tuple[str, ...]]) -> None:
    if name not in columns_of[raw]:
        raise ValueError(f"{raw} has no column {name!r}.{nearest(name, columns_of[raw])}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
