"""`iop dashboard` says its address when it answers there, ends with its server, and says what is wrong with a port."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.terminal import ROOT, iop, start


@contextmanager
def listening() -> Iterator[int]:
    """A port that somebody else has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_address_answers_when_it_is_said_and_the_server_ends_with_the_command(home: Path, how: int) -> None:
    port = free_port()
    command = start("dashboard", "--port", str(port), home=home)
    assert command.stdout is not None
    try:
        assert "Starting" in command.stdout.readline()
        assert f"http://127.0.0.1:{port}" in command.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
        command.send_signal(how)
        said = "".join(command.communicate(timeout=30))
    finally:
        command.terminate()  # Not killed: it ends its server.
        command.wait()
    assert command.returncode == 0
    assert "Traceback" not in said
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def test_a_port_in_use_is_named_with_a_free_one_to_try(home: Path) -> None:
    with listening() as port:
        done = iop("dashboard", "--port", str(port), home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Port {port} is in use" in done.stderr
    other = int(done.stderr.split("--port ")[1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", other))


def test_a_port_that_needs_more_rights_is_not_said_to_be_in_use() -> None:
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80:
        pytest.skip("anybody may have any port here")
    # Tests may run as root, which may have any port: nobody may not.
    program = "import os; from dashboard import server; os.geteuid() or os.setuid(65534); server.check_port(80)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    said = done.stderr.splitlines()[-1]
    assert "Port 80 cannot be used here" in said
    assert int(said.split("--port ")[1]) >= 1024


@pytest.mark.parametrize("port", ["0", "70000", "-1", "http"])
def test_what_is_no_port_is_wrong_usage(port: str) -> None:
    done = iop("dashboard", "--port", port)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--port" in done.stderr


def test_a_setting_that_is_no_number_is_told_before_anything_is_served(home: Path) -> None:
    done = iop("dashboard", "--port", str(free_port()), home=home, IOP_SMALLEST_COUNT="twenty")
    assert (done.returncode, done.stdout) == (1, "")
    assert "IOP_SMALLEST_COUNT is 'twenty'" in done.stderr
    assert "whole number from 11 up" in done.stderr
