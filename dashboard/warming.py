"""Answers the Overview before anybody asks, so that the first visitor does not wait."""

from __future__ import annotations

import logging

import plotly.graph_objects  # noqa: F401  (costs a second at its first import)

from dashboard import data
from dashboard.containment import contained
from dashboard.overview_contents import TILES
from dashboard.tile import trend_of
from queries.filters import select
from queries.warehouse import WarehouseError

log = logging.getLogger(__name__)


def answer_overview() -> None:
    """Fill the caches with the Overview's default answers; a missing warehouse is said on the page, not here."""
    try:
        warehouse = data.current_warehouse()
    except WarehouseError as error:
        log.warning("%s", error)
        return
    data.options(warehouse)
    data.coverage(warehouse)
    for tile in TILES:
        # One number that fails must not keep the server from starting.
        with contained(tile.measure, show=None):
            trend_of(tile, data.answer(tile.measure, select(), tile.parameters), select())
