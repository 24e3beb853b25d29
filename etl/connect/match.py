"""Decides which table each raw file feeds, and which raw column each canonical column is, with how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from etl import contract
from etl.connect.forms import find_forms
from etl.connect.names import alike, column_words, match_value, table_words
from etl.connect.profile import MOST_CODES, Profile, profile_columns
from etl.connect.sniff import Sniffed

SURE = 0.85
LIKELY = 0.55
FITTING_TABLE = 0.62
HAS_OTHER_SOURCE = {
    "site", "program", "level_of_care", "instrument", "basis", "report_source", "timepoint", "service_type", "status",
    "substance", "scale", "setting",
}  # fmt: skip
"""Required columns that may be the same for a whole export, and so need no raw column."""
KEYS = {"episode_id"}
"""Required columns that may follow from the person and the day."""
OF_THE_CLINIC = {
    "benchmarks",
    "targets",
    "baseline_changes",
    "instruments",
    "price_index",
    "rates",
    "registry_discharges",
}
"""Tables that come from no record system: only a file called so feeds them."""


@dataclass(frozen=True)
class Choice:
    """A raw column for a canonical one."""

    column: contract.Column
    raw: str
    score: float
    others: tuple[str, ...] = ()
    """Raw columns that fit nearly as well."""

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE and not self.others


@dataclass
class Match:
    """A raw file that feeds a canonical table."""

    table: contract.Table
    source: Sniffed
    profiles: dict[str, Profile]
    columns: dict[str, Choice]
    score: float
    rivals: tuple[str, ...] = field(default=())
    """Other tables that the file might be."""


def match_tables(sniffed: list[Sniffed]) -> tuple[list[Match], list[Sniffed]]:
    """The tables that the files feed, best first, and the files that fit none."""
    matches: list[Match] = []
    unused: list[Sniffed] = []
    for source in sniffed:
        profiles = profile_columns(source)
        tried = sorted(
            (_match(source, profiles, table) for table in contract.tables().values()), key=lambda found: -found.score
        )
        best = tried[0]
        if best.score < FITTING_TABLE:
            unused.append(source)
            continue
        best.rivals = tuple(found.table.name for found in tried[1:4] if found.score > best.score - 0.08)
        matches.append(best)
        matches += _people_beside(best, tried)
        matches += _forms_beside(best, tried)
    return _with_people(matches), unused


def _people_beside(best: Match, tried: list[Match]) -> Iterator[Match]:
    """People and their stays are often in one file."""
    pair = {"patients": "episodes", "episodes": "patients"}.get(best.table.name)
    for found in tried:
        if found.table.name == pair and {"patient_id"} <= set(found.columns):
            is_stay = pair != "episodes" or "admission_date" in found.columns
            if is_stay:
                yield found


def _forms_beside(best: Match, tried: list[Match]) -> Iterator[Match]:
    """Questionnaires are often columns of a file of visits: their day is that of the visit."""
    if best.table.name == "assessments" or not find_forms(best.source):
        return
    found = next(found for found in tried if found.table.name == "assessments")
    day = next((choice for choice in best.columns.values() if choice.column.type == "date"), None)
    if day is not None and "patient_id" in found.columns:
        found.columns["assessed_date"] = Choice(found.table.column("assessed_date"), day.raw, day.score)
        found.rivals = ()
        yield found


def _with_people(matches: list[Match]) -> list[Match]:
    """The patients of their own file where there is one, otherwise those of the stays."""
    own = [found for found in matches if found.table.name == "patients" and "birth_date" in found.columns]
    patients = own or [found for found in matches if found.table.name == "patients"][:1]
    order = {name: place for place, name in enumerate(contract.LOAD_ORDER)}
    kept = [found for found in matches if found.table.name != "patients" or found in patients]
    return sorted(kept, key=lambda found: order[found.table.name])


def _match(source: Sniffed, profiles: dict[str, Profile], table: contract.Table) -> Match:
    scored = [
        (score, column, profile.name)
        for column in table.columns
        for profile in profiles.values()
        if (score := _score(column, profile)) >= LIKELY
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1].name, entry[2]))
    columns: dict[str, Choice] = {}
    taken: set[str] = set()
    for score, column, raw in scored:
        if column.name in columns or raw in taken:
            continue
        near = tuple(
            other
            for value, rival, other in scored
            if rival is column and other not in {raw, *taken} and value > score - 0.05
        )
        columns[column.name] = Choice(column, raw, score, near)
        taken.add(raw)
    return Match(table, source, profiles, columns, _table_score(source, table, columns))


def _table_score(source: Sniffed, table: contract.Table, columns: dict[str, Choice]) -> float:
    name = source.table or source.path.split(".")[0]
    called = alike(name, table.name, table_words(table.name))
    if table.name in OF_THE_CLINIC and called < SURE:
        return 0.0
    needed = [column for column in table.columns if column.required and column.name not in table.key]
    points = []
    for column in needed:
        if column.name in columns:
            points.append(columns[column.name].score)
        elif column.name in KEYS and "patient_id" in columns:
            points.append(0.7)
        else:
            points.append(0.4 if column.name in HAS_OTHER_SOURCE else 0.0)
    covered = sum(points) / len(points) if points else float(bool(columns))
    explained = len(columns) / max(len(source.header), 1)
    return 0.5 * covered + 0.2 * min(explained, 1.0) + 0.3 * called


def _score(column: contract.Column, profile: Profile) -> float:
    name = alike(profile.name, column.name, column_words(column.name))
    content = _content(column, profile)
    if content is None or name < 0.3:
        return 0.0
    if column.allowed and content >= 0.8 and len(profile.codes) > 1:
        return max(0.7 * name + 0.3, min(0.8, 0.5 + 0.3 * name))
    return name * (0.75 + 0.25 * content)


def _content(column: contract.Column, profile: Profile) -> float | None:
    """How well the cells fit the column's type, 0 to 1; None where they cannot be it."""
    if profile.filled == 0:
        return 0.3
    if column.type == "date":
        return 1.0 if profile.date_forms or profile.time_forms else None
    if column.type == "timestamp":
        return 1.0 if profile.time_forms else 0.9 if profile.clock_forms else None
    if column.type == "boolean":
        return 0.8 if profile.codes and len(profile.codes) <= 3 else None
    if column.type != "text":
        return 1.0 if profile.is_number and not (profile.date_forms and not profile.is_whole) else None
    if column.allowed:
        total = sum(count for _, count in profile.codes)
        known = sum(count for value, count in profile.codes if match_value(value, column.name, column.allowed))
        if not total:
            # A small table may hold every code once.
            return 0.3 if profile.distinct <= MOST_CODES else None
        return known / total
    if profile.date_forms and not profile.is_whole:
        return None
    return 0.8
