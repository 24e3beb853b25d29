"""Writes the draft of a source.toml: what was found, and what a person must decide."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.connect.expressions import (
    CONSTANTS,
    ONE_PAIR,
    Written,
    constant,
    raw_sql,
    toml,
    write_attended_time,
    write_column,
)
from etl.connect.forms import Form, find_forms
from etl.connect.match import Choice, Match, match_tables
from etl.connect.sniff import SAMPLE_RECORDS, Sniffed, sniff_folder
from etl.formats import CSV, format_of
from etl.progress import LoadError

UNSURE = "UNSURE:"


@dataclass(frozen=True)
class Draft:
    """A draft, and what a person should know beside it."""

    text: str
    tables: tuple[str, ...]
    files: tuple[str, ...]
    unused: tuple[str, ...]
    unreadable: tuple[str, ...]

    @property
    def unsure(self) -> list[str]:
        """The questions in the draft, in their order."""
        return [line.split(UNSURE, 1)[1].strip() for line in self.text.splitlines() if UNSURE in line]


def write_draft(folder: Path, name: str) -> Draft:
    """The draft for the files of a folder. Raises LoadError where no file fits any table."""
    sniffed, unreadable = sniff_folder(folder)
    matches, unused = match_tables(sniffed)
    if not matches:
        seen = ", ".join(entry.path for entry in sniffed) or "none"
        raise LoadError(
            f"No file in {folder} looks like clients, visits, scores or another table (readable files: {seen}). "
            + " ".join(unreadable)
        )
    stays = next((found for found in matches if found.table.name == "episodes"), None)
    text = "\n".join([*_head(name, matches), *_files(sniffed, matches), *_tables(matches, stays)]) + "\n"
    return Draft(
        text=text,
        tables=tuple(dict.fromkeys(found.table.name for found in matches)),
        files=tuple(entry.path for entry in sniffed),
        unused=tuple(entry.path + (f" ({entry.table})" if entry.table else "") for entry in unused),
        unreadable=tuple(unreadable),
    )


def _head(name: str, matches: list[Match]) -> Iterator[str]:
    yield "# A draft: read every line that says UNSURE, correct it, and take the remark away."
    yield "# Then: iop connect DIR --check, and iop load DIR. What can be written here: etl/sources/README.md"
    yield ""
    yield "[source]"
    yield f"name = {toml(name)}"
    yield f"title = {toml(f'The export {name}')}"
    dated = [
        f"{table}.{column}"
        for table, column in (("sessions", "session_date"), ("episodes", "admission_date"))
        if any(found.table.name == table and column in found.columns for found in matches)
    ]
    value = f"max:{dated[0]}" if dated else "export.toml"
    yield f"data_cut = {toml(value)}   # {UNSURE} up to which day do the data run? If you know it, write it: 2026-09-30"


def _files(sniffed: list[Sniffed], matches: list[Match]) -> Iterator[str]:
    used = {found.source.raw for found in matches}
    for entry in sniffed:
        if entry.raw not in used:
            continue
        yield ""
        yield f"[files.{entry.raw}]"
        yield f"path = {toml(entry.path)}"
        yield f"columns = {toml(list(entry.header))}"
        if format_of(entry.path) != entry.kind:
            yield f"format = {toml(entry.kind)}"
        if entry.table and entry.kind in ("excel", "sqlite", "json"):
            yield f"table = {toml(entry.table)}"
        if entry.kind == CSV and entry.delimiter != ("\t" if ".tsv" in entry.path else ","):
            yield f"delimiter = {toml(entry.delimiter)}"
        if entry.encoding != "utf-8":
            yield f"encoding = {toml(entry.encoding)}"
        if entry.nulls:
            yield f"nulls = {toml(['', *entry.nulls])}"


def _tables(matches: list[Match], stays: Match | None) -> Iterator[str]:
    forms = {found.source.raw: find_forms(found.source) for found in matches}
    counts = {name: sum(found.table.name == name for found in matches) for name in {m.table.name for m in matches}}
    for found in matches:
        wide = forms[found.source.raw] if found.table.name == "assessments" else []
        if wide:
            for form in wide:
                yield from _form(found, form, stays)
            continue
        brackets = ("[[", "]]") if counts[found.table.name] > 1 else ("[", "]")
        yield from _table(found, stays, brackets)


def _table(found: Match, stays: Match | None, brackets: tuple[str, str]) -> Iterator[str]:
    name = found.table.name
    lines, joins = _columns(found, stays)
    yield ""
    if found.rivals:
        yield f"# {UNSURE} {found.source.path} might also be {' or '.join(found.rivals)}"
    yield f"{brackets[0]}tables.{name}{brackets[1]}"
    yield from joins or [f"from = {toml(found.source.raw)}"]
    if name == "patients" and not found.profiles[found.columns["patient_id"].raw].is_unique:
        yield 'duplicates = { keep = "first" }'
    yield ""
    yield f"[tables.{name}.columns]"
    yield from lines


def _columns(found: Match, stays: Match | None) -> tuple[list[str], list[str]]:
    """The lines of the columns, and the lines that say where the rows come from if they need the stays."""
    lines: list[str] = []
    joins: list[str] = []
    for column in found.table.columns:
        choice = found.columns.get(column.name)
        if column.name in found.table.key and column.name != "patient_id":
            written = _key(found, column.name, stays)
        elif column.name == "episode_id":
            written, joins = _episode(found, stays)
        elif choice is not None:
            written = write_column(found, choice)
        elif column.name in ONE_PAIR and ONE_PAIR[column.name] in found.columns:
            written = write_attended_time(found, found.columns[ONE_PAIR[column.name]])
        elif column.required and column.name in CONSTANTS:
            written = constant(column.name)
        elif column.required:
            written = Written('""', (f"nothing in {found.source.path} looks like this required column",))
        else:
            continue
        if written.toml:
            lines.append(f"{column.name} = {written.toml}" + _remark(written))
    return lines, joins


def _remark(written: Written) -> str:
    return f"   # {UNSURE} {'; '.join(written.unsure)}" if written.unsure else ""


def _key(found: Match, name: str, stays: Match | None) -> Written:
    choice = found.columns.get(name)
    if choice is not None and (found.profiles[choice.raw].is_unique or len(found.table.key) > 1):
        return write_column(found, choice)
    if name == "episode_id":
        return Written(toml(_stay_key(found)))
    if name == "site":
        return Written("")
    sql = f"'{found.source.raw}-' || _line"
    return Written(json.dumps(sql), ("no column is a key: the line of the file is used, which changes with its order",))


def _stay_key(stays: Match) -> str:
    """SQL of the key of a stay: its own, the person where each has one stay, or person and day of admission."""
    own = stays.columns.get("episode_id")
    if own is not None and stays.profiles[own.raw].is_unique:
        return raw_sql(own.raw)
    person = stays.columns["patient_id"].raw
    if stays.profiles[person].is_unique or "admission_date" not in stays.columns:
        return raw_sql(person)
    return f"{raw_sql(person)} || ' ' || {raw_sql(stays.columns['admission_date'].raw)}"


def _episode(found: Match, stays: Match | None) -> tuple[Written, list[str]]:
    """How a record finds its stay: by its key, by a person who has one stay, or by person and day."""
    own = found.columns.get("episode_id")
    person = found.columns.get("patient_id") or _person_of(found, stays)
    if stays is None:
        return (write_column(found, own) if own else Written('""', ("no file of stays was found",))), []
    key = stays.columns.get("episode_id")
    if own is not None and key is not None and _leads_to(found, own, stays, key):
        return Written(toml(raw_sql(own.raw))), []
    if person is None:
        return Written('""', ("nothing says whose record this is",)), []
    their = stays.columns["patient_id"].raw
    person_raw = person if isinstance(person, str) else person.raw
    if stays.profiles[their].is_unique:
        return Written(toml(raw_sql(person_raw))), []
    return Written('"stay_key"'), _by_day(found, stays, person_raw)


def _person_of(found: Match, stays: Match | None) -> str | None:
    """A column whose values are those of the persons of the stays, where the table itself has none for them."""
    if stays is None or "patient_id" not in stays.columns:
        return None
    their = stays.columns["patient_id"].raw
    taken = {choice.raw for choice in found.columns.values()}
    fitting = [name for name in found.source.header if name not in taken and _within(found, name, stays, their)]
    return fitting[0] if fitting else None


def _leads_to(found: Match, own: Choice, stays: Match, key: Choice) -> bool:
    """Whether a column holds keys of the stays; of large files the samples need not hold the same stays."""
    if _within(found, own.raw, stays, key.raw):
        return True
    is_part = len(stays.source.records) >= SAMPLE_RECORDS
    shared = set(found.source.values(own.raw)) & set(stays.source.values(key.raw))
    return is_part and own.is_sure and key.is_sure and bool(shared)


def _within(found: Match, name: str, stays: Match, other: str) -> bool:
    """Whether nearly all values of a column are values of the other."""
    mine, theirs = set(found.source.values(name)), set(stays.source.values(other))
    return bool(mine) and len(mine & theirs) >= 0.8 * len(mine)


def _by_day(found: Match, stays: Match, person: str) -> list[str]:
    """The stay of the person in which the record's day lies."""
    day = next((c for c in found.columns.values() if c.column.type == "date"), None)
    admission, discharge = stays.columns.get("admission_date"), stays.columns.get("discharge_date")
    if day is None or admission is None:
        return []
    form = {c.raw: (m.profiles[c.raw].date_forms or ("%Y-%m-%d",))[0] for m, c in ((found, day), (stays, admission))}
    mine = f"try_strptime(record.{raw_sql(day.raw)}, '{form[day.raw]}')"
    first = f"try_strptime(stay.{raw_sql(admission.raw)}, '{form[admission.raw]}')"
    last = ""
    if discharge is not None:
        ends = (stays.profiles[discharge.raw].date_forms or ("%Y-%m-%d",))[0]
        last = (
            f" and ({mine} <= try_strptime(stay.{raw_sql(discharge.raw)}, '{ends}') "
            f"or stay.{raw_sql(discharge.raw)} is null)"
        )
    key = re.sub(
        r'("[^"]+"|\b[a-z_][a-z0-9_]*\b)(?![^\']*\'(?:[^\']*\'[^\']*\')*[^\']*$)', r"stay.\1", _stay_key(stays)
    )
    their = raw_sql(stays.columns["patient_id"].raw)
    return [
        f"# {UNSURE} each record goes to the stay of its person in which its day lies, the latest if there are several",
        'from_sql = """',
        f"select record.*, {key} as stay_key",
        f"from {found.source.raw} as record",
        f"left join {stays.source.raw} as stay on stay.{their} = record.{raw_sql(person)} and {mine} >= {first}{last}",
        f"qualify row_number() over (partition by record._file, record._line order by {first} desc) = 1",
        '"""',
    ]


def _form(found: Match, form: Form, stays: Match | None) -> Iterator[str]:
    """A questionnaire whose items are columns."""
    person, day = found.columns.get("patient_id"), found.columns.get("assessed_date")
    episode, joins = _episode(found, stays)
    yield ""
    yield "[[tables.assessments]]"
    yield from joins or [f"from = {toml(found.source.raw)}"]
    filled = ", ".join(map(raw_sql, (*form.items, *([form.total] if form.total else []))))
    yield f"where = {json.dumps(f'coalesce({filled}) is not null')}"
    yield f"where_says = {toml(f'no {form.instrument} was filled in')}"
    yield ""
    yield "[tables.assessments.columns]"
    key = f"'{form.instrument}-{found.source.raw}-' || _line"
    yield f"assessment_id = {json.dumps(key)}"
    yield f"patient_id = {toml(raw_sql(person.raw)) if person else toml('')}"
    yield f"episode_id = {episode.toml}{_remark(episode)}"
    yield "assessed_date = " + (write_column(found, day).toml + _remark(write_column(found, day)) if day else '""')
    yield f"instrument = {{ constant = {toml(form.instrument)} }}"
    if form.items:
        items = " || ';' || ".join(f"coalesce({raw_sql(name)}, '')" for name in form.items)
        total = " + ".join(f"try_cast({raw_sql(name)} as integer)" for name in form.items)
        yield f"item_scores = {json.dumps(items)}"
        yield f"score = {toml(raw_sql(form.total)) if form.total else json.dumps(total)}"
    else:
        yield f"score = {toml(raw_sql(form.total))}"
    if "timepoint" in found.columns:
        written = write_column(found, found.columns["timepoint"])
        yield f"timepoint = {written.toml}{_remark(written)}"
    elif person and day:
        order = f"partition by {raw_sql(person.raw)} order by {_sortable(found, day.raw)}, _line"
        sql = f"if(row_number() over ({order}) = 1, 'intake', 'week')"
        yield f"timepoint = {json.dumps(sql)}   # {UNSURE} the first form of a person is taken as that of the intake"


def _sortable(found: Match, day: str) -> str:
    forms = found.profiles[day].date_forms
    return f"try_strptime({raw_sql(day)}, '{forms[0]}')" if forms else raw_sql(day)
