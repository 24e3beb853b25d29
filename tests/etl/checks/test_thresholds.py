"""Thresholds are shares or counts, changed in checks.toml without a load; a load decides by them what it publishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.build import load_export
from etl.check import BlockedError
from etl.progress import LoadError
from etl.severity import Thresholds, change
from queries import checks
from queries.loads import CasesHiddenError
from queries.warehouse import WarehouseError, open_warehouse
from tests.etl.exports import EPISODE, PATIENT, SESSION, write_export

CLOSED = EPISODE | {"discharge_date": "2026-03-01", "discharge_reason": "completed"}
WITHOUT_REASON = EPISODE | {"episode_id": "e2", "admission_date": "2026-04-01", "discharge_date": "2026-05-01"}
PARTLY = {"episodes": [CLOSED, WITHOUT_REASON]}


def load(folder: Path, home: Path):
    return load_export(folder, source="canonical", home=home)


def of(home: Path, name: str):
    return checks.one(open_warehouse(home), name)


@pytest.fixture(autouse=True)
def _cases_are_shown(monkeypatch):
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")


def test_a_share_and_a_count_are_reached_from_their_value_on():
    limits = Thresholds(note="1", warn="5 %", block="20")
    assert [limits.level(*found) for found in ((0, 100), (1, 100), (4, 100), (5, 100), (19, 100), (20, 1000))] == [
        "none", "note", "note", "warn", "warn", "block",
    ]  # fmt: skip
    assert Thresholds().level(5, 5) == "none"


@pytest.mark.parametrize(
    ("now", "last", "said"),
    [
        ((3, 100), (None, None), ""),
        ((3, 100), (0, 90), "new"),
        ((0, 100), (3, 90), "fixed"),
        ((0, 100), (0, 90), "same"),
        ((6, 100), (3, 100), "worse"),
        ((3, 100), (6, 100), "better"),
        ((102, 1000), (100, 1000), "same"),
        ((200, 2000), (100, 1000), "same"),
    ],
)
def test_a_finding_is_new_fixed_worse_better_or_the_same(now, last, said):
    assert change(*now, *last) == said


def test_the_warehouses_file_changes_what_the_check_of_a_published_version_is(tmp_path):
    home = tmp_path / "home"
    load(write_export(tmp_path / "export", **PARTLY), home)
    row = of(home, "reason_missing")
    assert (row["severity"], row["violations"], row["denominator"], row["share"]) == ("warn", 1, 2, 0.5)
    (home / "checks.toml").write_text('[reason_missing]\nwarn = "60 %"\n', encoding="utf-8")
    assert of(home, "reason_missing")["severity"] == "note"
    (home / "checks.toml").write_text('[reason_missing]\nwarn = "never"\nnote = 2\n', encoding="utf-8")
    assert of(home, "reason_missing")["severity"] == "none"
    (home / "checks.toml").write_text("[reason_missing]\nblock = 1\n", encoding="utf-8")
    assert of(home, "reason_missing")["is_failed"]


def test_the_exports_file_is_kept_with_the_version_and_the_warehouses_wins(tmp_path):
    home, folder = tmp_path / "home", write_export(tmp_path / "export", **PARTLY)
    (folder / "checks.toml").write_text('[reason_missing]\nwarn = "never"\n', encoding="utf-8")
    load(folder, home)
    assert of(home, "reason_missing")["thresholds"] == "note from 1"
    (home / "checks.toml").write_text('[reason_missing]\nwarn = "10 %"\n', encoding="utf-8")
    assert of(home, "reason_missing")["thresholds"] == "note from 1, warn from 10 %"
    (folder / "checks.toml").unlink()
    assert not load(folder, home).is_unchanged


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[reason_mising]\nwarn = 1\n", "Did you mean 'reason_missing'?"),
        ('[reason_missing]\nwarn = "many"\n', "[reason_missing]: warn = 'many' is not a count"),
        ("[reason_missing]\nwarn = 0\n", "is not a count from 1 up"),
        ('[reason_missing]\nwarn = "150 %"\n', "up to 100 %"),
        ("[reason_missing]\nwarning = 1\n", "'warning' is not a threshold. Write note, warn or block."),
        ("reason_missing = 3\n", "needs a table"),
        ("[reason_missing\n", "cannot be read"),
    ],
)
def test_a_wrong_threshold_is_told_with_its_place_whether_loading_or_looking(tmp_path, text, words):
    home, folder = tmp_path / "home", write_export(tmp_path / "export", **PARTLY)
    load(folder, home)
    (home / "checks.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as loading:
        load(folder, home)
    with pytest.raises(WarehouseError) as looking:
        of(home, "reason_missing")
    assert words in str(loading.value)
    assert str(loading.value) == str(looking.value)
    assert str(home / "checks.toml") in str(looking.value)


def test_a_blocked_load_leaves_the_old_version_says_why_and_keeps_the_rows_to_look_at(tmp_path):
    home = tmp_path / "home"
    first = load(write_export(tmp_path / "export", episodes=[CLOSED]), home)
    (home / "checks.toml").write_text('[reason_missing]\nblock = "50 %"\n', encoding="utf-8")
    with pytest.raises(BlockedError) as refused:
        load(write_export(tmp_path / "export", **PARTLY), home)
    said = str(refused.value)
    assert "reason_missing (blocks from 50 %): 1 of 2 closed episodes have no reason." in said
    assert "iop check reason_missing --blocked --rows" in said
    assert 'block = "never"' in said
    assert open_warehouse(home).version == first.version
    blocked = checks.open_blocked(home)
    assert checks.one(blocked, "reason_missing")["is_failed"]
    assert checks.violating_rows(blocked, "reason_missing")["episode_id"].tolist() == ["e2"]
    blocked.close()
    (home / "checks.toml").write_text('[reason_missing]\nblock = "never"\n', encoding="utf-8")
    assert load(tmp_path / "export", home).version != first.version
    with pytest.raises(WarehouseError, match=r"No load of .* was blocked"):
        checks.open_blocked(home)


def test_findings_are_compared_with_the_last_load_of_the_same_clinic(tmp_path):
    home = tmp_path / "home"
    load(write_export(tmp_path / "export", **PARTLY), home)
    assert of(home, "reason_missing")["change"] == ""
    load(write_export(tmp_path / "export", episodes=[CLOSED]), home)
    assert of(home, "reason_missing")["change"] == "fixed"
    again = write_export(tmp_path / "export", **PARTLY, sessions=[SESSION, SESSION | {"session_id": "s2"}])
    report = load(again, home)
    assert {result.name: result.change for result in report.checks}["reason_missing"] == "new"
    elsewhere = [row | {"site": "Elsewhere"} for row in PARTLY["episodes"]]
    load(write_export(tmp_path / "export", episodes=elsewhere), home)
    assert set(checks.checks(open_warehouse(home))["change"]) == {""}


def test_a_last_version_that_is_damaged_is_no_yardstick_and_stops_no_load(tmp_path):
    home = tmp_path / "home"
    first = load(write_export(tmp_path / "export", **PARTLY), home)
    first.path.write_bytes(first.path.read_bytes()[:5000])
    load(write_export(tmp_path / "export", episodes=[CLOSED]), home)
    assert of(home, "reason_missing")["change"] == ""


def test_a_table_that_loses_most_of_its_rows_is_told_against_the_last_load(tmp_path):
    home = tmp_path / "home"
    sessions = [SESSION | {"session_id": f"s{number}"} for number in range(40)]
    load(write_export(tmp_path / "export", sessions=sessions), home)
    assert of(home, "fewer_rows_than_last")["denominator"] == 0
    load(write_export(tmp_path / "export", sessions=sessions[:20]), home)
    assert of(home, "fewer_rows_than_last")["severity"] == "warn"
    rows = checks.violating_rows(open_warehouse(home), "fewer_rows_than_last")
    assert rows.to_dict("records") == [{"table_name": "sessions", "last_rows": 40, "rows_now": 20}]


def test_rows_of_a_check_need_the_setting_and_a_known_name(tmp_path, monkeypatch):
    home = tmp_path / "home"
    load(write_export(tmp_path / "export", patients=[PATIENT], **PARTLY), home)
    with pytest.raises(WarehouseError, match="Did you mean 'reason_missing'"):
        checks.violating_rows(open_warehouse(home), "reason_mising")
    monkeypatch.setenv("IOP_SHOW_CASES", "no")
    with pytest.raises(CasesHiddenError, match="IOP_SHOW_CASES=yes"):
        checks.violating_rows(open_warehouse(home), "reason_missing")
    row = of(home, "reason_missing")
    assert (row["found"], row["message"]) == ("1–10", "Some of 2 closed episodes have no reason.")


def test_the_rows_of_every_check_of_a_real_load_can_be_listed(sample_warehouse):
    found = checks.checks(sample_warehouse)
    for name, violations in found[["check_name", "violations"]].itertuples(index=False, name=None):
        rows = checks.violating_rows(sample_warehouse, name, limit=5)
        assert len(rows) == min(5, violations) or "violations" in rows.columns, name
