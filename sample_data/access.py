"""Requests for care: those that led to an episode, and those that never did."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick
from sample_data.clinic import CUT, DAYS, FIRST, LEVELS, SITE_NAMES
from sample_data.people import LANGUAGES, RACES, SEXES
from sample_data.write import TableWriter, codes, dates, keys

OUTCOMES = ("admitted", "waiting", "declined", "not_eligible", "lost", "unknown")
ADMITTED, WAITING, DECLINED, NOT_ELIGIBLE, LOST, UNKNOWN = range(6)
NON_STARTERS_PER_PERSON = 0.45


def write_requests(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    first: tuple[int, int],
    first_stranger: int,
) -> int:
    """Append the requests of a chunk, and the people who asked and never came; returns how many those are."""
    begins = np.flatnonzero(episodes.stage == 0)
    wait = np.minimum(rng.gamma(1.6, 5.0, len(begins)).astype(np.int64), 60)
    requested = episodes.admission[begins] - wait
    assessed = requested + (wait * rng.uniform(0.2, 1.0, len(begins))).astype(np.int64)
    admitted = Batch(
        patient=first[0] + episodes.person[begins],
        requested=requested,
        assessed=assessed,
        site=episodes.site[begins],
        level=episodes.level[begins],
        episode=first[1] + begins,
        outcome=np.full(len(begins), ADMITTED),
    )
    strangers = int(len(people) * NON_STARTERS_PER_PERSON)
    asked = FIRST + rng.integers(0, DAYS, strangers)
    assessed = asked + rng.integers(1, 22, strangers)
    outcome = np.array([DECLINED, NOT_ELIGIBLE, LOST, UNKNOWN])[pick(rng, strangers, (0.27, 0.14, 0.53, 0.06))]
    outcome = np.where((asked > CUT - 28) & (rng.random(strangers) < 0.6), WAITING, outcome)
    was_assessed = (rng.random(strangers) < np.where(outcome == NOT_ELIGIBLE, 0.95, 0.3)) & (assessed <= CUT)
    refused = Batch(
        patient=first_stranger + np.arange(strangers),
        requested=asked,
        assessed=np.where(was_assessed, assessed, -1),
        site=rng.integers(0, len(SITE_NAMES), strangers),
        level=np.where(rng.random(strangers) < 0.85, 0, 1),
        episode=np.full(strangers, -1),
        outcome=outcome,
    )
    writer.write(
        "patients",
        patient_id=keys("P", refused.patient),
        birth_date=dates(asked - rng.integers(18 * 366, 65 * 366, strangers), rng.random(strangers) < 0.85),
        sex=codes(SEXES, pick(rng, strangers, (0.45, 0.51, 0.01, 0.03))),
        race_ethnicity=codes(RACES, pick(rng, strangers, (0.5, 0.17, 0.17, 0.02, 0.02, 0.03, 0.09))),
        preferred_language=codes(LANGUAGES, pick(rng, strangers, (0.8, 0.1, 0.01, 0.01, 0.08))),
    )
    for asks in (admitted, refused):
        # A person asks once here, so the patient's number also numbers the request.
        writer.write(
            "requests",
            request_id=keys("Q", asks.patient),
            patient_id=keys("P", asks.patient),
            requested_date=dates(asks.requested),
            assessed_date=dates(asks.assessed, asks.assessed >= 0),
            site=codes(SITE_NAMES, asks.site),
            level_of_care=codes(LEVELS, asks.level),
            episode_id=keys("E", asks.episode),
            outcome=codes(OUTCOMES, asks.outcome),
        )
    return strangers
