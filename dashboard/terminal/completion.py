"""What the shell offers when Tab is pressed: measures, filter values, sources, versions, tables, parameters."""

from __future__ import annotations

import os
import re
from contextlib import suppress


def complete_measure(incomplete: str) -> list[tuple[str, str]]:
    """Measures whose name begins with what was typed, with their titles."""
    from queries.catalog import measures

    return [(name, entry.title) for name, entry in measures().items() if name.startswith(incomplete)]


def complete_rate(incomplete: str) -> list[tuple[str, str]]:
    """Rates of the quality review, with their labels."""
    from queries.review.contents import REVIEWED

    return [(entry.measure, entry.label) for entry in REVIEWED if entry.measure.startswith(incomplete)]


def complete_chart(incomplete: str) -> list[str]:
    """Kinds of control chart."""
    from queries.review.control import KINDS

    return [name for name in KINDS if name.startswith(incomplete)]


def complete_rules(incomplete: str) -> list[str]:
    """Sets of rules for signals."""
    from queries.review.control import RULES

    return [name.replace("_", "-") for name in RULES if name.replace("_", "-").startswith(incomplete)]


def complete_comparison(incomplete: str) -> list[str]:
    """What ``--by`` accepts."""
    from queries.filters import COMPARISONS

    return [name for name in COMPARISONS if name.startswith(incomplete)]


def complete_value(name: str, incomplete: str) -> list[str]:
    """Values of a filter that begin with what was typed; none where there is no warehouse."""
    from queries.filters import filter_options
    from queries.warehouse import WarehouseError, open_warehouse

    with suppress(WarehouseError):
        values = [value for value, _ in filter_options(open_warehouse())[name]]
        return [_typed(value) for value in values if value.lower().startswith(incomplete.lower())]
    return []


def complete_setting(incomplete: str) -> list[str]:
    """Parameters of measures as NAME=, and the choices of one as NAME=VALUE."""
    from queries.catalog import measures

    found: dict[str, None] = {}
    for parameter in (parameter for entry in measures().values() for parameter in entry.parameters):
        found |= dict.fromkeys([f"{parameter.name}={value}" for value in parameter.choices or ("",)])
    return [_typed(setting) for setting in sorted(found) if setting.startswith(incomplete)]


def complete_source(incomplete: str) -> list[str]:
    """Sources that this installation can load."""
    from etl.mapping import known_sources

    return [name for name in known_sources() if name.startswith(incomplete)]


def complete_table(incomplete: str) -> list[str]:
    """Tables of the warehouse."""
    from queries.loads import tables
    from queries.warehouse import WarehouseError, open_warehouse

    with suppress(WarehouseError):
        found = tables(open_warehouse())
        names = found["schema_name"] + "." + found["table_name"]
        return [name for name in names if name.startswith(incomplete)]
    return []


def complete_version(incomplete: str) -> list[tuple[str, str]]:
    """Published versions, with the last day of their data."""
    from etl.publish import versions
    from queries.warehouse import warehouse_home

    found = versions(warehouse_home())
    return [(info.version, f"data to {info.data_cut}") for info in found if info.version.startswith(incomplete)]


def _typed(value: str) -> str:
    """A value as it is typed: bash takes a blank for the end of the word unless it is escaped."""
    is_bash = os.environ.get("_IOP_COMPLETE") == "complete_bash"
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", value) if is_bash else value
