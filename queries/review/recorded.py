"""What is on record beside the numbers: targets, and causes for which limits may start anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queries.filters import Selection
from queries.review.contents import Reviewed
from queries.targets import choose_target, read_targets
from queries.warehouse import Warehouse

EVERYWHERE = "all"


@dataclass(frozen=True)
class BaselineChange:
    """A recorded cause from whose day on a process is another one."""

    from_date: date
    site: str
    cause: str
    recorded_by: str
    recorded_on: date


def read_changes(warehouse: Warehouse, entry: Reviewed, selection: Selection) -> list[BaselineChange]:
    """The recorded changes of a rate, in order: those of all sites, and those of the one site that is chosen.

    None where the warehouse was loaded before such causes could be recorded.
    """
    sites = dict(selection.values).get("site", ())
    known = [EVERYWHERE, *sites] if len(sites) == 1 else [EVERYWHERE]
    if not _has_table(warehouse, "baseline_changes"):
        return []
    rows = warehouse.cursor().execute(
        """
        select from_date, site, cause, recorded_by, recorded_on
        from core.baseline_changes
        where list_contains($names, measure) and list_contains($sites, site)
        order by from_date, site
        """,
        {"names": _names(entry), "sites": known},
    )
    return [BaselineChange(*row) for row in rows.fetchall()]


def read_target(warehouse: Warehouse, entry: Reviewed, selection: Selection) -> float | None:
    """The target of a rate, which may be on record under another name than its measure's."""
    return choose_target(read_targets(warehouse), entry.target_of or entry.measure, selection)


def _names(entry: Reviewed) -> list[str]:
    return [name for name in (entry.measure, entry.by_month, entry.target_of) if name]


def _has_table(warehouse: Warehouse, name: str) -> bool:
    found = warehouse.cursor().execute(
        "select count(*) from information_schema.tables where table_schema = 'core' and table_name = $name",
        {"name": name},
    )
    return bool((found.fetchone() or (0,))[0])
