"""The timetable: which sessions each episode was scheduled for, before anybody came or stayed away."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, spread, stack
from sample_data.clinic import COD, CUT, IOP, LINE_BLOCKS, LINE_DAYS, LINE_STARTS, MH, OP, weekday_of
from sample_data.course import DROPPED, JAILED, NEVER

SERVICES = (
    "group", "individual", "family", "education", "medication_management", "peer", "case_management", "holistic",
    "mutual_help", "transport", "specimen_collection",
)  # fmt: skip
GROUP, INDIVIDUAL, FAMILY, EDUCATION, MEDICATION, PEER, CASE, HOLISTIC, MUTUAL_HELP, TRANSPORT, SPECIMEN = range(11)
NON_CLINICAL = (MUTUAL_HELP, TRANSPORT, SPECIMEN)
# The second block of the first, second and third program day of a week.
SECOND_BLOCK = np.array([EDUCATION, HOLISTIC, GROUP])
BREAK_MINUTES = 15
NO_GROUP = -1


def schedule(rng: np.random.Generator, episodes: Batch, is_medicated: np.ndarray) -> Batch:
    """Scheduled sessions of a chunk of episodes, ordered by episode, day and hour.

    Columns: episode (row of ``episodes``), day, start and minutes (minutes after midnight), service, group (the
    line's group number or NO_GROUP).
    """
    until = _scheduled_until(rng, episodes)
    parts = [
        _program_blocks(episodes, until),
        _individual(rng, episodes, until),
        _family(rng, episodes),
        _specimens(episodes, until),
        _rotating(rng, episodes, until, is_medicated),
        _twenty_four_hours(episodes, until),
        _outpatient(episodes, until),
    ]
    rows = stack(parts)
    rows = rows.take((rows.day <= CUT) & (rows.day >= episodes.admission[rows.episode]))
    return rows.take(np.lexsort((rows.service, rows.start, rows.day, rows.episode)))


def _scheduled_until(rng: np.random.Generator, episodes: Batch) -> np.ndarray:
    """Last day for which sessions stayed in the book: people who stop coming are missed for a week or two."""
    size = len(episodes)
    is_missed = np.isin(episodes.exit_class, (DROPPED, JAILED)) & (episodes.level == IOP)
    until = episodes.last_day + np.where(is_missed, rng.integers(4, 12, size), 0)
    until = np.where(episodes.exit_class == NEVER, episodes.admission + 12, until)
    return np.minimum(np.minimum(until, episodes.discharge), CUT)


def _weeks(episodes: Batch, rows: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One row per episode and calendar week: the episode, its Monday and the number of the week."""
    chosen = np.flatnonzero(rows)
    monday = episodes.admission[chosen] - weekday_of(episodes.admission[chosen])
    weeks = np.maximum((until[chosen] - monday) // 7 + 1, 0)
    episode, number = spread(chosen, weeks)
    return episode, np.repeat(monday, weeks) + 7 * number, number


def _rows(
    episode: np.ndarray, day: np.ndarray, start: object, minutes: object, service: object, group: object
) -> Batch:
    size = len(episode)
    return Batch(
        episode=episode,
        day=day,
        start=np.broadcast_to(np.asarray(start), size).astype(np.int64),
        minutes=np.broadcast_to(np.asarray(minutes), size).astype(np.int64),
        service=np.broadcast_to(np.asarray(service), size).astype(np.int64),
        group=np.broadcast_to(np.asarray(group), size).astype(np.int64),
    )


def _program_blocks(episodes: Batch, until: np.ndarray) -> Batch:
    episode, monday, _ = _weeks(episodes, episodes.level == IOP, until)
    line = episodes.line[episode]
    parts = []
    for place in range(3):
        day = monday + LINE_DAYS[line, place]
        keep = day <= until[episode]
        chosen, on = episode[keep], line[keep]
        start, first, second = LINE_STARTS[on, place], LINE_BLOCKS[on, 0], LINE_BLOCKS[on, 1]
        group = episodes.group[chosen]
        parts.append(_rows(chosen, day[keep], start, first, GROUP, group))
        parts.append(_rows(chosen, day[keep], start + first + BREAK_MINUTES, second, SECOND_BLOCK[place], group))
    return stack(parts)


def _individual(rng: np.random.Generator, episodes: Batch, until: np.ndarray) -> Batch:
    """A weekly hour with one's own therapist; now and then it overlaps the group (a pull-out session)."""
    episode, monday, _ = _weeks(episodes, episodes.level == IOP, until)
    weekday = rng.integers(0, 5, len(episodes))
    hour = rng.integers(13, 17, len(episodes))
    line = episodes.line[episode]
    pulled_out = rng.random(len(episode)) < 0.03
    day = monday + np.where(pulled_out, LINE_DAYS[line, 0], weekday[episode])
    start = np.where(pulled_out, LINE_STARTS[line, 0] + 30, 60 * hour[episode])
    minutes = np.where(episodes.program[episode] == MH, 60, 50)
    keep = day <= until[episode]
    return _rows(episode, day, start, minutes, INDIVIDUAL, NO_GROUP).take(keep)


def _family(rng: np.random.Generator, episodes: Batch) -> Batch:
    """The early family session where one is arranged, and a second one in week 6 for some who had it."""
    chosen = np.flatnonzero((episodes.family_week >= 0) & (episodes.exit_class != NEVER))
    day = episodes.start[chosen] + 7 * episodes.family_week[chosen] + 1 + rng.integers(0, 5, len(chosen))
    early = _rows(chosen, day, 18 * 60, 60, FAMILY, NO_GROUP).take(day <= episodes.last_day[chosen])
    again = chosen[rng.random(len(chosen)) < 0.3]
    later = episodes.start[again] + 36 + rng.integers(0, 5, len(again))
    second = _rows(again, later, 18 * 60, 60, FAMILY, NO_GROUP).take(later <= episodes.last_day[again])
    return stack([early, second])


def _specimens(episodes: Batch, until: np.ndarray) -> Batch:
    """The weekly urine collection of the addiction programs, before the day's group."""
    chosen = np.flatnonzero((episodes.level == IOP) & (episodes.program != MH))
    weeks = np.maximum((until[chosen] - episodes.start[chosen]) // 7 + 1, 0)
    episode, number = spread(chosen, weeks)
    line = episodes.line[episode]
    place = (LINE_DAYS[line] == weekday_of(episodes.start[episode])[:, None]).argmax(axis=1)
    start = LINE_STARTS[line, place] - 15
    return _rows(episode, episodes.start[episode] + 7 * number, start, 10, SPECIMEN, NO_GROUP)


def _rotating(rng: np.random.Generator, episodes: Batch, until: np.ndarray, is_medicated: np.ndarray) -> Batch:
    """Medication management every fourth week; peer support, case management, mutual help or a ride for some."""
    episode, monday, number = _weeks(episodes, episodes.level == IOP, until)
    takes = is_medicated | np.isin(episodes.program, (MH, COD))
    kind = rng.random(len(episodes))
    with_medication = takes[episode] & (number % 4 == 1)
    extra = np.where(kind < 0.45, PEER, np.where(kind < 0.75, CASE, np.where(kind < 0.9, MUTUAL_HELP, TRANSPORT)))
    is_extra = ~with_medication & ((kind[episode] < 0.85) | (number % 2 == 0))
    service = np.where(with_medication, MEDICATION, extra[episode])
    minutes = np.array([0, 0, 0, 0, 30, 60, 30, 0, 60, 30, 10])[service]
    day = monday + rng.integers(0, 5, len(episodes))[episode]
    start = np.array([0, 0, 0, 0, 12 * 60, 12 * 60 + 30, 16 * 60, 0, 20 * 60 + 45, 8 * 60])[service]
    keep = (with_medication | is_extra) & (day <= until[episode])
    return _rows(episode, day, start, minutes, service, NO_GROUP).take(keep)


def _twenty_four_hours(episodes: Batch, until: np.ndarray) -> Batch:
    """The treatment day of residential and inpatient units, and a weekly individual hour."""
    chosen = np.flatnonzero((episodes.level != IOP) & (episodes.level != OP))
    days = np.maximum(until[chosen] - episodes.start[chosen] + 1, 0)
    episode, number = spread(chosen, days)
    day = episodes.start[episode] + number
    weekly = number % 7 == 2
    group = _rows(episode, day, 9 * 60 + 30, 150, GROUP, NO_GROUP)
    return stack([group, _rows(episode, day, 14 * 60, 60, INDIVIDUAL, NO_GROUP).take(weekly)])


def _outpatient(episodes: Batch, until: np.ndarray) -> Batch:
    chosen = np.flatnonzero(episodes.level == OP)
    weeks = np.maximum((until[chosen] - episodes.start[chosen]) // 7 + 1, 0)
    episode, number = spread(chosen, weeks)
    return _rows(episode, episodes.start[episode] + 7 * number, 15 * 60, 60, INDIVIDUAL, NO_GROUP)
