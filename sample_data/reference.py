"""Tables that do not depend on chance: sites, prices, price index, benchmarks, targets and changes of a baseline."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from sample_data.clinic import LINE_SITE, LINES, SHOW_RATE_SHIFT_DATE, SITES
from sample_data.money import PER_DIEM
from sample_data.people import PAYERS
from sample_data.write import TableWriter, cents

INVENTED = "Invented for the sample clinic"

# Growth of about 3 % a year; not the published index.
PRICE_INDEX = {2019: 100.0, 2020: 102.6, 2021: 105.1, 2022: 108.0, 2023: 111.2, 2024: 114.3, 2025: 117.6, 2026: 121.0}

TARGETS = (
    ("retention_at", "all", 0.65, date(2024, 7, 1)),
    ("completion_rate", "all", 0.50, date(2024, 7, 1)),
    ("show_rate", "all", 0.80, date(2024, 7, 1)),
    ("weekly_target_attainment", "all", 0.60, date(2024, 7, 1)),
    ("reliable_improvement", "MH", 0.50, date(2025, 1, 1)),
    ("follow_up_rate", "all", 0.80, date(2024, 7, 1)),
    ("urine_completion", "SUD", 0.80, date(2024, 7, 1)),
    ("urine_completion", "COD", 0.80, date(2024, 7, 1)),
    ("show_rate", "all", 0.82, date(2026, 1, 1)),
)

BASELINE_CHANGE = {
    "measure": "show_rate",
    "site": "all",
    "from_date": SHOW_RATE_SHIFT_DATE,
    "cause": "The transport benefit of the largest payer ended, invented for the sample clinic",
    "recorded_by": "Quality committee",
    "recorded_on": date(2026, 7, 8),
}
"""The cause that is on record for the planted fall of the show rate."""


def write_reference(writer: TableWriter, groups: np.ndarray) -> None:
    """Write the tables that do not depend on chance; capacity follows the number of groups."""
    places = np.array([19 if line.is_crowded else 14 for line in LINES]) * groups
    capacity = np.bincount(LINE_SITE, weights=places, minlength=len(SITES)).astype(int)
    writer.write(
        "sites",
        site=pa.array([name for name, _ in SITES]),
        region=pa.array([region for _, region in SITES]),
        capacity=pa.array(capacity.tolist()),
    )
    _write_rates(writer)
    writer.write(
        "price_index",
        index_name=pa.array(["PCE-Health"] * len(PRICE_INDEX)),
        year=pa.array(list(PRICE_INDEX)),
        index_value=pa.array(list(PRICE_INDEX.values())),
        source=pa.array([f"{INVENTED}: replace with the published index"] * len(PRICE_INDEX)),
    )
    benchmarks = tomllib.loads((Path(__file__).parent / "benchmarks.toml").read_text(encoding="utf-8"))["benchmark"]
    names = (
        "measure",
        "benchmark_value",
        "lower",
        "upper",
        "population",
        "year",
        "source",
        "comparable",
        "is_from_memory",
    )
    writer.write(
        "benchmarks",
        benchmark_id=pa.array([f"B{number:02}" for number in range(1, len(benchmarks) + 1)]),
        **{name: pa.array([entry.get(name) for entry in benchmarks]) for name in names},
    )
    measure, program, value, since = zip(*TARGETS, strict=True)
    writer.write(
        "targets",
        measure=pa.array(measure),
        program=pa.array(program),
        target_value=pa.array(value),
        effective_from=pa.array(since),
    )
    writer.write(
        "instruments",
        instrument=pa.array(["WHO-5"]),
        reliable_change=pa.array([10]),
        source=pa.array([f"Decision of the quality committee. {INVENTED}"]),
    )
    writer.write("baseline_changes", **{name: pa.array([value]) for name, value in BASELINE_CHANGE.items()})


def _write_rates(writer: TableWriter) -> None:
    """Prices of each payer and setting, of the years 2024 and 2025 and the one in force."""
    codes_of_setting = {"IOP": ("H0015", "S9480"), "residential": ("H0018",), "inpatient": ("0124",), "OP": ("90834",)}
    periods = (
        (date(2024, 1, 1), date(2024, 12, 31), 0.97),
        (date(2025, 1, 1), date(2025, 12, 31), 1.0),
        (date(2026, 1, 1), None, 1.03),
    )
    rows = [
        (payer, code, setting, "session" if setting == "OP" else "day", PER_DIEM[level][place] * factor, since, until)
        for place, payer in enumerate(PAYERS[:5])
        for level, (setting, setting_codes) in enumerate(codes_of_setting.items())
        for code in setting_codes
        for since, until, factor in periods
    ]
    payer, code, setting, unit, amount, since, until = zip(*rows, strict=True)
    writer.write(
        "rates",
        payer=pa.array(payer),
        billing_code=pa.array(code),
        setting=pa.array(setting),
        unit=pa.array(unit),
        amount=cents(np.array(amount)),
        effective_from=pa.array(since),
        effective_to=pa.array(until),
        source=pa.array([INVENTED] * len(rows)),
    )
