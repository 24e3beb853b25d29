"""``python -m sample_data.teds_d`` writes two invented files in the form of TEDS-D: one with codes, one with labels."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

from sample_data.registry import Drawn, draw_discharges

OUT = Path(__file__).parent / "teds_d"
SEED = 7
RECORDS = 400
MISSING = "Missing/unknown/not collected/invalid"

# Code and label of each place in the lists of the registry.
CODES: dict[str, tuple[tuple[int, str], ...]] = {
    "level": (
        (6, "Ambulatory, intensive outpatient"),
        (7, "Ambulatory, non-intensive outpatient"),
        (4, "Rehab/residential, short term (30 days or fewer)"),
        (2, "Detox, 24-hour, free-standing residential"),
    ),
    "reason": (
        (1, "Treatment completed"),
        (2, "Dropped out of treatment"),
        (3, "Terminated by facility"),
        (4, "Transferred to another treatment program or facility"),
        (5, "Incarcerated"),
        (6, "Death"),
        (7, "Other"),
        (-9, MISSING),
    ),
    "sex": ((1, "Male"), (2, "Female")),
    "race": (
        (5, "White"),
        (4, "Black or African American"),
        (5, "White"),
        (6, "Asian"),
        (2, "American Indian (other than Alaska Native)"),
        (8, "Two or more races"),
        (-9, MISSING),
    ),
    "payer": (
        (1, "Self-pay"),
        (2, "Private insurance (Blue Cross/Blue Shield, other health insurance, workers compensation)"),
        (3, "Medicare"),
        (4, "Medicaid"),
        (7, "Other"),
        (-9, MISSING),
    ),
    "substance": (
        (2, "Alcohol"),
        (5, "Heroin"),
        (10, "Methamphetamine/speed"),
        (4, "Marijuana/hashish"),
        (13, "Benzodiazepines"),
        (9, "Hallucinogens"),
        (-9, MISSING),
    ),
}
SPANS = (
    "31 to 45 days", "46 to 60 days", "61 to 90 days", "91 to 120 days", "121 to 180 days", "181 to 365 days",
    "More than a year",
)  # fmt: skip
HISPANIC = 2
HEADER = (
    "DISYR", "CASEID", "STFIPS", "EDUC", "SERVICES_D", "LOS", "REASON", "AGE", "GENDER", "RACE", "ETHNIC", "PRIMPAY",
    "SUB1", "PSYPROB",
)  # fmt: skip


def rows(drawn: Drawn, year: int, *, is_labelled: bool) -> list[list[Any]]:
    """The records as the public use file writes them, by code or by label."""
    form = 1 if is_labelled else 0
    found = []
    for number in range(len(drawn.days)):
        coded = {name: CODES[name][places[number]][form] for name, places in drawn.places.items()}
        stay = int(drawn.stay_class[number])
        is_hispanic = drawn.places["race"][number] == HISPANIC
        age = ((2, "15-17 years"), (7, "35-39 years"))[int(not drawn.is_adolescent[number])][form]
        ethnic = ((4, "Not of Hispanic or Latino origin"), (2, "Mexican"))[int(is_hispanic)][form]
        mental = ((2, "No"), (1, "Yes"))[int(drawn.is_cooccurring[number])][form]
        los = SPANS[stay - 31] if is_labelled and stay > 30 else stay
        found.append([
            year, 1000 + number, "Hawaii" if is_labelled else 15, MISSING if is_labelled else -9, coded["level"], los,
            coded["reason"], age, coded["sex"], coded["race"], ethnic, coded["payer"], coded["substance"], mental,
        ])  # fmt: skip
    return found


def write_files(out: Path = OUT) -> None:
    """Write both files and the export.toml beside them."""
    out.mkdir(exist_ok=True)
    for year, is_labelled in ((2020, False), (2021, True)):
        path = out / f"tedsd_puf_{year}.csv"
        with path.open("w", newline="", encoding="latin-1" if is_labelled else "utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows(draw_discharges(SEED + year, RECORDS), year, is_labelled=is_labelled))
    (out / "export.toml").write_text("data_cut = 2021-12-31\n", encoding="utf-8")


if __name__ == "__main__":
    write_files(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
