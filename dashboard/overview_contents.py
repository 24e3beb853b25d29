"""Which numbers the Overview shows first; the server answers them before the first visitor comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tile:
    """One number of the Overview."""

    label: str
    measure: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    statistic: str | None = None
    target_of: str | None = None
    by_month: str | None = None
    """The measure that has this number month by month; without one, the sparkline asks quarter by quarter."""


TILES = (
    Tile("In care or left well at day 30", "retained_at", {"day": 30}, target_of="retention_at"),
    Tile("Left before the 4th session", "early_dropout"),
    Tile("Completed or stepped down", "completion_rate"),
    Tile("Weeks with enough hours", "weekly_target_attainment", by_month="target_attainment_by_month"),
    Tile("Show rate", "show_rate", by_month="show_rate_by_month"),
    Tile("Reliably improved (PHQ-9)", "reliable_improvement", {"instrument": "PHQ-9"}),
    Tile("Used within 90 days of leaving", "return_to_use_after_discharge", {"day": 90}),
    Tile("Cost per completed episode", "cost_per_completed_episode"),
)
