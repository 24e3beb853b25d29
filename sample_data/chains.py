"""Chains of linked episodes: step-down from residential care, step-up to it, outpatient care after, and returns."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, stack
from sample_data.clinic import (
    CUT,
    FIRST,
    IOP,
    LINE_DAYS,
    LINE_SITE,
    LINE_TRACK,
    MH,
    OP,
    RESIDENTIAL,
    TRACKS,
    UNIT_SITES,
    weekday_of,
)
from sample_data.course import (
    COMPLETED,
    DIED,
    DROPPED,
    LATERAL,
    NEVER,
    STEP_DOWN,
    STEP_UP,
    discharge_delay,
    iop_course,
    outpatient_course,
    plan_iop,
    stay_24_hours,
)
from sample_data.people import band_of, first_24_hour_level

STAGES = 4
NO_DAY = 10**6
"""A day that never comes: no return to use, no earlier exit."""
NONE = -1

# Return to use after an exit: hazard per day by severity band, and its factor by how the stay ended.
# Setting plays no part: within a band, 24-hour and intensive outpatient care are alike.
RETURN_HAZARD_BY_BAND = np.array([0.0028, 0.0052, 0.0098])
RETURN_FACTOR_SUCCESS, RETURN_FACTOR_OTHER = 0.7, 1.5


def draw_chains(
    rng: np.random.Generator, people: Batch, groups: np.ndarray, closed: np.ndarray, episodes: int
) -> Batch:
    """Exactly ``episodes`` linked episodes of the first people, ordered by person and time."""
    everybody = np.arange(len(people))
    start_of_chain = Batch(
        person=everybody,
        level=people.first_level,
        admission=people.admission,
        dimensions=people.dimensions,
        referred_from=np.where((people.first_level == IOP) & (rng.random(len(people)) < 0.09), RESIDENTIAL, NONE),
        clean_until=np.zeros(len(people), dtype=np.int64),
        prior=people.prior,
    )
    stages = []
    beginning = start_of_chain
    for stage in range(STAGES):
        done = _stage(rng, people, beginning, groups, closed, stage)
        stages.append(done)
        beginning = _what_follows(rng, people, done)
        if len(beginning) == 0:
            break
    chained = stack(stages)
    chained = chained.take(np.lexsort((chained.stage, chained.person)))
    chained = chained.take(np.arange(len(chained)) < episodes)
    return _known_contact(chained)


def _stage(
    rng: np.random.Generator, people: Batch, beginning: Batch, groups: np.ndarray, closed: np.ndarray, stage: int
) -> Batch:
    size = len(beginning)
    who = people.take(beginning.person)
    level = beginning.level
    is_iop, is_op = level == IOP, level == OP
    plan = plan_iop(rng, who.line, who.is_young)
    is_never = is_iop & (rng.random(size) < 0.03)
    delay = np.where(is_iop & (rng.random(size) < 0.12), rng.integers(2, 7, size), 0)
    start = np.where(is_iop, _next_program_day(who.line, beginning.admission + delay), beginning.admission)
    start = np.where(
        is_iop & _is_closed(closed, LINE_SITE[who.line], start), _next_program_day(who.line, start + 1), start
    )
    unit = UNIT_SITES[rng.integers(0, len(UNIT_SITES), size)]
    site = np.where(is_iop | is_op, LINE_SITE[who.line], unit)
    episodes = Batch(
        person=beginning.person,
        stage=np.full(size, stage),
        level=level,
        line=who.line,
        site=site,
        track=np.where(is_iop, LINE_TRACK[who.line], np.where(is_op, NONE, TRACKS.index("residential"))),
        group=(rng.random(size) * groups[who.line]).astype(np.int64),
        program=who.program,
        band=band_of(beginning.dimensions),
        dimensions=beginning.dimensions,
        admission=beginning.admission,
        start=start,
        planned_weeks=plan.planned_weeks,
        family_week=np.where(is_iop, plan.family_week, NONE),
        referred_from=beginning.referred_from,
        clean_until=beginning.clean_until,
        prior=beginning.prior,
    )
    exit_class = np.full(size, COMPLETED)
    last_day = start.copy()
    for rows, course in ((is_iop, iop_course), (~is_iop & ~is_op, stay_24_hours), (is_op, outpatient_course)):
        if rows.any():
            outcome = course(rng, episodes.take(rows))
            exit_class[rows], last_day[rows] = outcome.exit_class, outcome.last_day
    # Nobody's last day is a day on which the site was closed.
    shut = is_iop & _is_closed(closed, site, last_day)
    last_day = np.where(shut, np.maximum(last_day - 7, start), last_day)
    exit_class = np.where(is_never, NEVER, exit_class)
    last_day = np.where(is_never, start - 1, last_day)
    discharge = last_day + discharge_delay(rng, exit_class)
    is_24_hour = ~is_iop & ~is_op
    discharge = np.where(is_24_hour, last_day, discharge)
    episodes.exit_class, episodes.last_day = exit_class, last_day
    episodes.is_started = ~is_never & (start <= CUT)
    episodes.return_day = _return_days(rng, episodes)
    episodes.contact_days = _contact(rng, exit_class)
    _plan_next(rng, episodes)
    _arrange_returns(rng, episodes, who.is_young)
    episodes.discharge = np.maximum(np.minimum(discharge, episodes.next_admission - 1), last_day)
    is_transfer = is_iop & (exit_class == STEP_UP) & (episodes.next_admission < NO_DAY)
    episodes.discharge = np.where(is_transfer, np.minimum(discharge, episodes.next_admission), episodes.discharge)
    # Completion, transfer and death end on the discharge; every other stay ended with the last attended service.
    ends_on_discharge = np.isin(exit_class, (COMPLETED, STEP_DOWN, LATERAL, STEP_UP, DIED))
    episodes.exit_day = np.where(ends_on_discharge, episodes.discharge, last_day)
    # Whoever steps up to 24-hour care is followed from the end of that care.
    is_left_out = (exit_class == DIED) | is_transfer
    episodes.return_day = np.where(is_left_out, NO_DAY, episodes.return_day)
    episodes.contact_days = np.where(np.isin(exit_class, (DIED, NEVER)), 0, episodes.contact_days)
    return episodes


def _next_program_day(line: np.ndarray, day: np.ndarray) -> np.ndarray:
    wait = (LINE_DAYS[line] - weekday_of(day)[:, None]) % 7
    return day + wait.min(axis=1)


def _is_closed(closed: np.ndarray, site: np.ndarray, day: np.ndarray) -> np.ndarray:
    return closed[site, np.minimum(day - FIRST, closed.shape[1] - 1)]


def _return_days(rng: np.random.Generator, episodes: Batch) -> np.ndarray:
    """Days from the exit to the first use; NO_DAY for mental-health programs, which do not follow use."""
    is_success = np.isin(episodes.exit_class, (COMPLETED, STEP_DOWN))
    factor = np.where(is_success, RETURN_FACTOR_SUCCESS, RETURN_FACTOR_OTHER)
    hazard = RETURN_HAZARD_BY_BAND[episodes.band] * factor
    days = 1 + np.floor(rng.exponential(1.0, len(episodes)) / hazard).astype(np.int64)
    # Who has not used since an earlier stay is still waiting for the same day.
    days = np.where(episodes.clean_until > episodes.last_day, episodes.clean_until - episodes.last_day, days)
    return np.where((episodes.program == MH) | (episodes.exit_class == NEVER), NO_DAY, days)


def _plan_next(rng: np.random.Generator, episodes: Batch) -> None:
    """Set the planned next level and, where the next stay is here, its level and admission day."""
    size = len(episodes)
    level, exit_class = episodes.level, episodes.exit_class
    is_iop, is_24_hour = level == IOP, (level != IOP) & (level != OP)
    is_success = np.isin(exit_class, (COMPLETED, STEP_DOWN)) & (level != OP)
    plans = (exit_class == STEP_DOWN) | (is_success & (rng.random(size) < np.where(is_24_hour, 0.55, 0.45)))
    lower = np.where(is_24_hour, IOP, OP)
    up = first_24_hour_level(rng, episodes.program)
    episodes.next_planned = np.where(plans, lower, np.where(exit_class == STEP_UP, up, NONE))
    comes_down = plans & (rng.random(size) < np.where(is_24_hour, 0.8, 0.5))
    comes_up = is_iop & (exit_class == STEP_UP) & (rng.random(size) < 0.85)
    wait = np.where(rng.random(size) < 0.85, 1 + rng.integers(0, 9, size), rng.integers(15, 36, size))
    leaves = episodes.last_day + np.where(is_24_hour, 0, 3)
    admission = np.where(comes_down, leaves + wait, NO_DAY)
    admission = np.where(comes_up, episodes.last_day + rng.integers(0, 2, size), admission)
    episodes.next_level = np.where(comes_down, lower, np.where(comes_up, up, NONE))
    episodes.next_admission = admission


def _arrange_returns(rng: np.random.Generator, episodes: Batch, is_young: np.ndarray) -> None:
    """Some who left come back: a few within days, some weeks or months after they returned to use."""
    size = len(episodes)
    is_iop = episodes.level == IOP
    is_free = (
        (episodes.next_level == NONE) & np.isin(episodes.level, (IOP, RESIDENTIAL)) & (episodes.exit_class != DIED)
    )
    dropped = is_free & is_iop & (episodes.exit_class == DROPPED)
    soon = dropped & (episodes.program == MH) & (rng.random(size) < 0.05)
    soon_day = episodes.last_day + rng.integers(3, 13, size)
    # Only people who are known to have used come back, or being known would depend on having used.
    is_known = episodes.return_day <= episodes.contact_days
    restart = dropped & is_known & (episodes.return_day <= 10) & (rng.random(size) < 0.5)
    restart_day = episodes.last_day + episodes.return_day + rng.integers(1, 6, size)
    later = is_free & is_known & (episodes.return_day <= 150) & ~restart & (rng.random(size) < 0.3)
    later_day = episodes.last_day + np.maximum(episodes.return_day, 30) + rng.integers(3, 30, size)
    day = np.where(soon, soon_day, np.where(restart, restart_day, np.where(later, later_day, NO_DAY)))
    to_24_hours = later & (rng.random(size) < 0.2) & ~is_young
    comes = day < NO_DAY
    episodes.next_level = np.where(comes, np.where(to_24_hours, RESIDENTIAL, IOP), episodes.next_level)
    episodes.next_admission = np.where(comes, day, episodes.next_admission)


def _contact(rng: np.random.Generator, exit_class: np.ndarray) -> np.ndarray:
    """Days after the exit for which anything is known; leavers against advice are reached less often."""
    is_success = np.isin(exit_class, (COMPLETED, STEP_DOWN)).astype(int)
    reached = np.array([0, 30, 90, 180])
    unsuccessful, successful = (
        pick(rng, len(exit_class), (0.42, 0.18, 0.16, 0.24)),
        pick(rng, len(exit_class), (0.25, 0.15, 0.2, 0.4)),
    )
    return reached[np.where(is_success == 1, successful, unsuccessful)]


def _what_follows(rng: np.random.Generator, people: Batch, done: Batch) -> Batch:
    """The beginnings of the next stage: those whose next admission falls before the data cut."""
    rows = (done.next_level != NONE) & (done.next_admission <= CUT) & (done.last_day <= CUT)
    before = done.take(rows)
    # Severity is assessed again at each admission: usually a little lower.
    change = -(rng.random(before.dimensions.shape) < 0.22).astype(np.int64)
    level = before.next_level
    return Batch(
        person=before.person,
        level=level,
        admission=before.next_admission,
        dimensions=np.clip(before.dimensions + change, 0, 4),
        referred_from=np.where(before.next_planned != NONE, before.level, NONE),
        clean_until=np.where(before.return_day < NO_DAY, before.exit_day + before.return_day, 0),
        prior=before.prior + 1,
    )


def _known_contact(chained: Batch) -> Batch:
    """Extend what is known after an exit over the linked stay that follows it; cut chains have no next stay."""
    same = np.append(chained.person[1:] == chained.person[:-1], False)
    next_last = np.append(chained.last_day[1:], 0)
    known = np.where(same, np.minimum(next_last, CUT) - chained.exit_day, 0)
    chained.contact_days = np.maximum(chained.contact_days, known)
    chained.has_next = same
    return chained
