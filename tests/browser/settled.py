"""Waits until an opened Streamlit page has drawn everything.

After a click, wait for what it must show (``expect`` tries again until it does): a page that has not yet begun to run
again looks settled too.
"""

from __future__ import annotations

from playwright.sync_api import Page

WAIT_MS = 60_000

_IS_SETTLED = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testConnectionState !== 'CONNECTED') return false;
  if (app.dataset.testScriptState !== 'notRunning') return false;
  if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
  const sparklines = [...document.querySelectorAll('[data-testid="stMetricChart"]')];
  if (!sparklines.every(line => line.querySelector('.marks path'))) return false;
  const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
  return charts.every(chart => chart.querySelector('.main-svg'));
}
"""


def wait_until_settled(page: Page) -> None:
    """Wait until the script has ended and every chart is drawn."""
    page.wait_for_function(_IS_SETTLED, timeout=WAIT_MS)
