"""The CTEs that the catalogue puts before a measure which names them: whom filters select, and what measures share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path

from queries.filters import FILTERS, NOT_OF_REQUESTS, Filter

_ROOT = Path(__file__).parent

EACH = "each"
"""Bound as ``by``, this makes every episode or request a group of its own: a measure's SQL then answers for each."""

EACH_PERSON = "each person"
"""The same for every person: where somebody with two episodes counts once."""


def with_selection(sql: str, ignored: Collection[str] = ()) -> str:
    """The SQL with the shared CTEs that it names before it.

    Filters that are ``ignored`` do not apply: a measure that compares levels of care needs them all.
    """
    named: dict[str, str] = {}
    _name_shared(sql, ignored, named)
    if not named:
        return sql
    selected = ",\n  ".join(named.values())
    body = sql.lstrip()
    while body.startswith("--"):
        body = body.split("\n", 1)[1].lstrip()
    if body[:5].lower() == "with ":
        return f"with {selected},\n  {body[5:]}"
    return f"with {selected}\n{body}"


def _name_shared(sql: str, ignored: Collection[str], named: dict[str, str]) -> None:
    """Add the shared CTEs that the SQL names, each after those on which it rests itself."""
    for name, write in _SHARED.items():
        if name not in named and re.search(rf"\b{name}\b", sql):
            own = write(name, ignored)
            _name_shared(own.removeprefix(name), ignored, named)
            named[name] = own


def _of_file(name: str, ignored: Collection[str]) -> str:
    """A CTE that several measures share, in a file of its own."""
    body = (_ROOT / f"{name}.sql").read_text(encoding="utf-8")
    return f"{name} as (\n{body})"


def _selected_episode_sql(name: str, ignored: Collection[str]) -> str:
    known = list(FILTERS.values())
    return f"""{name} as (
    -- One row per episode that passes the filters.
    select
      *,
      {_group_name(known, each="episode_id", otherwise="'All'")}
    from mart.episode
    where {_conditions(known, ignored)}
  )"""


def _selected_request_sql(name: str, ignored: Collection[str]) -> str:
    known = [entry for entry in FILTERS.values() if entry.of_requests]
    return f"""{name} as (
    -- One row per request that passes the filters and dates; only what is known of every request chooses and compares.
    select
      *,
      {_group_name(known, each="request_id", otherwise=f"if($by is null, 'All', '{NOT_OF_REQUESTS}')")}
    from mart.request
    where {_conditions(known, ignored)}
      and requested_date between $date_from and $date_to
  )"""


def _group_name(known: Collection[Filter], *, each: str, otherwise: str) -> str:
    groups = "\n      ".join(
        f"when '{entry.name}' then coalesce({entry.column}, 'Not recorded')" for entry in known if entry.can_compare
    )
    return f"""case $by
      {groups}
      when '{EACH}' then {each}
      when '{EACH_PERSON}' then patient_id
      else {otherwise} end as group_name"""


def _conditions(known: Collection[Filter], ignored: Collection[str]) -> str:
    return "\n      and ".join(
        f"(${entry.name} is null or list_contains(${entry.name}, {entry.column}))"
        for entry in known
        if entry.name not in ignored
    )


_SHARED: dict[str, Callable[[str, Collection[str]], str]] = {
    "selected_episode": _selected_episode_sql,
    "selected_request": _selected_request_sql,
    **{path.stem: _of_file for path in sorted(_ROOT.glob("*.sql"))},
}
