"""Medication for opioid and alcohol use disorder on clinics of a few people.

Everybody is admitted on 2026-01-05 and completes on day 27; doses are written as days: ``range(0, 180)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_relapse import by, rows


def person(
    days: Iterable[int] = (), medication="buprenorphine", substance="opioid", amount: float = 8, last: int = 27
) -> dict:
    return {"days": days, "medication": medication, "substance": substance, "amount": amount, "last": last}


def clinic(folder: Path, *people: dict, data_cut=date(2026, 9, 30)) -> Warehouse:
    episodes, sessions, medications = [], [], []
    for number, own in enumerate(people, start=1):
        key = f"e{number}"
        end = {"discharge_day": own["last"], "discharge_reason": "completed"}
        stay = {"episode_id": key, "patient_id": f"p{number}", "primary_substance": own["substance"]}
        episodes.append(stay | end)
        sessions += [{"episode_id": key, "day": day} for day in (0, own["last"])]
        medications += [
            {"episode_id": key, "day": day, "medication": own["medication"], "amount": own["amount"]}
            for day in own["days"]
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, medications=medications, data_cut=data_cut)


def test_an_indicated_dose_by_day_30_counts(tmp_path):
    # Opioids: a dose on day 30; one on day 31 only; acamprosate, which is for alcohol; none. Alcohol: acamprosate.
    warehouse = clinic(
        tmp_path,
        person([30]),
        person([31]),
        person([3], medication="acamprosate"),
        person(),
        person([3], medication="acamprosate", substance="alcohol"),
        person([3], substance="cannabis"),
    )
    frame = rows(warehouse, "addiction_medication_started").set_index("category")
    assert frame["value"].to_dict() == {"opioid use disorder": 1 / 4, "alcohol use disorder": 1}
    assert frame["denominator"].to_dict() == {"opioid use disorder": 4, "alcohol use disorder": 1}
    assert set(frame["missing_n"]) == {0}
    later = rows(warehouse, "addiction_medication_started", day=60).set_index("category")
    assert later.loc["opioid use disorder", "value"] == 2 / 4


def test_a_dose_of_nothing_is_no_dose_and_a_recent_start_is_not_counted(tmp_path):
    warehouse = clinic(tmp_path / "zero", person([3], amount=0))
    assert rows(warehouse, "addiction_medication_started")["value"].tolist() == [0]
    # Day 30 is 2026-02-04, after the analysis cut-off of 2026-02-03.
    assert rows(
        clinic(tmp_path / "recent", person([3]), data_cut=date(2026, 3, 5)), "addiction_medication_started"
    ).empty


def test_without_any_recorded_medication_no_number_is_invented(tmp_path):
    row = rows(clinic(tmp_path, person()), "addiction_medication_started").iloc[0]
    assert row["method"] == "not defined: no medication is recorded"
    assert pd.isna(row["value"])


def test_continued_is_180_days_without_a_gap_of_more_than_seven(tmp_path):
    # Continued: every day to day 179; a gap of days 100 to 106. Not: days 100 to 107 are eight, with doses after them;
    # to day 150, with care until day 200. Unknown: to day 27, where the care ended.
    warehouse = clinic(
        tmp_path,
        person(range(180)),
        person([*range(100), *range(107, 180)]),
        person([*range(100), *range(108, 180)]),
        person(range(151), last=200),
        person(range(28)),
    )
    frame = rows(warehouse, "addiction_medication_continued")
    assert by(frame, "statistic") == pytest.approx(
        {
            "follow_up": 4 / 5,
            "missing_is_worst": 2 / 5,
            "complete_case": 2 / 4,
            "lower_bound": 2 / 5,
            "upper_bound": 3 / 5,
        }
    )
    assert set(frame["missing_n"]) == {1}
    # A gap of up to 14 days lets the third continue too.
    wider = rows(warehouse, "addiction_medication_continued", gap_days=14)
    assert by(wider, "statistic")["missing_is_worst"] == pytest.approx(3 / 5)


def test_an_injection_covers_four_weeks(tmp_path):
    # Injections every 30 days from day 3 on, the last on day 153, cover to day 180: 178 of 180 days. With day 183, all.
    monthly = {"medication": "naltrexone", "amount": 1, "substance": "alcohol", "last": 200}
    warehouse = clinic(tmp_path, person(range(3, 154, 30), **monthly), person(range(3, 184, 30), **monthly))
    frame = rows(warehouse, "addiction_medication_continued").set_index("statistic")
    assert frame.loc["missing_is_worst", "value"] == 1 / 2
    # Tablets of 50 mg cover their day only.
    tablets = clinic(tmp_path / "tablets", person(range(3, 184, 30), **(monthly | {"amount": 50})))
    assert rows(tablets, "addiction_medication_continued").set_index("statistic").loc["lower_bound", "value"] == 0


def test_a_change_of_medication_continues_it(tmp_path):
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"primary_substance": "opioid", "discharge_day": 27, "discharge_reason": "completed"}],
        sessions=[{"day": 0}, {"day": 27}],
        medications=[
            {"day": day, "medication": "methadone" if day < 90 else "buprenorphine", "amount": 20} for day in range(180)
        ],
    )
    assert by(rows(warehouse, "addiction_medication_continued"), "statistic")["missing_is_worst"] == 1


def test_a_start_less_than_180_days_before_the_cut_off_is_not_counted(tmp_path):
    # Day 180 is 2026-07-04; the analysis cut-off is 2026-07-03.
    assert rows(clinic(tmp_path, person(range(170)), data_cut=date(2026, 8, 2)), "addiction_medication_continued").empty


@pytest.mark.parametrize("name", ["addiction_medication_started", "addiction_medication_continued"])
def test_nobody_gives_no_rows_and_one_patient_is_never_shown(tmp_path, name):
    assert "not a HEDIS rate" in catalog.measure(name).warning
    assert rows(clinic(tmp_path / "nobody"), name).empty
    assert catalog.ask(clinic(tmp_path / "one", person(range(180))), name).frame["is_suppressed"].all()
