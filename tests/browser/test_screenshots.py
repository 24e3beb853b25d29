"""With ``--write-screenshots`` only: the README's pictures, taken from the running product."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server, open_visit

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).resolve().parent.parent.parent / "dashboard" / "screenshots"


def test_write_the_screenshots(request: pytest.FixtureRequest, chromium: Browser, dashboard: Server) -> None:
    if not request.config.getoption("--write-screenshots"):
        pytest.skip("writes only with --write-screenshots")
    SCREENSHOTS.mkdir(exist_ok=True)
    for visit in open_visit(chromium, dashboard.base, height=1000):
        page = visit.open()
        page.screenshot(path=SCREENSHOTS / "overview.png", animations="disabled")
    assert (SCREENSHOTS / "overview.png").stat().st_size > 20_000
