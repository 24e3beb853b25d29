"""JSON files that hold one array of objects, or one object with such an array."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl.formats.rows import Record, Rows, as_text, open_bytes
from etl.progress import LoadError, nearest

LARGEST_BYTES = 512 << 20
KEYS_FROM = 1000
"""The keys of so many first objects are the columns where a mapping declares none."""


def tables(path: Path) -> list[str]:
    """The keys under which arrays of objects stand; one empty name where the file is an array itself."""
    body = _load(path)
    if isinstance(body, list):
        return [""]
    return [name for name, value in body.items() if _is_table(value)]


def rows(path: Path, table: str, columns: tuple[str, ...]) -> Rows:
    """The objects of an array; the keys that are declared are its columns."""
    body = _load(path)
    if isinstance(body, dict):
        known = [name for name, value in body.items() if _is_table(value)]
        if not table and len(known) == 1:
            table = known[0]
        if table not in known:
            raise LoadError(
                f"{path.name} has no array of objects{f' {table!r}' if table else ''}.{nearest(table, known)} "
                f"It has {', '.join(known) or 'none'}."
            )
        body = body[table]
    header = columns or keys_of(body)
    return Rows(header, _records(body, header))


def keys_of(objects: list[Any]) -> tuple[str, ...]:
    """The keys of the first objects, in the order in which they come."""
    return tuple(dict.fromkeys(key for entry in objects[:KEYS_FROM] if isinstance(entry, dict) for key in entry))


def _records(body: list[Any], header: tuple[str, ...]) -> Iterator[Record]:
    # The number of an element is that of a line under a header, so that every format counts alike.
    for line, entry in enumerate(body, start=2):
        text = json.dumps(entry, ensure_ascii=False)
        if isinstance(entry, dict):
            yield Record(line, [as_text(entry.get(name)) for name in header], text)
        else:
            yield Record(line, None, text, "not an object")


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)


def _load(path: Path) -> Any:
    try:
        with open_bytes(path) as file:
            data = file.read(LARGEST_BYTES + 1)
        if len(data) > LARGEST_BYTES:
            raise LoadError(
                f"{path.name} is larger than {LARGEST_BYTES >> 20} MiB. Export it as NDJSON, one object a line."
            )
        body = json.loads(data, parse_float=str, parse_int=str)
    except (OSError, EOFError) as error:
        raise LoadError(f"{path.name} cannot be read ({error}). Export it again.") from error
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{path.name} is not JSON ({str(error)[:100]}). Export it again.") from error
    if not isinstance(body, list | dict):
        raise LoadError(f"{path.name} holds a single value, no array of objects. Export it again.")
    return body
