"""When the files of an export were made, as declared: by export.toml, or by a pattern of the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from etl.mapping import RawFile
from etl.progress import nearest

_DIGITS = {"%Y": r"\d{4}", "%m": r"\d{2}", "%d": r"\d{2}", "%H": r"\d{2}", "%M": r"\d{2}", "%S": r"\d{2}"}


def declared_times(
    found: Mapping[str, Iterable[str]], raws: Mapping[str, RawFile], body: dict[str, Any]
) -> dict[str, datetime | None]:
    """When each file was exported: export.toml for the file, else its name, else export.toml for all.

    ``found`` are file names by raw name, ``body`` is export.toml. Raises ValueError for an unknown file or no time.
    """
    declared = body.get("files", {})
    names = [name for each in found.values() for name in each]
    if not isinstance(declared, dict):
        raise ValueError('files is not a section. Write [files."sessions-2026-09.csv"] and exported_at below it')
    for name, entry in declared.items():
        if name not in names:
            raise ValueError(f"[files.{name!r}] is no file of this export.{nearest(name, names)}")
        if not isinstance(entry, dict) or set(entry) != {"exported_at"}:
            raise ValueError(f"[files.{name!r}] takes exported_at only")
    for_all = as_time(body.get("exported_at"), "exported_at")
    times = {}
    for raw, files in found.items():
        for name in files:
            own = declared.get(name, {}).get("exported_at")
            time = as_time(own, f"[files.{name!r}] exported_at") or time_in_name(name, raws[raw].exported_at)
            times[name] = time or for_all
    return times


def as_time(value: Any, where: str) -> datetime | None:
    """A TOML date, time or text as a time without zone. Raises ValueError where it is none of them."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    if value is None or isinstance(value, datetime):
        return value.replace(tzinfo=None) if value is not None else None
    if not isinstance(value, date):
        raise ValueError(f"{where} is {value!r}")
    return datetime(value.year, value.month, value.day)


def time_in_name(name: str, patterns: Iterable[str]) -> datetime | None:
    """The time that a file's name holds in the first form that it has; the latest where it has several."""
    for pattern in patterns:
        form = pattern.removeprefix("name:")
        digits = re.escape(form).replace(r"\%", "%")
        for mark, kind in _DIGITS.items():
            digits = digits.replace(mark, kind)
        times = []
        for text in re.findall(rf"(?<!\d){digits}(?!\d)", name):
            try:
                times.append(datetime.strptime(text, form))
            except ValueError:
                continue
        if times:
            return max(times)
    return None
