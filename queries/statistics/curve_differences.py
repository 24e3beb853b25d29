"""How far each group is from a reference group: mean days in care, or the share with an event by a day.

The groups' own means and shares are shown beside it, so that a difference adds nothing but its interval, which the gate
rounds with it to the digits of the shown curves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from queries.statistics.compared_groups import EXITS, ComparedGroups, choose_groups
from queries.statistics.grouping import build_rows
from queries.statistics.incidence_differences import METHOD, draw_group, subtract
from queries.statistics.mean_differences import Difference, restricted_mean_difference
from queries.statistics.survival import Curve, kaplan_meier

FIRST = "first by name"
"""As the reference: the first group by name of those that take part."""


def curve_difference(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of ``group_name``, ``step``, ``events`` and ``censored`` (``competing``) → each group less the reference.

    Statistic ``difference``, category "less" and the reference: option ``reference``, or the first group by name. With
    option ``tau`` it is that of mean days without the event up to then, in days; otherwise that of the share with the
    event by option ``day`` (without it, with ``is_complement``), in percentage points. ``denominator`` is the group,
    ``missing_n`` who was not followed until the day. Without two groups that may be compared, one row says so.
    """
    if counts.empty:
        return build_rows([])
    horizon = float(options["tau"] if options.get("tau") is not None else options["day"])
    chosen = choose_groups(counts, horizon, needs_both=options.get("tau") is None)
    reference = str(options.get("reference", FIRST))
    if reference == FIRST:
        reference = chosen.names[0] if chosen.names else ""
    reason = chosen.reason
    if not reason and reference not in chosen.names:
        reason = f"nothing to compare: there is no group {reference!r}; the groups are {', '.join(chosen.names)}"
    if reason:
        return build_rows([_row(counts, horizon) | {"group_name": "All", "method": reason + chosen.note}])
    compare = _mean_days if options.get("tau") is not None else _shares
    found = compare(chosen, reference, horizon, options)
    together = f"; {len(found)} intervals, each by itself" if len(found) > 1 else ""
    return build_rows(
        [
            _row(chosen.of(name), horizon)
            | {"group_name": name, "category": f"less {reference}", "value": difference.value}
            | {"lower": difference.lower, "upper": difference.upper}
            | {"method": difference.method + ("" if np.isnan(difference.value) else together) + chosen.note}
            for name, difference in found.items()
        ]
    )


def _row(part: pd.DataFrame, horizon: float) -> dict[str, Any]:
    people = sum(float(part[name].sum()) for name in EXITS if name in part.columns)
    lost = float(part.loc[part["step"] < horizon, "censored"].sum())
    return {"statistic": "difference", "value": np.nan, "denominator": people, "clusters": people, "missing_n": lost}


def _mean_days(chosen: ComparedGroups, reference: str, tau: float, options: Mapping[str, Any]) -> dict[str, Difference]:
    curves = {name: _curve(chosen.of(name)) for name in chosen.names}
    return {
        name: restricted_mean_difference(curves[name], curves[reference], tau)
        for name in chosen.names
        if name != reference
    }


def _curve(part: pd.DataFrame) -> Curve:
    return kaplan_meier(part["step"].to_numpy(), part["events"].to_numpy(), part["censored"].to_numpy())


def _shares(chosen: ComparedGroups, reference: str, day: float, options: Mapping[str, Any]) -> dict[str, Difference]:
    drawn = {name: draw_group(chosen.counts, name, day) for name in chosen.names}
    sign = -100 if options.get("is_complement") else 100
    found = {}
    for name in chosen.names:
        if name != reference:
            share = subtract(drawn[name], drawn[reference])
            lower, upper = sorted((sign * share.lower, sign * share.upper))
            words = f"{METHOD} of the event table" if share.method == METHOD else share.method
            found[name] = Difference(sign * share.value, lower, upper, words)
    return found
