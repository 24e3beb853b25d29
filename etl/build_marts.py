"""Builds schema ``mart`` from the SELECTs of ``etl/marts``, in the order in which they need each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from etl import contract
from etl.progress import LoadError, Progress
from etl.stage import literal, used_parameters

MARTS = Path(__file__).parent / "marts"
SHARED_RULES = Path(__file__).parent / "shared_rules.sql"
"""SQL macros that the marts use."""


@dataclass(frozen=True)
class Mart:
    """One derived table: its SELECT and what the header says of it."""

    name: str
    grain: str
    comment: str
    order_by: str
    columns: dict[str, str]
    sql: str
    needs: frozenset[str] = field(default_factory=frozenset)


def read_marts(folder: Path = MARTS) -> list[Mart]:
    """Every mart, parents first. Raises LoadError for a circle or a relation that no file makes."""
    marts = {path.stem: _read(path) for path in sorted(folder.glob("*.sql"))}
    ordered: list[Mart] = []
    while len(ordered) < len(marts):
        done = {mart.name for mart in ordered}
        ready = [mart for mart in marts.values() if mart.name not in done and mart.needs <= done]
        if not ready:
            stuck = sorted(set(marts) - done)
            raise LoadError(f"The marts {', '.join(stuck)} need each other, or a mart that has no file in etl/marts.")
        ordered += ready
    return ordered


def _read(path: Path) -> Mart:
    text = path.read_text(encoding="utf-8")
    header = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        header.append(line.removeprefix("--").strip())
    columns: dict[str, str] = {}
    order_by = ""
    prose = []
    for line in header:
        if found := re.fullmatch(r"column:\s*(\w+)\s*:\s*(.*)", line):
            columns[found[1]] = found[2]
        elif line.startswith("order by:"):
            order_by = line.removeprefix("order by:").strip()
        elif line and not line.startswith("needs:"):
            prose.append(line)
    code = re.sub(r"--[^\n]*", "", text)
    needs = frozenset(re.findall(r"\bmart\.(\w+)", code)) - {path.stem}
    return Mart(
        name=path.stem,
        grain=prose[0] if prose else "",
        comment=" ".join(prose[1:]),
        order_by=order_by,
        columns=columns,
        sql=text.strip().rstrip(";"),
        needs=needs,
    )


def build_marts(
    connection: duckdb.DuckDBPyConnection,
    parameters: dict[str, Any],
    progress: Progress,
    marts: list[Mart] | None = None,
) -> None:
    """Create every mart with its comments. Raises LoadError, naming the file, when one fails."""
    chosen = read_marts() if marts is None else marts
    connection.execute(SHARED_RULES.read_text(encoding="utf-8"))
    for number, mart in enumerate(chosen):
        progress.stage(f"Building mart.{mart.name}")
        progress.advance(0.6 + 0.35 * number / len(chosen))
        order = f"\norder by {mart.order_by}" if mart.order_by else ""
        sql = f"create table mart.{mart.name} as select * from (\n{mart.sql}\n) as rows{order}"
        try:
            connection.execute(sql, used_parameters(sql, parameters, f"etl/marts/{mart.name}.sql"))
        except duckdb.Error as error:
            raise LoadError(f"etl/marts/{mart.name}.sql failed: {str(error).strip()}") from error
        connection.execute(f"comment on table mart.{mart.name} is {literal(f'{mart.comment} {mart.grain}'.strip())}")
        made = [row[0] for row in connection.execute(f"describe mart.{mart.name}").fetchall()]
        unknown = sorted(set(mart.columns) - set(made))
        if unknown:
            raise LoadError(
                f"etl/marts/{mart.name}.sql describes columns that it does not return: {', '.join(unknown)}."
            )
        inherited = _inherited_comments(mart)
        for column in made:
            text = mart.columns.get(column) or inherited.get(column)
            if text:
                connection.execute(f'comment on column mart.{mart.name}."{column}" is {literal(text)}')


def _inherited_comments(mart: Mart) -> dict[str, str]:
    """What the contract says of columns of these names: of keys in their own table, of others where the mart reads."""
    tables = contract.tables()
    read = [tables[name] for name in re.findall(r"\bcore\.(\w+)", mart.sql) if name in tables]
    comments: dict[str, str] = {}
    for table in (*read, *tables.values()):
        for column in table.columns:
            comments.setdefault(column.name, column.comment)
    return comments | {
        table.key[0]: table.column(table.key[0]).comment for table in tables.values() if len(table.key) == 1
    }
