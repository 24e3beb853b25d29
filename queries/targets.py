"""Targets on record: what the program itself wants of a measure."""

from __future__ import annotations

from collections.abc import Mapping

from queries.filters import Selection
from queries.warehouse import Warehouse

EVERY_PROGRAM = "all"


def read_targets(warehouse: Warehouse) -> dict[tuple[str, str], float]:
    """The targets in force at the data cut-off, by measure and program."""
    rows = warehouse.cursor().execute(
        """
        select measure, program, arg_max(target_value, effective_from) as target_value
        from core.targets
        where effective_from <= $data_cut
        group by measure, program
        order by measure, program
        """,
        {"data_cut": warehouse.data_cut},
    )
    return {(measure, program): value for measure, program, value in rows.fetchall()}


def choose_target(targets: Mapping[tuple[str, str], float], name: str, selection: Selection) -> float | None:
    """The target of a measure: that of the one chosen program, else that for all programs."""
    programs = dict(selection.values).get("program", ())
    own = targets.get((name, programs[0])) if len(programs) == 1 else None
    return targets.get((name, EVERY_PROGRAM)) if own is None else own
