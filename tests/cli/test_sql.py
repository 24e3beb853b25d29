"""`iop sql` runs one statement of somebody's own and writes it in every format."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import iop

COUNT = "select site, count(*) as episodes from mart.episode group by site order by site"


def test_rows_come_back_in_each_format(home: Path) -> None:
    table = iop("sql", COUNT, home=home, IOP_SHOW_CASES="yes")
    assert table.returncode == 0
    assert "North" in table.stdout
    assert "2 rows" in table.stdout
    assert iop("sql", COUNT, "--format", "csv", home=home, IOP_SHOW_CASES="yes").stdout == (
        "site,episodes\nNorth,40\nSouth,5\n"
    )
    from_json = iop("sql", COUNT, "--format", "json", home=home, IOP_SHOW_CASES="yes").stdout
    assert json.loads(from_json) == [{"site": "North", "episodes": 40}, {"site": "South", "episodes": 5}]


def test_a_statement_is_read_from_stdin(home: Path) -> None:
    done = iop("sql", "-", "--format", "csv", home=home, text="select 42 as answer", IOP_SHOW_CASES="yes")
    assert done.stdout == "answer\n42\n"


def test_without_the_setting_it_says_which_one_and_shows_nothing(home: Path) -> None:
    done = iop("sql", COUNT, home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "IOP_SHOW_CASES=yes" in done.stderr


def test_a_refused_statement_is_an_error_with_a_sentence(home: Path) -> None:
    done = iop("sql", "delete from core.episodes", home=home, IOP_SHOW_CASES="yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Only SELECT" in done.stderr


def test_a_mistake_in_the_sql_shows_its_place(home: Path) -> None:
    done = iop("sql", "select sitee from mart.episode", home=home, IOP_SHOW_CASES="yes")
    assert done.returncode == 1
    assert "sitee" in done.stderr
    assert "iop dictionary" in done.stderr
    assert "Traceback" not in done.stderr


def test_control_characters_in_the_data_do_not_reach_the_terminal(home: Path) -> None:
    done = iop("sql", "select chr(27) || '[2J' as wiped, 'kept' as other", home=home, IOP_SHOW_CASES="yes")
    assert "\x1b[2J" not in done.stdout
    assert "[2J" in done.stdout
    assert "kept" in done.stdout
    wrong = iop("sql", "select (chr(27) || '[2J')::integer", home=home, IOP_SHOW_CASES="yes")
    assert wrong.returncode == 1
    assert "\x1b" not in wrong.stderr


def test_rows_that_are_left_out_are_announced_beside_the_output(home: Path) -> None:
    done = iop("sql", "from range(20)", "--limit", "5", "--format", "csv", home=home, IOP_SHOW_CASES="yes")
    assert done.stdout.splitlines() == ["range", "0", "1", "2", "3", "4"]
    assert "first 5 rows" in done.stderr
