"""Reports of use: at intake, weekly in care, and after discharge as far as people were reached."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, stack
from sample_data.clinic import CUT, IOP
from sample_data.use import is_followed
from sample_data.write import TableWriter, codes, dates, keys, numbers

REPORT_SOURCES = ("self_report", "collateral", "claim", "chart")
SELF_REPORT, COLLATERAL, CLAIM, CHART = range(4)
REPORTED = ("any", "alcohol", "opioid", "amphetamine", "cannabis", "benzodiazepine", "other", "none")
NOTHING = REPORTED.index("none")
REPORTED_OF_PRIMARY = np.array(
    [
        REPORTED.index(name)
        for name in ("alcohol", "opioid", "amphetamine", "cannabis", "benzodiazepine", "other", "any", "any")
    ]
)
FOLLOW_UPS = (30, 90, 180)


def write_use_events(
    rng: np.random.Generator,
    writer: TableWriter,
    people: Batch,
    episodes: Batch,
    use: np.ndarray,
    first: tuple[int, int],
) -> None:
    """Append the reports of a chunk, ordered by episode and day."""
    followed = np.flatnonzero(is_followed(episodes))
    parts = [_at_intake(rng, episodes, followed), _weekly(rng, episodes, use), _lapses_on_chart(rng, episodes, use)]
    parts += [_first_use_after(rng, episodes, followed)]
    parts += [_follow_up(rng, episodes, followed, days) for days in FOLLOW_UPS]
    reports = stack(parts)
    reports = reports.take(reports.day <= CUT)
    reports = reports.take(np.lexsort((reports.window, reports.day, reports.episode)))
    primary = people.substance[episodes.person[reports.episode]]
    substance = np.where(reports.days_used == 0, NOTHING, REPORTED_OF_PRIMARY[primary])
    writer.write(
        "use_events",
        use_event_id=keys("R", (first[1] + reports.episode) * 100 + _number_within(reports.episode), 9),
        patient_id=keys("P", first[0] + episodes.person[reports.episode]),
        episode_id=keys("E", first[1] + reports.episode),
        event_date=dates(reports.day),
        report_source=codes(REPORT_SOURCES, reports.source),
        substance=codes(REPORTED, substance),
        window_days=numbers(reports.window),
        days_used=numbers(reports.days_used),
        controlled_environment_days=numbers(reports.controlled, reports.window > 1),
    )


def _number_within(episode: np.ndarray) -> np.ndarray:
    """Place of each row among the rows of its episode; the rows are ordered by episode."""
    return np.arange(len(episode)) - np.searchsorted(episode, episode, side="left")


def _reports(
    episode: np.ndarray, day: np.ndarray, source: object, window: int, days_used: np.ndarray, controlled: object
) -> Batch:
    size = len(episode)
    return Batch(
        episode=episode,
        day=day,
        source=np.broadcast_to(np.asarray(source), size).astype(np.int64),
        window=np.full(size, window),
        days_used=days_used.astype(np.int64),
        controlled=np.broadcast_to(np.asarray(controlled), size).astype(np.int64),
    )


def _at_intake(rng: np.random.Generator, episodes: Batch, followed: np.ndarray) -> Batch:
    # Within a chain of stays people are asked again only after a return to use.
    is_asked = episodes.start[followed] >= episodes.clean_until[followed]
    rows = followed[is_asked & (rng.random(len(followed)) < 0.94)]
    controlled = np.where(episodes.referred_from[rows] > IOP, rng.integers(5, 26, len(rows)), 0)
    most = 30 - controlled
    days_used = rng.binomial(most, np.array([0.3, 0.45, 0.6])[episodes.band[rows]])
    return _reports(rows, episodes.start[rows], SELF_REPORT, 30, days_used, controlled)


def _weekly(rng: np.random.Generator, episodes: Batch, use: np.ndarray) -> Batch:
    """Days of use in the last seven, asked each week; people who used answer less often."""
    asked = is_followed(episodes) & (episodes.level == IOP)
    week = np.arange(use.shape[1])[None, :]
    day = episodes.start[:, None] + 7 * (week + 1)
    answers = rng.random(use.shape) < np.where(use, 0.62, 0.84)
    episode, place = np.nonzero(asked[:, None] & (day <= episodes.last_day[:, None]) & answers)
    days_used = np.where(use[episode, place], 1 + rng.binomial(5, 0.3, len(episode)), 0)
    return _reports(episode, day[episode, place], SELF_REPORT, 7, days_used, 0)


def _lapses_on_chart(rng: np.random.Generator, episodes: Batch, use: np.ndarray) -> Batch:
    week = np.arange(use.shape[1])[None, :]
    day = episodes.start[:, None] + 7 * week + rng.integers(1, 7, use.shape)
    episode, place = np.nonzero(use & (day <= episodes.last_day[:, None]) & (rng.random(use.shape) < 0.08))
    return _reports(episode, day[episode, place], CHART, 1, np.ones(len(episode)), 0)


def _first_use_after(rng: np.random.Generator, episodes: Batch, followed: np.ndarray) -> Batch:
    """The first day of use after the exit, where it falls within what is known of the person."""
    rows = followed[episodes.return_day[followed] <= episodes.contact_days[followed]]
    source = np.array([SELF_REPORT, CHART, COLLATERAL, CLAIM])[pick(rng, len(rows), (0.45, 0.3, 0.15, 0.1))]
    return _reports(rows, episodes.exit_day[rows] + episodes.return_day[rows], source, 1, np.ones(len(rows)), 0)


def _follow_up(rng: np.random.Generator, episodes: Batch, followed: np.ndarray, days: int) -> Batch:
    """The interview 30, 90 or 180 days after the exit over the 30 days before it."""
    rows = followed[episodes.contact_days[followed] >= days]
    since = days - episodes.return_day[rows]
    has_used = (since >= 0) & ((since <= 30) | (rng.random(len(rows)) < 0.65))
    controlled = np.where(rng.random(len(rows)) < 0.06, rng.integers(2, 21, len(rows)), 0)
    most = np.minimum(np.where(since <= 30, since + 1, 30), 30 - controlled)
    days_used = np.where(has_used, 1 + rng.binomial(np.maximum(most - 1, 0), 0.3), 0)
    return _reports(rows, episodes.exit_day[rows] + days, SELF_REPORT, 30, days_used, controlled)
