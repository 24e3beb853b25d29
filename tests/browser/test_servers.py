"""Servers in other states: without a warehouse, showing cases, and with a new version while a page is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from etl.build import load_export
from tests.browser.conftest import Server, open_visit
from tests.browser.settled import WAIT_MS
from tests.etl.exports import EPISODE, PATIENT, SESSION, write_export

pytestmark = pytest.mark.browser

StartDashboard = Callable[..., Server]


def clinic_export(folder: Path, patients: int) -> Path:
    """A clinic in which everybody comes once and half of those due come a second time."""
    numbers = range(patients)
    sessions = [
        SESSION | {"session_id": f"s{n}-{day}", "episode_id": f"e{n}", "status": "attended" if day == 6 else "no_show"}
        for n in numbers
        for day in (6, 7)
    ]
    for session in sessions:
        if session["status"] == "no_show":
            session |= {"actual_start": "", "actual_end": ""}
    return write_export(
        folder,
        patients=[PATIENT | {"patient_id": f"p{n}"} for n in numbers],
        episodes=[EPISODE | {"episode_id": f"e{n}", "patient_id": f"p{n}"} for n in numbers],
        sessions=sessions,
    )


def test_without_a_warehouse_the_page_says_what_to_run(
    chromium: Browser, start_dashboard: StartDashboard, tmp_path: Path
) -> None:
    server = start_dashboard(tmp_path / "nowhere")
    for visit in open_visit(chromium, server.base):
        text = visit.open().get_by_test_id("stMain").inner_text()
        assert "No warehouse" in text
        assert "iop demo" in text
        assert visit.console_errors == []


def test_a_new_version_is_shown_without_a_restart(
    chromium: Browser, start_dashboard: StartDashboard, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = load_export(clinic_export(tmp_path / "export", 40), source="canonical", home=home)
    server = start_dashboard(home)
    for visit in open_visit(chromium, server.base):
        page = visit.open()
        tile = page.locator(".st-key-tile-show_rate")
        assert first.version in page.get_by_test_id("stSidebar").inner_text()
        assert "80 sessions" in tile.inner_text()
        second = load_export(clinic_export(tmp_path / "export", 60), source="canonical", home=home)
        # Nobody touches the page.
        expect(page.get_by_test_id("stSidebar")).to_contain_text(second.version, timeout=WAIT_MS)
        expect(tile).to_contain_text("120 sessions", timeout=WAIT_MS)


def test_a_server_that_shows_cases_runs_own_sql_in_the_sandbox(
    chromium: Browser, start_dashboard: StartDashboard, sample_home: Path
) -> None:
    server = start_dashboard(sample_home, IOP_SHOW_CASES="yes")
    for visit in open_visit(chromium, server.base):
        page = visit.open("explore")
        main = page.get_by_test_id("stMain")
        page.get_by_role("button", name=re.compile("Run")).click()
        expect(main).to_contain_text("12 rows", timeout=WAIT_MS)
        page.get_by_role("textbox", name="SQL").fill("copy mart.episode to 'stolen.csv'")
        page.get_by_role("button", name=re.compile("Run")).click()
        expect(main).to_contain_text("Not run", timeout=WAIT_MS)
        assert visit.outside_requests == []
