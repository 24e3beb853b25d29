"""People's own SQL can read the warehouse and nothing else: attacks are refused or contained, honest questions work."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from queries.warehouse import Warehouse
from queries.workbench import MOST_AT_ONCE, Result, WorkbenchError, run_sql
from tests.cli.attacks import HONEST, REFUSED, RUNAWAY


@pytest.fixture(autouse=True)
def cases_may_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")


def fingerprint(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(result: Result) -> list[tuple[object, ...]]:
    return list(result.frame.itertuples(index=False, name=None))


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_sql_that_does_more_than_read_the_warehouse_is_refused_with_a_sentence(home: Path, sql: str) -> None:
    before = fingerprint(home)
    with pytest.raises(WorkbenchError) as refusal:
        run_sql(home, sql)
    assert "Traceback" not in str(refusal.value)
    assert len(str(refusal.value)) > 20
    assert fingerprint(home) == before
    assert not list(Path("/tmp").glob("iop-attack*"))


@pytest.mark.parametrize("sql", RUNAWAY.values(), ids=RUNAWAY)
def test_a_runaway_statement_ends_within_its_deadline_and_says_so(home: Path, sql: str) -> None:
    started = time.monotonic()
    with pytest.raises(WorkbenchError):
        run_sql(home, sql, timeout_seconds=1)
    # 1 s of query and 1.5 s of grace; the rest is the start of the process on a busy machine.
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(("sql", "expected"), HONEST.values(), ids=HONEST)
def test_honest_questions_are_answered(home: Path, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert rows(run_sql(home, sql)) == expected


@pytest.mark.parametrize(
    ("sql", "column", "value"),
    [
        ("describe mart.episode", "column_name", "episode_id"),
        ("summarize core.sites", "column_name", "site"),
        ("show all tables", "name", "episode"),
        ("select * from information_schema.tables", "table_name", "episode"),
        ("select * from duckdb_columns()", "column_name", "day_zero"),
        ("explain select * from mart.episode", "explain_key", "physical_plan"),
        ("explain analyze select count(*) from mart.episode", "explain_key", "analyzed_plan"),
    ],
)
def test_people_can_find_their_way_around(home: Path, sql: str, column: str, value: str) -> None:
    assert value in set(run_sql(home, sql).frame[column])


def test_rows_beyond_the_limit_are_cut_off_and_it_is_said(home: Path) -> None:
    cut = run_sql(home, "from range(5000)", limit_rows=3000)
    assert (len(cut.frame), cut.is_truncated) == (3000, True)
    whole = run_sql(home, "from range(3000)", limit_rows=3000)
    assert (len(whole.frame), whole.is_truncated) == (3000, False)


def test_a_result_of_many_small_batches_keeps_its_order(home: Path) -> None:
    assert run_sql(home, "from range(5000)", limit_rows=5000).frame["range"].tolist() == list(range(5000))


def test_without_the_setting_no_row_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IOP_SHOW_CASES")
    with pytest.raises(WorkbenchError, match="IOP_SHOW_CASES=yes"):
        run_sql(home, "select 1")


def test_the_connection_stays_locked_behind_an_open_gate(small_clinic: Warehouse) -> None:
    """The second layer holds on its own: statements that the gate refuses fail on the connection too."""
    path = small_clinic.home / "versions" / f"{small_clinic.version}.duckdb"
    names = ("read_csv", "file_as_table", "copy_out", "set", "attach", "delete", "install")
    # In a process of its own, since one process cannot open a file with two configurations.
    program = f"""
import duckdb
from queries.workbench_child import connect_locked
connection = connect_locked({str(path)!r}, 5)
for sql in {[REFUSED[name] for name in names]!r}:
    try:
        connection.execute(sql)
        print("passed:", sql)
    except duckdb.Error:
        print("failed")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["failed"] * len(names)


def test_the_dashboard_keeps_its_own_connection_while_sql_runs(small_clinic: Warehouse) -> None:
    with pytest.raises(WorkbenchError):
        run_sql(small_clinic.home, RUNAWAY["endless_range"], timeout_seconds=1)
    assert small_clinic.cursor().execute("select count(*) from mart.episode").fetchone() == (45,)


@pytest.mark.parametrize(
    "value", ["date '290000-01-01'", "date 'infinity'", "time '24:00:00'"], ids=["year", "infinity", "24 o'clock"]
)
def test_a_value_that_cannot_be_shown_is_said_with_the_remedy_which_works(home: Path, value: str) -> None:
    with pytest.raises(WorkbenchError, match="Cast it to text"):
        run_sql(home, f"select {value} as v")
    assert len(run_sql(home, f"select ({value})::varchar as v").frame) == 1


def test_nothing_of_a_statement_is_left_neither_process_nor_file(home: Path) -> None:
    before = set(Path(tempfile.gettempdir()).iterdir())
    run_sql(home, "select 1")
    for sql in (REFUSED["delete"], RUNAWAY["long_list"], RUNAWAY["endless_range"]):
        with pytest.raises(WorkbenchError):
            run_sql(home, sql, timeout_seconds=1)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert not {path for path in set(Path(tempfile.gettempdir()).iterdir()) - before if "iop" in path.name}


def test_the_limits_of_the_child_do_not_bind_the_process_that_asks(home: Path) -> None:
    names = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
    before = [resource.getrlimit(name) for name in names], os.getpriority(os.PRIO_PROCESS, 0)
    run_sql(home, "select 1")
    assert ([resource.getrlimit(name) for name in names], os.getpriority(os.PRIO_PROCESS, 0)) == before


def test_only_so_many_statements_run_at_once_and_the_next_one_is_told_so(home: Path) -> None:
    """Two that last longer than the third may wait; after them there is room again."""
    said: list[str] = []

    def run_away() -> None:
        with pytest.raises(WorkbenchError):
            run_sql(home, RUNAWAY["endless_range"], timeout_seconds=8)

    busy = [threading.Thread(target=run_away) for _ in range(MOST_AT_ONCE)]
    for thread in busy:
        thread.start()
    while not said:
        try:
            run_sql(home, "select 1", timeout_seconds=1)
        except WorkbenchError as error:
            said.append(str(error))
    assert "other queries are running" in said[0]
    for thread in busy:
        thread.join()
    assert rows(run_sql(home, "select 1")) == [(1,)]
