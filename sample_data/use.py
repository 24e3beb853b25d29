"""Substance use in the course of care, week by week, and the medication against it."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, spread
from sample_data.clinic import CUT, IOP, MH, OP
from sample_data.course import COMPLETED, DROPPED, STEP_DOWN, WEEKS
from sample_data.people import ALCOHOL, OPIOID
from sample_data.write import TableWriter, codes, dates, keys, numbers

MEDICATIONS = ("buprenorphine", "methadone", "naltrexone")
BUPRENORPHINE, METHADONE, NALTREXONE = range(3)
NO_MEDICATION = -1


def is_followed(episodes: Batch) -> np.ndarray:
    """Started stays of the addiction and co-occurring programs: there use is asked about and tested."""
    return episodes.is_started & (episodes.program != MH) & (episodes.level != OP)


def draw_use(rng: np.random.Generator, people: Batch, episodes: Batch) -> np.ndarray:
    """Whether the person used in each week of intensive outpatient care (rows: episodes, columns: weeks)."""
    week = np.arange(WEEKS + 1)[None, :]
    person = rng.normal(0.0, 0.8, len(people))[episodes.person]
    is_success = np.isin(episodes.exit_class, (COMPLETED, STEP_DOWN))
    logit = -0.35 + 0.45 * (episodes.band - 1) + person + np.where(is_success, -0.7, 0.35)
    slope = np.where(episodes.exit_class == DROPPED, 0.02, -0.16)
    share = 1 / (1 + np.exp(-(logit[:, None] + slope[:, None] * week)))
    uses = rng.random(share.shape) < share
    # After 24-hour care nobody uses before the drawn day of return, so that settings can be compared.
    is_clean = episodes.start[:, None] + 7 * week < episodes.clean_until[:, None]
    return uses & ~is_clean & (is_followed(episodes) & (episodes.level == IOP))[:, None]


def medication_of(people: Batch, episodes: Batch) -> np.ndarray:
    """Medication of each intensive outpatient episode (place in MEDICATIONS), or NO_MEDICATION."""
    who = people.take(episodes.person)
    draw = who.prefers_telehealth
    for_opioid = np.where(draw < 0.72, BUPRENORPHINE, np.where(draw < 0.84, METHADONE, NALTREXONE))
    kind = np.where(who.substance == OPIOID, for_opioid, NO_MEDICATION)
    kind = np.where((who.substance == ALCOHOL) & (draw < 0.4), NALTREXONE, kind)
    is_treated = who.is_medicated & ~who.is_young & is_followed(episodes) & (episodes.level == IOP)
    return np.where(is_treated, kind, NO_MEDICATION)


def write_medications(writer: TableWriter, people: Batch, episodes: Batch, first: tuple[int, int]) -> None:
    """Append a dose a day for buprenorphine and methadone, an injection every four weeks for naltrexone."""
    kind = medication_of(people, episodes)
    rows = np.flatnonzero(kind != NO_MEDICATION)
    last = np.minimum(episodes.last_day[rows], CUT)
    days = np.maximum(last - episodes.start[rows] + 1, 0)
    episode, number = spread(rows, days)
    given = (kind[episode] != NALTREXONE) | (number % 28 == 0)
    # One dose in ten or so is not recorded; the pattern only has to be fixed, not random.
    given &= (kind[episode] == NALTREXONE) | ((episode * 31 + number * 17) % 11 != 0)
    episode, number = episode[given], number[given]
    level = (episode % 5).astype(float)
    ramp = np.minimum(1.0, 0.5 + number / 20)
    amount = np.where(
        kind[episode] == BUPRENORPHINE,
        np.round((8 + 4 * level) * ramp / 2) * 2,
        np.round((50 + 15 * level) * ramp / 5) * 5,
    )
    writer.write(
        "medications",
        patient_id=keys("P", first[0] + episodes.person[episode]),
        episode_id=keys("E", first[1] + episode),
        dose_date=dates(episodes.start[episode] + number),
        medication=codes(MEDICATIONS, kind[episode]),
        amount=numbers(np.where(kind[episode] == NALTREXONE, 1.0, amount)),
    )
