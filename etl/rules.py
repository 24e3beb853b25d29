"""Named parameters of the measures: defaults in ``rules.toml``, overridden by a source, then by an export."""

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


def resolve_rules(
    of_source: Map[str, Any], path: Path = DEFAULTS, *, of_export: Map[str, Any] | None = None
) -> dict[str, NamedRule]:
    """The default rules with those of a source and, before them, of an export.

    Raises LoadError for an unknown name and for a value of another kind than the default's.
    """
    defaults = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = {name: NamedRule(name, body["value"], body["meaning"], body["source"]) for name, body in defaults.items()}
    for values, origin in ((of_source, "the source's source.toml"), (of_export or {}, "the export's export.toml")):
        for name, value in values.items():
            if name not in rules:
                raise LoadError(f"Of {origin}: unknown rule {name!r}.{nearest(name, rules)} See etl/rules.toml.")
            rules[name] = NamedRule(
                name, _checked(name, value, defaults[name]["value"], origin), rules[name].meaning, origin
            )
    return rules


def _checked(name: str, value: Any, default: Any, origin: str) -> Any:
    if isinstance(default, str):
        is_usable, kind = isinstance(value, str), "a text"
    else:
        is_usable = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        kind = "a number from 0 up"
        if is_usable and isinstance(default, int) and name.endswith("_days"):
            is_usable, kind = float(value).is_integer(), "a whole number of days"
    if not is_usable:
        raise LoadError(f"Of {origin}: the rule {name} needs {kind}, not {value!r}.")
    return value


def refuse_early_cut(rules: Map[str, NamedRule]) -> None:
    """Refuse rules under which people who left would count as in care at the analysis cut. Raises LoadError.

    An open episode counts as left after so many days without contact: they must have passed by the data cut for
    everybody who was last seen by the analysis cut, or retention rises at the right edge.
    """
    lag, no_contact = rules["ascertainment_lag_days"].value, rules["no_contact_days"].value
    if rules["dropout_definition"].value == "no_contact" and no_contact > lag:
        raise LoadError(
            f"The rule no_contact_days ({no_contact}) is longer than ascertainment_lag_days ({lag}): who left shortly "
            "before the analysis cut would count as in care. Give both the same number of days."
        )


def rule_version(rules: Map[str, NamedRule]) -> str:
    """Eight hexadecimal digits that change when any rule's value does."""
    values = json.dumps({name: str(rule.value) for name, rule in sorted(rules.items())})
    return hashlib.sha256(values.encode()).hexdigest()[:8]
