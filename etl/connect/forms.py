"""Finds questionnaires whose items are columns: phq1 … phq9, GAD7_Total."""

from __future__ import annotations

import re
from dataclasses import dataclass

from etl.connect.sniff import Sniffed

ITEMS = {"PHQ-9": ("phq", 9), "GAD-7": ("gad", 7)}


@dataclass(frozen=True)
class Form:
    """An instrument in one raw file: its item columns in order, and the column of its total if there is one."""

    instrument: str
    items: tuple[str, ...]
    total: str = ""


def find_forms(source: Sniffed) -> list[Form]:
    """The instruments of which a file has all items, or the total, as columns."""
    found = []
    for instrument, (stem, count) in ITEMS.items():
        named = {name: re.sub(r"[^a-z0-9]", "", name.lower()) for name in source.header}
        own = {name: text.split(stem, 1)[1] for name, text in named.items() if stem in text}
        items = {int(match[1]): name for name, text in own.items() if (match := _item(text, count))}
        total = next((name for name, text in own.items() if re.search(r"total|score|sum", text)), "")
        if set(items) == set(range(1, count + 1)):
            found.append(Form(instrument, tuple(items[number] for number in sorted(items)), total))
        elif total:
            found.append(Form(instrument, (), total))
    return found


def _item(text: str, count: int) -> re.Match[str] | None:
    """The number of an item, as in phq1, phq91, phq9item1 and phq9q01."""
    return re.fullmatch(rf"{count}?(?:q|item|question)?0?([1-{count}])", text)
