"""Why somebody is in or out: each measure's own SQL, asked for every single episode.

The shared selection names each episode as a group of its own, so that the SQL that counts the measure counts each of
them; those that it does not count take the first exclusion of the measure's header that holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pandas as pd

from queries import catalog
from queries.binding import bind
from queries.cases import require_cases
from queries.filters import Selection
from queries.measure import Measure, MeasureError
from queries.membership import membership
from queries.reasons import as_sql, evidence, facts_named_in
from queries.selected import EACH, EACH_PERSON, with_selection
from queries.warehouse import Warehouse

COUNTED = "Counted"
UNKNOWN = "No reason is recorded for this"
"""Stands where no exclusion of the header holds; the tests allow it nowhere."""

_PERSONS = "(select patient_id, count(*) as episodes from selected_episode group by patient_id)"
_UNITS = {
    "episode": ("selected_episode", "episode_id", ("patient_id", "site", "program", "day_zero", "exit_date")),
    "person": (_PERSONS, "patient_id", ("episodes",)),
    "request": ("selected_request", "request_id", ("patient_id", "site", "requested_date")),
}
_KEYS = ("category", "statistic", "step", "period")


class NotListedError(MeasureError):
    """The measure does not rest on single episodes or requests; the message says on what."""


@dataclass(frozen=True)
class Explanation:
    """Every episode (or request) that passes the filters, once for each part of the measure that counts it."""

    measure: Measure
    selection: Selection
    parameters: dict[str, Any]
    unit: str
    cursor: duckdb.DuckDBPyConnection = field(repr=False)

    @property
    def has_numerator(self) -> bool:
        """Whether each episode that counts is in the numerator or not; weeks, dollars and means are neither."""
        found = self.cursor.execute(
            "select count(in_numerator) > 0 and max(in_denominator) = 1 from explained where is_in"
        ).fetchone()
        return bool(found and found[0])

    def reasons(self) -> pd.DataFrame:
        """One row per reason with the number of episodes: who counts first, then the exclusions in their order.

        Exact, for the gate and for tests: nothing else may show it.
        """
        return self.cursor.execute(
            f"""
            select
              if(is_in, '{COUNTED}', because) as reason,
              is_in,
              count(distinct unit_id) as units,
              count(distinct unit_id) filter (where in_numerator > 0) as in_numerator
            from explained
            group by if(is_in, '{COUNTED}', because), is_in
            order by is_in desc, min(place), reason
            """
        ).df()

    def cases(self, *, unit_id: str | None = None, reason: str | None = None, limit: int | None = None) -> pd.DataFrame:
        """The rows, with the reason of each in words; ``reason`` keeps those whose words hold it.

        Raises CasesError where the server does not show cases.
        """
        require_cases("the number of episodes for each reason is open to everybody.")
        return self.rows(unit_id=unit_id, reason=reason, limit=limit)

    def rows(self, *, unit_id: str | None = None, reason: str | None = None, limit: int | None = None) -> pd.DataFrame:
        """The rows of ``cases`` without its question whether they may be shown: for tests and for ``cases``."""
        return self.cursor.execute(
            f"""
            select unit_id as {_UNITS[self.unit][1]}, * exclude (unit_id, because, exclusion, place)
            from explained
            where ($unit_id is null or unit_id = $unit_id)
              and ($reason is null or contains(lower(reason), lower($reason)))
            order by unit_id, period, step, category, statistic
            limit {int(limit) if limit is not None else "null"}
            """,
            {"unit_id": unit_id, "reason": reason},
        ).df()


def explain(
    warehouse: Warehouse, name: str, selection: Selection, parameters: Mapping[str, Any] | None = None
) -> Explanation:
    """Explain a measure for a selection. Raises MeasureError for what is unknown, NotListedError where there is nobody.

    One row per episode that is not counted, and per episode, category, step and period that is: ``in_denominator`` and
    ``in_numerator`` are amounts (1, weeks, sessions, dollars …) and sum to those of the unsuppressed answer.
    """
    chosen = catalog.measure(name)
    if chosen.not_listed:
        raise NotListedError(f"{chosen.name} has no people to list. {chosen.not_listed}")
    own = catalog.read_parameters(chosen, parameters)
    cursor = warehouse.cursor()
    unit = chosen.listed or ("request" if "selected_request" in chosen.executable_sql else "episode")
    each = replace(selection, by=EACH_PERSON if unit == "person" else EACH)
    # What the SQL returns, without running it over the rows.
    empty = f"select * from ({chosen.executable_sql}) limit 0"
    cursor.execute(empty, bind(empty, warehouse, each, own))
    columns = [column[0] for column in cursor.description]
    sql = f"create temp table explained as {_explaining_sql(chosen, unit, columns, own)}"
    cursor.execute(sql, bind(sql, warehouse, each, own))
    return Explanation(chosen, selection, own, unit, cursor)


def _explaining_sql(chosen: Measure, unit: str, columns: list[str], own: Mapping[str, Any]) -> str:
    """One row per unit that is not counted, and per counted unit and part, with the reason in words."""
    table, key, shown = _UNITS[unit]
    found = membership(chosen.statistic, columns, {**chosen.options, **own}, chosen.unit, chosen.denominator_unit)
    keys = [name if name in columns else f"null as {name}" for name in _KEYS[1:]]
    category = f"{found.category} as category" if "category" in columns else "'' as category"
    more = as_sql(evidence(chosen.evidence))
    texts = [text for exclusion in chosen.exclusions for text in (exclusion.when, exclusion.because, exclusion.detail)]
    joins = facts_named_in([*texts, evidence(chosen.evidence)])
    cases = "\n".join(
        f"when {exclusion.when} then "
        f"{{'place': {place}, 'because': {as_sql(exclusion.because)}, 'detail': {as_sql(exclusion.detail)}}}"
        for place, exclusion in enumerate(chosen.exclusions, 1)
    )
    none = "{'place': null::integer, 'because': null::varchar, 'detail': null::varchar}"
    exclusion = f"case {cases} else {none} end" if cases else none
    return with_selection(
        f"""
with counts as materialized (
  {chosen.sql}
),
part as (
  select
    group_name as unit_id,
    {category},
    {", ".join(keys)},
    {found.denominator} as in_denominator,
    {found.numerator} as in_numerator,
    {found.amount} as amount
  from counts
  group by all
),
counted as (
  select *, {found.words} as words
  from part
  where {found.is_counted}
),
described as (
  select
    episode.{key} as unit_id,
    {", ".join(f"episode.{name}" for name in shown)},
    counted.* exclude (unit_id, amount),
    counted.unit_id is not null as is_in,
    {more} as more,
    {exclusion} as exclusion
  from {table} as episode
  left join counted on counted.unit_id = episode.{key}
  {" ".join(f"left join {join}" for join in joins)}
)
select
  * exclude (words, more, exclusion),
  exclusion.because as exclusion,
  exclusion.place as place,
  coalesce(exclusion.because, '{UNKNOWN}') as because,
  if(
    is_in,
    concat(words, if(more = '', '', concat(if(contains(words, ':'), '; ', ': '), more))),
    concat(
      'Excluded: ',
      if(
        regexp_matches(exclusion.detail, '^[A-Z][a-z ]'),
        lower(exclusion.detail[1]) || exclusion.detail[2:],
        exclusion.detail
      )
    )
  ) as reason
from described""",
        chosen.ignores_filters,
    )
