"""Shows in the terminal a rate with its missing filled in by a model, and where it would tip."""

from __future__ import annotations

import textwrap
from pathlib import Path

from dashboard.terminal import answers
from dashboard.terminal.output import Format, say
from dashboard.terminal.question import Question
from queries.sensitivity import ask_sensitivity, describe_sensitivity
from queries.targets import choose_target, read_targets


def show_sensitivity(question: Question, chosen: Format, out: Path | None, *, target: float | None) -> None:
    """Show or write the rows; the sentences stand under a table. Without a target the recorded one is held against."""
    warehouse, name, selection = question.warehouse, question.measure.name, question.selection
    if target is None:
        target = choose_target(read_targets(warehouse), name, selection)
    found = ask_sensitivity(warehouse, name, selection, question.parameters, target=target)
    answers.show_answer(found.answer, chosen, out)
    if chosen is Format.table:
        for sentence in describe_sensitivity(found):
            say(textwrap.fill(sentence, 110, subsequent_indent="  "))
