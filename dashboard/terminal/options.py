"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.terminal import completion
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
MeasureName = Annotated[str, typer.Argument(help="Name of a measure.", autocompletion=completion.complete_measure)]
From = Annotated[str | None, typer.Option("--from", help="First day.", metavar="YYYY-MM-DD")]
To = Annotated[str | None, typer.Option("--to", help="Last day.", metavar="YYYY-MM-DD")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Compare by a filter, such as site.", autocompletion=completion.complete_comparison),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="A parameter of the measure, such as day=60.",
        metavar="NAME=VALUE",
        autocompletion=completion.complete_setting,
    ),
]
Port = Annotated[int, typer.Option("--port", help="Port on 127.0.0.1.", min=1, max=65535)]
