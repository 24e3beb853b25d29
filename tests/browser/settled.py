"""Waits until a Streamlit page has really finished: a bare wait would race with the next rerun."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

WAIT_MS = 60_000

_IS_SETTLED = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testConnectionState !== 'CONNECTED') return false;
  if (app.dataset.testScriptState !== 'notRunning') return false;
  if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
  const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
  return charts.every(chart => chart.querySelector('.main-svg'));
}
"""

_ARM = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  window.scriptRan = false;
  new MutationObserver(() => {
    if (app.dataset.testScriptState !== 'notRunning') window.scriptRan = true;
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}
"""


def wait_until_settled(page: Page) -> None:
    """Wait until the script has ended and every chart is drawn."""
    page.wait_for_function(_IS_SETTLED, timeout=WAIT_MS)


def rerun(page: Page, action: Callable[[], object]) -> None:
    """Do something that makes the script run again, and wait until that run has settled."""
    page.evaluate(_ARM)
    action()
    page.wait_for_function("() => window.scriptRan === true", timeout=WAIT_MS)
    wait_until_settled(page)
