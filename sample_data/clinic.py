"""The clinic as it is set up: sites, program lines, weekly timetables, holidays and the truths that are planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

FIRST_DAY = date(2024, 7, 1)
DATA_CUT = date(2026, 9, 30)
ANALYSIS_CUT = date(2026, 8, 31)
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1 January 1970: dates travel through the generator as whole numbers."""
    return (day - EPOCH).days


FIRST, CUT, ANALYSED = day_number(FIRST_DAY), day_number(DATA_CUT), day_number(ANALYSIS_CUT)
DAYS = CUT - FIRST + 1

# Planted truths; README.md says how each is found again.
NORTH_EVENING_HAZARD_RATIO = 3.0
SHOW_RATE_SHIFT_DATE = date(2026, 3, 1)
SHOW_RATE_SHIFT_DAY = day_number(SHOW_RATE_SHIFT_DATE)
SHOW_RATE_SHIFT = -0.08
FAMILY_HAZARD_RATIO = 0.35
CROWDED_SITE = "Harbor"

BANDS = ("low", "middle", "high")
BAND_EDGES = (7.5, 12.5)

LEVELS = ("IOP", "residential", "inpatient", "OP")
IOP, RESIDENTIAL, INPATIENT, OP = range(4)
PROGRAMS = ("SUD", "MH", "COD")
SUD, MH, COD = range(3)
TRACKS = ("day", "evening", "weekend", "residential")

SITES = (
    ("North", "Metro"),
    ("Central", "Metro"),
    ("Eastgate", "Metro"),
    ("Riverside", "Metro"),
    ("Cedar Valley", "Valley"),
    ("Millbrook", "Valley"),
    ("Oak Hill", "Valley"),
    ("Westfield", "Valley"),
    ("Harbor", "Coast"),
    ("Lighthouse Point", "Coast"),
    ("Bayview", "Coast"),
    ("Southport", "Coast"),
)
SITE_NAMES = tuple(name for name, _ in SITES)


@dataclass(frozen=True)
class Line:
    """One intensive outpatient line: a site and track whose patients share groups."""

    code: str
    site: str
    track: str
    share: float
    programs: tuple[float, float, float]
    days: tuple[int, int, int]
    starts: tuple[int, int, int]
    blocks: tuple[int, int]
    is_adolescent: bool = False
    is_crowded: bool = False


ADDICTION, MENTAL, YOUNG = (0.65, 0.0, 0.35), (0.0, 0.8, 0.2), (0.4, 0.4, 0.2)
# Minutes after midnight: 9:00 is 540, 17:30 is 1050. Weekdays: Monday is 0.
MORNING, EVENING, AFTER_SCHOOL = (540, 540, 540), (1050, 1050, 1050), (930, 930, 930)
WEEKEND = (1050, 540, 540)
LINES = (
    Line("NOR-D", "North", "day", 0.06, ADDICTION, (0, 2, 4), MORNING, (120, 75)),
    Line("NOR-E", "North", "evening", 0.098, ADDICTION, (0, 1, 3), EVENING, (120, 75)),
    Line("CEN-D", "Central", "day", 0.07, MENTAL, (0, 2, 3), MORNING, (120, 75)),
    Line("CEN-E", "Central", "evening", 0.065, ADDICTION, (0, 1, 3), EVENING, (120, 75)),
    Line("EAS-E", "Eastgate", "evening", 0.065, MENTAL, (1, 2, 3), EVENING, (120, 75)),
    Line("RIV-D", "Riverside", "day", 0.065, ADDICTION, (0, 2, 4), MORNING, (120, 75)),
    Line("CED-E", "Cedar Valley", "evening", 0.052, YOUNG, (0, 2, 3), AFTER_SCHOOL, (75, 60), is_adolescent=True),
    Line("MIL-D", "Millbrook", "day", 0.065, ADDICTION, (1, 2, 4), MORNING, (120, 75)),
    Line("OAK-E", "Oak Hill", "evening", 0.066, ADDICTION, (0, 2, 3), EVENING, (120, 75)),
    Line("WES-W", "Westfield", "weekend", 0.062, MENTAL, (2, 5, 6), WEEKEND, (120, 75)),
    Line("HAR-D", "Harbor", "day", 0.155, ADDICTION, (0, 2, 4), MORNING, (120, 75), is_crowded=True),
    Line("LIG-E", "Lighthouse Point", "evening", 0.052, YOUNG, (0, 1, 3), AFTER_SCHOOL, (75, 60), is_adolescent=True),
    Line("BAY-D", "Bayview", "day", 0.065, MENTAL, (0, 2, 4), MORNING, (120, 75)),
    Line("SOU-W", "Southport", "weekend", 0.062, ADDICTION, (2, 5, 6), WEEKEND, (120, 75)),
)
NORTH_EVENING = 1

LINE_SITE = np.array([SITE_NAMES.index(line.site) for line in LINES])
LINE_TRACK = np.array([TRACKS.index(line.track) for line in LINES])
LINE_SHARE = np.array([line.share for line in LINES]) / sum(line.share for line in LINES)
LINE_IS_YOUNG = np.array([line.is_adolescent for line in LINES])
LINE_DAYS = np.array([line.days for line in LINES])
LINE_STARTS = np.array([line.starts for line in LINES])
LINE_BLOCKS = np.array([line.blocks for line in LINES])

# 24-hour care is at three sites; each has one unit for addiction (residential) and one for mental health (inpatient).
UNIT_SITES = np.array([SITE_NAMES.index(name) for name in ("Central", "Westfield", "Bayview")])


def _program_day_offsets() -> np.ndarray:
    """By line, weekday of the start and place: the three offsets within days 1 to 7 on which the line meets."""
    offsets = np.zeros((len(LINES), 7, 3), dtype=np.int64)
    for number, line in enumerate(LINES):
        for weekday in range(7):
            offsets[number, weekday] = sorted((day - weekday - 1) % 7 + 1 for day in line.days)
    return offsets


PROGRAM_DAY_OFFSETS = _program_day_offsets()

HOLIDAYS = np.array(
    [
        day_number(day)
        for day in (
            date(2024, 7, 4), date(2024, 9, 2), date(2024, 11, 28), date(2024, 11, 29), date(2024, 12, 25),
            date(2025, 1, 1), date(2025, 1, 20), date(2025, 5, 26), date(2025, 7, 4), date(2025, 9, 1),
            date(2025, 11, 27), date(2025, 11, 28), date(2025, 12, 25), date(2026, 1, 1), date(2026, 1, 19),
            date(2026, 5, 25), date(2026, 7, 3), date(2026, 9, 7),
        )
    ]
)  # fmt: skip


def weekday_of(days: np.ndarray) -> np.ndarray:
    """Weekday of day numbers, Monday is 0 (1 January 1970 was a Thursday)."""
    return (days + 3) % 7


def draw_closures(seed: int) -> np.ndarray:
    """Days on which a site is closed, by site and day since FIRST: holidays everywhere, bad weather here and there."""
    rng = np.random.default_rng([seed, 1])
    closed = rng.random((len(SITES), DAYS + 60)) < 0.005
    closed[:, HOLIDAYS - FIRST] = True
    closed[:, -1] = False
    return closed


def groups_per_line(episodes: int) -> np.ndarray:
    """Parallel groups of each line, so that about ten patients (eighteen in the crowded site) are on a group's list."""
    on_the_books = 0.66 * episodes * 44 / DAYS * LINE_SHARE
    wanted = np.array([19.0 if line.is_crowded else 9.5 for line in LINES])
    return np.maximum(1, np.round(on_the_books / wanted)).astype(np.int64)
