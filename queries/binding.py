"""Values for the ``$names`` of a statement: the choice of filters, the cut-offs and the measure's own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queries.filters import Selection
from queries.measure import MeasureError, named_parameters
from queries.warehouse import Warehouse


def bind(sql: str, warehouse: Warehouse, selection: Selection, own: Mapping[str, Any]) -> dict[str, Any]:
    """What the SQL uses of these, to run it with. Raises MeasureError for a name that nothing defines."""
    available = {
        **selection.parameters(),
        "data_cut": warehouse.data_cut,
        "analysis_cut": warehouse.analysis_cut,
        **own,
    }
    used = named_parameters(sql)
    if unknown := used - set(available):
        raise MeasureError(f"The SQL uses ${', $'.join(sorted(unknown))}, which nothing defines.")
    return {name: available[name] for name in used}
