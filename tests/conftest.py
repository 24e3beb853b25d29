"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
