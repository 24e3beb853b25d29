"""The command ``iop connect``: its options; what it does is imported when it runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dashboard.terminal.options import Home


class CheckFormat(StrEnum):
    """How a check is written."""

    table = "table"
    json = "json"


EXAMPLES = (
    "Examples: iop connect exports/2026-09 · iop connect exports/2026-09 --check · "
    "iop connect exports/2026-09 --out riverside.toml"
)


def connect(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the export's files.", metavar="DIR")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the draft goes; DIR/source.toml without it.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a source.toml that is there.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Do not draft: say what a source.toml makes of the files.")
    ] = False,
    source: Annotated[
        str | None, typer.Option("--source", "-s", help="With --check: the source.toml; DIR/source.toml without it.")
    ] = None,
    chosen_format: Annotated[
        CheckFormat, typer.Option("--format", "-f", help="With --check: a screen, or one JSON object for programs.")
    ] = CheckFormat.table,
    home: Home = None,
) -> None:
    """Look into unknown exports (CSV, TSV, Excel, Parquet, JSON, SQLite) and draft the source.toml that loads them.

    What is not sure is marked in the draft. --check tries a source.toml on the files without loading anything.
    """
    from dashboard.terminal import connecting
    from queries.warehouse import warehouse_home

    where = home or warehouse_home()
    if check:
        is_fit = connecting.show_check(
            folder, source or str(out or folder / "source.toml"), where, as_json=chosen_format is CheckFormat.json
        )
        if not is_fit:
            raise typer.Exit(1)
    else:
        connecting.write_draft_file(folder, out or folder / "source.toml", where, is_replacing=replace)
