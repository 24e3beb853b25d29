"""``python -m sample_data.foreign_export`` writes two invented tables as a record system might export them."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent / "foreign_export"
SEED = 27
CLIENTS = 240
FIRST_DAY, LAST_DAY = date(2026, 1, 5), date(2026, 9, 30)
CLIENT_HEADER = (
    "MRN", "DOB", "Gender", "Race", "Program", "Location", "Schedule", "LOC", "Intake Date", "DC Date", "DC Reason",
    "Payor", "Drug of Choice",
)  # fmt: skip
VISIT_HEADER = (
    "Appt ID", "MRN", "Date of Service", "Start", "End", "Status", "Service", "Provider", "POS", "PHQ1", "PHQ2", "PHQ3",
    "PHQ4", "PHQ5", "PHQ6", "PHQ7", "PHQ8", "PHQ9", "PHQ Total",
)  # fmt: skip
STATUSES = ("Kept", "NS", "CX", "CX<24", "Clinic Cancelled")


def _day(value: date) -> str:
    return f"{value:%m/%d/%Y}"


def write_export(out: Path = OUT) -> None:
    """Write clients.csv and appointments.csv; the same seed gives the same bytes."""
    rng = np.random.default_rng(SEED)
    out.mkdir(exist_ok=True)
    clients, visits = [], []
    for number in range(1, CLIENTS + 1):
        mrn = f"M{20000 + 7 * number}"
        intake = FIRST_DAY + timedelta(days=int(rng.integers(0, 200)))
        leaves_early = rng.random() < 0.35
        weeks = int(rng.integers(1, 6)) if leaves_early else int(rng.integers(9, 13))
        last = intake + timedelta(days=7 * weeks)
        is_open = last > LAST_DAY - timedelta(days=14)
        reasons = ("AMA", "Lost contact", "Transferred") if leaves_early else ("Graduated", "Graduated", "Transferred")
        reason = "" if is_open else str(rng.choice(reasons))
        clients.append([
            mrn, _day(date(int(rng.integers(1958, 2005)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))),
            rng.choice(["F", "M"]),
            rng.choice(["White", "African American", "Hispanic", "Other"], p=[0.6, 0.2, 0.15, 0.05]),
            rng.choice(["Chemical Dependency", "Dual Diagnosis"], p=[0.7, 0.3]), rng.choice(["Riverside", "Hilltop"]),
            rng.choice(["AM", "PM"]), "2.1", _day(intake), "" if is_open else _day(last), reason,
            rng.choice(["Medicaid", "BCBS", "Self-pay"], p=[0.5, 0.4, 0.1]),
            rng.choice(["alcohol", "opioid", "stimulant"]),
        ])  # fmt: skip
        depressed = int(rng.integers(8, 20))
        for week in range(weeks):
            for place, weekday in enumerate((0, 2, 4)):
                day = intake + timedelta(days=7 * week + weekday)
                if day > LAST_DAY:
                    continue
                hour = 9 if clients[-1][6] == "AM" else 17
                start = datetime(day.year, day.month, day.day, hour)
                status = str(rng.choice(STATUSES, p=(0.8, 0.09, 0.05, 0.04, 0.02)))
                if week == 0 and place == 0:
                    status = "Kept"
                items = [""] * 9
                if place == 0 and status == "Kept" and rng.random() < 0.8:
                    level = max(0.0, (depressed - 0.8 * week) / 27)
                    items = [str(int(rng.binomial(3, min(0.95, level)))) for _ in range(9)]
                visits.append([
                    0, mrn, _day(day), f"{start:%I:%M %p}", f"{start + timedelta(hours=3):%I:%M %p}", status,
                    rng.choice(["GRP", "GRP", "GRP", "IND", "FAM"]), f"S{int(rng.integers(1, 9))}",
                    rng.choice(["F2F", "Tele"], p=[0.85, 0.15]), *items,
                    "" if items[0] == "" else str(sum(map(int, items))),
                ])  # fmt: skip
    order = rng.permutation(len(visits))
    visits = [visits[place] for place in order]
    for number, visit in enumerate(visits, start=500001):
        visit[0] = number
    # What every export has: a status that nobody explained, a day that does not exist, a client whom nobody knows.
    visits[40][5], visits[41][5] = "RS", "RS"
    visits[300][2] = "02/30/2026"
    visits[700][1] = "M99999"
    _write(out / "clients.csv", CLIENT_HEADER, clients)
    _write(out / "appointments.csv", VISIT_HEADER, visits)


def _write(path: Path, header: tuple[str, ...], rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    write_export(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
