"""Ctrl-C while a query runs is a stop, not something unexpected."""

from __future__ import annotations

import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from queries.warehouse import Warehouse
from tests.cli.terminal import start


@pytest.fixture
def slow_home(small_clinic: Warehouse, tmp_path: Path) -> Path:
    """The small clinic, but the first query of a question, for the values of the filters, runs for many seconds."""
    home = tmp_path / "warehouse"
    shutil.copytree(small_clinic.home, home)
    # Many short steps: DuckDB stops between steps, never within one that another thread has taken.
    step = "select '' as filter, '' as value, '' as label from range(20000000) where random() < 0"
    with duckdb.connect(home / "versions" / f"{small_clinic.version}.duckdb") as connection:
        connection.execute("drop table mart.filter_value")
        connection.execute(f"create view mart.filter_value as {' union all '.join([step] * 100)}")
    return home


def test_ctrl_c_during_a_query_stops_the_command(slow_home: Path) -> None:
    for seconds in (1, 2, 4, 8):  # On a busy machine the query may not have begun when the signal comes.
        command = start("ask", "early_dropout", home=slow_home)
        with suppress(subprocess.TimeoutExpired):
            command.wait(seconds)
        command.send_signal(signal.SIGINT)
        out, said = command.communicate(timeout=60)
        assert "unexpected" not in said
        if "Stopped" in said:
            break
    assert (command.returncode, out, said) == (130, "", "Stopped.\n")
