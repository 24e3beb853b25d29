"""24-hour care less IOP, weighted: differences, their balance, and what they say about value for money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.bootstrap import REPLICATES, percentile_interval
from queries.statistics.comparisons import COVARIATES, PRODUCTS, SUMS, Comparison, compare_arms
from queries.statistics.grouping import build_rows, split_groups

_COMPARED = ["arm", *COVARIATES, *SUMS, *PRODUCTS, "missing_n"]
PER = 100
"""Effects are told for so many people."""
STEPS_OF_VALUE = 20
QUADRANTS = (
    "costs more, does better",
    "costs more, does no better",
    "costs no more, does better",
    "costs no more, does no better",
)


def weighted_difference(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms (see compare_arms) → the difference of their means, crude and weighted, with bootstrap intervals.

    Option ``amount`` is cost or effect; effects are for 100 people.
    """
    column, scale = (0, 1) if options.get("amount") == "cost" else (1, PER)
    records = []
    for shared, found in _compared(counts):
        crude = {"value": scale * found.crude[column]} | _limits(scale * found.crude_draws[:, column])
        method = f"difference of means, bootstrap 95 % over persons within each arm, {REPLICATES} draws"
        records.append(shared | {"statistic": "crude", "method": method} | crude)
        weighted = {"value": scale * found.weighted[column]} | _limits(scale * found.draws[:, column])
        records.append(shared | {"statistic": "weighted", "method": found.describe()} | weighted)
    return build_rows(records)


def describe_balance(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms → the standardised difference of each characteristic before and after weighting, to two digits."""
    records = []
    for shared, found in _compared(counts):
        if found.design is None or found.counts is None or found.before is None:
            continue
        persons = found.counts.sum(axis=1)
        had = found.counts @ found.design.indicators.T
        for place, level in enumerate(found.design.levels):
            parts = np.concatenate((had[:, place], persons - had[:, place]))
            fewest = {"category": level, "clusters": min([shared["clusters"], *parts[parts > 0]])}
            records.append(shared | fewest | _difference("before", found.before[place]))
            if found.after is not None:
                is_outside = not found.design.indicators[place, found.inside].any()
                records.append(shared | fewest | _difference("after", np.nan if is_outside else found.after[place]))
    return build_rows(records)


def _difference(statistic: str, apart: float) -> dict[str, Any]:
    method = "outside the overlap: left out" if np.isnan(apart) else f"standardised difference {statistic} weighting"
    return {"statistic": statistic, "value": round(float(apart), 2) + 0.0, "method": method}


def cost_for_effect(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms → weighted cost difference, its ratio to the effect difference, and the net benefit at a value.

    Option ``willingness_to_pay`` is what one unit of the effect is worth. The ratio is not given where the interval of
    the effect difference holds 0, nor under dominance: ``method`` says so.
    """
    records = []
    for shared, found in _compared(counts):
        cost, effect = found.weighted
        shared |= {"method": found.describe()}
        limits = _limits(found.draws[:, 0])
        records.append(shared | {"statistic": "cost_difference", "value": cost} | limits)
        records.append(shared | {"statistic": "icer"} | _ratio(found))
        value = float(options["willingness_to_pay"])
        benefit = {"value": value * effect - cost} | _limits(value * found.draws[:, 1] - found.draws[:, 0])
        records.append(shared | {"statistic": "net_benefit"} | benefit)
    return build_rows(records)


def _ratio(found: Comparison) -> dict[str, Any]:
    cost, effect = found.weighted
    nothing = {"value": np.nan, "lower": np.nan, "upper": np.nan}
    if np.isnan(found.weighted).any():
        return nothing
    lower, upper = _limits(found.draws[:, 1]).values()
    if not (lower > 0 or upper < 0):
        return nothing | {"method": "no ratio: the results may not differ at all; see the net benefit"}
    if (cost > 0) != (effect > 0):
        dearer = "24-hour care costs more and does worse" if cost > 0 else "24-hour care costs less and does better"
        return nothing | {"method": f"no ratio: {dearer} (dominance)"}
    costs, effects = found.draws.T
    with np.errstate(invalid="ignore", divide="ignore"):
        # A draw whose results differ the other way has no ratio that compares: it is beyond every price.
        ratios = np.where(np.sign(effects) == np.sign(effect), costs / effects, np.inf)
    kind = "price of one more" if effect > 0 else "saved by IOP for each one fewer; 24-hour care does worse"
    return {"value": cost / effect, "method": f"{kind}; {found.describe()}"} | _limits(ratios)


def quadrant_shares(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms → the share of draws in each quadrant of the cost-effectiveness plane, and their correlation."""
    records = []
    for shared, found in _compared(counts):
        costs, effects = found.draws.T
        name = shared.pop("category", "")
        prefix = f"{name}: " if name else ""
        dearer, better = costs > 0, effects > 0
        shares = (dearer & better, dearer & ~better, ~dearer & better, ~dearer & ~better)
        is_known = not np.isnan(found.weighted).any()
        shared |= {
            "method": f"share of {REPLICATES} bootstrap draws; {found.describe()}" if is_known else found.describe()
        }
        for quadrant, draws in zip(QUADRANTS, shares, strict=True):
            share = float(draws.mean()) if is_known else np.nan
            records.append(shared | {"category": prefix + quadrant, "statistic": "of_draws", "value": share})
        if is_known and np.ptp(costs) > 0 and np.ptp(effects) > 0:
            together = float(np.corrcoef(costs, effects)[0, 1])
            row = {"category": prefix + "correlation of cost and result", "statistic": "correlation", "value": together}
            records.append(shared | row)
    return build_rows(records)


def net_benefit(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms → λ·dE − dC with its interval, at no, half, once and twice the value λ (``step``).

    Option ``willingness_to_pay`` is λ in dollars for one unit of the effect.
    """
    records = []
    for shared, found in _compared(counts):
        chosen = float(options["willingness_to_pay"])
        for value in dict.fromkeys(round(chosen * times) for times in (0, 0.5, 1, 2)):
            benefit = value * found.weighted[1] - found.weighted[0]
            limits = _limits(value * found.draws[:, 1] - found.draws[:, 0])
            row = {"step": value, "statistic": "net_benefit", "value": benefit, "method": found.describe()}
            records.append(shared | row | limits)
    return build_rows(records)


def acceptability(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of arms → the share of draws with λ·dE − dC above 0, for λ (``step``) to twice the willingness to pay.

    Source: van Hout et al. 1994, Health Economics 3:309.
    """
    records = []
    for shared, found in _compared(counts):
        most = 2 * float(options["willingness_to_pay"])
        is_known = not np.isnan(found.weighted).any()
        method = f"share of {REPLICATES} bootstrap draws; {found.describe()}" if is_known else found.describe()
        for value in dict.fromkeys(np.linspace(0, most, STEPS_OF_VALUE + 1).round()):
            is_worth_it = value * found.draws[:, 1] - found.draws[:, 0] > 0
            share = float(is_worth_it.mean()) if is_known else np.nan
            records.append(shared | {"step": int(value), "statistic": "of_draws", "value": share, "method": method})
    return build_rows(records)


@dataclass(frozen=True)
class _Counts:
    """The rows of a comparison, which are the same where their ``key`` is."""

    key: bytes
    rows: pd.DataFrame = field(compare=False)


@lru_cache(maxsize=32)
def _compare(counts: _Counts) -> Comparison:
    # Five measures of a page rest on the same draws.
    return compare_arms(counts.rows)


def _compared(counts: pd.DataFrame) -> Iterator[tuple[dict[str, Any], Comparison]]:
    """Each comparison with what all its rows repeat; those without anybody in one of the arms have no rows."""
    for key, part in split_groups(counts):
        if part.loc[part["weight"] > 0, "arm"].nunique() > 1:
            found = _compare(
                _Counts(pd.util.hash_pandas_object(part[_COMPARED], index=False).to_numpy().tobytes(), part)
            )
            yield key | {"denominator": found.persons, "missing_n": found.missing, "clusters": found.fewest}, found


def _limits(draws: NDArray) -> dict[str, float]:
    lower, upper = percentile_interval(draws)
    return {"lower": lower, "upper": upper}
