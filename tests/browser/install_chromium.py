"""Finds a Chrome or Chromium for the browser tests and installs one where there is none.

``python -m tests.browser.install_chromium`` does nothing where a browser is found. On Debian as root it installs the
distribution's Chromium; elsewhere it asks Playwright for its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> str | None:
    """Path of the browser that the tests drive, or None.

    The environment variable CHROMIUM wins, then what is on PATH, then the usual macOS applications, then Playwright's
    own download.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    for command in _COMMANDS:
        if path := shutil.which(command):
            return path
    for application in _MAC_APPLICATIONS:
        if Path(application).is_file():
            return application
    return _playwright_chromium()


def _playwright_chromium() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install_chromium() -> None:
    """Install a browser. Raises CalledProcessError when the package manager fails."""
    if Path("/etc/debian_version").exists() and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], check=True, env=environment)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=True, env=environment)
        if find_chromium():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    """Find or install; 0 when the tests have a browser afterwards."""
    if path := find_chromium():
        print(f"Browser for the tests: {path}")
        return 0
    if os.environ.get("CHROMIUM"):
        print(
            f"CHROMIUM names {os.environ['CHROMIUM']!r}, which is not there. Correct it or unset it.", file=sys.stderr
        )
        return 1
    print("No Chrome or Chromium found: installing one for the browser tests.", flush=True)
    try:
        install_chromium()
    except (OSError, subprocess.CalledProcessError) as error:
        print(
            f"The browser could not be installed ({error}). Install Chromium yourself, or set CHROMIUM to its path.",
            file=sys.stderr,
        )
        return 1
    if path := find_chromium():
        print(f"Browser for the tests: {path}")
        return 0
    print("The browser was installed but is not found. Set CHROMIUM to its path.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
