"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.terminal.output import Format

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Warehouse folder.",
        metavar="DIR",
        envvar="IOP_HOME",
        show_default=False,
        file_okay=False,
    ),
]
AsFormat = Annotated[Format, typer.Option("--format", "-f", help="How to write the rows.")]
OutFile = Annotated[Path | None, typer.Option("--out", "-o", help="Write into this file.", metavar="FILE")]
Port = Annotated[int, typer.Option("--port", help="Port on 127.0.0.1.", min=1, max=65535)]
