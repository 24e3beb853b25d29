"""Symptom scores: everybody's true course, and the part of it that was written down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sample_data.batch import Batch, spread, stack
from sample_data.clinic import COD, CUT, IOP, MH, OP, SUD
from sample_data.course import COMPLETED, DROPPED, STEP_DOWN, WEEKS
from sample_data.truth import Truth
from sample_data.write import TableWriter, codes, dates, keys, numbers

INSTRUMENTS = ("PHQ-9", "GAD-7", "BAM-Use", "BAM-Risk", "BAM-Protective", "CES-D")
PHQ, GAD, BAM_USE, BAM_RISK, BAM_PROTECTIVE, CESD = range(6)
HIGHEST = np.array([27, 21, 12, 24, 24, 60])
TIMEPOINTS = ("intake", "week", "discharge", "followup_30", "followup_90", "followup_180")
INTAKE, WEEK, DISCHARGE = range(3)
VERSIONS = ("BAM", "BAM-IOP")
MODES = ("self", "interview", "unknown")
FOLLOW_UPS = (30, 90, 180)
PHQ_RELIABLE_CHANGE = 6
RECALL_DAYS = np.array([14, 14, 30, 30, 30, 7])


def write_assessments(
    rng: np.random.Generator,
    anxiety_rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    use: np.ndarray,
    truth: Truth,
    first: tuple[int, int],
) -> tuple[np.ndarray, Batch]:
    """Append the scores of a chunk and count, for truth.json, how everybody did and how the observed did.

    Returns the true course (instrument, episode, week) and the occasions that were entered, for the other scales.
    """
    course = _true_course(rng, episodes, use)
    occasions = stack([_intake(rng, episodes, course), _weekly(rng, episodes, course), *_ends(rng, episodes, course)])
    occasions = occasions.take(occasions.day <= CUT)
    truth.count_phq(episodes, course[PHQ][:, 0], course[PHQ][:, -1], occasions)
    # One missed assessment in five is a row without a score; of the others nothing was entered.
    is_entered = occasions.is_observed | (rng.random(len(occasions)) < 0.2)
    occasions = occasions.take(is_entered)
    occasions = occasions.take(np.lexsort((occasions.version, occasions.instrument, occasions.day, occasions.episode)))
    number = np.arange(len(occasions)) - np.searchsorted(occasions.episode, occasions.episode, side="left")
    is_weekly_bam = occasions.version == VERSIONS.index("BAM-IOP")
    writer.write(
        "assessments",
        assessment_id=keys("A", (first[1] + occasions.episode) * 1000 + number, 10),
        patient_id=keys("P", first[0] + episodes.person[occasions.episode]),
        episode_id=keys("E", first[1] + occasions.episode),
        assessed_date=dates(occasions.day),
        instrument=codes(INSTRUMENTS, occasions.instrument),
        instrument_version=codes(VERSIONS, occasions.version),
        window_days=numbers(np.where(is_weekly_bam, 7, RECALL_DAYS[occasions.instrument])),
        score=numbers(occasions.score, occasions.is_observed),
        item_scores=_items(rng, anxiety_rng, occasions),
        timepoint=codes(TIMEPOINTS, occasions.timepoint),
        mode=codes(
            MODES,
            np.where(
                rng.random(len(occasions)) < 0.03, 2, (occasions.instrument >= BAM_USE) & (occasions.instrument < CESD)
            ),
        ),
    )
    return course, occasions


def _true_course(rng: np.random.Generator, episodes: Batch, use: np.ndarray) -> np.ndarray:
    """Score that each person would give, by instrument, episode and week; the last column is the day of exit."""
    size = len(episodes)
    is_success = np.isin(episodes.exit_class, (COMPLETED, STEP_DOWN))
    start = np.clip(rng.normal(np.array([11.5, 16.0, 14.5])[episodes.program] + 1.2 * (episodes.band - 1), 4.6), 1, 27)
    gain = rng.normal(np.where(is_success, 7.2, np.where(episodes.exit_class == DROPPED, 1.2, 3.2)), 3.8) * start / 14
    weeks_in_care = np.clip((episodes.last_day - episodes.start) / 7, 0.3, WEEKS)[:, None]
    week = np.column_stack([np.tile(np.arange(WEEKS + 1.0), (size, 1)), weeks_in_care[:, 0]])
    # Gains come early and reach their full size at the exit.
    done = np.minimum((1 - np.exp(-week / 3.5)) / (1 - np.exp(-weeks_in_care / 3.5)), 1.0)
    mood = start[:, None] - gain[:, None] * done
    scores = np.empty((len(INSTRUMENTS), size, WEEKS + 2))
    anxiety = rng.normal(0.0, 2.2, size)[:, None]
    risk = rng.normal(0.0, 2.5, (2, size))
    uses = np.column_stack(
        [
            np.ones(size, dtype=bool),
            use[:, :-1],
            use[np.arange(size), np.minimum(weeks_in_care[:, 0].astype(int), WEEKS)],
        ]
    )
    scores[PHQ] = mood + rng.normal(0.0, 1.3, mood.shape)
    scores[GAD] = 0.72 * mood + anxiety + rng.normal(0.0, 1.3, mood.shape)
    scores[BAM_USE] = np.where(uses, 2 + rng.poisson(2.2, mood.shape), rng.random(mood.shape) < 0.08)
    scores[BAM_RISK] = 5 + 0.5 * mood + risk[0][:, None] + 2.0 * uses + rng.normal(0.0, 1.6, mood.shape)
    scores[BAM_PROTECTIVE] = 18 - 0.45 * mood + risk[1][:, None] - 1.5 * uses + rng.normal(0.0, 1.6, mood.shape)
    scores[CESD] = 8 + 1.9 * mood + rng.normal(0.0, 3.5, mood.shape)
    return np.clip(np.round(scores), 0, HIGHEST[:, None, None]).astype(np.int64)


def _occasions(
    rng: np.random.Generator,
    course: np.ndarray,
    rows: np.ndarray,
    column: object,
    day: np.ndarray,
    timepoint: int,
    instruments: list[int],
    observed: np.ndarray,
) -> Batch:
    """Occasions of several instruments on the same days; one missed occasion misses all of them."""
    size = len(rows)
    is_observed = rng.random(size) < observed
    columns = np.broadcast_to(np.asarray(column), size)
    parts = []
    for instrument in instruments:
        is_bam = BAM_USE <= instrument <= BAM_PROTECTIVE
        version = -1 if not is_bam else int(timepoint == WEEK)
        parts.append(
            Batch(
                episode=rows,
                day=day,
                instrument=np.full(size, instrument),
                version=np.full(size, version),
                timepoint=np.full(size, timepoint),
                score=course[instrument][rows, columns],
                is_observed=is_observed & (rng.random(size) < 0.985),
            )
        )
    return stack(parts)


def _programs(episodes: Batch) -> tuple[tuple[np.ndarray, list[int]], ...]:
    """Which instruments which started stays use; addiction programs take the mood scales every other week."""
    cared_for = episodes.is_started & (episodes.level != OP)
    mood = np.flatnonzero(cared_for)
    addiction = np.flatnonzero(cared_for & (episodes.program != MH))
    depression = np.flatnonzero(cared_for & (episodes.program != SUD))
    return (mood, [PHQ, GAD]), (addiction, [BAM_USE, BAM_RISK, BAM_PROTECTIVE]), (depression, [CESD])


def _intake(rng: np.random.Generator, episodes: Batch, course: np.ndarray) -> Batch:
    parts = []
    for rows, instruments in _programs(episodes):
        share = np.full(len(rows), 0.93)
        parts.append(_occasions(rng, course, rows, 0, episodes.start[rows], INTAKE, instruments, share))
    return stack(parts)


def _weekly(rng: np.random.Generator, episodes: Batch, course: np.ndarray) -> Batch:
    """Weekly scores in intensive outpatient care; people who do badly answer less."""
    parts = []
    for rows, instruments in _programs(episodes):
        rows = rows[episodes.level[rows] == IOP]
        weeks = np.clip((episodes.last_day[rows] - episodes.start[rows] - 3) // 7, 0, WEEKS)
        episode, number = spread(rows, weeks)
        week = number + 1
        every = np.where(np.isin(episodes.program[episode], (MH, COD)), 1, 2)
        if instruments == [CESD]:
            every = np.full(len(episode), 2)
        if instruments[0] == BAM_USE:
            every = np.ones(len(episode), dtype=np.int64)
        due = week % every == 0
        episode, week = episode[due], week[due]
        is_worse = course[PHQ][episode, week] > course[PHQ][episode, 0] - 4
        share = 0.86 - 0.36 * is_worse - 0.1 * (episodes.exit_class[episode] == DROPPED)
        day = episodes.start[episode] + 7 * week
        parts.append(_occasions(rng, course, episode, week, day, WEEK, instruments, share))
    return stack(parts)


def _ends(rng: np.random.Generator, episodes: Batch, course: np.ndarray) -> list[Batch]:
    """Scores at discharge and at follow-up: nearly never of people who dropped out."""
    parts = []
    is_success = np.isin(episodes.exit_class, (COMPLETED, STEP_DOWN))
    is_dropout = episodes.exit_class == DROPPED
    for rows, instruments in _programs(episodes):
        rows = rows[(episodes.last_day[rows] <= CUT) & (episodes.last_day[rows] > episodes.start[rows])]
        is_worse = course[PHQ][rows, -1] > course[PHQ][rows, 0] - 4
        share = np.where(is_success[rows], 0.9, np.where(is_dropout[rows], 0.05, 0.3)) * np.where(is_worse, 0.62, 1.0)
        parts.append(_occasions(rng, course, rows, -1, episodes.last_day[rows], DISCHARGE, instruments, share))
        for place, days in enumerate(FOLLOW_UPS):
            reached = rows[episodes.contact_days[rows] >= days]
            is_worse = course[PHQ][reached, -1] > course[PHQ][reached, 0] - 4
            share = np.where(is_worse, 0.45, 0.7)
            day = episodes.exit_day[reached] + days
            parts.append(_occasions(rng, course, reached, -1, day, DISCHARGE + 1 + place, instruments, share))
    return parts


def _items(rng: np.random.Generator, anxiety_rng: np.random.Generator, occasions: Batch) -> object:
    """Items of the PHQ-9 and the GAD-7, each 0 to 3, that add up to the score; empty for other instruments."""
    words = np.full(len(occasions), b"", dtype="S17")
    is_filled = np.zeros(len(occasions), dtype=bool)
    # The last item of the PHQ-9, thoughts of self-harm, is the rarest.
    for stream, instrument, rarest in ((rng, PHQ, (0, 0, 0, 0, 0, 0, 0, 0, 0.6)), (anxiety_rng, GAD, (0,) * 7)):
        rows = np.flatnonzero((occasions.instrument == instrument) & occasions.is_observed)
        words[rows] = _joined(_shared_out(stream, occasions.score[rows], np.array(rarest)))
        is_filled[rows] = True
    return pa.array(words, pa.binary(), mask=~is_filled).cast(pa.string())


def _shared_out(rng: np.random.Generator, score: np.ndarray, rarest: np.ndarray) -> np.ndarray:
    many, size = len(rarest), len(score)
    rank = (rng.random((size, many)) + rarest).argsort(axis=1).argsort(axis=1)
    items = score[:, None] // many + (rank < (score % many)[:, None])
    for _ in range(4):
        giver, taker = rng.integers(0, many, (2, size))
        at = np.arange(size)
        moves = (items[at, giver] > 0) & (items[at, taker] < 3) & (giver != taker) & (rarest[taker] == 0)
        items[at[moves], giver[moves]] -= 1
        items[at[moves], taker[moves]] += 1
    return items


def _joined(items: np.ndarray) -> np.ndarray:
    # One-digit items and the semicolons between them, as bytes: a text column without a loop over rows.
    size, many = items.shape
    text = np.full((size, 2 * many - 1), ord(";"), dtype=np.uint8)
    text[:, ::2] = items + ord("0")
    return text.view(f"S{2 * many - 1}").ravel()
