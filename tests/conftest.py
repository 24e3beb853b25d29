"""Fixtures that several folders of tests share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.build import load_export
from queries.warehouse import Warehouse, open_warehouse

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """The only option that makes a test run change the tree."""
    parser.addoption("--write-screenshots", action="store_true", help="write the README's screenshots")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real reference data (IOP_SHARED, or ../shared beside the checkout)."""
    candidates = [Path(os.environ["IOP_SHARED"])] if "IOP_SHARED" in os.environ else [ROOT.parent / "shared"]
    for folder in candidates:
        if (folder / "real" / "oracle").is_dir():
            return folder
    if os.environ.get("CI") == "true":
        pytest.fail("The reference data is not there: set IOP_SHARED to its folder.")
    pytest.skip("needs the reference data: set IOP_SHARED to its folder")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A warehouse of the committed sample, built once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "sample_home"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "sample_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_export(ROOT / "sample_data", source="canonical", home=home)
    return home


@pytest.fixture(scope="session")
def sample_warehouse(sample_home: Path) -> Iterator[Warehouse]:
    """The sample clinic, open for reading."""
    warehouse = open_warehouse(sample_home)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def trial_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str, shared_dir: Path) -> Path:
    """A warehouse of the real CTN-0027 trial, built once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "trial_home"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "trial_home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_export(shared_dir / "real" / "ctn27", source="ctn0094", home=home)
    return home


@pytest.fixture(scope="session")
def trial_warehouse(trial_home: Path) -> Iterator[Warehouse]:
    """The trial, open for reading."""
    warehouse = open_warehouse(trial_home)
    yield warehouse
    warehouse.close()
