"""What of a measure's counts is denominator and numerator, where they are those of one episode.

One small function for each ``statistic`` of the headers gives SQL over the columns that the measure's SQL returns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

OPEN = "open"


@dataclass(frozen=True)
class Membership:
    """SQL over the rows of one unit and part: amounts, and the words of a unit that counts.

    ``words`` may name in_denominator, in_numerator and amount. ``is_counted`` says which parts count: by default those
    with a denominator.
    """

    denominator: str
    numerator: str
    words: str
    amount: str = "null"
    category: str = "category"
    is_counted: str = "in_denominator > 0"


def membership(
    statistic: str, columns: Collection[str], options: Mapping[str, Any], unit: str, each: str
) -> Membership:
    """The membership of a statistic.

    ``unit`` is the unit of the value, ``each`` what the denominator counts, in the singular. Raises KeyError for a
    statistic that is not known.
    """
    return KINDS[statistic](columns, options, unit, each)


def _number(expression: str) -> str:
    return f"format('{{:.10g}}', round(({expression})::double, 2))"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _share_words(each: str) -> str:
    several = (
        f"concat('Counted: ', {_number('in_numerator')}, ' of ', {_number('in_denominator')}, {_text(f' {each}s')})"
    )
    return f"""case
      when in_numerator is null then 'Counted'
      when in_denominator = 1 and in_numerator = 1 then 'In the numerator'
      when in_denominator = 1 and in_numerator = 0 then 'Counted, not in the numerator'
      else {several}
    end"""


def _share(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    return Membership("sum(denominator)", "sum(numerator)", _share_words(each))


def _bounds(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    words = f"if(amount > 0 and in_denominator = amount, 'Counted as missing: no result', {_share_words(each)})"
    return Membership("sum(denominator)", "sum(numerator)", words, amount="sum(denominator - observed)")


def _counts(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    amount = f"sum({'count' if 'count' in columns else 'numerator'})"
    return Membership(amount, amount, "'Counted'")


def _distribution(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    known = "sum(weight) filter (where amount is not null)"
    target = options.get("target")
    reached = f"coalesce(sum(weight) filter (where amount >= {float(target)}), 0)" if target is not None else "null"
    shown = (
        f"concat({_number('100 * amount')}, ' %')"
        if unit == "share"
        else f"concat({_number('amount')}, {_text(' ' + unit)})"
    )
    words = f"""if(in_denominator = 1, concat('Counted: ', {shown}),
      concat('Counted: ', {_number("in_denominator")}, {_text(f" {each}s")}, ', mean ', {shown}))"""
    return Membership(known, reached, words, amount=f"sum(amount * weight) / {known}")


def _mean_change(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    words = f"concat('Counted: ', {_number('amount')}, {_text(' ' + unit)})"
    return Membership("sum(n)", "null", words, amount="sum(sum_x) / nullif(sum(n), 0)")


def _standardised_change(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    words = f"concat('Counted: a change of ', {_number('amount')}, ' points')"
    return Membership("sum(n)", "null", words, amount="sum(sum_y - sum_x) / nullif(sum(n), 0)")


def _survival(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    words = "concat(if(in_numerator > 0, 'Counted: the end came on day ', 'Counted: no end by day '), step)"
    return Membership("sum(events + censored)", "sum(events)", words)


def _incidence_by_day(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    day = int(options["day"])
    competing = "competing" if "competing" in columns else "0"
    words = f"""case
      when in_numerator > 0 then concat('In the numerator: on day ', step)
      when amount > 0 then concat('Counted, later than day {day}: on day ', step)
      when step < {day} then concat('Counted as lost: last seen on day ', step)
      else 'Counted, not in the numerator'
    end"""
    return Membership(
        f"sum(events + censored + {competing})",
        f"coalesce(sum(events) filter (where step <= {day}), 0)",
        words,
        amount="sum(events)",
    )


def _time_lost(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    tau = float(options["tau"])
    lost = f"coalesce(sum(events) filter (where category <> '{OPEN}' and step < {tau}), 0)"
    return Membership("sum(events)", lost, _end_words())


def _end_words() -> str:
    return f"""if(category = '{OPEN}', concat('Counted: no end by day ', step),
      concat('Counted: ', category, ' on day ', step))"""


def _competing(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    if options.get("day") is None:
        wanted = options.get("median") if not options.get("curve", True) else None
        is_end = f"category = {_text(str(wanted))}" if wanted else f"category <> '{OPEN}'"
        return Membership("sum(events)", f"coalesce(sum(events) filter (where {is_end}), 0)", _end_words())
    day = int(options["day"])
    retained, label = list(options.get("retained", [])), str(options.get("retained_label", "in care"))
    left_well = f"category in ({', '.join(map(_text, retained))})" if retained else "false"
    state = f"case when step > {day} or {left_well} then {_text(label)} else category end"
    only = options.get("only")
    is_met = f"({state}) = {_text(str(only))}" if only else f"({state}) <> '{OPEN}'"
    words = f"""concat(
      case
        when in_numerator > 0 then 'In the numerator: '
        when {state} = '{OPEN}' then 'Counted, not followed to day {day}: '
        else 'Counted: '
      end,
      if(category = '{OPEN}', 'no end by', concat(category, ' on')), ' day ', step)"""
    return Membership("sum(events)", f"coalesce(sum(events) filter (where {is_met}), 0)", words, category="category")


def _amounts(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    exposure = "denominator_amount" if "denominator_amount" in columns else "1"
    words = f"""concat('Counted: {"USD " if unit == "USD" else ""}', format('{{:,.2f}}', in_numerator::double),
      if(in_denominator = 1, '', concat(' over ', {_number("in_denominator")}, {_text(f" {each}s")})))"""
    return Membership(
        f"sum({exposure} * weight)",
        "sum(numerator_amount * weight)",
        words,
        amount="sum(weight)",
        is_counted="amount > 0",
    )


def _contrast(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    found = _amounts(columns, options, unit, each)
    return Membership(
        found.denominator,
        found.numerator,
        found.words,
        amount=found.amount,
        category="concat(category, ', mean of ', arm)",
        is_counted=found.is_counted,
    )


def _curve_test(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    if "category" not in columns:
        return Membership("sum(events + censored)", "null", _out_words(), amount="sum(events)")
    out = f"coalesce(sum(events) filter (where category <> '{OPEN}'), 0)"
    return Membership("sum(events)", "null", _out_words(), amount=out, category="''")


def _curve_difference(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    competing = "competing" if "competing" in columns else "0"
    return Membership(
        f"sum(events + {competing} + censored)", "null", _out_words(), amount=f"sum(events + {competing})"
    )


def _out_words() -> str:
    return "concat(if(amount > 0, 'Counted: the end came on day ', 'Counted: no end by day '), step)"


def _weighted(columns: Collection[str], options: Mapping[str, Any], unit: str, each: str) -> Membership:
    words = """concat('Counted: USD ', format('{:,.2f}', amount.cost::double),
      if(amount.effect is null, '', concat(', result ', round(amount.effect, 2))))"""
    effect = "null" if options.get("amount") == "cost" else "sum(effect)"
    return Membership("sum(weight)", "null", words, amount=f"{{'cost': sum(cost), 'effect': {effect}}}")


Kind = Callable[[Collection[str], Mapping[str, Any], str, str], Membership]

KINDS: dict[str, Kind] = {
    "proportion": _share,
    "cluster_ratio": _share,
    "bounds": _bounds,
    "counts": _counts,
    "distribution": _distribution,
    "mean_change": _mean_change,
    "standardised_change": _standardised_change,
    "survival": _survival,
    "incidence_by_day": _incidence_by_day,
    "time_lost": _time_lost,
    "competing": _competing,
    "curve_test": _curve_test,
    "curve_difference": _curve_difference,
    "bootstrap": _amounts,
    "contrast": _contrast,
    "weighted_difference": _weighted,
    "icer": _weighted,
    "net_benefit": _weighted,
    "acceptability": _weighted,
}
