"""Why an episode is not in a denominator: the exclusions that measures list, in words and in SQL.

A measure's header lists its exclusions in order; the first that holds is the reason. Words that many measures share
are in reasons.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_SHARED = Path(__file__).parent / "reasons.toml"
_PLACE = re.compile(r"\{([^{}]*)\}")
_PARAMETER = re.compile(r"\{\$(\w+)\}")


@dataclass(frozen=True)
class Exclusion:
    """One reason: the SQL condition, the words that are counted, and the words for one episode."""

    when: str
    because: str
    detail: str

    def describe(self, values: Mapping[str, Any] | None = None) -> str:
        """The counted words, with the values of parameters in them or, without these, their names."""
        if values is None:
            return _PARAMETER.sub(r"`\1`", self.because)
        return _PARAMETER.sub(lambda found: str(values.get(found[1])), self.because)


@cache
def _shared() -> dict[str, Any]:
    return tomllib.loads(_SHARED.read_text(encoding="utf-8"))


def read_exclusions(entries: Iterable[str | Mapping[str, Any]]) -> tuple[Exclusion, ...]:
    """Exclusions of a header: names of shared ones, shared ones with what they need, or new ones.

    ``{name = "too_recent", days = "$day"}`` takes a shared one, ``{when = …, because = …, detail = …}`` is new. Raises
    KeyError for an unknown name and TypeError for an entry without a condition or words.
    """
    return tuple(_read({"name": entry} if isinstance(entry, str) else dict(entry)) for entry in entries)


def _read(entry: dict[str, Any]) -> Exclusion:
    if "name" in entry:
        name = entry.pop("name")
        entry = {**_shared()["exclusions"][name], **entry}
    texts = {key: str(entry.pop(key, "")) for key in ("when", "because", "detail")}
    if not texts["when"] or not texts["because"]:
        raise TypeError(f"an exclusion needs 'when' and 'because', and has {texts}")
    for key, sql in entry.items():
        words = "{" + str(sql) + "}" if str(sql).startswith("$") else str(sql)
        texts["when"] = texts["when"].replace("{" + key + "}", str(sql))
        texts["because"] = texts["because"].replace("{" + key + "}", words)
        texts["detail"] = texts["detail"].replace("{" + key + "}", words)
    return Exclusion(texts["when"], texts["because"], texts["detail"] or texts["because"])


def evidence(text: str) -> str:
    """What is added to the reason of an episode that counts: a shared text by its name, or the text itself."""
    return str(_shared()["evidence"].get(text, text))


def facts_named_in(texts: Iterable[str]) -> list[str]:
    """The tables to join, one row an episode at most, of the facts that the texts name."""
    together = " ".join(texts)
    return [fact["join"] for name, fact in _shared()["facts"].items() if re.search(rf"\b{name}\.", together)]


def as_sql(words: str) -> str:
    """Words with SQL in braces as one SQL expression of text; a missing fact leaves its place empty."""
    parts = _PLACE.split(words)
    pieces = [("'" + part.replace("'", "''") + "'") if place % 2 == 0 else part for place, part in enumerate(parts)]
    return f"concat({', '.join(piece for piece in pieces if piece != chr(39) * 2)})" if words else "''"
