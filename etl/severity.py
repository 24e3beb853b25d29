"""How much a finding matters: thresholds of checks, as shares or counts, and what changed since the last load.

Neither the loader nor the questions own this: the loader decides by it whether to publish, and whoever shows
findings judges them anew by what ``checks.toml`` says then.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

LEVELS = ("block", "warn", "note")
"""The worst first. A finding below all its thresholds has the level 'none'."""

FILE_NAME = "checks.toml"


class ThresholdError(Exception):
    """A threshold cannot be understood; the message says where and what to write."""


@dataclass(frozen=True)
class Thresholds:
    """From which share ('5 %') or count ('20') on a check notes, warns or blocks; empty: never."""

    note: str = ""
    warn: str = ""
    block: str = ""

    def level(self, violations: int, denominator: int) -> str:
        """block, warn, note or none."""
        for name in LEVELS:
            if _is_reached(getattr(self, name), violations, denominator):
                return name
        return "none"

    @property
    def words(self) -> str:
        """For example ``note from 1, warn from 5 %``."""
        return ", ".join(f"{name} from {value}" for name in reversed(LEVELS) if (value := getattr(self, name)))


def _is_reached(threshold: str, violations: int, denominator: int) -> bool:
    if not threshold or not violations:
        return False
    if threshold.endswith("%"):
        return violations * 100 >= float(threshold.rstrip(" %")) * denominator
    return violations >= int(threshold)


def threshold_of(value: Any) -> str:
    """A threshold as it is kept. Raises ValueError for anything but a count, a share such as '5 %', and 'never'."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return str(value)
    if value == "never":
        return ""
    if isinstance(value, str) and (share := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", value)) and 0 < float(share[1]) <= 100:
        return f"{share[1]} %"
    raise ValueError(f'{value!r} is not a count from 1 up, a share such as "5 %" (up to 100 %), or "never"')


def thresholds_of(body: Mapping[str, Any], where: str, before: Thresholds | None = None) -> Thresholds:
    """``before`` with the thresholds that ``body`` names. Raises ThresholdError, naming ``where``."""
    given = before or Thresholds()
    for name, value in body.items():
        if name not in LEVELS:
            raise ThresholdError(f"{where}: {name!r} is not a threshold. Write note, warn or block.")
        try:
            given = replace(given, **{name: threshold_of(value)})
        except ValueError as error:
            raise ThresholdError(f"{where}: {name} = {error}.") from None
    return given


def overridden(defaults: Mapping[str, Thresholds], path: Path) -> dict[str, Thresholds]:
    """The thresholds by check with those of a ``checks.toml``; the defaults where there is no such file.

    Raises ThresholdError, with the nearest name, for a check that does not exist.
    """
    found = dict(defaults)
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return found
    except (OSError, ValueError) as error:
        raise ThresholdError(f"{path} cannot be read: {error}. Each check is a line [name] with warn = …") from error
    for name, given in body.items():
        if name not in found:
            near = difflib.get_close_matches(name, list(found), n=1, cutoff=0.6)
            hint = f" Did you mean {near[0]!r}?" if near else " `iop check` lists them."
            raise ThresholdError(f"{path}: there is no check {name!r}.{hint}")
        if not isinstance(given, dict):
            raise ThresholdError(f'{path}: {name} needs a table: [{name}], then for example warn = "5 %".')
        found[name] = thresholds_of(given, f"{path}, [{name}]", found[name])
    return found


def change(violations: int, denominator: int, last: int | None, last_denominator: int | None) -> str:
    """Against the last load: new, fixed, worse, better, same; empty where there is nothing to compare with.

    Shares that differ by less than a twentieth of the earlier one are the same.
    """
    if last is None or last_denominator is None:
        return ""
    if bool(violations) != bool(last):
        return "new" if violations else "fixed"
    now, before = violations / max(denominator, 1), last / max(last_denominator, 1)
    if abs(now - before) <= 0.05 * before:
        return "same"
    return "worse" if now > before else "better"
