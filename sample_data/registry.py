"""An invented registry of discharges: years, reasons and classes of stay, as a public use file gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sample_data.write import TableWriter, codes, numbers

RECORDS = 1_500
STREAM = 99
REASONS = ("completed", "dropped_out", "terminated", "transferred", "incarcerated", "died", "other", "unknown")
LEVELS = ("IOP", "OP", "residential", "withdrawal")
SEXES = ("male", "female")
RACES = ("white", "black", "hispanic", "asian", "native", "other", "unknown")
PAYERS = ("self_pay", "commercial", "medicare", "medicaid", "other", "unknown")
SUBSTANCES = ("alcohol", "opioid", "stimulant", "cannabis", "sedative", "other", "unknown")
STAY_EDGES = np.array([31, 46, 61, 91, 121, 181, 366])
"""First days of TEDS-D's classes 31 to 37; stays of 1 to 30 days are known to the day."""

_CHANCES = {
    "level": (LEVELS, (0.4, 0.35, 0.15, 0.1)),
    "sex": (SEXES, (0.64, 0.36)),
    "race": (RACES, (0.58, 0.18, 0.14, 0.02, 0.03, 0.03, 0.02)),
    "payer": (PAYERS, (0.1, 0.14, 0.05, 0.52, 0.11, 0.08)),
    "substance": (SUBSTANCES, (0.38, 0.27, 0.18, 0.11, 0.03, 0.02, 0.01)),
}
_REASONS_BY_LEVEL = {
    "IOP": (0.36, 0.27, 0.1, 0.17, 0.02, 0.005, 0.055, 0.02),
    "OP": (0.33, 0.33, 0.09, 0.12, 0.03, 0.005, 0.075, 0.02),
    "residential": (0.52, 0.22, 0.08, 0.12, 0.01, 0.003, 0.037, 0.01),
    "withdrawal": (0.6, 0.2, 0.03, 0.13, 0.01, 0.002, 0.018, 0.01),
}
_MEDIAN_STAY = {"IOP": 45, "OP": 80, "residential": 25, "withdrawal": 5}


@dataclass(frozen=True)
class Drawn:
    """Places in the lists of this file, one entry a record, and the days of stay before they are put into classes."""

    places: dict[str, np.ndarray]
    days: np.ndarray
    years: np.ndarray
    areas: np.ndarray
    is_adolescent: np.ndarray
    is_cooccurring: np.ndarray

    @property
    def stay_class(self) -> np.ndarray:
        """TEDS-D's class of stay: 1 to 30 are days, 31 to 37 spans."""
        return np.where(self.days <= 30, self.days, 30 + np.searchsorted(STAY_EDGES, self.days, side="right"))


def draw_discharges(seed: int, count: int = RECORDS) -> Drawn:
    """Draw records of a registry; the same seed gives the same records."""
    rng = np.random.default_rng((seed, STREAM))
    places = {name: rng.choice(len(values), count, p=chances) for name, (values, chances) in _CHANCES.items()}
    reason, days = np.empty(count, dtype=int), np.empty(count, dtype=int)
    for number, level in enumerate(LEVELS):
        at_level = places["level"] == number
        size = int(at_level.sum())
        reason[at_level] = rng.choice(len(REASONS), size, p=_REASONS_BY_LEVEL[level])
        # People who drop out leave earlier than those who complete.
        pace = np.where(reason[at_level] == REASONS.index("dropped_out"), 0.6, 1.1)
        drawn = _MEDIAN_STAY[level] * pace * np.exp(rng.normal(0, 0.8, size))
        days[at_level] = np.clip(np.round(drawn), 1, 1500)
    return Drawn(
        places={**places, "reason": reason},
        days=days,
        years=rng.choice([2024, 2025], count),
        areas=rng.choice([15, 41, 53], count),
        is_adolescent=rng.random(count) < 0.06,
        is_cooccurring=rng.random(count) < 0.35,
    )


def write_registry(writer: TableWriter, seed: int) -> None:
    """Write the canonical table of a registry's discharges."""
    drawn = draw_discharges(seed)
    shortest = np.where(drawn.stay_class <= 30, drawn.days, STAY_EDGES[np.clip(drawn.stay_class - 31, 0, 6)])
    longest = np.where(
        drawn.stay_class <= 30, drawn.days, np.append(STAY_EDGES[1:] - 1, 0)[np.clip(drawn.stay_class - 31, 0, 6)]
    )
    keys = [f"{year}-{number}" for number, year in enumerate(drawn.years, start=1)]
    writer.write(
        "registry_discharges",
        discharge_id=pa.array(keys),
        discharge_year=numbers(drawn.years),
        area=pa.array(drawn.areas.astype(str).tolist()),
        level_of_care=codes(LEVELS, drawn.places["level"]),
        discharge_reason=codes(REASONS, drawn.places["reason"]),
        stay_days_from=numbers(shortest),
        stay_days_to=numbers(longest, drawn.stay_class < 37),
        program=codes(("SUD", "COD"), drawn.is_cooccurring.astype(int)),
        age_group=codes(("adult", "adolescent"), drawn.is_adolescent.astype(int)),
        sex=codes(SEXES, drawn.places["sex"]),
        race_ethnicity=codes(RACES, drawn.places["race"]),
        payer=codes(PAYERS, drawn.places["payer"]),
        primary_substance=codes(SUBSTANCES, drawn.places["substance"]),
    )
