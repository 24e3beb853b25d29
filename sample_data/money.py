"""Costs of episodes on one basis each, and the payers' authorizations."""

from __future__ import annotations

import numpy as np

from sample_data.attendance import ATTENDED
from sample_data.batch import Batch, spread, stack
from sample_data.clinic import CUT, INPATIENT, IOP, MH, OP, RESIDENTIAL
from sample_data.people import PAYERS
from sample_data.timetable import NON_CLINICAL
from sample_data.truth import Truth
from sample_data.write import TableWriter, cents, codes, dates, keys, numbers

BASES = ("paid", "charge")
SETTINGS = ("IOP", "residential", "inpatient", "OP", "laboratory", "emergency")
LABORATORY, EMERGENCY = 4, 5
COST_CODES = ("H0015", "S9480", "H0018", "0124", "90834", "80305", "99284")
MEDICAID, SELF_PAY = PAYERS.index("medicaid"), PAYERS.index("self_pay")

# Paid per day by payer (order of PAYERS) and setting. The price of a day does not depend on severity.
PER_DIEM = {
    IOP: np.array([318.0, 172.0, 259.13, 225.0, 240.0, 240.0]),
    RESIDENTIAL: np.array([540.0, 310.0, 420.0, 380.0, 400.0, 400.0]),
    INPATIENT: np.array([1180.0, 810.0, 892.87, 950.0, 900.0, 900.0]),
    OP: np.array([128.0, 78.0, 104.0, 110.0, 95.0, 95.0]),
}
CHARGE_FACTOR = 2.4
CHARGED_SHARE = 0.03


def write_costs(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    sessions: Batch,
    truth: Truth,
    first: tuple[int, int],
) -> None:
    """Append the cost lines of a chunk: days of service, stays by the week, laboratory and emergency visits."""
    payer = people.payer[episodes.person]
    lines = stack([_service_days(episodes, payer, sessions), _stays(episodes, payer), *_extras(rng, episodes)])
    lines = lines.take(lines.day <= CUT)
    lines = lines.take(np.lexsort((lines.setting, lines.day, lines.episode)))
    # A few stays have only the billed charge; the basis of one stay is always one.
    basis = (rng.random(len(episodes)) < CHARGED_SHARE).astype(np.int64)
    negotiated = np.exp(rng.normal(0.0, 0.05, len(episodes)))[lines.episode]
    amount = np.round(lines.amount * negotiated * np.where(basis[lines.episode] == 1, CHARGE_FACTOR, 1.0), 2)
    is_recorded = (rng.random(len(episodes)) > 0.02)[lines.episode]
    truth.count_costs(episodes, lines.episode, amount, basis)
    number = np.arange(len(lines)) - np.searchsorted(lines.episode, lines.episode, side="left")
    lines, amount, number = lines.take(is_recorded), amount[is_recorded], number[is_recorded]
    writer.write(
        "costs",
        cost_id=keys("L", (first[1] + lines.episode) * 1000 + number, 10),
        episode_id=keys("E", first[1] + lines.episode),
        service_date=dates(lines.day),
        amount=cents(amount),
        basis=codes(BASES, basis[lines.episode]),
        payer=codes(PAYERS, payer[lines.episode]),
        billing_code=codes(COST_CODES, lines.code),
        units=numbers(lines.units),
        setting=codes(SETTINGS, lines.setting),
    )


def _lines(
    episode: np.ndarray, day: np.ndarray, setting: object, code: object, units: object, amount: np.ndarray
) -> Batch:
    size = len(episode)
    return Batch(
        episode=episode,
        day=day,
        setting=np.broadcast_to(np.asarray(setting), size).astype(np.int64),
        code=np.broadcast_to(np.asarray(code), size).astype(np.int64),
        units=np.broadcast_to(np.asarray(units), size).astype(np.int64),
        amount=amount,
    )


def _service_days(episodes: Batch, payer: np.ndarray, sessions: Batch) -> Batch:
    """Days of attended outpatient service; Medicaid is billed by the week, on its first day of service."""
    level = episodes.level[sessions.episode]
    paid = (sessions.status == ATTENDED) & ~np.isin(sessions.service, NON_CLINICAL) & np.isin(level, (IOP, OP))
    episode, day = sessions.episode[paid], sessions.day[paid]
    new = np.append(True, (episode[1:] != episode[:-1]) | (day[1:] != day[:-1]))
    episode, day = episode[new], day[new]
    week = np.where((payer[episode] == MEDICAID) & (episodes.level[episode] == IOP), day - (day + 3) % 7, day)
    begins = (
        np.flatnonzero(np.append(True, (episode[1:] != episode[:-1]) | (week[1:] != week[:-1])))
        if len(episode)
        else np.zeros(0, np.int64)
    )
    units = np.diff(np.append(begins, len(episode)))
    episode, day = episode[begins], day[begins]
    is_iop = episodes.level[episode] == IOP
    code = np.where(is_iop, np.where(episodes.program[episode] == MH, 1, 0), 4)
    price = np.where(is_iop, PER_DIEM[IOP][payer[episode]], PER_DIEM[OP][payer[episode]])
    return _lines(episode, day, episodes.level[episode], code, units, price * units)


def _stays(episodes: Batch, payer: np.ndarray) -> Batch:
    """Residential and inpatient days, billed by the week of the stay."""
    chosen = np.flatnonzero(np.isin(episodes.level, (RESIDENTIAL, INPATIENT)))
    days = np.maximum(np.minimum(episodes.last_day[chosen], CUT) - episodes.start[chosen], 1)
    weeks = (days + 6) // 7
    episode, number = spread(chosen, weeks)
    units = np.minimum(7, np.repeat(days, weeks) - 7 * number)
    is_inpatient = episodes.level[episode] == INPATIENT
    price = np.where(is_inpatient, PER_DIEM[INPATIENT][payer[episode]], PER_DIEM[RESIDENTIAL][payer[episode]])
    return _lines(
        episode,
        episodes.start[episode] + 7 * number,
        episodes.level[episode],
        np.where(is_inpatient, 3, 2),
        units,
        price * units,
    )


def _extras(rng: np.random.Generator, episodes: Batch) -> list[Batch]:
    """A laboratory line at intake and, more often in severe conditions, an emergency visit during the stay."""
    started = np.flatnonzero(episodes.is_started & (episodes.program != MH) & (episodes.level != OP))
    laboratory = _lines(started, episodes.start[started], LABORATORY, 5, 1, np.full(len(started), 62.0))
    visits = started[rng.random(len(started)) < np.array([0.02, 0.04, 0.08])[episodes.band[started]]]
    length = np.maximum(episodes.last_day[visits] - episodes.start[visits], 0)
    day = episodes.start[visits] + (rng.random(len(visits)) * (length + 1)).astype(np.int64)
    emergency = _lines(visits, day, EMERGENCY, 6, 1, np.round(rng.gamma(4.0, 240.0, len(visits)), 2))
    return [laboratory, emergency]


def write_authorizations(
    rng: np.random.Generator, writer: TableWriter, people: Batch, episodes: Batch, first_episode: int
) -> None:
    """Append the payers' authorizations of intensive outpatient care: four weeks at a time while the stay lasts."""
    payer = people.payer[episodes.person]
    chosen = np.flatnonzero((episodes.level == IOP) & episodes.is_started & (payer != SELF_PAY))
    last = np.minimum(episodes.last_day[chosen], CUT)
    many = np.maximum((last - episodes.start[chosen]) // 28 + 1, 1)
    episode, number = spread(chosen, many)
    hours_a_week = np.array([9.0, 10.0, 12.0])[rng.integers(0, 3, len(episodes))]
    start = episodes.admission[episode] * (number == 0) + (episodes.start[episode] + 28 * number) * (number > 0)
    status = np.where(
        rng.random(len(episode)) < 0.06, 1, np.where((number > 0) & (rng.random(len(episode)) < 0.04), 2, 0)
    )
    hours = np.where(status == 2, 0.0, np.where(status == 1, 0.5, 1.0) * 4 * hours_a_week[episode])
    writer.write(
        "authorizations",
        authorization_id=keys("Z", (first_episode + episode) * 10 + number, 8),
        episode_id=keys("E", first_episode + episode),
        payer=codes(PAYERS, payer[episode]),
        start_date=dates(start),
        end_date=dates(episodes.start[episode] + 28 * number + 27),
        authorized_hours=numbers(hours),
        status=codes(("approved", "partial", "denied", "pending"), status),
    )
