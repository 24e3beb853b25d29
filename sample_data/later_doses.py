"""Medication that goes on after the stay, prescribed elsewhere and seen week by week."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, spread
from sample_data.clinic import CUT, IOP, OP
from sample_data.course import DIED, JAILED
from sample_data.truth import Truth
from sample_data.use import MEDICATIONS, NALTREXONE, NO_MEDICATION, medication_of
from sample_data.write import TableWriter, codes, dates, keys, numbers

FATES = ("goes_on", "pauses", "stops")
GOES_ON, PAUSES, STOPS = range(3)
SHARES = (0.52, 0.22, 0.26)
"""What becomes of the medication after the stay, where the person is alive and at liberty."""


def write_later_doses(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, truth: Truth, first: tuple[int, int]
) -> None:
    """Append one dose a week (an injection every four) after the last stay of each person with a medication.

    They belong to no episode. Who pauses comes back after two to four weeks; who stops is not seen again.
    """
    kind = medication_of(people, episodes)
    is_last = _is_last_stay(episodes)
    # Whose only day of care brought no dose did not begin the medication.
    has_begun = (kind != NO_MEDICATION) & (episodes.last_day > episodes.start)
    rows = np.flatnonzero(has_begun & is_last & (episodes.last_day < CUT))
    fate = pick(rng, len(rows), SHARES)
    fate = np.where(np.isin(episodes.exit_class[rows], (DIED, JAILED)), STOPS, fate)
    pause = np.where(fate == PAUSES, rng.integers(2, 5, len(rows)), 1)
    until = episodes.start[rows] + np.where(fate == GOES_ON, rng.integers(190, 330, len(rows)), 0)
    weeks = np.where(
        fate == GOES_ON,
        (until - episodes.last_day[rows]) // 7 + 1,
        np.where(fate == PAUSES, rng.integers(4, 13, len(rows)), 0),
    )
    truth.count_medication(episodes.take(rows), fate == GOES_ON)
    chosen, number = spread(np.arange(len(rows)), weeks)
    # An injection lasts four weeks: the next one is due four weeks after the last in care.
    is_injection = kind[rows[chosen]] == NALTREXONE
    in_care = (episodes.last_day[rows[chosen]] - episodes.start[rows[chosen]]) // 28 * 28
    begins = np.where(is_injection, episodes.start[rows[chosen]] + in_care + 28, episodes.last_day[rows[chosen]] + 7)
    day = begins + 7 * (number + pause[chosen] - 1)
    is_given = (day <= CUT) & (~is_injection | (number % 4 == 0))
    chosen, day = chosen[is_given], day[is_given]
    episode = rows[chosen]
    level = (episode % 5).astype(float)
    amount = np.where(kind[episode] == MEDICATIONS.index("buprenorphine"), 8 + 4 * level, 50 + 15 * level)
    writer.write(
        "medications",
        patient_id=keys("P", first[0] + episodes.person[episode]),
        dose_date=dates(day),
        medication=codes(MEDICATIONS, kind[episode]),
        amount=numbers(np.where(kind[episode] == NALTREXONE, 1.0, amount)),
    )


def _is_last_stay(episodes: Batch) -> np.ndarray:
    """Intensive outpatient stays after which the person has at most outpatient care."""
    last = np.full(int(episodes.person.max()) + 1, -1)
    rows = np.flatnonzero(episodes.level != OP)
    np.maximum.at(last, episodes.person[rows], rows)
    is_last = np.zeros(len(episodes), dtype=bool)
    is_last[last[last >= 0]] = True
    return is_last & (episodes.level == IOP)
