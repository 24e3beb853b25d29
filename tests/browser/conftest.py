"""A real server on a free port and a real Chromium that may talk to nothing else."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

from dashboard.server import streamlit_arguments
from tests.browser.install_chromium import find_chromium
from tests.browser.settled import wait_until_settled

START_SECONDS = 60
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass
class Visit:
    """One tab and what it tried to do beyond showing the page."""

    page: Page
    base: str
    outside_requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Page:
        """Go to a page of the dashboard and wait until it has settled."""
        self.page.goto(f"{self.base}/{path}")
        wait_until_settled(self.page)
        return self.page


@dataclass
class Server:
    """A running dashboard."""

    base: str
    log: Path


@pytest.fixture(scope="session")
def start_dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Server]]:
    """Start dashboards on free ports; all of them end with the tests, and none may have logged a traceback."""
    running: list[tuple[subprocess.Popen[bytes], Server]] = []

    def start(home: Path, **environment: str) -> Server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        with log.open("wb") as output:
            process = subprocess.Popen(
                streamlit_arguments(port),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | {"IOP_HOME": str(home)} | environment,
            )
        server = Server(f"http://127.0.0.1:{port}", log)
        running.append((process, server))
        _wait_for_health(process, server)
        return server

    yield start
    for process, _ in running:
        process.terminate()
    for process, server in running:
        process.wait(timeout=20)
        assert "Traceback" not in server.log.read_text(), server.log.read_text()[-4000:]


def _wait_for_health(process: subprocess.Popen[bytes], server: Server) -> None:
    pause = Event()
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.base}/_stcore/health", timeout=1):
                return
        except (URLError, OSError):
            pause.wait(0.1)
    pytest.fail(f"The dashboard did not start:\n{server.log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def dashboard(start_dashboard: Callable[[Path], Server], sample_home: Path) -> Server:
    """The dashboard on the sample clinic."""
    return start_dashboard(sample_home)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real Chromium for all browser tests of this process."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium: run `python -m tests.browser.install_chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, dashboard: Server) -> Iterator[Visit]:
    """A fresh tab on the sample dashboard, 1440 pixels wide."""
    yield from open_visit(chromium, dashboard.base)


def open_visit(
    chromium: Browser, base: str, *, width: int = 1440, height: int = 900, colors: str = "light"
) -> Iterator[Visit]:
    """A tab whose requests to other hosts are stopped and listed."""
    context: BrowserContext = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=colors,  # type: ignore[arg-type]
        accept_downloads=True,
    )
    opened = Visit(context.new_page(), base)

    def watch(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            opened.outside_requests.append(route.request.url)
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        # Opened below "/", Streamlit first looks for its server below that path and says so when it is not there.
        is_probe = re.search(r"/[a-z]+/_stcore/(health|host-config)$", message.location.get("url", ""))
        if message.type == "error" and not is_probe:
            opened.console_errors.append(message.text)

    def watch_socket(socket_opened: object) -> None:
        url = str(getattr(socket_opened, "url", ""))
        if urlsplit(url).hostname != "127.0.0.1":
            opened.outside_requests.append(url)

    context.route("**/*", watch)
    opened.page.on("console", listen)
    opened.page.on("websocket", watch_socket)
    opened.page.on("pageerror", lambda error: opened.console_errors.append(str(error)))
    yield opened
    context.close()
