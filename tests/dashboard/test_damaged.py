"""A warehouse that was damaged after it was published: every page says so and what to do, and does not spin."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from queries import catalog
from queries.warehouse import WarehouseError, open_warehouse

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's warehouse, to be spoilt."""
    monkeypatch.setenv("IOP_HOME", str(tmp_path / "home"))
    return Path(shutil.copytree(sample_home, tmp_path / "home"))


def overview() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=60).run()


def fails_when_asked(home: Path) -> bool:
    """Whether the file opens and then cannot be read."""
    try:
        warehouse = open_warehouse(home)
    except WarehouseError:
        return False
    try:
        catalog.ask(warehouse, "early_dropout")
    except duckdb.Error as error:
        return str(error).startswith("Corrupt database file")
    finally:
        warehouse.close()
    return False


def test_a_file_that_does_not_open_is_told_once(home: Path) -> None:
    next((home / "versions").glob("*.duckdb")).write_bytes(b"not a database")
    page = overview()
    assert len(page.warning) == 1
    assert "cannot be read" in page.warning[0].value
    assert "Load again" in page.warning[0].value
    assert not page.exception


def test_damage_that_only_a_question_meets_is_told_on_its_card(home: Path) -> None:
    file = next((home / "versions").glob("*.duckdb"))
    whole = file.read_bytes()
    for place in range(200_000, len(whole), 256 * 1024):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        if fails_when_asked(home):
            break
    page = overview()
    assert not page.exception
    assert any("iop versions --roll-back previous" in error.value for error in page.error)
