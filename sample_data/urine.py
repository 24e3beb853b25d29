"""Urine drug tests: a weekly schedule, missed specimens, and a panel of substances for those that were given."""

from __future__ import annotations

import numpy as np

from sample_data.attendance import ATTENDED
from sample_data.batch import Batch, spread
from sample_data.clinic import CUT, IOP
from sample_data.people import ALCOHOL, CANNABIS, OPIOID, SEDATIVE, STIMULANT
from sample_data.timetable import SPECIMEN
from sample_data.use import BUPRENORPHINE, METHADONE, is_followed, medication_of
from sample_data.write import TableWriter, codes, dates, keys, numbers

SUBSTANCES = (
    "any", "alcohol", "amphetamine", "benzodiazepine", "buprenorphine", "cannabis", "cocaine", "fentanyl", "methadone",
    "opioid",
)  # fmt: skip
(
    WHOLE,
    U_ALCOHOL,
    AMPHETAMINE,
    BENZODIAZEPINE,
    U_BUPRENORPHINE,
    U_CANNABIS,
    COCAINE,
    FENTANYL,
    U_METHADONE,
    U_OPIOID,
) = range(10)
BASIC_PANEL = (U_ALCOHOL, AMPHETAMINE, BENZODIAZEPINE, U_CANNABIS, COCAINE, U_OPIOID)
RESULTS = ("positive", "negative", "invalid", "dilute", "pending", "not_collected")
POSITIVE, NEGATIVE, INVALID, DILUTE, PENDING, NOT_COLLECTED = range(6)
NO_CONTACT_DAYS = 30
DAY_KEY = 100_000
METHODS = ("screen", "confirmation")


def write_toxicology(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    sessions: Batch,
    use: np.ndarray,
    first: tuple[int, int],
) -> None:
    """Append the weekly specimens of a chunk, expected until the planned end or the discharge."""
    specimens = _specimens(rng, episodes, sessions, use)
    tests = _panel(rng, people, episodes, specimens)
    episode = specimens.episode[tests.specimen]
    writer.write(
        "toxicology",
        specimen_id=keys("U", (first[1] + episode) * 100 + specimens.week[tests.specimen], 9),
        patient_id=keys("P", first[0] + episodes.person[episode]),
        episode_id=keys("E", first[1] + episode),
        specimen_date=dates(specimens.day[tests.specimen]),
        is_expected=numbers(np.ones(len(tests), dtype=bool)),
        substance=codes(SUBSTANCES, tests.substance),
        result=codes(RESULTS, tests.result),
        is_prescribed=numbers(tests.is_prescribed, tests.substance != WHOLE),
        method=codes(METHODS, np.where(tests.result == NOT_COLLECTED, -1, tests.method)),
        temperature_ok=numbers(
            tests.result != INVALID, (tests.result != NOT_COLLECTED) & (specimens.episode[tests.specimen] % 9 != 0)
        ),
    )


def _specimens(rng: np.random.Generator, episodes: Batch, sessions: Batch, use: np.ndarray) -> Batch:
    chosen = np.flatnonzero(is_followed(episodes) & (episodes.level == IOP))
    planned_end = np.minimum(episodes.start + 7 * episodes.planned_weeks, episodes.last_day + NO_CONTACT_DAYS)
    until = np.maximum(episodes.last_day, np.minimum(episodes.discharge, planned_end))
    until = np.minimum(until, CUT)[chosen]
    weeks = np.clip((until - episodes.start[chosen]) // 7 + 1, 0, use.shape[1])
    episode, week = spread(chosen, weeks)
    day = episodes.start[episode] + 7 * week
    uses = use[episode, week]
    # Who misses the day gives no specimen; people who used refuse more often.
    came = (sessions.service == SPECIMEN) & (sessions.status == ATTENDED)
    is_there = np.isin(episode * DAY_KEY + day, sessions.episode[came] * DAY_KEY + sessions.day[came])
    given = is_there & (rng.random(len(episode)) < np.where(uses, 0.90, 0.98))
    quality = rng.random(len(episode))
    state = np.where(quality < 0.013, INVALID, np.where(quality < 0.024, DILUTE, NEGATIVE))
    state = np.where(day > CUT - 3, PENDING, state)
    return Batch(episode=episode, week=week, day=day, uses=uses, state=np.where(given, state, NOT_COLLECTED))


def _panel(rng: np.random.Generator, people: Batch, episodes: Batch, specimens: Batch) -> Batch:
    """One row per specimen and substance, or one row 'any' where there is no result."""
    size = len(specimens)
    who = people.take(episodes.person[specimens.episode])
    medication = medication_of(people, episodes)[specimens.episode]
    has_result = specimens.state == NEGATIVE
    on_panel = np.zeros((size, len(SUBSTANCES)), dtype=bool)
    on_panel[:, list(BASIC_PANEL)] = True
    on_panel[:, FENTANYL] = who.substance == OPIOID
    on_panel[:, U_BUPRENORPHINE] = medication == BUPRENORPHINE
    on_panel[:, U_METHADONE] = medication == METHADONE
    on_panel[~has_result] = False
    on_panel[~has_result, WHOLE] = True
    share = np.full((size, len(SUBSTANCES)), 0.05)
    stimulant = np.where(specimens.episode % 2 == 0, COCAINE, AMPHETAMINE)
    for primary, columns in (
        (ALCOHOL, U_ALCOHOL),
        (STIMULANT, stimulant),
        (CANNABIS, U_CANNABIS),
        (SEDATIVE, BENZODIAZEPINE),
        (OPIOID, U_OPIOID),
    ):
        rows = np.flatnonzero(who.substance == primary)
        share[rows, np.broadcast_to(np.asarray(columns), size)[rows]] = 0.85
    share[who.substance == OPIOID, FENTANYL] = 0.7
    is_positive = (rng.random(share.shape) < share) & specimens.uses[:, None]
    is_taken = np.zeros(share.shape, dtype=bool)
    is_taken[:, U_BUPRENORPHINE] = medication == BUPRENORPHINE
    is_taken[:, U_METHADONE] = medication == METHADONE
    is_positive |= is_taken & (rng.random(share.shape) < 0.96)
    specimen, substance = np.nonzero(on_panel)
    result = np.where(is_positive[specimen, substance], POSITIVE, NEGATIVE)
    result = np.where(substance == WHOLE, specimens.state[specimen], result)
    confirmed = (result == POSITIVE) & (rng.random(len(result)) < 0.12)
    return Batch(
        specimen=specimen,
        substance=substance,
        result=result,
        is_prescribed=is_taken[specimen, substance],
        method=confirmed.astype(np.int64),
    )
