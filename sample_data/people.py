"""The people who come: who they are, how severe their condition is and where they are placed."""

from __future__ import annotations

import numpy as np

from sample_data.batch import Batch, pick, pick_by
from sample_data.clinic import (
    BAND_EDGES,
    CUT,
    DAYS,
    FIRST,
    IOP,
    LINE_IS_YOUNG,
    LINE_SHARE,
    LINES,
    MH,
    RESIDENTIAL,
    weekday_of,
)

SEXES = ("female", "male", "other", "unknown")
RACES = ("white", "black", "hispanic", "asian", "native", "other", "unknown")
LANGUAGES = ("English", "Spanish", "Vietnamese", "Haitian Creole", "")
PAYERS = ("commercial", "medicaid", "medicare", "self_pay", "other", "unknown")
SUBSTANCES = ("alcohol", "opioid", "stimulant", "cannabis", "sedative", "other", "none", "unknown")
ALCOHOL, OPIOID, STIMULANT, CANNABIS, SEDATIVE = range(5)
HOUSING = ("stable", "unstable", "homeless", "unknown")

# Placement in 24-hour care depends on the severity band alone, so that within a band people are alike.
PLACED_IN_24_HOUR_CARE = np.array([0.09, 0.20, 0.52])
ADULT_SUBSTANCES = (0.42, 0.27, 0.16, 0.08, 0.04, 0.02, 0.0, 0.01)
YOUNG_SUBSTANCES = (0.22, 0.06, 0.08, 0.58, 0.04, 0.02, 0.0, 0.0)
PAYERS_BY_AGE = (
    (0.36, 0.42, 0.05, 0.09, 0.06, 0.02),
    (0.47, 0.46, 0.0, 0.03, 0.03, 0.01),
    (0.18, 0.14, 0.62, 0.03, 0.02, 0.01),
)
HOUSING_BY_BAND = ((0.88, 0.07, 0.01, 0.04), (0.75, 0.17, 0.04, 0.04), (0.58, 0.26, 0.12, 0.04))


def draw_people(rng: np.random.Generator, size: int) -> Batch:
    """People with the day and level of their first admission."""
    line = pick(rng, size, LINE_SHARE)
    is_young = LINE_IS_YOUNG[line]
    program = pick_by(rng, line, [entry.programs for entry in LINES])
    dimensions, band = draw_severity(rng, size)
    is_24_hour = (rng.random(size) < PLACED_IN_24_HOUR_CARE[band]) & ~is_young
    admission = FIRST + rng.integers(0, DAYS - 3, size)
    # Admissions are made on weekdays.
    admission -= np.maximum(weekday_of(admission) - 4, 0)
    admission = np.clip(admission, FIRST, CUT)
    age = np.where(is_young, rng.integers(13, 18, size), 18 + _adult_years(rng, size))
    birth = admission - (age * 365.25).astype(np.int64) - rng.integers(1, 330, size)
    substance = np.where(is_young, pick(rng, size, YOUNG_SUBSTANCES), pick(rng, size, ADULT_SUBSTANCES))
    substance = np.where(program == MH, SUBSTANCES.index("none"), substance)
    return Batch(
        line=line,
        is_young=is_young,
        program=program,
        dimensions=dimensions,
        band=band,
        first_level=np.where(is_24_hour, first_24_hour_level(rng, program), IOP),
        admission=admission,
        birth=birth,
        has_birth_date=rng.random(size) > 0.02,
        sex=pick(rng, size, (0.455, 0.525, 0.01, 0.01)),
        race=pick(rng, size, (0.55, 0.17, 0.17, 0.025, 0.02, 0.035, 0.03)),
        language=pick(rng, size, (0.87, 0.09, 0.01, 0.01, 0.02)),
        payer=pick_by(rng, np.where(is_young, 1, np.where(age >= 65, 2, 0)), PAYERS_BY_AGE),
        substance=substance,
        diagnosis=rng.integers(0, 5, size),
        housing=pick_by(rng, band, HOUSING_BY_BAND),
        is_mandated=rng.random(size) < np.where(program == MH, 0.03, 0.24),
        prior=rng.poisson(np.where(is_young, 0.3, 1.4), size),
        attendance=np.clip(rng.normal(0.0, 0.09, size), -0.2, 0.14),
        prefers_telehealth=rng.random(size),
        is_medicated=rng.random(size) < 0.5,
    )


def draw_severity(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """ASAM dimensions 1 to 6 (0 to 4 each), and the band of their sum (0 low, 1 middle, 2 high)."""
    severity = rng.normal(0.0, 1.0, size)
    centres = np.array([1.0, 0.9, 1.7, 1.6, 2.1, 1.9])
    spread = rng.normal(0.0, 0.75, (size, 6))
    dimensions = np.clip(np.round(centres + 0.62 * severity[:, None] + spread), 0, 4).astype(np.int64)
    return dimensions, band_of(dimensions)


def band_of(dimensions: np.ndarray) -> np.ndarray:
    """Severity band of the sum of the dimensions."""
    return np.digitize(dimensions.sum(axis=1), BAND_EDGES)


def first_24_hour_level(rng: np.random.Generator, program: np.ndarray) -> np.ndarray:
    """Residential care for addiction, inpatient care for mental health, either for both."""
    to_inpatient = np.array([0.12, 0.95, 0.4])[program]
    return np.where(rng.random(len(program)) < to_inpatient, RESIDENTIAL + 1, RESIDENTIAL)


def _adult_years(rng: np.random.Generator, size: int) -> np.ndarray:
    return np.minimum(rng.gamma(3.0, 6.2, size).astype(np.int64), 60)
