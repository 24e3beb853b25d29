"""How each matched column is written in the draft: the construct or SQL, and what is not sure about it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from etl import contract
from etl.connect.match import Choice, Match
from etl.connect.names import match_value
from etl.connect.profile import Profile

CONSTANTS = {
    "site": ("Main", "the name of your site"),
    "program": ("SUD", "SUD, MH or COD"),
    "level_of_care": ("IOP", "the level of care of this export"),
    "service_type": ("group", "the kind of service"),
    "report_source": ("self_report", "who reports"),
    "basis": ("charge", "charge, allowed, paid, provider_cost or fee_schedule"),
    "timepoint": ("week", "the occasion of the assessments"),
    "substance": ("any", "what was tested or used"),
    "setting": ("IOP", "where the service was given"),
    "instrument": ("PHQ-9", "the instrument of the scores"),
}


LONGEST_SHOWN = 30
"""Characters of an unknown code that a question may show."""


@dataclass(frozen=True)
class Written:
    """One line of the draft: the value of a column as TOML, with what is not sure."""

    toml: str
    unsure: tuple[str, ...] = ()


def raw_sql(name: str) -> str:
    """A raw column in SQL: its name, quoted where it is no plain word."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'


def toml(value: object) -> str:
    """A value as TOML text."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(entry) for entry in value) + "]"
    text = str(value)
    return f"'{text}'" if '"' in text and "'" not in text else json.dumps(text, ensure_ascii=False)


def write_column(match: Match, choice: Choice) -> Written:
    """The construct for a matched column."""
    column, profile = choice.column, match.profiles[choice.raw]
    written = _by_type(match, column, profile)
    unsure = list(written.unsure)
    if choice.others:
        unsure.insert(0, f"or is it {' or '.join(choice.others)}?")
    elif not choice.is_sure and choice.raw != column.name:
        unsure.insert(0, f"is {choice.raw} the {column.name.replace('_', ' ')}?")
    return Written(written.toml, tuple(unsure))


ONE_PAIR = {"actual_start": "scheduled_start", "actual_end": "scheduled_end"}
"""Where an export has one pair of times, it is that of the attendance too."""


def write_attended_time(match: Match, scheduled: Choice) -> Written:
    """The scheduled time as the time of attendance, of those who came; nothing where no status says who did."""
    status, profile = match.columns.get("status"), match.profiles[scheduled.raw]
    if status is None:
        return Written("")
    allowed = match.table.column("status").allowed
    codes = [raw for raw, _ in match.profiles[status.raw].codes]
    came = [raw for raw in codes if match_value(raw, "status", allowed) == "attended"]
    sql, form = _time_source(match, profile)
    if not came or not form:
        return Written("")
    listed = ", ".join("'" + raw.replace("'", "''") + "'" for raw in came)
    only = json.dumps(f"if({raw_sql(status.raw)} in ({listed}), {sql}, null)")
    said = "there is one pair of times: taken as the times of attendance, too, of those who came"
    return Written(f"{{ time = {only}, format = {toml(form)} }}", (said,))


def constant(column: str) -> Written:
    """A required column that no raw column gives."""
    value, what = CONSTANTS[column]
    return Written(f"{{ constant = {toml(value)} }}", (f"no column gives {what}: the same for every record",))


def _by_type(match: Match, column: contract.Column, profile: Profile) -> Written:
    source = toml(raw_sql(profile.name))
    if column.type == "date":
        return _date(source, profile)
    if column.type == "timestamp":
        return _time(match, source, profile)
    if column.type == "boolean":
        return _flag(source, profile)
    if column.allowed:
        return _codes(column, source, profile)
    if column.type != "text":
        marks = sorted({mark for mark in "$," for value in match.source.values(profile.name)[:200] if mark in value})
        return Written(f"{{ number = {source}{f', without = {toml(marks)}' if marks else ''} }}")
    return Written(source)


def _date(source: str, profile: Profile) -> Written:
    if not profile.date_forms:
        form = profile.time_forms[0] if profile.time_forms else "%Y-%m-%d"
        return Written(
            f"{{ date = {source}, format = {toml(form)} }}", () if profile.time_forms else ("no cell is filled",)
        )
    form, unsure = _form(profile.date_forms)
    return Written(f"{{ date = {source}, format = {toml(form)} }}", unsure)


def _form(forms: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    rivals = [
        form
        for form in forms[1:]
        if form.replace("%d", "?").replace("%m", "?") == forms[0].replace("%d", "?").replace("%m", "?")
    ]
    if not rivals:
        return forms[0], ()
    return forms[0], (f"no day above 12 is in the file: month first ({forms[0]}) or day first ({rivals[0]})?",)


def _time_source(match: Match, profile: Profile) -> tuple[str, str]:
    """SQL of a time and its form; a time of day stands after the day of the record. No form where there is no day."""
    if profile.time_forms:
        return raw_sql(profile.name), profile.time_forms[0]
    day = next((match.columns[name] for name in ("session_date", "service_date") if name in match.columns), None)
    forms = match.profiles[day.raw].date_forms if day else ()
    if day is None or not forms:
        return raw_sql(profile.name), ""
    return f"{raw_sql(day.raw)} || ' ' || {raw_sql(profile.name)}", f"{forms[0]} {profile.clock_forms[0]}"


def _time(match: Match, source: str, profile: Profile) -> Written:
    sql, form = _time_source(match, profile)
    if not form:
        return Written(f"{{ time = {source} }}", ("a time of day without a date",))
    unsure = _form(profile.time_forms)[1] if profile.time_forms else ()
    written = f"time = {toml(sql)}, format = {toml(form)}"
    if "%z" in form:
        return Written(
            f'{{ {written}, zone = "America/New_York" }}', (*unsure, "which zone does your clinic's clock show?")
        )
    return Written(f"{{ {written} }}", unsure)


def _flag(source: str, profile: Profile) -> Written:
    yes = [value for value, _ in profile.codes if value.lower() in ("1", "y", "yes", "true", "t", "x")]
    no = [value for value, _ in profile.codes if value not in yes]
    unsure = () if yes or not profile.codes else ("which value means yes?",)
    return Written(f"{{ flag = {source}, yes = {toml(yes or ['1'])}, no = {toml(no)} }}", unsure)


def _codes(column: contract.Column, source: str, profile: Profile) -> Written:
    known: dict[str, str] = {}
    unknown: list[str] = []
    for value, count in profile.codes:
        found = match_value(value, column.name, column.allowed)
        if found is None:
            # What is long or stands once may be what somebody wrote about a patient, and stays in the file.
            looks_like_code = count > 1 and len(value.split()) <= 4 and len(value) <= LONGEST_SHOWN
            unknown.append(repr(value) if looks_like_code else "a value that is not shown: it is long or stands once")
        else:
            known[value] = found
    if all(value == canonical for value, canonical in known.items()) and not unknown:
        return Written(source)
    pairs = ", ".join(f"{toml(raw)} = {toml(value)}" for raw, value in known.items())
    unsure: tuple[str, ...] = ()
    if unknown:
        unsure = (f"what is {', '.join(dict.fromkeys(unknown))}? Add it to values: one of {', '.join(column.allowed)}",)
    return Written(f'{{ codes = {source}, values = {{ {pairs} }}, else = "reject" }}', unsure)
