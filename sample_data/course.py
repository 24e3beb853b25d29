"""How a stay goes: week by week in intensive outpatient care, by the day in 24-hour and outpatient care."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick
from sample_data.clinic import (
    FAMILY_HAZARD_RATIO,
    INPATIENT,
    NORTH_EVENING,
    NORTH_EVENING_HAZARD_RATIO,
    PROGRAM_DAY_OFFSETS,
    weekday_of,
)

CLASSES = (
    "completed", "step_down", "lateral", "step_up", "dropped_out", "terminated", "incarcerated", "died", "other",
    "never_started",
)  # fmt: skip
COMPLETED, STEP_DOWN, LATERAL, STEP_UP, DROPPED, TERMINATED, JAILED, DIED, OTHER, NEVER = range(10)
WEEKS = 12

DROPOUT_BY_WEEK = np.array([0.148, 0.088, 0.072, 0.070, 0.085, 0.080, 0.072, 0.064, 0.055, 0.048, 0.040, 0.040])
DROPOUT_BY_BAND = np.array([0.70, 1.0, 1.5])
STEP_UP_BY_BAND = np.array([0.4, 1.0, 2.0])
OTHER_EXITS = {LATERAL: 0.0035, STEP_UP: 0.0075, TERMINATED: 0.0065, JAILED: 0.0038, DIED: 0.0004, OTHER: 0.0045}
PLANNED_WEEKS = (6, 8, 10)
TRANSFER_SHARE_OF_SUCCESS = 0.14

# Success of 24-hour care by severity band: set to what intensive outpatient care reaches in the same band.
SUCCESS_IN_24_HOUR_CARE = np.array([0.594, 0.490, 0.361])
STAY_24_HOUR_DAYS = np.array([[14, 20, 29], [6, 9, 14]])


def plan_iop(rng: np.random.Generator, line: np.ndarray, is_young: np.ndarray) -> Batch:
    """Planned weeks, and the week (0 to 3) of an early family session, or -1 where none is arranged."""
    size = len(line)
    has_family = rng.random(size) < np.where(is_young, 0.75, 0.42)
    return Batch(
        planned_weeks=np.array(PLANNED_WEEKS)[pick(rng, size, (0.17, 0.5, 0.33))],
        family_week=np.where(has_family, pick(rng, size, (0.15, 0.35, 0.3, 0.2)), -1),
    )


def dropout_hazards(line: np.ndarray, band: np.ndarray, family_week: np.ndarray) -> np.ndarray:
    """Hazard of dropping out by week (rows: episodes). Weeks 3 and 4 are days 15 to 28."""
    hazards = DROPOUT_BY_WEEK[None, :] * DROPOUT_BY_BAND[band][:, None]
    north = line == NORTH_EVENING
    hazards[north, 2:4] *= NORTH_EVENING_HAZARD_RATIO
    is_after_family = (family_week[:, None] >= 0) & (np.arange(WEEKS)[None, :] > family_week[:, None])
    return np.where(is_after_family, hazards * FAMILY_HAZARD_RATIO, hazards)


def other_hazards(band: np.ndarray) -> np.ndarray:
    """Weekly hazards of the other exits (rows: episodes, columns as OTHER_EXITS)."""
    hazards = np.tile(np.array(list(OTHER_EXITS.values())), (len(band), 1))
    hazards[:, list(OTHER_EXITS).index(STEP_UP)] *= STEP_UP_BY_BAND[band]
    return hazards


def iop_course(rng: np.random.Generator, episodes: Batch) -> Batch:
    """Exit class and last attended day of intensive outpatient stays that begin on ``start``."""
    size = len(episodes)
    dropout = dropout_hazards(episodes.line, episodes.band, episodes.family_week)
    others = other_hazards(episodes.band)
    total = dropout + others.sum(axis=1)[:, None]
    last_week = np.clip(episodes.planned_weeks + pick(rng, size, (0.15, 0.7, 0.15)) - 1, 1, WEEKS) - 1
    leaves = rng.random((size, WEEKS)) < 1 - np.exp(-total)
    leaves[np.arange(size), last_week] = True
    week = leaves.argmax(axis=1)
    is_success = week >= last_week
    hazard = dropout[np.arange(size), week]
    kinds = np.column_stack([hazard, others])
    edges = np.cumsum(kinds, axis=1) / kinds.sum(axis=1)[:, None]
    kind = (rng.random(size)[:, None] >= edges).sum(axis=1)
    failed = np.array([DROPPED, *OTHER_EXITS])[np.minimum(kind, len(OTHER_EXITS))]
    exit_class = np.where(is_success, _success(rng, size), failed)
    place = np.where(is_success, 2, rng.integers(0, 3, size))
    days = 7 * week + PROGRAM_DAY_OFFSETS[episodes.line, weekday_of(episodes.start), place]
    # A quarter of those who leave in the first week came once.
    days = np.where(~is_success & (week == 0) & (rng.random(size) < 0.25), 0, days)
    return Batch(exit_class=exit_class, last_day=episodes.start + days)


def stay_24_hours(rng: np.random.Generator, episodes: Batch) -> Batch:
    """Exit class and last day of residential and inpatient stays."""
    size = len(episodes)
    planned = STAY_24_HOUR_DAYS[(episodes.level == INPATIENT).astype(int), episodes.band]
    planned = np.maximum(3, np.round(planned * np.exp(rng.normal(0.0, 0.2, size)))).astype(np.int64)
    is_success = rng.random(size) < SUCCESS_IN_24_HOUR_CARE[episodes.band]
    failed = np.array([DROPPED, TERMINATED, OTHER, JAILED, LATERAL])[pick(rng, size, (0.68, 0.14, 0.1, 0.03, 0.05))]
    early = 1 + (rng.random(size) ** 1.3 * (planned - 2)).astype(np.int64)
    days = np.where(is_success, planned, early)
    return Batch(exit_class=np.where(is_success, _success(rng, size), failed), last_day=episodes.start + days)


def outpatient_course(rng: np.random.Generator, episodes: Batch) -> Batch:
    """Exit class and last day of weekly outpatient care; the last day is a weekly visit."""
    size = len(episodes)
    is_success = rng.random(size) < np.array([0.62, 0.54, 0.44])[episodes.band]
    weeks = np.where(is_success, rng.integers(8, 17, size), rng.integers(1, 12, size))
    failed = np.array([DROPPED, TERMINATED, OTHER, STEP_UP])[pick(rng, size, (0.8, 0.05, 0.12, 0.03))]
    return Batch(
        exit_class=np.where(is_success, COMPLETED, failed).astype(np.int64), last_day=episodes.start + 7 * weeks
    )


def _success(rng: np.random.Generator, size: int) -> np.ndarray:
    return np.where(rng.random(size) < TRANSFER_SHARE_OF_SUCCESS, STEP_DOWN, COMPLETED)


def discharge_delay(rng: np.random.Generator, exit_class: np.ndarray) -> np.ndarray:
    """Days from the last attended service to the administrative discharge, by exit class."""
    low = np.array([0, 0, 0, 0, 14, 0, 3, 1, 0, 14])[exit_class]
    high = np.array([3, 2, 2, 1, 28, 6, 20, 10, 12, 28])[exit_class]
    delay = low + (rng.random(len(exit_class)) * (high - low + 1)).astype(np.int64)
    # Some charts of people who stopped coming stay open for months.
    is_forgotten = np.isin(exit_class, (DROPPED, NEVER)) & (rng.random(len(exit_class)) < 0.06)
    return np.where(is_forgotten, delay + rng.integers(20, 100, len(exit_class)), delay)
