"""Constructs of source.toml where a plain reading would be wrong: skipped questions, own medicines, repeated hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.test_declared import PRESENCE, SESSION, TIMES, Loaded


def test_9_a_zero_of_a_question_that_was_skipped_is_not_known(tmp_path: Path) -> None:
    mapping = SESSION + (
        'session_date = { constant = "2026-01-05" }\n'
        "billing_code = { number = \"if(ever_drank = 'no', null, drinks)\" }\n"
    )
    rows = [["c1", "no", 0], ["c1", "yes", 0], ["c1", "yes", 4]]
    found = Loaded(tmp_path, ["id", "ever_drank", "drinks"], rows, mapping)
    assert found.rows("select billing_code from core.sessions order by session_id") == [(None,), ("0",), ("4",)]


def test_12_none_found_of_the_arms_own_medicine_is_not_reported(tmp_path: Path) -> None:
    mapping = PRESENCE.replace('"THC"', '"Methadone"').replace('"thc" = "cannabis"', '"methadone" = "methadone"')
    mapping = mapping.replace(
        "\n[tables.toxicology.columns]",
        'not_reported_where = "day::integer > 0 and tested_for = lower(clients.arm)"\n'
        '[[tables.toxicology.joins]]\nraw = "clients"\non = { id = "id" }\n\n[tables.toxicology.columns]',
    )
    positives = (["id", "day", "drug"], [["c1", 14, "methadone"]])
    specimens = [["c1", 0], ["c1", 7], ["c1", 14], ["c2", 7]]
    found = Loaded(tmp_path, ["id", "day"], specimens, mapping, positives=positives)
    assert found.rows("select specimen_id, result from core.toxicology where substance = 'methadone' order by all") == [
        ("c1-0", "negative"),
        ("c1-14", "positive"),
        ("c1-7", "not_reported"),
        ("c2-7", "negative"),
    ]
    assert found.rows("select distinct result from core.toxicology where substance = 'opioid'") == [("negative",)]


@pytest.mark.parametrize(
    ("choice", "stored"), [("", "05:30"), (', repeated_hour = "second"', "06:30"), (', repeated_hour = "reject"', None)]
)
def test_an_hour_that_the_clocks_showed_twice_is_the_one_declared(
    tmp_path: Path, choice: str, stored: str | None
) -> None:
    construct = '{ time = "began", format = "%Y-%m-%d %H:%M", zone = "America/New_York", clinic_zone = "UTC"'
    rows = [["c1", "2025-11-02 01:30"], ["c1", "2025-11-02 02:30"]]
    found = Loaded(tmp_path, ["id", "began"], rows, TIMES.replace("{construct}", f"{construct}{choice} }}"))
    times = found.rows("select strftime(actual_start, '%H:%M') from core.sessions order by all")
    assert times == [(time,) for time in (stored, "07:30") if time]
    assert {rule for _, _, rule in found.rejects()} == (set() if stored else {"repeated_local_time"})
