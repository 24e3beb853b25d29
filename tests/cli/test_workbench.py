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

REFUSED = {
    # Files are read
    "read_csv": "select * from read_csv('/etc/passwd')",
    "read_csv_auto": "select * from read_csv_auto('/etc/passwd', delim=':')",
    "read_text": "select content from read_text('/etc/hostname')",
    "read_blob": "select * from read_blob('/etc/hostname')",
    "read_parquet": "select * from read_parquet('/tmp/*.parquet')",
    "parquet_metadata": "select * from parquet_metadata('/tmp/x.parquet')",
    "read_json": "select * from read_json('/etc/hosts')",
    "sniff_csv": "select * from sniff_csv('/etc/passwd')",
    "glob": "select * from glob('/etc/*')",
    "file_as_table": "select * from '/etc/passwd'",
    "file_as_table_in_quotes": 'select * from "/etc/passwd"',
    "file_as_table_in_a_cte": "with x as (from '/etc/hosts') select * from x",
    "file_in_a_subquery": "select (select max(content) from read_text('/etc/hosts'))",
    "file_over_http": "select * from 'https://127.0.0.1/x.csv'",
    "several_files": "select * from read_csv_auto(['/etc/passwd', '/etc/hosts'])",
    "file_described": "describe '/etc/passwd'",
    "file_summarized": "summarize '/etc/passwd'",
    "function_summarized": "summarize from read_csv('/etc/passwd')",
    "function_unpivoted": "unpivot (from read_csv('/etc/passwd')) on columns(*)",
    "file_in_a_join": "select * from core.sites join '/etc/hosts' on true",
    "file_behind_a_cte_of_its_name": 'with "/etc/hosts" as (select 1) from "/etc/hosts"',
    "other_database_file": "select * from read_duckdb('/tmp/x.duckdb')",
    "read_ndjson": "select * from read_ndjson_objects('/etc/passwd')",
    "read_xlsx": "select * from read_xlsx('/tmp/x.xlsx')",
    "sqlite": "select * from sqlite_scan('/tmp/x.db', 't')",
    "postgres": "select * from postgres_scan('', '', '')",
    "spatial": "select * from st_read('/etc/passwd')",
    "environment": "select getenv('HOME')",
    "storage": "select * from pragma_storage_info('mart.episode')",
    "python_variable": "select * from task",
    "python_arrow": "select * from python_arrow_scan(1, 2, 3)",
    # Something is written
    "create": "create table mine as select 1",
    "temporary_table": "create temp table mine as select 1",
    "macro": "create macro f(x) as x + 1",
    "view": "create view mine as select 1",
    "insert": "insert into core.sites (site) values ('x')",
    "update": "update core.episodes set site = 'x'",
    "delete": "delete from core.episodes",
    "truncate": "truncate core.episodes",
    "drop": "drop table core.episodes",
    "alter": "alter table core.episodes add column x integer",
    "comment": "comment on table core.episodes is 'x'",
    "delete_in_a_cte": "with x as (delete from core.episodes returning *) select * from x",
    "insert_in_a_cte": "with x as (insert into core.sites (site) values ('x') returning *) select * from x",
    "update_in_a_cte": "with x as (update core.episodes set site = 'x' returning *) select * from x",
    "copy_out": "copy core.patients to '/tmp/iop-attack.csv'",
    "copy_a_query_out": "copy (select 1) to '/tmp/iop-attack.parquet'",
    "copy_in": "copy core.sites from '/etc/passwd'",
    "export": "export database '/tmp/iop-attack'",
    "import": "import database '/tmp/iop-attack'",
    "explained_copy": "explain copy core.patients to '/tmp/iop-attack.csv'",
    "explained_create": "explain analyze create table mine as select 1",
    "explained_delete_in_a_cte": "explain analyze with x as (delete from core.sites returning *) select * from x",
    "explained_delete_behind_a_comment": "explain analyze /* c */ delete from core.episodes",
    "comment_before_an_explained_delete": "/* c */ explain analyze delete from core.episodes",
    "explained_with_options": "explain (analyze, format json) delete from core.episodes",
    "explained_delete": "explain analyze delete from core.episodes",
    "explained_explained_delete": "explain explain delete from core.episodes",
    "pivot_of_a_delete": "with x as (delete from core.episodes returning *) pivot x on site using count(*)",
    "pivot_of_a_file_by_name": "pivot '/etc/passwd' on column0 using count(*)",
    "pivot_of_a_quoted_file": 'pivot "/etc/passwd" on column0 using count(*)',
    "pivot_of_a_file_in_a_cte": "with x as (from '/etc/passwd') pivot x on column0 using count(*)",
    "pivot_of_a_query": "pivot (from query('select 1 as a')) on a using count(*)",
    "pivot_into_a_table": "create table mine as pivot core.episodes on site using count(*)",
    "explained_pivot_of_a_file": "explain analyze pivot (from read_csv('/etc/passwd')) on column0 using count(*)",
    "merge": "merge into core.sites using core.sites as s on true when matched then delete",
    "merge_in_a_cte": (
        "with x as (merge into core.sites using core.sites as s on true when matched then delete returning *) from x"
    ),
    "type": "create type mine as enum ('a')",
    "sequence": "create sequence mine",
    "schema": "create schema mine",
    "pivot_of_a_file": "pivot (from read_csv('/etc/passwd')) on column0 using count(*)",
    "delete_beside_a_pivot": "pivot core.episodes on site using count(*); delete from core.episodes",
    # The connection is changed
    "attach": "attach '/tmp/iop-attack.duckdb'",
    "attach_memory": "attach ':memory:' as other",
    "detach": "detach outcomes",
    "use": "use memory",
    "install": "install httpfs",
    "load": "load httpfs",
    "load_path": "load '/tmp/x.duckdb_extension'",
    "pragma": "pragma database_list",
    "pragma_version": "pragma version",
    "call": "call pragma_version()",
    "set": "set memory_limit = '100GB'",
    "set_global": "set global enable_external_access = true",
    "set_temp_directory": "set temp_directory = '/tmp'",
    "reset": "reset lock_configuration",
    "secret": "create secret s (type s3, key_id 'x', secret 'y')",
    "prepare": "prepare p as select 1",
    "execute": "execute p",
    "update_extensions": "update extensions",
    "copy_a_database": "copy from database a to b",
    "attach_sqlite": "attach '/tmp/iop-attack.db' as other (type sqlite)",
    "commit": "commit",
    "rollback": "rollback",
    "analyze": "analyze",
    "force_checkpoint": "force checkpoint",
    "checkpoint_function": "select * from checkpoint()",
    "databases_table": "select * from duckdb_databases()",
    "extensions_table": "select * from duckdb_extensions()",
    "logs_table": "select * from duckdb_logs()",
    "temporary_files_table": "select * from duckdb_temporary_files()",
    "parameter": "select $home",
    "begin": "begin transaction",
    "checkpoint": "checkpoint",
    "vacuum": "vacuum",
    "set_variable": "set variable x = 1",
    "settings_table": "select * from duckdb_settings()",
    "secrets_table": "select * from duckdb_secrets()",
    "query_function": "select * from query('select 1')",
    "query_table_function": "select * from query_table('core.episodes')",
    "serialized_sql": "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    # More than one statement, or none
    "two": "select 1; select 2",
    "select_then_drop": "select 1; drop table core.episodes",
    "comment_only": "-- nothing",
    "nothing": "   ",
    "not_sql": "please show me everything",
    "nul_byte": "select 1\0; delete from core.sites",
    "transaction": "begin; delete from core.sites; commit",
    "half_a_character": "select '\ud800'",
    "long": "select 1 -- " + "x" * 200_000,
    "wide": "select " + ", ".join(["1"] * 1001),
}

RUNAWAY = {
    "endless_range": "select count(*) from range(1000000000000) t(i) where i % 3 = 1",
    "cross_join": "select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 1",
    "recursion": "with recursive r as (select 1 as i union all select i + 1 from r) select max(i) from r",
    "long_list": "select len(range(3000000000))",
    "long_text": "select length(lpad('x', 2000000000, 'y'))",
    "many_long_texts": "select repeat('x', 100000000) || i from range(1000) t(i)",
    "levenshtein": "select levenshtein(repeat('a', 400000), repeat('b', 400000))",
    "sleep": "select sleep_ms(600000)",
    "long_row": "select range(100000000)",
    "long_format": "select length(printf('%1000000000d', 1))",
    "long_hash": "select md5(repeat('x', 1000000000))",
    "long_reduction": "select list_reduce(range(1, 100000000), lambda x, y: x + y)",
    "large_list_of_structs": "select list({'a': i, 'b': i}) from range(20000000) t(i)",
    "large_sort": "select * from range(100000000) order by random()",
    "large_text": "select string_agg(repeat('x', 1000), '') from range(10000000)",
    "large_result": "select repeat('x', 40000000)",
    "many_joins": (
        "with c0 as (select 1 as x union all select 2), "
        + ", ".join(f"c{i} as (select a.x from c{i - 1} a, c{i - 1} b)" for i in range(1, 9))
        + " select count(*) from c8"
    ),
    "similarity": "select jaro_winkler_similarity(repeat('a', 1000000), repeat('b', 1000000))",
    "deep_expression": "select " + "(" * 3000 + "1" + ")" * 3000,
}

HONEST = {
    "select": (
        "select site, count(*) as episodes from mart.episode group by site order by site",
        [("North", 40), ("South", 5)],
    ),
    "from_first": ("from core.sites select site order by site", [("North",), ("South",)]),
    "cte": ("with s as (select distinct site from mart.episode) select count(*) from s", [(2,)]),
    "recursive_cte": (
        "with recursive r as (select 1 i union all select i + 1 from r where i < 4) select sum(i) from r",
        [(10,)],
    ),
    "window": (
        "select site, row_number() over (order by site) from core.sites order by 1",
        [("North", 1), ("South", 2)],
    ),
    "pivot": ("pivot (select program, site from mart.episode) on site using count(*)", [("SUD", 40, 5)]),
    "pivot_in_a_cte": (
        "with e as (select program, site from mart.episode) pivot e on site using count(*)",
        [("SUD", 40, 5)],
    ),
    "pivot_by_word": (
        "pivot (select site, case when is_closed then 'delete' else 'set' end k from mart.episode) on k using count(*)",
        [("North", 40), ("South", 5)],
    ),
    "union": ("select 1 as n union all select 2 order by n", [(1,), (2,)]),
    "lambda": ("select list_transform([1, 2], lambda x: x + 1)[2]", [(3,)]),
    "range": ("select sum(range) from range(5)", [(10,)]),
    "unpivot": (
        "unpivot (select 1 as a, 2 as b) on a, b into name letter value number",
        [("a", 1), ("b", 2)],
    ),
    "pivot_wider": ("pivot_wider mart.episode on site using count(*) group by program", [("SUD", 40, 5)]),
    "show_columns": ("select column_name from (describe core.sites) order by 1 limit 1", [("capacity",)]),
    "grouping_sets": (
        "select coalesce(site, 'all') as s, count(*) as n from mart.episode group by rollup (site) order by s",
        [("North", 40), ("South", 5), ("all", 45)],
    ),
    "correlated": (
        "select site from core.sites as s where (select count(*) from mart.episode as e where e.site = s.site) > 0 "
        "order by site",
        [("North",), ("South",)],
    ),
    "list_as_text": ("select [1, 2] as l, {'a': 1} as s", [("[1, 2]", "{'a': 1}")]),
    "values": ("select * from (values ('a', 1), ('b', 2)) v(k, n) where n > 1", [("b", 2)]),
    "words_in_text": ("select 'drop table; delete' as said", [("drop table; delete",)]),
    "trailing_semicolon": ("select 1;", [(1,)]),
}


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
