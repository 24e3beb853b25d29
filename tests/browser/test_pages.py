"""Real Chromium on every page of the sample clinic: drawn, quiet, offline, and the same when the address is sent."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from queries import catalog
from queries.warehouse import Warehouse
from tests.browser.conftest import Visit
from tests.browser.from_exports import show_rate
from tests.browser.settled import WAIT_MS, wait_until_settled

pytestmark = pytest.mark.browser

CHARTS = {
    "": 5, "retention": 3, "hours": 3, "outcomes": 3, "relapse": 2, "cost": 2, "review": 1, "explore": 0, "data": 0,
    "measures": 0,
}  # fmt: skip
"""The fewest charts that a page draws on opening."""


def expect_tile(page: Page, measure: str, shown: str) -> None:
    """Wait for the number in a tile of the Overview."""
    expect(page.locator(f".st-key-tile-{measure} [data-testid='stMetricValue']")).to_have_text(shown, timeout=WAIT_MS)


@pytest.mark.parametrize("path", CHARTS)
def test_a_page_is_drawn_without_error_and_talks_to_nobody(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("This could not be computed").count() == 0
    assert page.get_by_test_id("stPlotlyChart").count() >= CHARTS[path]
    assert page.locator(".stPlotlyChart .main-svg").count() >= CHARTS[path]
    assert visit.outside_requests == []
    assert visit.console_errors == []


@pytest.mark.parametrize("path", CHARTS)
def test_no_page_scrolls_sideways_on_a_telephone(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_filter_changes_a_number_to_what_the_csv_files_say(visit: Visit) -> None:
    page = visit.open()
    expect_tile(page, "show_rate", show_rate())
    choose(page, "Site", "North")
    expect_tile(page, "show_rate", show_rate(site="North"))
    assert show_rate(site="North") != show_rate()


def choose(page: Page, label: str, option: str) -> None:
    """Pick one value of a filter in the sidebar, by typing: a list that is still opening may lose a click."""
    sidebar = page.get_by_test_id("stSidebar")
    box = sidebar.get_by_role("combobox", name=re.compile(label)).first
    box.fill(option)
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(sidebar.get_by_test_id("stMultiSelect").filter(has_text=label)).to_contain_text(option, timeout=WAIT_MS)


def test_the_address_restores_the_view(visit: Visit) -> None:
    page = visit.open()
    choose(page, "Site", "North")
    page.wait_for_url(re.compile("site=North"))
    address = page.url
    page.goto("about:blank")
    again = visit.open(address.removeprefix(visit.base).lstrip("/"))
    expect_tile(again, "show_rate", show_rate(site="North"))
    assert "North" in again.get_by_test_id("stSidebar").inner_text()


def test_filters_stay_from_page_to_page(visit: Visit) -> None:
    page = visit.open("?site=North&program=SUD")
    expect_tile(page, "show_rate", show_rate(site="North", program="SUD"))
    page.get_by_role("link", name="Retention").click()
    page.wait_for_url(re.compile("retention.*site=North"))
    wait_until_settled(page)
    page.get_by_role("link", name="Overview").click()
    expect_tile(page, "show_rate", show_rate(site="North", program="SUD"))


def test_filters_that_match_nobody_say_so_and_say_what_there_is(visit: Visit) -> None:
    page = visit.open("?program=MH&substance=opioid&site=North&age_group=adolescent&payer=medicare")
    text = page.get_by_test_id("stMain").inner_text()
    assert "No episodes match these filters" in text
    assert "12 sites have data from" in text


def test_few_people_are_hidden(visit: Visit, sample_warehouse: Warehouse) -> None:
    filters = {"site": ["Oak Hill"], "program": ["COD"], "track": ["evening"], "payer": ["medicare"]}
    exact = catalog.answer_unsuppressed(sample_warehouse, catalog.measure("retained_at"), catalog.select(filters))
    assert 0 < exact.frame["denominator"].iloc[0] < 11
    page = visit.open("?site=Oak Hill&program=COD&track=evening&payer=medicare")
    assert "Hidden: fewer than 11 people" in page.locator(".st-key-tile-retained_at").inner_text()


def test_the_csv_is_the_answer_of_the_catalogue(visit: Visit, sample_warehouse: Warehouse) -> None:
    page = visit.open("?by=site")
    card = page.locator("[class*='st-key-card-retained_at']").first
    with page.expect_download() as waiting:
        card.get_by_role("button", name="CSV").click()
    path = waiting.value.path()
    text = Path(path).read_text(encoding="utf-8")
    found = pd.read_csv(StringIO(text), comment="#").set_index("group_name")["value"]
    expected = catalog.ask(sample_warehouse, "retained_at", by="site").frame.set_index("group_name")["value"]
    assert found.to_dict() == expected.to_dict()


def test_the_definition_is_one_click_away(visit: Visit) -> None:
    page = visit.open()
    card = page.locator("[class*='st-key-card-retained_at']").first
    card.get_by_role("button", name="Definition").click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_contain_text("RET-04", timeout=WAIT_MS)
    expect(body).to_contain_text("select")


def test_a_tile_has_its_definition_and_csv_too(visit: Visit) -> None:
    page = visit.open()
    tile = page.locator(".st-key-tile-show_rate")
    tile.get_by_role("button", name="Definition").click()
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("INT-07", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    with page.expect_download() as waiting:
        tile.get_by_role("button", name="CSV").click()
    assert "show_rate" in waiting.value.suggested_filename


def test_the_measures_page_opens_on_one_measure(visit: Visit) -> None:
    page = visit.open("measures?measure=show_rate")
    assert "INT-07" in page.get_by_test_id("stMain").inner_text()


def test_own_sql_is_off_without_case_access(visit: Visit) -> None:
    page = visit.open("explore")
    assert "switched off" in page.get_by_test_id("stMain").inner_text()
    assert page.get_by_role("button", name="Run").count() == 0
