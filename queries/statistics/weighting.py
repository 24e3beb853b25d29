"""Weights that give two arms the same mix of covariates, whom they leave out, and what they balance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEWEST_OF_A_LEVEL = 11
"""A level of a covariate that fewer persons of an arm have cannot be compared: hardly anybody like them was there."""
STEPS, TOLERANCE, RIDGE, LONGEST_STEP, LARGEST = 25, 1e-9, 1e-9, 3.0, 30.0


@dataclass(frozen=True)
class Design:
    """Cells of covariates: ``indicators`` has a row for each of the ``levels``, and says which cells have it.

    ``is_free`` leaves out one level of each covariate, which follows from the others.
    """

    levels: tuple[str, ...]
    indicators: NDArray
    is_free: NDArray


def build_design(cells: pd.DataFrame) -> Design:
    """The levels over cells, one row a cell with a column of text for each covariate."""
    levels, indicators, is_free = [], [], []
    for covariate in cells:
        for place, value in enumerate(sorted(set(cells[covariate]))):
            is_free.append(place > 0)
            levels.append(f"{covariate}: {value}".replace("_", " "))
            indicators.append((cells[covariate] == value).to_numpy(dtype=float))
    return Design(tuple(levels), np.array(indicators).reshape(len(levels), len(cells)), np.array(is_free, dtype=bool))


def find_overlap(design: Design, counts: NDArray) -> NDArray:
    """Which cells hold persons of whom there are enough in both arms, whatever level; ``counts`` has a row an arm."""
    inside = np.ones(counts.shape[1], dtype=bool)
    for _ in design.levels:
        had = (counts * inside) @ design.indicators.T
        is_rare = (had < FEWEST_OF_A_LEVEL).any(axis=0) & (had > 0).any(axis=0)
        if not is_rare.any():
            break
        inside &= design.indicators[is_rare].sum(axis=0) == 0
    return inside


def balance(indicators: NDArray, counts: NDArray, target: NDArray) -> NDArray:
    """Weights of the persons in each cell with which an arm has each level as often as ``target``, with mean 1.

    Entropy balancing: of all such weights those nearest to equal ones. ``counts`` and ``target`` have a first axis of
    samples, such as bootstrap replicates, which are solved at once. Where no weights reach the target they stop short.
    Source: Hainmueller 2012, Political Analysis 20:25; consistent too where a logistic propensity is true: Zhao and
    Percival 2017, Journal of Causal Inference 5:20160010.
    """
    if not len(indicators):
        return np.ones_like(counts)
    features = indicators.T
    products = np.einsum("cp,cq->cpq", features, features).reshape(len(features), -1)
    size = features.shape[1]
    found = np.zeros((len(counts), size))
    unsolved = np.arange(len(counts))
    for _ in range(STEPS):
        shares = _shares(features, counts[unsolved], found[unsolved])
        mean = shares @ features
        apart = target[unsolved] - mean
        is_open = np.abs(apart).max(axis=1) > TOLERANCE
        if not is_open.any():
            break
        unsolved, shares, mean, apart = (values[is_open] for values in (unsolved, shares, mean, apart))
        spread = (
            (shares @ products).reshape(-1, size, size) - mean[:, :, None] * mean[:, None, :] + RIDGE * np.eye(size)
        )
        step = np.clip(np.linalg.solve(spread, apart[..., None])[..., 0], -LONGEST_STEP, LONGEST_STEP)
        found[unsolved] = np.clip(found[unsolved] + step, -LARGEST, LARGEST)
    shares = _shares(features, counts, found)
    return np.divide(shares * counts.sum(axis=1, keepdims=True), counts, out=np.zeros_like(shares), where=counts > 0)


def _shares(features: NDArray, counts: NDArray, coefficients: NDArray) -> NDArray:
    exponent = np.where(counts > 0, coefficients @ features.T, -np.inf)
    with np.errstate(invalid="ignore"):
        weighted = counts * np.exp(exponent - exponent.max(axis=1, keepdims=True))
        return weighted / weighted.sum(axis=1, keepdims=True)


def differences(design: Design, counts: NDArray, weights: NDArray) -> NDArray:
    """Standardised mean difference of each level, second arm less first, in standard deviations before weighting.

    ``counts`` and ``weights`` have a row an arm. 0 where nobody, or everybody, has the level.
    Source: Austin 2009, Statistics in Medicine 28:3083.
    """
    plain = (counts @ design.indicators.T) / counts.sum(axis=1, keepdims=True)
    spread = np.sqrt((plain * (1 - plain)).mean(axis=0))
    weighted = counts * weights
    shares = (weighted @ design.indicators.T) / weighted.sum(axis=1, keepdims=True)
    apart = shares[1] - shares[0]
    return np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)


def effective_sizes(counts: NDArray, weights: NDArray) -> NDArray:
    """Kish's effective sample size of each arm: (Σw)² / Σw²."""
    return (counts * weights).sum(axis=1) ** 2 / (counts * weights**2).sum(axis=1)
