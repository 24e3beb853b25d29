"""What the cells of a column look like: dates and their form, times, numbers, codes, keys."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from etl.connect.sniff import Sniffed

MOST_CODES = 40
LONGEST_CODE = 60
FITS = 0.95
"""Share of the filled cells that must fit a kind: exports have odd rows."""

DATE_FORMS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%Y/%m/%d", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y",
    "%Y%m%d",
    "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%d%b%Y",
)  # fmt: skip
CLOCK_FORMS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
OFFSETS = ("", "%z")


@dataclass(frozen=True)
class Profile:
    """A column of a raw file as its sample shows it."""

    name: str
    filled: float
    distinct: int
    is_unique: bool
    date_forms: tuple[str, ...] = ()
    time_forms: tuple[str, ...] = ()
    clock_forms: tuple[str, ...] = ()
    is_number: bool = False
    is_whole: bool = False
    codes: tuple[tuple[str, int], ...] = ()
    """Values that repeat, the most frequent first; empty where the cells are no codes."""

    @property
    def kind(self) -> str:
        """date, time, clock, number or text."""
        for kind, fits in (("date", self.date_forms), ("time", self.time_forms), ("clock", self.clock_forms)):
            if fits:
                return kind
        return "number" if self.is_number else "text"


def profile_columns(table: Sniffed) -> dict[str, Profile]:
    """A profile of every column."""
    return {name: _profile(name, table.values(name), len(table.records)) for name in table.header}


def _profile(name: str, values: list[str], records: int) -> Profile:
    texts = [value.strip() for value in values]
    counts = Counter(texts)
    is_code = 0 < len(counts) <= MOST_CODES and max(map(len, counts)) <= LONGEST_CODE and len(counts) <= len(texts) / 3
    forms = {
        kind: _fitting(texts, known)
        for kind, known in {"date": DATE_FORMS, "clock": CLOCK_FORMS, "time": _time_forms()}.items()
    }
    return Profile(
        name=name,
        filled=len(texts) / records if records else 0.0,
        distinct=len(counts),
        is_unique=bool(texts) and len(counts) == len(texts),
        date_forms=forms["date"],
        time_forms=forms["time"],
        clock_forms=forms["clock"],
        is_number=_share(texts, r"[+-]?\$?[\d,]*\.?\d+") >= FITS,
        is_whole=_share(texts, r"[+-]?\d+") >= FITS,
        codes=tuple(counts.most_common()) if is_code else (),
    )


def _time_forms() -> tuple[str, ...]:
    return tuple(
        f"{day}{between}{clock}{offset}"
        for day in DATE_FORMS
        for between in (" ", "T")
        for clock in CLOCK_FORMS
        for offset in OFFSETS
    )


def _fitting(texts: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The forms that fit the most cells: one day above 12 in a thousand says which part is the month."""
    fits = {form: _fits(texts, form) for form in known}
    most = max(fits.values(), default=0)
    return tuple(form for form, count in fits.items() if count == most and count >= FITS * len(texts) and count)


def _fits(texts: list[str], form: str) -> int:
    # A few cells say quickly that a form is wrong.
    if not any(_parses(text, form) for text in texts[:5]):
        return 0
    return sum(_parses(text, form) for text in texts)


def _parses(text: str, form: str) -> bool:
    try:
        found = datetime.strptime(text, form)
    except ValueError:
        return False
    return found.year == 1900 or 1900 < found.year < 2101


def _share(texts: list[str], pattern: str) -> float:
    return sum(bool(re.fullmatch(pattern, text)) for text in texts) / len(texts) if texts else 0.0
