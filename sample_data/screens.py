"""Screens and further scales: at the start, on the days of the PHQ-9, and by telephone a year later."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, stack
from sample_data.clinic import COD, CUT, MH
from sample_data.course import DIED
from sample_data.people import ALCOHOL
from sample_data.scores import DISCHARGE, INTAKE, PHQ, TIMEPOINTS, WEEK
from sample_data.truth import Truth
from sample_data.write import TableWriter, codes, dates, keys, numbers

SCALES = ("AUDIT", "AUDIT-C", "C-SSRS", "DAST-10", "PCL-5", "PHQ-9", "WHO-5")
AUDIT, AUDIT_C, CSSRS, DAST, PCL, PHQ_LATER, WHO = range(7)
VERSIONS = ("past week",)
LOOK_BACK_DAYS = np.array([365, 365, 30, 365, 7, 14, 14])
LIFETIME_DAYS, RECENT_DAYS = 3650, 92
YEAR_LATER = len(TIMEPOINTS)
OCCASIONS = (*TIMEPOINTS, "followup_365")
FIRST_NUMBER = 500
"""The keys of these rows, so that they never meet those of the other scores of an episode."""


def write_screens(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    course: np.ndarray,
    occasions: Batch,
    truth: Truth,
    first: tuple[int, int],
) -> None:
    """Append the screens and scales of a chunk; but for the year's interview, each on a day with a PHQ-9."""
    phq = occasions.take(occasions.instrument == PHQ)
    parts = [_at_the_start(rng, people, episodes, phq), _suicide_risk(rng, course, phq)]
    parts += [_scales(rng, episodes, course, phq), _a_year_later(rng, episodes, course, phq)]
    rows = stack(parts)
    rows = rows.take(np.lexsort((rows.instrument, rows.day, rows.episode)))
    number = np.arange(len(rows)) - np.searchsorted(rows.episode, rows.episode, side="left")
    screens = rows.take((rows.instrument == CSSRS) & rows.is_observed)
    is_high = np.isin(screens.score, (4, 5)) | ((screens.score == 6) & (screens.window <= RECENT_DAYS))
    truth.count_suicide_risk(episodes, screens, is_high)
    writer.write(
        "assessments",
        assessment_id=keys("A", (first[1] + rows.episode) * 1000 + FIRST_NUMBER + number, 10),
        patient_id=keys("P", first[0] + episodes.person[rows.episode]),
        episode_id=keys("E", first[1] + rows.episode),
        assessed_date=dates(rows.day),
        instrument=codes(SCALES, rows.instrument),
        instrument_version=codes(VERSIONS, np.where(rows.instrument == PCL, 0, -1)),
        window_days=numbers(rows.window),
        score=numbers(rows.score, rows.is_observed),
        timepoint=codes(OCCASIONS, rows.timepoint),
        mode=codes(("self", "interview"), np.isin(rows.instrument, (CSSRS, PHQ_LATER)).astype(np.int64)),
    )


def _rows(phq: Batch, instrument: int, score: np.ndarray, is_observed: np.ndarray) -> Batch:
    return Batch(
        episode=phq.episode,
        day=phq.day,
        instrument=np.full(len(phq), instrument),
        timepoint=phq.timepoint,
        score=np.round(score).astype(np.int64),
        is_observed=phq.is_observed & is_observed,
        window=np.full(len(phq), LOOK_BACK_DAYS[instrument]),
    )


def _at_the_start(rng: np.random.Generator, people: Batch, episodes: Batch, phq: Batch) -> Batch:
    """AUDIT and DAST-10 in the addiction and co-occurring programs, AUDIT-C in the mental-health program."""
    start = phq.take(phq.timepoint == INTAKE)
    program = episodes.program[start.episode]
    drinks = people.substance[episodes.person[start.episode]] == ALCOHOL
    more = 1.5 * (episodes.band[start.episode] - 1)
    size = len(start)
    given = rng.random(size) < 0.95
    drinking = rng.normal(np.where(drinks, 22.0, 6.0) + more, np.where(drinks, 6.0, 4.5))
    drugs = rng.normal(np.where(drinks, 1.8, 6.2) + more / 2, 1.7)
    short = rng.normal(3.2, 2.6, size)
    return stack(
        [
            _rows(start, AUDIT, np.clip(drinking, 0, 40), given).take(program != MH),
            _rows(start, DAST, np.clip(drugs, 0, 10), given).take(program != MH),
            _rows(start, AUDIT_C, np.clip(short, 0, 12), given).take(program == MH),
        ]
    )


def _suicide_risk(rng: np.random.Generator, course: np.ndarray, phq: Batch) -> Batch:
    """The highest item of the C-SSRS screener, 0 to 6, at the start, every fourth week and at the discharge."""
    is_due = (phq.timepoint == INTAKE) | (phq.timepoint == DISCHARGE)
    is_due |= (phq.timepoint == WEEK) & ((phq.episode + phq.day // 7) % 4 == 0)
    phq = phq.take(is_due)
    low = course[PHQ][phq.episode, 0] * np.where(phq.timepoint == INTAKE, 1.0, 0.6)
    share = 1 / (1 + np.exp(-(low - 21) / 4))
    is_any = rng.random(len(phq)) < share
    item = np.array([1, 2, 3, 4, 5, 6])[pick(rng, len(phq), (0.46, 0.22, 0.12, 0.05, 0.02, 0.13))]
    rows = _rows(phq, CSSRS, np.where(is_any, item, 0), rng.random(len(phq)) < 0.97)
    is_long_ago = (rows.score == 6) & (rng.random(len(phq)) < 0.7)
    rows.window = np.where(rows.score == 6, np.where(is_long_ago, LIFETIME_DAYS, RECENT_DAYS), rows.window)
    return rows


def _scales(rng: np.random.Generator, episodes: Batch, course: np.ndarray, phq: Batch) -> Batch:
    """PCL-5 in the mental-health and co-occurring programs, WHO-5 in all: they follow the mood of that day."""
    mood = np.where(phq.is_observed, phq.score, course[PHQ][phq.episode, 0])
    trauma = rng.normal(0.0, 7.0, len(episodes))[phq.episode]
    pcl = np.clip(8 + 1.9 * mood + trauma + rng.normal(0.0, 3.5, len(phq)), 0, 80)
    spirits = rng.normal(0.0, 2.0, len(episodes))[phq.episode]
    who = 4 * np.clip(np.round(19 - 0.68 * mood + spirits + rng.normal(0.0, 1.2, len(phq))), 0, 25)
    in_trauma_care = np.isin(episodes.program[phq.episode], (MH, COD))
    return stack(
        [
            _rows(phq, PCL, pcl, rng.random(len(phq)) < 0.98).take(in_trauma_care),
            _rows(phq, WHO, who, rng.random(len(phq)) < 0.98),
        ]
    )


def _a_year_later(rng: np.random.Generator, episodes: Batch, course: np.ndarray, phq: Batch) -> Batch:
    """The PHQ-9 by telephone about a year after the start, in the mental-health program.

    The addiction programs do not call: such an answer would say that nothing more was heard of use.
    """
    start = phq.take((phq.timepoint == INTAKE) & (episodes.program[phq.episode] == MH))
    start = start.take(episodes.exit_class[start.episode] != DIED)
    last = course[PHQ][start.episode, -1]
    score = np.clip(0.75 * last + 1.0 + rng.normal(0.0, 2.6, len(start)), 0, 27)
    year = Batch(**vars(start) | {"day": start.day + rng.integers(340, 395, len(start))})
    year.timepoint = np.full(len(start), YEAR_LATER)
    year.is_observed = rng.random(len(start)) < np.where(score >= 10, 0.6, 0.78)
    is_past = year.day <= CUT
    return _rows(year, PHQ_LATER, score, np.ones(len(start), dtype=bool)).take(is_past & year.is_observed)
