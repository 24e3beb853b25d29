"""Means of arms against each other: their weighted sum, or its ratio to one of them, with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.statistics.bootstrap import (
    MANY,
    REPLICATES,
    SEED,
    Seed,
    bootstrap_ratio,
    percentile_interval,
    read_persons,
    resample_ratio,
)
from queries.statistics.grouping import build_rows, present_keys, split_groups

LINEARISED = f" (linearised in arms of more than {MANY:,})"


@dataclass(frozen=True)
class Arm:
    """The persons of one arm: sums, and bootstrap replicates of their ratio (NaN where nobody can be drawn)."""

    numerator: float
    denominator: float
    persons: float
    replicates: NDArray

    @property
    def mean(self) -> float:
        return self.numerator / self.denominator if self.denominator > 0 else np.nan


def contrast_arms(counts: pd.DataFrame, *, unit: str, options: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of binned values of arms → Σ coefficient · mean of an arm, over the mean of the divisor if there is one.

    Columns: ``arm`` (the same name in a group is the same arm), ``coefficient``, ``is_divisor``, ``missing_n`` of the
    arm (repeated in its rows), and ``numerator_amount``, ``denominator_amount`` and ``weight`` as for bootstrap_ratio.
    Each arm draws its own persons; one that stands alone has the row that bootstrap_ratio gives it. Otherwise
    ``denominator`` is the number of persons in all arms, and ``clusters`` that of the smallest. Below two persons in an
    arm there is no interval, and where an arm's denominator is 0 no value either.
    """
    drawn: dict[tuple[Any, str], Arm] = {}
    records = []
    for key, part in split_groups(counts):
        if part["arm"].nunique() == 1:
            records.append(key | _describe_arm(part))
            continue
        arms = {}
        for name, rows in part.groupby("arm", sort=True):
            place = (key.get("group_name"), str(name))
            if place not in drawn:
                drawn[place] = draw_arm(rows, (SEED, crc32(str(name).encode())))
            arms[name] = drawn[place]
        first = part.groupby("arm").first()
        missing = {"statistic": "mean", "missing_n": float(first["missing_n"].sum())}
        records.append(key | _contrast(arms, first) | missing)
    return build_rows(records)


def draw_arm(rows: pd.DataFrame, seed: Seed) -> Arm:
    """The sums of an arm, and bootstrap replicates of their ratio."""
    numerator, denominator, weight = read_persons(rows)
    persons, exposure = float(weight.sum()), float(denominator @ weight)
    can_draw = persons > 1 and exposure > 0
    replicates = resample_ratio(numerator, denominator, weight, seed) if can_draw else np.full(REPLICATES, np.nan)
    return Arm(float(numerator @ weight), exposure, persons, replicates)


def _describe_arm(part: pd.DataFrame) -> dict[str, Any]:
    return dict(bootstrap_ratio(part.drop(columns=present_keys(part)), unit="", options={}).iloc[0])


def _contrast(arms: Mapping[Any, Arm], first: pd.DataFrame) -> dict[str, Any]:
    coefficients = first["coefficient"].astype(float).to_dict()
    is_many = any(arm.persons > MANY for arm in arms.values())
    value, replicates = 0.0, np.zeros(REPLICATES)
    divisor, divisors = 1.0, np.ones(REPLICATES)
    for name, arm in arms.items():
        if first.at[name, "is_divisor"]:
            divisor, divisors = arm.mean, arm.replicates
        else:
            value = value + coefficients[name] * arm.mean
            replicates = replicates + coefficients[name] * arm.replicates
    with np.errstate(invalid="ignore", divide="ignore"):
        lower, upper = percentile_interval(replicates / divisors)
    return {
        "value": value / divisor if divisor else np.nan,
        "lower": lower,
        "upper": upper,
        "denominator": sum(arm.persons for arm in arms.values()),
        "clusters": min(arm.persons for arm in arms.values()),
        "method": f"bootstrap 95 % over persons within each arm, {REPLICATES} draws" + (LINEARISED if is_many else ""),
    }
