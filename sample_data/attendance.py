"""Who came: the status and actual times of scheduled sessions."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch
from sample_data.clinic import FIRST, IOP, OP, SHOW_RATE_SHIFT_DAY
from sample_data.timetable import FAMILY, GROUP, INDIVIDUAL, NON_CLINICAL

STATUSES = ("attended", "no_show", "late_cancel", "client_cancel", "program_cancel", "unknown")
ATTENDED, NO_SHOW, LATE_CANCEL, CLIENT_CANCEL, PROGRAM_CANCEL, UNKNOWN = range(6)
MODALITIES = ("in_person", "telehealth", "unknown")

SHOW_RATE_IN_CARE = 0.875
SHOW_RATE_IN_OTHER_CARE = 0.93
# First and last days are attended by definition and people who left are missed, so that the show rate of all
# sessions falls by less than this: by SHOW_RATE_SHIFT.
SHIFT_IN_CARE = -0.105


def attend(rng: np.random.Generator, episodes: Batch, people: Batch, rows: Batch, closed: np.ndarray) -> None:
    """Add status, actual start and end (minutes after midnight, -1 where not recorded) and modality to ``rows``."""
    size = len(rows)
    who = episodes.person[rows.episode]
    level = episodes.level[rows.episode]
    is_certain = (rows.day == episodes.start[rows.episode]) | (rows.day == episodes.last_day[rows.episode])
    # The early family session takes place wherever the person is still in care.
    is_certain |= (rows.service == FAMILY) & (rows.day < episodes.start[rows.episode] + 28)
    is_in_care = (rows.day >= episodes.start[rows.episode]) & (rows.day <= episodes.last_day[rows.episode])
    share = np.where(level == IOP, SHOW_RATE_IN_CARE + people.attendance[who], SHOW_RATE_IN_OTHER_CARE)
    share = share + np.where((level == IOP) & (rows.day >= SHOW_RATE_SHIFT_DAY), SHIFT_IN_CARE, 0.0)
    shows = (_one_draw_a_day(rng, rows) < share) & is_in_care & (rng.random(size) > 0.015)
    draw = rng.random(size)
    missed = np.where(draw < 0.69, NO_SHOW, LATE_CANCEL)
    status = np.where(shows, ATTENDED, missed)
    excused = rng.random(size)
    status = np.where(is_in_care & (excused < 0.035), CLIENT_CANCEL, status)
    status = np.where(is_in_care & (excused > 0.997), UNKNOWN, status)
    status = np.where(is_certain & is_in_care, ATTENDED, status)
    is_closed = closed[episodes.site[rows.episode], rows.day - FIRST] & np.isin(level, (IOP, OP))
    rows.status = np.where(is_closed & ~is_certain, PROGRAM_CANCEL, status)
    _actual_times(rng, rows)
    prefers = people.prefers_telehealth[who]
    remote = (prefers < 0.07) | (np.isin(rows.service, (INDIVIDUAL, FAMILY)) & (prefers < 0.4))
    remote &= np.isin(level, (IOP, OP)) & ~np.isin(rows.service, NON_CLINICAL)
    rows.modality = np.where(rng.random(size) < 0.006, 2, remote.astype(np.int64))


def _one_draw_a_day(rng: np.random.Generator, rows: Batch) -> np.ndarray:
    """The same uniform number for all sessions of one patient's day: who misses the morning misses the day."""
    new = np.append(True, (rows.episode[1:] != rows.episode[:-1]) | (rows.day[1:] != rows.day[:-1]))
    day = np.cumsum(new) - 1
    return rng.random(int(new.sum()))[day] if len(rows) else np.zeros(0)


def _actual_times(rng: np.random.Generator, rows: Batch) -> None:
    size = len(rows)
    late = np.where(rng.random(size) < 0.75, 0, rng.integers(1, 13, size))
    over = np.where(rng.random(size) < 0.8, 0, rng.integers(-8, 6, size))
    is_partial = (rng.random(size) < 0.025) & (rows.service == GROUP)
    kept = np.where(is_partial, (rows.minutes * rng.uniform(0.15, 0.45, size)).astype(np.int64), rows.minutes + over)
    attended = rows.status == ATTENDED
    missing = rng.random(size)
    has_start, has_end = attended & (missing > 0.025), attended & (missing > 0.035)
    rows.actual_start = np.where(has_start, rows.start + late, -1)
    rows.actual_end = np.where(has_end, np.maximum(rows.start + kept, rows.start + late + 5), -1)
