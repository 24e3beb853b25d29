"""Two arms at equal covariates: differences of cost and effect, as they are and weighted, with bootstrap replicates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.bootstrap import MANY, REPLICATES, SEED
from queries.statistics.weighting import Design, balance, build_design, differences, effective_sizes, find_overlap

COVARIATES = ["severity", "age", "program", "prior_care", "payer"]
SUMS = ["weight", "cost", "effect"]
PRODUCTS = ["cost_cost", "cost_effect", "effect_effect"]
REFERENCE = "IOP"
ACCEPTED_DIFFERENCE = 0.1
MOST_OUTSIDE = 0.5
FEWEST_EFFECTIVE = 20
NO_OVERLAP = "too little overlap between the arms"


@dataclass(frozen=True)
class Comparison:
    """The other arm less IOP. ``crude`` and ``weighted`` are (cost, effect), and their replicates have a row a draw.

    ``refusal`` says why there is no weighted difference; it is then NaN. ``fewest`` is the smallest count from which
    the differences are made.
    """

    persons: float
    missing: float
    fewest: float
    crude: NDArray
    crude_draws: NDArray
    refusal: str = ""
    weighted: NDArray = field(default_factory=lambda: np.full(2, np.nan))
    draws: NDArray = field(default_factory=lambda: np.full((REPLICATES, 2), np.nan))
    design: Design | None = None
    counts: NDArray | None = None
    before: NDArray | None = None
    after: NDArray | None = None
    effective: NDArray | None = None
    inside: NDArray | None = None
    outside: float = np.nan

    def describe(self) -> str:
        """How the weighted difference was made and whether it is balanced; or why there is none."""
        if self.refusal:
            return f"not shown: {self.refusal}"
        parts = [f"entropy-balanced, bootstrap 95 % over persons within each arm, {REPLICATES} draws"]
        if self.before is not None and self.after is not None:
            before, after = (np.abs(apart).max() for apart in (self.before, self.after))
            parts.append(f"balanced: standardised differences up to {before:.2f} before, {after:.2f} after")
        if self.effective is not None:
            parts.append("effective sample sizes " + " and ".join(f"{size:,.0f}" for size in self.effective))
        if self.outside > 0:
            parts.append(f"up to {5 * np.ceil(20 * self.outside):.0f} % of people left out for lack of overlap")
        return "; ".join(parts)


def compare_arms(part: pd.DataFrame) -> Comparison:
    """Compare the arms of one group and category.

    Rows of ``arm``, the covariates, ``weight`` (persons), their sums of ``cost`` and ``effect`` and of the products
    ``cost_cost``, ``cost_effect``, ``effect_effect``, and ``missing_n``. Rows without weight only count the missing. In
    arms of few persons a row holds persons who are alike in everything; in arms of many, the persons of a cell.
    """
    missing = float(part["missing_n"].sum())
    part = part[part["weight"] > 0].astype(dict.fromkeys([*SUMS, *PRODUCTS], float))
    cells = part[COVARIATES].drop_duplicates().sort_values(COVARIATES).reset_index(drop=True)
    place = pd.MultiIndex.from_frame(cells).get_indexer(pd.MultiIndex.from_frame(part[COVARIATES]))
    arms = [(part[mask], place[mask]) for mask in (part["arm"] == REFERENCE, part["arm"] != REFERENCE)]
    sums = np.array([_sum_cells(rows, where, len(cells)) for rows, where in arms])
    persons = sums[:, :, 0].sum(axis=1) if len(cells) else np.zeros(2)
    nothing, no_draws = np.full(2, np.nan), np.full((REPLICATES, 2), np.nan)
    if not persons.all():
        return Comparison(persons.sum(), missing, persons.min(), nothing, no_draws, "one of the arms has nobody")
    crude = _mean_difference(sums, np.ones(sums.shape[:2]))
    fewest = float(min([persons.min(), *_counts_of_a_yes(arms, persons)]))
    if persons.min() < 2:
        return Comparison(persons.sum(), missing, fewest, crude, no_draws, "one of the arms has one person")
    drawn = np.stack(
        [
            _draw_cells(rows, where, len(cells), (SEED, crc32(name.encode())))
            for name, (rows, where) in zip((REFERENCE, "other"), arms, strict=True)
        ],
        axis=1,
    )
    crude_draws = _mean_difference(drawn, np.ones((1, 2, len(cells))))
    return _weigh(Comparison(persons.sum(), missing, fewest, crude, crude_draws), build_design(cells), sums, drawn)


def _weigh(plain: Comparison, design: Design, sums: NDArray, drawn: NDArray) -> Comparison:
    counts = sums[:, :, 0]
    inside = find_overlap(design, counts)
    outside = 1 - counts[:, inside].sum() / counts.sum()
    facts: dict[str, Any] = {"design": design, "counts": counts, "inside": inside, "outside": outside}
    facts["before"] = differences(design, counts, np.ones_like(counts))
    if outside > MOST_OUTSIDE:
        return replace(plain, **facts, refusal=NO_OVERLAP)
    weights = np.zeros_like(counts)
    weights[:, inside] = _weights(design, inside, counts[None, :, inside])[0]
    facts["after"] = after = differences(design, counts, weights)
    facts["effective"] = effective = effective_sizes(counts, weights)
    if effective.min() < FEWEST_EFFECTIVE:
        return replace(plain, **facts, refusal=f"an effective sample size below {FEWEST_EFFECTIVE}")
    if np.abs(after).max() >= ACCEPTED_DIFFERENCE:
        return replace(
            plain, **facts, refusal=f"not balanced: standardised differences of {ACCEPTED_DIFFERENCE} or more remain"
        )
    facts["weighted"] = _mean_difference(sums, weights)
    drawn = drawn[:, :, inside]
    facts["draws"] = _mean_difference(drawn, _weights(design, inside, drawn[..., 0]))
    return replace(plain, **facts)


def _weights(design: Design, inside: NDArray, counts: NDArray) -> NDArray:
    """Weights that give each arm the mix of both together; axes of the counts: draw, arm, cell."""
    indicators = design.indicators[design.is_free][:, inside]
    together = counts.sum(axis=1)
    target = together @ indicators.T / together.sum(axis=1, keepdims=True)
    return np.stack([balance(indicators, counts[:, arm], target) for arm in (0, 1)], axis=1)


def _mean_difference(sums: NDArray, weights: NDArray) -> NDArray:
    """Weighted means of the treated arm less those of the other; axes: (draw,) arm, cell, (persons, cost, effect)."""
    totals = (sums * weights[..., None]).sum(axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = totals[..., 1:] / totals[..., :1]
    return means[..., 1, :] - means[..., 0, :]


def _sum_cells(rows: pd.DataFrame, cell: NDArray, number: int) -> NDArray:
    return np.column_stack([np.bincount(cell, weights=rows[name], minlength=number) for name in SUMS])


def _counts_of_a_yes(arms: list[tuple[pd.DataFrame, NDArray]], persons: NDArray) -> list[float]:
    """Persons with and without the effect where it is yes or no: a difference of shares could give them away."""
    is_yes_or_no = all(np.isclose(rows["effect_effect"].sum(), rows["effect"].sum()) for rows, _ in arms)
    yes = [float(rows["effect"].sum()) for rows, _ in arms] if is_yes_or_no else []
    counts = [*yes, *(float(n) - count for n, count in zip(persons, yes, strict=False))]
    return [count for count in counts if count > 0]


def _draw_cells(rows: pd.DataFrame, cell: NDArray, number: int, seed: tuple[int, int]) -> NDArray:
    """Replicates of an arm: persons, cost and effect in each cell, drawing persons with replacement.

    Above MANY persons it is drawn how many fall into each cell, and their sums around those of the cell as the central
    limit theorem has it: what the next person costs no longer matters.
    """
    generator = np.random.default_rng(seed)
    weight = rows["weight"].to_numpy()
    persons = int(weight.sum())
    if persons > MANY:
        return _draw_moments(rows, cell, number, generator)
    each = np.repeat(np.arange(len(rows)), weight.astype(int))
    values = (rows[["cost", "effect"]].to_numpy() / weight[:, None])[each]
    cells = cell[each]
    drawn = np.empty((REPLICATES, number, 3))
    for replicate in range(REPLICATES):
        who = generator.integers(0, persons, size=persons, dtype=np.int32)
        where = cells[who]
        drawn[replicate, :, 0] = np.bincount(where, minlength=number)
        for column in (0, 1):
            drawn[replicate, :, column + 1] = np.bincount(where, weights=values[who, column], minlength=number)
    return drawn


def _draw_moments(rows: pd.DataFrame, cell: NDArray, number: int, generator: np.random.Generator) -> NDArray:
    n, cost, effect = _sum_cells(rows, cell, number).T
    size = np.maximum(n, 1)
    cc, ce, ee = (np.bincount(cell, weights=rows[name], minlength=number) / size for name in PRODUCTS)
    means = np.stack([cost, effect]) / size
    variance = np.maximum(np.stack([cc, ee]) - means**2, 0)
    deviation = np.sqrt(variance)
    together = np.divide(ce - means.prod(axis=0), deviation[0], out=np.zeros(number), where=deviation[0] > 0)
    alone = np.sqrt(np.maximum(variance[1] - together**2, 0))
    counts = generator.multinomial(int(n.sum()), n / n.sum(), size=REPLICATES).astype(float)
    first, second = generator.standard_normal((2, REPLICATES, number)) * np.sqrt(counts)
    return np.stack(
        [counts, counts * means[0] + first * deviation[0], counts * means[1] + first * together + second * alone],
        axis=-1,
    )
