"""`iop ask` gives the same numbers as the page, to the last digit: its CSV is the one that the page hands out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.settled import WAIT_MS
from tests.cli.terminal import iop

pytestmark = pytest.mark.browser

FILTERS = {"site": "North", "program": "SUD", "from": "2026-01-01"}
"""Those of README's example."""


def downloaded(visit: Visit, page: str, measure: str, **query: str) -> str:
    """The CSV of a card, as a reader gets it."""
    opened = visit.open(f"{page}?{urlencode(query)}")
    card = opened.locator(f"[class*='st-key-card-{measure}-']").first
    with opened.expect_download() as waiting:
        card.get_by_role("button", name="CSV").click()
    return Path(waiting.value.path()).read_text(encoding="utf-8-sig")


def asked(home: Path, measure: str, *more: str, **filters: str) -> str:
    """The CSV of `iop ask` with these filters as flags."""
    flags = [text for name, value in filters.items() for text in (f"--{name.replace('_', '-')}", value)]
    done = iop("ask", measure, *flags, *more, "--format", "csv", home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("query", "flags"),
    [
        # The page compares tracks unasked; with one track chosen there is nothing to compare.
        (FILTERS, ("--by", "track")),
        (FILTERS | {"track": "evening"}, ()),
        ({"program": "SUD", "from": "2026-01-01", "by": "site"}, ()),
    ],
)
def test_the_terminals_retention_is_the_pages_to_the_last_digit(
    visit: Visit, sample_home: Path, query: dict[str, str], flags: tuple[str, ...]
) -> None:
    page = downloaded(visit, "retention", "retention_at", **query)
    assert page == asked(sample_home, "retention_at", *flags, **query)
    assert page.count("\n") > 4


@pytest.mark.parametrize(
    ("path", "measure"),
    [("hours", "weekly_target_attainment"), ("outcomes", "paired_change"), ("cost", "cost_per_episode")],
)
def test_other_pages_hand_out_the_terminals_numbers_too(
    visit: Visit, sample_home: Path, path: str, measure: str
) -> None:
    query = {"region": "Metro", "by": "site"}
    assert downloaded(visit, path, measure, **query) == asked(sample_home, measure, **query)


def test_the_number_in_the_tile_is_the_one_in_the_terminals_table(visit: Visit, sample_home: Path) -> None:
    shown = iop("ask", "retained_at", "--site", "North", "--program", "SUD", "--from", "2026-01-01", home=sample_home)
    page = visit.open(f"?{urlencode(FILTERS)}")
    value = page.locator(".st-key-tile-retained_at [data-testid='stMetricValue']")
    expect(value).to_contain_text("%", timeout=WAIT_MS)
    assert value.inner_text().replace(" ", "") in shown.stdout.replace(" ", "")
