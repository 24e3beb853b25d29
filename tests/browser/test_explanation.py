"""The Measures page says why somebody is in or out: numbers by reason for everybody, people where they may be seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from queries.explain import explain
from queries.filters import select
from queries.warehouse import Warehouse
from tests.browser.conftest import Server, Visit, open_visit
from tests.browser.settled import WAIT_MS

pytestmark = pytest.mark.browser


def test_the_numbers_by_reason_are_open_and_people_are_not(visit: Visit, sample_warehouse: Warehouse) -> None:
    page = visit.open("measures?measure=crude_retention")
    card = page.locator(".st-key-card-explanation")
    reasons = explain(sample_warehouse, "crude_retention", select()).reasons()
    selected, counted = reasons["units"].sum(), reasons.loc[reasons["is_in"], "units"].sum()
    expect(card).to_contain_text(f"{selected:,} episodes pass the filters: {counted:,} counted;", timeout=WAIT_MS)
    expect(card).to_contain_text("Single people are hidden on this server")
    assert card.get_by_test_id("stDataFrame").count() == 1
    assert visit.console_errors == []


def test_a_card_leads_to_its_reasons(visit: Visit) -> None:
    page = visit.open("retention")
    page.get_by_role("button", name="Definition").first.click()
    link = page.get_by_role("link", name="Why is somebody in or out?")
    expect(link).to_be_visible(timeout=WAIT_MS)
    link.click()
    expect(page.locator(".st-key-card-explanation")).to_contain_text("pass the filters", timeout=WAIT_MS)


def test_a_measure_without_people_says_so(visit: Visit) -> None:
    page = visit.open("measures?measure=capacity_used")
    expect(page.locator(".st-key-card-explanation")).to_contain_text("It counts places of whole sites", timeout=WAIT_MS)


def test_the_people_can_be_narrowed_by_their_reason(
    chromium: Browser, start_dashboard: Callable[..., Server], sample_home: Path, sample_warehouse: Warehouse
) -> None:
    server = start_dashboard(sample_home, IOP_SHOW_CASES="yes")
    found = explain(sample_warehouse, "crude_retention", select()).rows(reason="less than 30 days before")
    for visit in open_visit(chromium, server.base):
        page = visit.open("measures?measure=crude_retention")
        card = page.locator(".st-key-card-explanation")
        expect(card).to_contain_text("in the numerator", timeout=WAIT_MS)
        expect(card).to_contain_text("Only the first 1,000 rows are here")
        box = card.get_by_label("Show those whose reason holds")
        box.fill("less than 30 days before")
        box.press("Enter")
        expect(card).to_contain_text(f"{len(found)} rows.", timeout=WAIT_MS)
        box.fill("no such words")
        box.press("Enter")
        expect(card).to_contain_text("Nobody has such a reason", timeout=WAIT_MS)
