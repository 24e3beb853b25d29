"""Shows in the terminal a rate with its missing filled in by a model, and where it would tip."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from dashboard.terminal import answers
from dashboard.terminal.output import Format, say
from queries import catalog
from queries.filters import select
from queries.sensitivity import ask_sensitivity, describe_sensitivity
from queries.targets import choose_target, read_targets
from queries.warehouse import open_warehouse


def show_sensitivity(
    home: Path,
    name: str,
    filters: Mapping[str, list[str]],
    *,
    date_from: str | None,
    date_to: str | None,
    by: str | None,
    settings: list[str],
    target: float | None,
    chosen: Format,
    out: Path | None,
) -> None:
    """Ask for the flags of ``iop sensitivity``, and show or write the rows; the sentences stand under a table."""
    catalog.measure(name)  # A misspelt name is told before anything is opened.
    warehouse = open_warehouse(home)
    selection = select(answers.read_filters(warehouse, filters), date_from=date_from, date_to=date_to, by=by)
    if target is None:
        target = choose_target(read_targets(warehouse), name, selection)
    found = ask_sensitivity(warehouse, name, selection, answers.read_settings(settings), target=target)
    answers.show_answer(found.answer, chosen, out)
    if chosen is Format.table:
        for sentence in describe_sensitivity(found):
            say(textwrap.fill(sentence, 110, subsequent_indent="  "))
