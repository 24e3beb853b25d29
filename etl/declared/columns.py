"""Columns that are declared by what they hold: a date of a form, a day count from an anchor, a code, a unit, a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from etl.declared.units import factor
from etl.progress import nearest
from etl.sql import literal


@dataclass(frozen=True)
class Column:
    """SQL of one canonical column. A value that is not of the declared form becomes a text that is of no form."""

    sql: str
    says: str = ""
    """What is wrong with a value that is of no form, in words."""
    rules: tuple[tuple[str, str, str], ...] = ()
    """Further conditions of a good record: name, SQL and words."""
    beside: dict[str, str] = field(default_factory=dict)
    """Other canonical columns that follow from this one."""


Body = Mapping[str, Any]
REPEATED_HOUR = ("first", "second", "reject")
"""Which of two instants a local time is that the clocks showed twice in autumn."""


def compile_column(name: str, body: str | Body) -> Column:
    """A column as plain SQL: text is SQL already, a table holds one construct by its first key.

    Raises ValueError, naming the column and the nearest known word, for what is not understood.
    """
    if isinstance(body, str):
        return Column(body)
    if not isinstance(body, Mapping):
        raise ValueError(f"column {name}: {body!r} is neither SQL nor a construct. Write {{ constant = {body!r} }}")
    found = [kind for kind in CONSTRUCTS if kind in body]
    if len(found) != 1:
        unknown = next((key for key in body if key not in CONSTRUCTS), "")
        says = f"one of {', '.join(CONSTRUCTS)} is needed" if not found else f"{' and '.join(found)} exclude each other"
        raise ValueError(f"column {name}: {says}.{nearest(unknown, CONSTRUCTS) if unknown else ''}")
    compiled, allowed = CONSTRUCTS[found[0]]
    wrong = [key for key in body if key != found[0] and key not in allowed]
    if wrong:
        raise ValueError(
            f"column {name}: {found[0]} does not know {wrong[0]!r}.{nearest(wrong[0], allowed)} It knows "
            f"{', '.join(allowed) or 'nothing else'}."
        )
    return compiled(name, body)


def _listed(value: Any) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def _or_no_form(sql: str, source: str) -> str:
    """A text that the contract rejects, with the value in it, where there is a value but not of the declared form."""
    return f"coalesce({sql}, '? ' || {source})"


def _date(name: str, body: Body) -> Column:
    source, forms = f"({body['date']})::varchar", _listed(body.get("format", "%Y-%m-%d"))
    _check_forms(name, forms)
    day = f"strftime(try_strptime(trim({source}), {_forms(forms)}), '%Y-%m-%d')"
    return Column(_or_no_form(day, source), f"the value is not a date of the form {_said(forms)}")


def _time(name: str, body: Body) -> Column:
    source = f"({body['time']})::varchar"
    forms = _listed(body.get("format", ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]))
    _check_forms(name, forms)
    parsed = f"try_strptime(trim({source}), {_forms(forms)})"
    zone, clinic = body.get("zone"), body.get("clinic_zone", body.get("zone"))
    repeated = str(body.get("repeated_hour", "first"))
    _check_zones(name, body)
    if repeated not in REPEATED_HOUR:
        raise ValueError(
            f"column {name}: repeated_hour is {repeated!r}.{nearest(repeated, REPEATED_HOUR)} "
            f"Known: {', '.join(REPEATED_HOUR)}"
        )
    has_offset = "%z" in forms[0]
    if any(("%z" in form) != has_offset for form in forms):
        raise ValueError(f"column {name}: either all forms have an offset (%z) or none has")
    if has_offset and not clinic:
        raise ValueError(f'column {name}: an offset (%z) needs the clinic\'s zone beside it: zone = "America/New_York"')
    local = parsed
    rules: tuple[tuple[str, str, str], ...] = ()
    if has_offset:
        local = f"({parsed} at time zone {literal(clinic)})"
    elif zone:
        instant = f"({parsed} at time zone {literal(zone)})"
        # An hour that the clocks skipped comes back as another one.
        there_and_back = f"({instant} at time zone {literal(zone)})"
        is_possible = f"({parsed} is null or {there_and_back} = {parsed})"
        rules = (("impossible_local_time", is_possible, f"the clocks in {zone} skipped this time"),)
        earlier, later = (
            f"if(({instant} {sign} interval 1 hour) at time zone {literal(zone)} = {parsed}, "
            f"{instant} {sign} interval 1 hour, {instant})"
            for sign in "-+"
        )
        if repeated == "reject":
            is_once = f"{parsed} is null or {earlier} = {later}"
            rules += (("repeated_local_time", is_once, f"the clocks in {zone} showed this time twice"),)
        local = f"({later if repeated == 'second' else earlier} at time zone {literal(clinic)})"
    return Column(
        _or_no_form(f"strftime({local}, '%Y-%m-%d %H:%M:%S')", source),
        f"the value is not a time of the form {_said(forms)}",
        rules,
    )


def _check_zones(name: str, body: Body) -> None:
    for key in ("zone", "clinic_zone"):
        if key in body and body[key] not in available_timezones():
            zone = str(body[key])
            raise ValueError(f"column {name}: {key} is {zone!r}.{nearest(zone, sorted(available_timezones()))}")


def _days(name: str, body: Body) -> Column:
    return _offset(name, body, "days", 1)


def _weeks(name: str, body: Body) -> Column:
    return _offset(name, body, "weeks", 7)


def _offset(name: str, body: Body, unit: str, length: int) -> Column:
    if "after" not in body:
        raise ValueError(f'column {name}: {unit} need an anchor: after = "…", a column or $parameter with a date')
    source = f"trim(({body[unit]})::varchar)"
    count = f"try_cast(case when regexp_full_match({source}, '[+-]?\\d+') then {source} end as integer)"
    day = f"(try_cast({body['after']} as date) + {length} * {count})::varchar"
    says = f"the number of {unit} is not whole, or the date from which it counts is missing"
    return Column(_or_no_form(day, source), says)


def _number(name: str, body: Body) -> Column:
    source = f"({body['number']})::varchar"
    cleaned = source
    for mark in _listed(body.get("without", [])):
        cleaned = f"replace({cleaned}, {literal(mark)}, '')"
    unit, wanted = body.get("unit"), body.get("to")
    if (unit is None) != (wanted is None):
        raise ValueError(f'column {name}: unit and to belong together: unit = "minutes", to = "hours"')
    is_number = f"regexp_full_match(trim({cleaned}), '[+-]?(\\d+(\\.\\d*)?|\\.\\d+)')"
    sql = f"case when {is_number} then trim({cleaned}) end"
    if unit is not None:
        sql = f"printf('%.10g', try_cast({sql} as double) * {factor(name, str(unit), str(wanted))!r})"
    return Column(_or_no_form(sql, source), "the value is not a number")


def _codes(name: str, body: Body) -> Column:
    if not isinstance(body.get("values"), Mapping) or not body["values"]:
        raise ValueError(f'column {name}: codes need values = {{ "raw" = "canonical" }}')
    source = f"({body['codes']})::varchar"
    known = {str(raw): str(value) for raw, value in body["values"].items()}
    if body.get("ignore_case"):
        source, known = f"lower(trim({source}))", {raw.lower(): value for raw, value in known.items()}
    arms = " ".join(f"when {literal(raw)} then nullif({literal(value)}, '')" for raw, value in known.items())
    otherwise = str(body.get("else", "reject"))
    empty = str(body["empty"]) if "empty" in body else None
    if empty is not None:
        source = f"coalesce({source}, {literal('(empty)')})"
        arms += f" when {literal('(empty)')} then nullif({literal(empty)}, '')"
    if otherwise == "keep":
        return Column(f"case {source} {arms} else {source} end")
    if otherwise != "reject":
        return Column(
            f"case when {source} is null then null else case {source} {arms} else {literal(otherwise)} end end"
        )
    listed = ", ".join(literal(raw) for raw in [*known, *(["(empty)"] if empty is not None else [])])
    rule = ("not_allowed", f"{source} is null or {source} in ({listed})", "the source's codes do not list this one")
    return Column(f"case {source} {arms} else {source} end", "", (rule,))


def _flag(name: str, body: Body) -> Column:
    if "yes" not in body or "no" not in body:
        raise ValueError(f'column {name}: a flag needs its polarity, both ways: yes = ["1"], no = ["0", ""]')
    source = f"coalesce(({body['flag']})::varchar, '')"
    yes, no = (", ".join(literal(value) for value in _listed(body[side])) for side in ("yes", "no"))
    sql = f"case when {source} in ({yes}) then 'true' when {source} in ({no}) then 'false' end"
    return Column(_or_no_form(sql, f"nullif({source}, '')"), "the flag has neither of its values")


def _first_of(name: str, body: Body) -> Column:
    choices = _listed(body["first_of"])
    sql = f"coalesce({', '.join(f'({choice})::varchar' for choice in choices)})"
    beside = {str(body["imputed"]): f"(({choices[0]}) is null)"} if "imputed" in body else {}
    return Column(sql, beside=beside)


def _constant(name: str, body: Body) -> Column:
    return Column(literal(str(body["constant"])))


CONSTRUCTS: dict[str, tuple[Callable[[str, Body], Column], tuple[str, ...]]] = {
    "date": (_date, ("format",)),
    "time": (_time, ("format", "zone", "clinic_zone", "repeated_hour")),
    "days": (_days, ("after",)),
    "weeks": (_weeks, ("after",)),
    "number": (_number, ("unit", "to", "without")),
    "codes": (_codes, ("values", "else", "empty", "ignore_case")),
    "flag": (_flag, ("yes", "no")),
    "first_of": (_first_of, ("imputed",)),
    "constant": (_constant, ()),
}
"""Every construct of a column: what compiles it, and which keys may stand beside it."""


def _forms(forms: list[str]) -> str:
    return "[" + ", ".join(literal(form) for form in forms) + "]"


def _said(forms: list[str]) -> str:
    return " or ".join(forms)


_DIRECTIVES = "aAbBcdDfgGHIjmMnpSuUVwWxXyYzZ%-"


def _check_forms(name: str, forms: list[str]) -> None:
    for form in forms:
        marks = [form[place + 1 : place + 2] for place, char in enumerate(form) if char == "%"]
        if not marks or any(mark not in _DIRECTIVES or not mark for mark in marks):
            raise ValueError(
                f"column {name}: {form!r} is no form of a date or time. Write it like %m/%d/%Y or %Y-%m-%d %H:%M"
            )
