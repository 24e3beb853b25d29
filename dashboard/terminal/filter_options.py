"""Turns the filters of the catalogue into flags of ``iop ask``: a filter defined once is a flag here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from dashboard.terminal.completion import complete_value
from queries.filters import FILTERS


def with_filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one repeatable flag per filter; it receives them as ``filters``, a dict of the chosen ones."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "filters"]
    flags = [_flag(name) for name in FILTERS]

    def run(**given: Any) -> None:
        filters = {name: given.pop(name) for name in FILTERS}
        command(**given, filters={name: values for name, values in filters.items() if values})

    run.__name__ = command.__name__
    run.__doc__ = command.__doc__
    run.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
    return run


def _flag(name: str) -> inspect.Parameter:
    entry = FILTERS[name]
    # Round brackets, since rich takes square ones for markup.
    default = f" (default {', '.join(entry.default)}; 'all' counts everybody)" if entry.default else ""
    option = typer.Option(
        "--" + name.replace("_", "-"),
        help=f"{entry.help}{default}",
        metavar="VALUE",
        rich_help_panel="Who is counted (repeat a flag for several values)",
        autocompletion=_completer(name),
        show_default=False,
    )
    annotation = Annotated[list[str] | None, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _completer(name: str) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return complete_value(name, incomplete)

    return complete
