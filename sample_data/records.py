"""Writes people, episodes and sessions, with the gaps that real records have."""

from __future__ import annotations

import numpy as np

from sample_data.attendance import ATTENDED, MODALITIES, STATUSES
from sample_data.batch import Batch
from sample_data.clinic import (
    CUT,
    IOP,
    LEVELS,
    LINE_BLOCKS,
    LINES,
    MH,
    OP,
    PROGRAMS,
    SITE_NAMES,
    TRACKS,
)
from sample_data.course import COMPLETED, DIED, DROPPED, JAILED, LATERAL, NEVER, OTHER, STEP_DOWN, STEP_UP, TERMINATED
from sample_data.people import HOUSING, LANGUAGES, PAYERS, RACES, SEXES, SUBSTANCES
from sample_data.timetable import CASE, FAMILY, GROUP, INDIVIDUAL, MEDICATION, PEER, SERVICES
from sample_data.write import TableWriter, codes, dates, keys, numbers, times

REASONS = ("completed", "dropped_out", "terminated", "transferred", "incarcerated", "died", "other", "unknown")
REASON_OF_CLASS = np.zeros(10, dtype=np.int64)
for _class, _reason in (
    (COMPLETED, 0), (STEP_DOWN, 3), (LATERAL, 3), (STEP_UP, 3), (DROPPED, 1), (TERMINATED, 2), (JAILED, 4), (DIED, 5),
    (OTHER, 6), (NEVER, 1),
):  # fmt: skip
    REASON_OF_CLASS[_class] = _reason
DESTINATIONS = (*LEVELS, "none")
DIAGNOSES = np.array(["F10.20", "F11.20", "F14.20", "F12.20", "F13.20", "F19.20", "", "F19.20"])
MENTAL_DIAGNOSES = ("F33.1", "F32.1", "F41.1", "F31.81", "F43.10")
GROUP_CODES = ("H0015", "S9480")
CODE_OF_SERVICE = {INDIVIDUAL: "90834", FAMILY: "90847", MEDICATION: "99214", PEER: "H0038", CASE: "T1016"}


def write_patients(writer: TableWriter, people: Batch, first_patient: int) -> None:
    """Append the people of a chunk, in the order of their keys."""
    writer.write(
        "patients",
        patient_id=keys("P", first_patient + np.arange(len(people))),
        birth_date=dates(people.birth, people.has_birth_date),
        sex=codes(SEXES, people.sex),
        race_ethnicity=codes(RACES, people.race),
        preferred_language=codes(LANGUAGES, people.language),
    )


def write_episodes(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    first_patient: int,
    first_episode: int,
) -> None:
    """Append the episodes of a chunk: discharges after the data cut are not known yet, some fields never were."""
    size = len(episodes)
    who = people.take(episodes.person)
    is_iop = episodes.level == IOP
    is_closed = episodes.discharge <= CUT
    reason = REASON_OF_CLASS[episodes.exit_class]
    reason = np.where(rng.random(size) < 0.02, REASONS.index("unknown"), reason)
    is_transfer = reason == REASONS.index("transferred")
    to = np.where(episodes.exit_class == LATERAL, episodes.level, episodes.next_planned)
    to = np.where((to < 0) & (rng.random(size) < 0.6), DESTINATIONS.index("none"), to)
    to = np.where(is_closed & (is_transfer | (reason == 0)), to, -1)
    age = np.floor((episodes.admission - who.birth) / 365.25).astype(np.int64)
    came_from = np.where(
        (episodes.referred_from < 0) & (rng.random(size) < 0.9), DESTINATIONS.index("none"), episodes.referred_from
    )
    planned_days = np.where(is_iop, 7 * episodes.planned_weeks, np.where(episodes.level == OP, 84, 21))
    hours = LINE_BLOCKS[episodes.line].sum(axis=1) * 3 / 60 + 1
    is_rated = rng.random(size) > 0.03
    diagnosis = np.where(who.program == MH, np.array(MENTAL_DIAGNOSES)[who.diagnosis], DIAGNOSES[who.substance])
    names, places = np.unique(diagnosis, return_inverse=True)
    scores = {f"asam_dimension_{place + 1}": numbers(episodes.dimensions[:, place], is_rated) for place in range(6)}
    writer.write(
        "episodes",
        episode_id=keys("E", first_episode + np.arange(size)),
        patient_id=keys("P", first_patient + episodes.person),
        site=codes(SITE_NAMES, episodes.site),
        program=codes(PROGRAMS, episodes.program),
        track=codes(TRACKS, episodes.track),
        level_of_care=codes(LEVELS, episodes.level),
        admission_date=dates(episodes.admission),
        planned_days=numbers(planned_days),
        planned_hours=numbers(np.round(hours * episodes.planned_weeks, 1), is_iop),
        discharge_date=dates(episodes.discharge, is_closed),
        discharge_reason=codes(REASONS, np.where(is_closed, reason, -1)),
        discharge_to=codes(DESTINATIONS, to),
        referred_from=codes(DESTINATIONS, came_from),
        age_at_admission=numbers(age),
        payer=codes(PAYERS, who.payer),
        primary_substance=codes(SUBSTANCES, who.substance),
        primary_diagnosis=codes(tuple(names), places),
        prior_episodes=numbers(episodes.prior),
        is_mandated=numbers(who.is_mandated),
        housing=codes(HOUSING, who.housing),
        **scores,
    )


def write_sessions(
    writer: TableWriter, episodes: Batch, rows: Batch, groups: np.ndarray, first_episode: int, first_session: int
) -> None:
    """Append the sessions of a chunk of episodes."""
    size = len(rows)
    line = episodes.line[rows.episode]
    has_group = rows.group >= 0
    group_names = tuple(
        f"{entry.code}-{number + 1}" for entry, many in zip(LINES, groups, strict=True) for number in range(many)
    )
    group = np.where(has_group, (np.cumsum(groups) - groups)[line] + rows.group, -1)
    billing = ("", *GROUP_CODES, *CODE_OF_SERVICE.values())
    code = np.zeros(size, dtype=np.int64)
    program_day = (rows.service == GROUP) & (rows.minutes >= 75)
    code = np.where(program_day, np.where(episodes.program[rows.episode] == MH, 2, 1), code)
    for place, service in enumerate(CODE_OF_SERVICE):
        code = np.where(rows.service == service, 3 + place, code)
    code = np.where(rows.status == ATTENDED, code, 0)
    own_therapist = (first_episode + rows.episode) % 4
    clinician = line * 6 + np.where(has_group, rows.group % 2, 2 + own_therapist)
    writer.write(
        "sessions",
        session_id=keys("S", first_session + np.arange(size), 9),
        episode_id=keys("E", first_episode + rows.episode),
        session_date=dates(rows.day),
        scheduled_start=times(rows.day, rows.start),
        scheduled_end=times(rows.day, rows.start + rows.minutes),
        actual_start=times(rows.day, rows.actual_start),
        actual_end=times(rows.day, rows.actual_end),
        status=codes(STATUSES, rows.status),
        service_type=codes(SERVICES, rows.service),
        group_id=codes(group_names, group),
        modality=codes(MODALITIES, rows.modality),
        clinician_id=keys("C", clinician, 3),
        billing_code=codes(billing, code),
    )
