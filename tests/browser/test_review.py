"""The Review page in real Chromium: the link restores it, its CSV is the chart, a telephone can read it."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from queries.review.contents import REVIEWED
from tests.browser.conftest import Visit
from tests.browser.settled import WAIT_MS, wait_until_settled

pytestmark = pytest.mark.browser


def download(page: Page, card: str, name: str = "CSV") -> pd.DataFrame:
    with page.expect_download() as waiting:
        page.locator(f".st-key-card-{card}").get_by_role("button", name=name, exact=True).click()
    return pd.read_csv(StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig")))


def test_the_chart_says_since_when_and_its_csv_has_every_limit(visit: Visit) -> None:
    page = visit.open("review")
    card = page.locator(".st-key-card-control-show_rate")
    expect(card).to_contain_text("change for the worse since March 2026", timeout=WAIT_MS)
    expect(card).to_contain_text("Concern")
    rows = download(page, "control-show_rate")
    after = rows[rows["period"] >= "2026-03-01"]
    assert (after["rule"] == "outside limits").all()
    assert (after["value"] < after["lower"]).all()
    assert rows[["centre", "lower", "upper", "is_baseline", "rules", "data_version", "population"]].notna().all().all()
    assert visit.console_errors == []
    assert visit.outside_requests == []


def test_a_link_names_rate_chart_and_rules_as_the_terminal_does(visit: Visit) -> None:
    page = visit.open("review?rate=crude_retention&chart=run&rules=anhoej&site=North")
    card = page.locator(".st-key-card-control-crude_retention")
    expect(card).to_contain_text("run chart, median", timeout=WAIT_MS)
    expect(card).to_contain_text("rules of Anhøj")
    expect(card).to_contain_text("Site North")


def test_sites_are_compared_with_and_without_their_patients(visit: Visit) -> None:
    page = visit.open("review?review_view=Between sites&rate=crude_retention")
    funnel, adjusted = download(page, "funnel-crude_retention"), download(page, "adjusted-crude_retention")
    for rows in (funnel, adjusted):
        assert len(rows) == 12
        assert rows["group_name"].is_monotonic_increasing
    expect(page.locator(".st-key-card-funnel-crude_retention")).to_contain_text("it is no verdict")
    assert visit.console_errors == []


def test_the_panel_fits_a_telephone_and_tells_what_to_expect_of_chance(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open("review?review_view=All measures")
    wait_until_settled(page)
    expect(page.locator(".st-key-card-panel")).to_contain_text(re.compile("among .* comparisons"), timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(download(page, "panel")) == len(REVIEWED)
    comparisons = download(page, "panel", "CSV of the comparisons")
    assert (comparisons["q_value"].dropna() <= 1).all()
    assert visit.console_errors == []


def test_the_hours_page_has_the_show_rate_with_its_limits(visit: Visit) -> None:
    page = visit.open("hours?hours_view=Attendance")
    expect(page.locator(".st-key-card-control-show_rate")).to_contain_text("Limits are fixed", timeout=WAIT_MS)
    page = visit.open("hours?hours_view=Attendance&by=program")
    expect(page.locator("[class*='st-key-card-show_rate_by_month']")).to_be_visible(timeout=WAIT_MS)
