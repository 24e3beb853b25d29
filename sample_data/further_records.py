"""Certifications, incidents, interviews about work and housing, surveys of satisfaction, and naloxone kits."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, pick_by, spread, stack
from sample_data.clinic import CUT, IOP
from sample_data.course import COMPLETED, DIED, DROPPED, STEP_DOWN
from sample_data.people import HOUSING, OPIOID, PAYERS
from sample_data.truth import Truth
from sample_data.write import TableWriter, codes, dates, keys, numbers

INCIDENTS = ("overdose", "suicide_attempt", "death", "emergency_visit", "restraint", "assault", "medication_error",
             "injury", "other")  # fmt: skip
OVERDOSE, ATTEMPT, DEATH, EMERGENCY = range(4)
REPORTED_BY = ("incident_report", "chart", "claim", "registry")
EMPLOYMENT = ("full_time", "part_time", "student", "unemployed", "not_in_labor_force", "unknown")
OCCASIONS = ("intake", "discharge", "followup_30", "followup_90", "followup_180")
SCALES = ("CSQ-8", "overall_0_10")
RENEWAL_DAYS = 60
WORK_AT_FIRST = ((0.34, 0.17, 0.06, 0.28, 0.12, 0.03), (0.26, 0.16, 0.05, 0.36, 0.14, 0.03),
                 (0.15, 0.12, 0.04, 0.48, 0.18, 0.03))  # fmt: skip
"""Shares of EMPLOYMENT by severity band."""


def write_further_records(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, truth: Truth, first: tuple[int, int]
) -> None:
    """Append the rows of a chunk to the five tables."""
    _write_certifications(rng, writer, people, episodes, first)
    _write_incidents(rng, writer, people, episodes, truth, first)
    _write_functioning(rng, writer, people, episodes, first)
    _write_satisfaction(rng, writer, episodes, first)


def _in_iop(episodes: Batch) -> np.ndarray:
    return np.flatnonzero(episodes.is_started & (episodes.level == IOP) & (episodes.start <= CUT))


def _key(prefix: str, first_episode: int, episode: np.ndarray) -> object:
    """Numbered within the episode; the rows are ordered by episode."""
    number = np.arange(len(episode)) - np.searchsorted(episode, episode, side="left")
    return keys(prefix, (first_episode + episode) * 100 + number, 9)


def _write_certifications(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, first: tuple[int, int]
) -> None:
    """Medicare's patients: certified at the start, one in six some days late; few stays are long enough to renew."""
    rows = _in_iop(episodes)
    rows = rows[people.payer[episodes.person[rows]] == PAYERS.index("medicare")]
    rows = rows[rng.random(len(rows)) < 0.96]
    renewals = np.maximum(np.minimum(episodes.last_day[rows], CUT) - episodes.start[rows], 0) // RENEWAL_DAYS
    episode, number = spread(rows, 1 + renewals)
    late = np.where(rng.random(len(episode)) < 0.17, rng.integers(2, 12, len(episode)), 0)
    day = episodes.start[episode] + RENEWAL_DAYS * number + late
    hours = np.array([9, 10, 12, 6])[pick(rng, len(episode), (0.6, 0.2, 0.15, 0.05))]
    is_past = day <= CUT
    episode, day, hours = episode[is_past], day[is_past], hours[is_past]
    writer.write(
        "certifications",
        certification_id=_key("T", first[1], episode),
        patient_id=keys("P", first[0] + episodes.person[episode]),
        episode_id=keys("E", first[1] + episode),
        certified_date=dates(day),
        certified_hours_per_week=numbers(hours),
    )


def _write_incidents(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, truth: Truth, first: tuple[int, int]
) -> None:
    """In care at random days; after it more often for those who did not complete; a death ends the episode."""
    rows = _in_iop(episodes)
    is_success = np.isin(episodes.exit_class[rows], (COMPLETED, STEP_DOWN))
    band = episodes.band[rows]
    in_care = rows[rng.random(len(rows)) < np.array([0.05, 0.08, 0.13])[band]]
    days = np.maximum(np.minimum(episodes.last_day[in_care], CUT) - episodes.start[in_care], 0)
    during = Batch(episode=in_care, day=episodes.start[in_care] + (rng.random(len(in_care)) * (days + 1)).astype(int))
    after = rows[rng.random(len(rows)) < np.array([0.06, 0.1, 0.16])[band] * np.where(is_success, 0.7, 1.4)]
    after = after[(episodes.exit_class[after] != DIED) & (episodes.exit_day[after] < CUT)]
    later = Batch(episode=after, day=episodes.exit_day[after] + rng.integers(1, 181, len(after)))
    found = stack([during, later])
    is_opioid = people.substance[episodes.person[found.episode]] == OPIOID
    shares = ((0.04, 0.07, 0, 0.62, 0.02, 0.05, 0.04, 0.09, 0.07), (0.2, 0.04, 0, 0.56, 0.01, 0.04, 0.03, 0.06, 0.06))
    found.kind = pick_by(rng, is_opioid.astype(np.int64), shares)
    died = rows[episodes.exit_class[rows] == DIED]
    deaths = Batch(episode=died, day=episodes.exit_day[died], kind=np.full(len(died), DEATH))
    found = stack([found, deaths])
    found = found.take(found.day <= CUT)
    found = found.take(np.lexsort((found.kind, found.day, found.episode)))
    is_in_care = (found.day >= episodes.start[found.episode]) & (found.day <= episodes.exit_day[found.episode])
    truth.count_incidents(episodes, rows, found.take(is_in_care & (found.kind == EMERGENCY)))
    writer.write(
        "incidents",
        incident_id=_key("N", first[1], found.episode),
        patient_id=keys("P", first[0] + episodes.person[found.episode]),
        incident_date=dates(found.day),
        incident_type=codes(INCIDENTS, found.kind),
        report_source=codes(REPORTED_BY, np.where(is_in_care, pick(rng, len(found), (0.6, 0.4)), 2)),
    )


def _write_functioning(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, first: tuple[int, int]
) -> None:
    """At the start, at the end and at follow-up; who left is rarely asked again."""
    rows = _in_iop(episodes)
    asked = rows[rng.random(len(rows)) < 0.93]
    is_success = np.isin(episodes.exit_class, (COMPLETED, STEP_DOWN))
    left = rows[episodes.exit_day[rows] <= CUT]
    left = left[rng.random(len(left)) < np.where(is_success[left], 0.88, 0.12)]
    parts = [_interviews(asked, episodes.start[asked], 0), _interviews(left, episodes.exit_day[left], 1)]
    for place, days in enumerate((30, 90, 180)):
        reached = rows[(episodes.contact_days[rows] >= days) & (rng.random(len(rows)) < 0.75)]
        parts.append(_interviews(reached, episodes.exit_day[reached] + days, 2 + place))
    found = stack(parts)
    found = found.take(found.day <= CUT)
    found = found.take(np.lexsort((found.occasion, found.day, found.episode)))
    episode, is_later = found.episode, found.occasion > 0
    work = pick_by(rng, episodes.band, WORK_AT_FIRST)[episode]
    finds_work = is_later & (work == 3) & (rng.random(len(episode)) < np.where(is_success[episode], 0.3, 0.1))
    work = np.where(finds_work, 1, work)
    home = people.housing[episodes.person[episode]]
    settles = is_later & np.isin(home, (1, 2)) & (rng.random(len(episode)) < np.where(is_success[episode], 0.4, 0.1))
    risk = np.where(people.is_mandated[episodes.person[episode]], 0.16, 0.05) * np.where(is_later, 0.4, 1.0)
    writer.write(
        "functioning",
        functioning_id=_key("F", first[1], episode),
        patient_id=keys("P", first[0] + episodes.person[episode]),
        episode_id=keys("E", first[1] + episode),
        asked_date=dates(found.day),
        timepoint=codes(OCCASIONS, found.occasion),
        employment=codes(EMPLOYMENT, work),
        housing=codes(HOUSING, np.where(settles, 0, home)),
        arrests_30_days=numbers(rng.poisson(risk)),
    )


def _interviews(episode: np.ndarray, day: np.ndarray, occasion: int) -> Batch:
    return Batch(episode=episode, day=day, occasion=np.full(len(episode), occasion))


def _write_satisfaction(rng: np.random.Generator, writer: TableWriter, episodes: Batch, first: tuple[int, int]) -> None:
    """The CSQ-8 at the last visit, or by mail to those who left, who are less content and rarely answer."""
    rows = _in_iop(episodes)
    rows = rows[(episodes.exit_day[rows] <= CUT) & (episodes.exit_class[rows] != DIED)]
    is_success = np.isin(episodes.exit_class[rows], (COMPLETED, STEP_DOWN))
    is_dropout = episodes.exit_class[rows] == DROPPED
    score = rng.normal(np.where(is_success, 27.2, np.where(is_dropout, 21.0, 23.5)), 3.4)
    answers = rng.random(len(rows)) < np.where(is_success, 0.86, np.where(is_dropout, 0.14, 0.35))
    writer.write(
        "satisfaction",
        survey_id=_key("V", first[1], rows),
        patient_id=keys("P", first[0] + episodes.person[rows]),
        episode_id=keys("E", first[1] + rows),
        asked_date=dates(episodes.exit_day[rows]),
        scale=codes(SCALES, np.zeros(len(rows), dtype=np.int64)),
        score=numbers(np.clip(np.round(score), 8, 32).astype(np.int64), answers),
    )
