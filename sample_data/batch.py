"""Columns of equal length that travel together: a chunk of people, episodes or sessions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


class Batch(SimpleNamespace):
    """Arrays of one length by name, for example ``episodes.admission``."""

    def __len__(self) -> int:
        return len(next(iter(vars(self).values())))

    def take(self, rows: np.ndarray) -> Batch:
        """The same columns for some rows (a mask or row numbers)."""
        return Batch(**{name: column[rows] for name, column in vars(self).items()})


def stack(batches: list[Batch]) -> Batch:
    """One batch of all rows, in order. All batches have the same columns."""
    names = list(vars(batches[0]))
    return Batch(**{name: np.concatenate([getattr(batch, name) for batch in batches]) for name in names})


def pick(rng: np.random.Generator, size: int, shares: Any) -> np.ndarray:
    """Random places in a list of shares (they need not sum to one)."""
    edges = np.cumsum(np.asarray(shares, dtype=float))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").astype(np.int64)


def pick_by(rng: np.random.Generator, rows: np.ndarray, shares: Any) -> np.ndarray:
    """As pick, with a list of shares for each class of row: ``shares[rows]``."""
    edges = np.cumsum(np.asarray(shares, dtype=float), axis=1)
    edges = edges / edges[:, -1:]
    return (rng.random(len(rows))[:, None] >= edges[rows]).sum(axis=1)


def spread(rows: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row as often as ``times`` says (never below zero times), and the running number within the row, from 0."""
    times = np.maximum(times, 0)
    repeated = np.repeat(rows, times)
    return repeated, np.arange(len(repeated)) - np.repeat(np.cumsum(times) - times, times)
