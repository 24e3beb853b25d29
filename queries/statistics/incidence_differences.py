"""How far apart two groups are on a fixed day: the difference of their shares with an event, drawing persons."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
import scipy.sparse
from numpy.typing import NDArray

from queries.statistics.bootstrap import REPLICATES, SEED, percentile_interval
from queries.statistics.mean_differences import Difference
from queries.statistics.survival import BEYOND

METHOD = f"bootstrap 95 % within each group, {REPLICATES} draws with seed {SEED}"

_DRAWN_AT_ONCE = 4_000_000
"""Numbers held in memory while drawing."""

_EXITS = ("events", "competing", "censored")


@dataclass(frozen=True)
class _Persons:
    """Persons of one group by what happened to them: distinct patterns (rows) of exits by day, and persons with each.

    The columns of ``exits`` are three a day up to the fixed day, then one for what came later.
    """

    exits: scipy.sparse.csr_array
    persons: NDArray

    @property
    def totals(self) -> NDArray:
        return np.asarray(self.persons[None, :] @ self.exits, dtype=float)

    def draw(self, generator: np.random.Generator) -> NDArray:
        """Bootstrap replicates of the incidence."""
        total, replicates = int(self.persons.sum()), np.empty(REPLICATES)
        size = max(1, _DRAWN_AT_ONCE // len(self.persons))
        for start in range(0, REPLICATES, size):
            part = replicates[start : start + size]
            part[:] = incidence_on_last_day(
                generator.multinomial(total, self.persons / total, size=len(part)) @ self.exits
            )
        return replicates


def incidence_difference(counts: pd.DataFrame, first: str, second: str, day: float, seed: int = SEED) -> Difference:
    """The share with the event up to and including ``day`` in the group ``first`` less that in ``second``.

    Rows of ``group_name``, ``step`` (day), ``events`` and ``censored``, with ``competing`` where other exits make the
    event impossible: Aalen–Johansen, which is one less Kaplan–Meier where nothing competes, so that a difference of
    those retained is the negative of this. Persons are drawn within each group, by the stored ``seed`` and the group's
    name. A count is a number of persons; where a person can have several rows, a column ``person_id`` keeps them
    together. There is no interval below two persons in a group, and no value where nobody was followed until that day.
    """
    return subtract(draw_group(counts, first, day, seed), draw_group(counts, second, day, seed))


@dataclass(frozen=True)
class DrawnGroup:
    """The share with the event in one group (NaN where nobody was followed), and its replicates, if it has any."""

    value: float
    replicates: NDArray | None


def draw_group(counts: pd.DataFrame, name: str, day: float, seed: int = SEED) -> DrawnGroup:
    """The share of one group with replicates: drawn from the table of exits by day, whatever the number of persons."""
    rows = counts.assign(competing=counts.get("competing", 0))
    part = rows[(rows["group_name"] == name) & (rows[[*_EXITS]].sum(axis=1) > 0)]
    group = _group_persons(part, day)
    value = float(incidence_on_last_day(group.totals)[0]) if _is_followed(part, group.totals, day) else np.nan
    is_drawn = group.persons.sum() > 1
    return DrawnGroup(value, group.draw(np.random.default_rng((seed, crc32(name.encode())))) if is_drawn else None)


def subtract(first: DrawnGroup, second: DrawnGroup) -> Difference:
    """The first share less the second, with the percentile interval of their replicates."""
    value = first.value - second.value
    if np.isnan(value):
        return Difference(np.nan, np.nan, np.nan, BEYOND)
    if first.replicates is None or second.replicates is None:
        return Difference(value, np.nan, np.nan, "no interval: fewer than two persons in one of the groups")
    return Difference(value, *percentile_interval(first.replicates - second.replicates), METHOD)


def incidence_on_last_day(totals: NDArray) -> NDArray:
    """Aalen–Johansen incidence of the event at the last day, for each row of totals with the columns of _Persons."""
    exits = totals[:, :-1].reshape(len(totals), -1, len(_EXITS))
    at_risk = totals.sum(axis=1)[:, None] - np.cumsum(exits.sum(axis=2), axis=1) + exits.sum(axis=2)
    safe = np.maximum(at_risk, 1)
    left = np.cumprod(1 - (exits[:, :, 0] + exits[:, :, 1]) / safe, axis=1)
    before = np.concatenate((np.ones((len(totals), 1)), left[:, :-1]), axis=1)[:, : left.shape[1]]
    return np.asarray((before * exits[:, :, 0] / safe).sum(axis=1))


def _is_followed(part: pd.DataFrame, totals: NDArray, day: float) -> bool:
    """Whether somebody was followed until that day, or all had left with certainty before it."""
    if not totals.sum():
        return False
    is_last = part["step"] == part["step"].max()
    return bool(part["step"].max() >= day or not part.loc[is_last, "censored"].sum())


def _group_persons(part: pd.DataFrame, day: float) -> _Persons:
    step = part["step"].to_numpy(dtype=float)
    days, place = np.unique(step[step <= day], return_inverse=True)
    column = np.full((len(part), len(_EXITS)), len(_EXITS) * len(days))
    column[step <= day] = len(_EXITS) * place[:, None] + np.arange(len(_EXITS))
    number = part[[*_EXITS]].to_numpy(dtype=np.int64)
    columns = len(_EXITS) * len(days) + 1
    # Patterns are told apart, and put in order, by a random number each: an order that does not depend on the rows.
    keys = np.random.default_rng(SEED).integers(1, 2**62, size=columns)
    if "person_id" not in part:
        persons = np.bincount(column.ravel(), weights=number.ravel(), minlength=columns)
        found = np.flatnonzero(persons)
        found = found[np.argsort(keys[found])]
        return _Persons(scipy.sparse.csr_array(scipy.sparse.eye_array(columns, dtype=np.int64))[found], persons[found])
    person = np.repeat(pd.factorize(part["person_id"])[0], len(_EXITS))
    exits = scipy.sparse.csr_array(
        (number.ravel(), (person, column.ravel())), shape=(person.max(initial=-1) + 1, columns)
    )
    _, first, persons = np.unique(exits @ keys, return_index=True, return_counts=True)
    return _Persons(exits[first], persons.astype(float))
