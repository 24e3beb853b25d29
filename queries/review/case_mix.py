"""Groups compared as if each treated everybody's patients: observed over expected, given who their patients are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pandas as pd

from queries import catalog, disclosure
from queries.answer import Answer
from queries.filters import FILTERS, Selection, filter_options
from queries.review.contents import Reviewed
from queries.review.control import TOO_FEW
from queries.small_numbers import SMALLEST_JUDGED
from queries.statistics.standardisation import expect_from_strata, standardise
from queries.warehouse import Warehouse

STRATA = ("program", "severity", "age_group")
"""What is known at admission, is not chosen by the site, and bears on the outcome."""

SIGNAL = 0.05
POOLED = "other patients"


@dataclass(frozen=True)
class CaseMix:
    """Observed and expected events of the shown groups, by name.

    ``frame``: ``group_name``, ``persons``, ``observed``, ``expected``, ``value`` (O/E) with exact ``lower`` and
    ``upper``, ``adjusted`` (O/E times the overall rate) with its limits, ``p_value`` and ``position``.
    """

    entry: Reviewed
    answer: Answer
    by: str
    overall: float
    frame: pd.DataFrame


def can_standardise(entry: Reviewed) -> bool:
    """Whether the rate counts people, one event each at most: sessions and weeks of one person are not independent."""
    return entry.definition.statistic in ("proportion", "bounds") and entry.definition.unit_of_analysis == "episode"


def standardise_groups(warehouse: Warehouse, entry: Reviewed, selection: Selection, by: str) -> CaseMix | None:
    """Indirectly standardised groups; None where fewer than two may be shown or the rate cannot be standardised.

    Strata are program, severity and age group, without the one that is compared; their rates are those of all shown
    groups together. The gate decides which groups are shown, with which counts. A group's strata of 1–10 people are
    pooled, with the next smallest one, until no part of it is small; expected events are rounded to a tenth before
    anything is computed from them. So nothing rests on a part of a group that could not be shown by itself.
    """
    if not can_standardise(entry):
        return None
    chosen = replace(entry.followed(selection, warehouse.analysis_cut), by=by)
    exact = catalog.answer_unsuppressed(warehouse, entry.definition, chosen, entry.parameters)
    answer = disclosure.suppress(exact)
    shown = entry.rows_of(answer.frame)
    shown = shown[~shown["is_suppressed"] & shown["value"].notna()].sort_values("group_name", kind="stable")
    if len(shown) < 2:
        return None
    cells = _cells(warehouse, entry, chosen, shown)
    expected = expect_from_strata(cells).set_index("group_name")["expected"].round(1)
    persons, observed = (shown[name].astype(float).round().to_numpy() for name in ("denominator", "numerator"))
    overall = float(observed.sum() / persons.sum())
    rows = standardise(observed, expected.reindex(shown["group_name"]).to_numpy(), persons=persons, overall=overall)
    rows.insert(0, "group_name", shown["group_name"].astype(str).to_numpy())
    rows.insert(1, "persons", persons)
    position = [
        TOO_FEW if n < SMALLEST_JUDGED else "within" if not p < SIGNAL else "above" if ratio > 1 else "below"
        for n, p, ratio in zip(persons, rows["p_value"], rows["value"], strict=True)
    ]
    return CaseMix(entry, answer, by, overall, rows.assign(position=position))


def _cells(warehouse: Warehouse, entry: Reviewed, selection: Selection, totals: pd.DataFrame) -> pd.DataFrame:
    """Numerator and denominator of each group and stratum, small ones pooled; who is in no stratum is pooled too."""
    options = filter_options(warehouse)
    chosen = dict(selection.values)
    strata = [name for name in STRATA if name != selection.by and options[name]]
    values = [chosen.get(name) or tuple(value for value, _ in options[name]) for name in strata]
    parts = []
    for place, combination in enumerate(product(*values)):
        narrowed = chosen | {name: (value,) for name, value in zip(strata, combination, strict=True)}
        ordered = tuple((name, narrowed[name]) for name in FILTERS)
        part = replace(selection, values=ordered)
        exact = catalog.answer_unsuppressed(warehouse, entry.definition, part, entry.parameters)
        counts = entry.rows_of(exact.frame)[["group_name", "numerator", "denominator"]]
        parts.append(counts.assign(stratum=str(place)))
    cells = pd.concat(parts, ignore_index=True).astype({"group_name": str, "numerator": float, "denominator": float})
    cells = cells[cells["group_name"].isin(totals["group_name"].astype(str))]
    known = cells.groupby("group_name")[["numerator", "denominator"]].sum()
    whole = totals.astype({"group_name": str, "numerator": float, "denominator": float})
    whole = whole.set_index("group_name")[["numerator", "denominator"]]
    rest = (whole - known.reindex(whole.index).fillna(0)).reset_index().assign(stratum=POOLED)
    cells = pd.concat([cells, rest], ignore_index=True)
    return pd.concat([_pool_small(part) for _, part in cells.groupby("group_name", sort=True)], ignore_index=True)


def _pool_small(cells: pd.DataFrame) -> pd.DataFrame:
    """One group's strata, those of few people joined by the next smallest until together they are enough."""
    cells = cells[cells["denominator"] > 0].sort_values("denominator", kind="stable").reset_index(drop=True)
    smallest = disclosure.threshold()
    is_pooled = (cells["denominator"] < smallest) | (cells["stratum"] == POOLED)
    for row in range(len(cells)):
        if not is_pooled.any() or (is_pooled.sum() >= 2 and cells.loc[is_pooled, "denominator"].sum() >= smallest):
            break
        is_pooled[row] = True
    return cells.assign(stratum=cells["stratum"].mask(is_pooled, POOLED))
