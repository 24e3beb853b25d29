"""Compares names: of columns and tables with those of the contract, of values with those that it allows."""

from __future__ import annotations

import difflib
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def synonyms() -> dict[str, Any]:
    """What synonyms.toml holds."""
    return tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    """Small letters, words apart, abbreviations spelled out: ``AdmDt`` is ``admission date``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = re.findall(r"[a-z]+|\d+", apart.lower())
    known = synonyms()["abbreviations"]
    return " ".join(known.get(word, word) for word in words)


def alike(name: str, known: str, others: tuple[str, ...]) -> float:
    """How much a name looks like a known one or a synonym of it, 0 to 1."""
    mine = plain(name)
    return max(_similarity(mine, plain(other)) for other in (known, *others))


def _similarity(mine: str, other: str) -> float:
    if mine == other:
        return 1.0
    words, theirs = set(mine.split()), set(other.split())
    common = len(words & theirs) / len(words | theirs) if words and theirs else 0.0
    letters = difflib.SequenceMatcher(None, mine.replace(" ", ""), other.replace(" ", "")).ratio()
    return 0.95 * max(common, letters if letters > 0.8 else 0.0)


def column_words(column: str) -> tuple[str, ...]:
    """Synonyms of a column."""
    return tuple(synonyms()["columns"].get(column, ()))


def table_words(table: str) -> tuple[str, ...]:
    """Words by which files of a table are called."""
    return tuple(synonyms()["tables"].get(table, ()))


def match_value(raw: str, column: str, allowed: dict[str, str]) -> str | None:
    """The allowed value that a raw one stands for, or None where nothing says so."""
    mine = _value(raw)
    known = synonyms()["values"].get(column, {})
    for value, meaning in allowed.items():
        if mine in (_value(value), _value(meaning), *map(_value, known.get(value, ()))):
            return value
    return None


def _value(text: str) -> str:
    return re.sub(r"[^a-z0-9+<.:-]+", " ", text.lower()).strip()
