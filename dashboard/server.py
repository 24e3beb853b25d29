"""Starts the dashboard's server: on this machine only, and without sending anything anywhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ADDRESS = "127.0.0.1"
_FOLDER = Path(__file__).resolve().parent

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
    # Reset sets widgets that have a default: that is meant.
    "global.disableWidgetStateDuplicationWarning": "true",
    "theme.base": str(_FOLDER / "theme" / "theme.toml"),
}


def streamlit_arguments(port: int) -> list[str]:
    """The command that serves the dashboard on a port of 127.0.0.1."""
    flags = [f"--{name}={value}" for name, value in SETTINGS.items()]
    flags += [f"--server.allowedHosts={host}" for host in ALLOWED_HOSTS]
    script = str(_FOLDER / "application.py")
    return [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *flags]


def serve(port: int = 8501) -> int:
    """Serve until interrupted; 0 after Ctrl-C, 1 with a sentence when the port is in use, else the server's code."""
    if not is_free(port):
        print(
            f"Port {port} is in use, perhaps by a dashboard that is already running: open http://{ADDRESS}:{port}, "
            f"or choose another port: iop dashboard --port {port + 1}",
            file=sys.stderr,
        )
        return 1
    print(f"IOP Outcomes: http://{ADDRESS}:{port}   (stop with Ctrl-C)", flush=True)
    process = subprocess.Popen(streamlit_arguments(port), env=os.environ | {"PYTHONSAFEPATH": "1"})
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0


def is_free(port: int) -> bool:
    """Whether nobody listens on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
