"""Named parameters of the measures: defaults in ``rules.toml``, overridden by a source."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.progress import LoadError, nearest

DEFAULTS = Path(__file__).parent / "rules.toml"


@dataclass(frozen=True)
class NamedRule:
    """One parameter: its value, what it means and who says so."""

    name: str
    value: Any
    meaning: str
    source: str


def resolve_rules(overrides: Map[str, Any], path: Path = DEFAULTS) -> dict[str, NamedRule]:
    """The default rules with a source's overrides. Raises LoadError for an unknown name."""
    defaults = tomllib.loads(path.read_text(encoding="utf-8"))
    for name in overrides:
        if name not in defaults:
            raise LoadError(
                f"The source overrides an unknown rule {name!r}.{nearest(name, defaults)} See etl/rules.toml."
            )
    return {
        name: NamedRule(name, overrides[name], body["meaning"], "the source's source.toml")
        if name in overrides
        else NamedRule(name, body["value"], body["meaning"], body["source"])
        for name, body in defaults.items()
    }


def rule_version(rules: Map[str, NamedRule]) -> str:
    """Eight hexadecimal digits that change when any rule's value does."""
    values = json.dumps({name: str(rule.value) for name, rule in sorted(rules.items())})
    return hashlib.sha256(values.encode()).hexdigest()[:8]
