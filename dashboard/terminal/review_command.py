"""The command ``iop review``: its options; what it does is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.terminal import completion
from dashboard.terminal.options import AsFormat, From, Home, OutFile, To
from dashboard.terminal.output import Format, format_of

EXAMPLES = (
    "Examples: iop review · iop review show_rate --site North --rules anhoej · iop review completion_rate --funnel "
    "· iop review early_dropout --adjusted"
)


def review(
    filters: dict[str, list[str]],
    measure: Annotated[
        str | None,
        typer.Argument(help="A rate; without one, all are told.", autocompletion=completion.complete_rate),
    ] = None,
    date_from: From = None,
    date_to: To = None,
    by: Annotated[
        str, typer.Option("--by", help="What groups are compared by.", autocompletion=completion.complete_comparison)
    ] = "site",
    chart: Annotated[
        str | None,
        typer.Option(
            "--chart",
            help="p, p_laney, u, u_laney, xmr or run; otherwise what suits.",
            autocompletion=completion.complete_chart,
        ),
    ] = None,
    rules: Annotated[
        str,
        typer.Option("--rules", help="One of nhs, anhoej, western-electric.", autocompletion=completion.complete_rules),
    ] = "nhs",
    rebase: Annotated[bool, typer.Option("--rebase", help="New limits where a cause is on record.")] = False,
    funnel: Annotated[bool, typer.Option("--funnel", help="Compare groups instead of months.")] = False,
    adjusted: Annotated[bool, typer.Option("--adjusted", help="Compare groups given who their patients are.")] = False,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Say what changes over time, or differs between groups, more than chance allows, as the Review page does.

    A signal asks for a review; it is no verdict.
    """
    from dashboard.terminal import reviewing

    found = reviewing.review(
        home,
        measure,
        filters,
        dates=(date_from, date_to),
        by=by,
        kind=chart,
        rules=rules.replace("-", "_"),
        is_rebased=rebase,
        is_funnel=funnel,
        is_adjusted=adjusted,
    )
    reviewing.show_review(found, format_of(chosen_format, out), out)
