"""Starts the dashboard's server: on this machine only, and without sending anything anywhere."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ADDRESS = "127.0.0.1"
_FOLDER = Path(__file__).resolve().parent

SECONDS_TO_END = 5

ALLOWED_HOSTS = (ADDRESS, "localhost")
"""Any other name for this machine would let a page elsewhere reach it by rebinding its own name."""

SETTINGS = {
    "server.address": ADDRESS,
    "server.headless": "true",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "viewer",
    # The address is said once, by `serve`, when it answers.
    "logger.hideWelcomeMessage": "true",
    # Reset sets widgets that have a default: that is meant.
    "global.disableWidgetStateDuplicationWarning": "true",
    # Magic would print the bare strings of a view, docstrings of constants among them.
    "runner.magicEnabled": "false",
    "theme.base": str(_FOLDER / "theme" / "theme.toml"),
}


class ServerError(Exception):
    """The server cannot start; the message says what to do."""


def streamlit_arguments(port: int) -> list[str]:
    """The command that serves the dashboard on a port of 127.0.0.1."""
    flags = [f"--{name}={value}" for name, value in SETTINGS.items()]
    flags += [f"--server.allowedHosts={host}" for host in ALLOWED_HOSTS]
    script = str(_FOLDER / "application.py")
    return [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *flags]


def serve(port: int = 8501) -> int:
    """Serve until interrupted; 0 after Ctrl-C, SIGTERM or a closed terminal, else the server's code.

    Raises ServerError, with another port to try, when that port cannot be had.
    """
    check_port(port)
    # Whoever ends this process means the server, which would otherwise keep the port.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    # In a session of its own, so that Ctrl-C comes here alone and the server ends in order.
    process = subprocess.Popen(
        streamlit_arguments(port), env=os.environ | {"PYTHONSAFEPATH": "1"}, start_new_session=True
    )
    try:
        print("Starting the dashboard ...", flush=True)
        if _is_up(process, port):
            print(f"IOP Outcomes: http://{ADDRESS}:{port}   (stop with Ctrl-C)", flush=True)
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(process)


def check_port(port: int) -> None:
    """Raise ServerError, naming a port that is free, when that one is taken or not allowed."""
    try:
        _bind(port)
    except OSError as error:
        other = next((p for p in range(max(port, 1023) + 1, 65536) if _is_free(p)), None) or _bind(0)
        remedy = f"choose another port: iop dashboard --port {other}"
        if error.errno == errno.EADDRINUSE:
            raise ServerError(
                f"Port {port} is in use, perhaps by a dashboard that is already running: open "
                f"http://{ADDRESS}:{port}, or {remedy}"
            ) from None
        raise ServerError(f"Port {port} cannot be used here ({error.strerror}): {remedy}") from None


def _is_up(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server answers; False when it ended instead."""
    while process.poll() is None:
        # Not urllib, which would ask a proxy for this machine's own address.
        health = http.client.HTTPConnection(ADDRESS, port, timeout=5)
        try:
            health.request("GET", "/_stcore/health")
            if health.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            health.close()
        time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server, politely at first: open pages hold their connections."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _bind(port: int) -> int:
    """Take a port and give it back; 0 takes any that is free. Raises OSError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((ADDRESS, port))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    try:
        _bind(port)
    except OSError:
        return False
    return True
