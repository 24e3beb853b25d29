"""The front door in a terminal: ``iop``. The only file that joins the loader and the questions."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.terminal import ask_command, completion, explain_command, review_command, sensitivity_command
from dashboard.terminal.filter_options import with_filter_options
from dashboard.terminal.options import AsFormat, Home, OutFile, Port
from dashboard.terminal.output import Format, format_of

app = typer.Typer(
    name="iop",
    help="Outcomes of an intensive outpatient program, from the clinic's own exports.\n\n"
    "First time here: [bold]iop demo[/bold] loads a synthetic clinic, [bold]iop dashboard[/bold] opens it in a "
    "browser, [bold]iop ask[/bold] lists the questions that it answers.\n\n"
    "Everything stays on this machine, in the warehouse folder (IOP_HOME, otherwise ./warehouse). "
    "IOP_SHOW_CASES=yes shows rows of single patients; IOP_SMALLEST_COUNT=20 hides counts of 1–19 instead of 1–10.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from etl.build import code_version

        typer.echo(f"IOP Outcomes {code_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: iop demo --dashboard")
def demo(
    home: Home = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave your own data as it is, if there is any.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Make the sample current in place of your data.")] = False,
    dashboard: Annotated[bool, typer.Option("--dashboard", help="Then serve the dashboard.")] = False,
    port: Port = 8501,
) -> None:
    """Load the sample clinic, which is synthetic, and say what to do next."""
    import sample_data
    from dashboard.terminal import loading

    folder = _home(home)
    report = loading.load_sample(Path(sample_data.__path__[0]), folder, is_kept=keep, is_replacing=replace)
    loading.show_sample(report, folder, with_next_steps=not (keep or dashboard))
    if dashboard:
        _serve(folder, port)


@app.command(epilog="Example: iop load exports/2026-09 --source canonical --as-of 2026-09-30")
def load(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the export's files.", metavar="DIR")],
    source: Annotated[
        str,
        typer.Option(
            "--source",
            "-s",
            help="Kind of export: a folder of etl/sources.",
            autocompletion=completion.complete_source,
        ),
    ],
    home: Home = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="Last day that the data cover.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"),
    ] = None,
) -> None:
    """Load an export: every row is accepted, rejected with a reason, or superseded; then it is published.

    The same files again change nothing. When something is wrong, the last good version keeps serving.
    """
    from dashboard.terminal import loading

    report = loading.load(folder, source, _home(home), as_of.date() if as_of else None)
    loading.show_report(report, _home(home))


@app.command(epilog="Example: iop sample --episodes 2000 --seed 7 --out /tmp/clinic")
def sample(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the CSV files.", metavar="DIR")],
    episodes: Annotated[int, typer.Option("--episodes", help="How many episodes.", min=1, max=2_500_000)] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same clinic.")] = 1,
) -> None:
    """Make a synthetic clinic of any size as CSV files, to try a load or a machine on."""
    from dashboard.terminal.loading import progress_bar
    from dashboard.terminal.output import say
    from sample_data.generate import write_sample

    with progress_bar(f"Stopped: the files in {out} are not complete.") as progress:
        write_sample(out, episodes=episodes, seed=seed, progress=progress)
    counted = "1 episode" if episodes == 1 else f"{episodes:,} episodes"
    say(f"Wrote {counted} to {out}. Load: iop load {out} --source canonical")


app.command(epilog=ask_command.EXAMPLES)(with_filter_options(ask_command.ask))
app.command(epilog=sensitivity_command.EXAMPLES)(with_filter_options(sensitivity_command.sensitivity))
app.command(epilog=review_command.EXAMPLES)(with_filter_options(review_command.review))
app.command(epilog=explain_command.EXPLAIN_EXAMPLE)(with_filter_options(explain_command.explain))
app.command(epilog=explain_command.LEDGER_EXAMPLE)(with_filter_options(explain_command.ledger))


@app.command(
    epilog="Example: IOP_SHOW_CASES=yes iop sql 'select site, avg(attended_hours) from mart.episode group by site'"
)
def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT; '-' reads it from stdin.", metavar="SQL")],
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    limit: Annotated[int, typer.Option("--limit", help="Most rows.", min=1, max=1_000_000)] = 1000,
    seconds: Annotated[float, typer.Option("--seconds", help="Longest time.", min=1, max=3600)] = 5,
    home: Home = None,
) -> None:
    """Run your own SELECT, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN or PIVOT; it can read the warehouse and break nothing.

    It shows rows of single patients, so it needs the setting IOP_SHOW_CASES=yes.
    """
    from dashboard.terminal import listings
    from queries.workbench import run_sql

    text = sys.stdin.read() if statement == "-" else statement
    listings.show_sql(
        run_sql(_home(home), text, limit_rows=limit, timeout_seconds=seconds), format_of(chosen_format, out), out
    )


@app.command()
def check(chosen_format: AsFormat = Format.table, out: OutFile = None, home: Home = None) -> None:
    """Show the data-quality checks of the last load; exit code 1 when a blocking one fails."""
    from dashboard.terminal import listings
    from queries.warehouse import open_warehouse

    if not listings.show_checks(open_warehouse(_home(home)), format_of(chosen_format, out), out):
        raise typer.Exit(1)


@app.command(epilog="Examples: iop dictionary · iop dictionary mart.episode")
def dictionary(
    table: Annotated[
        str | None,
        typer.Argument(help="One table; without it, all are listed.", autocompletion=completion.complete_table),
    ] = None,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Say what the tables and columns of the warehouse mean."""
    from dashboard.terminal import listings
    from queries.warehouse import open_warehouse

    listings.show_dictionary(open_warehouse(_home(home)), table, format_of(chosen_format, out), out)


@app.command(epilog="Example: iop rejects --file sessions.csv --rows --format csv")
def rejects(
    file: Annotated[str | None, typer.Option("--file", help="Only of this file.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only by this rule.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="The rows themselves; needs IOP_SHOW_CASES=yes.")] = False,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Count the rejected rows of the last load by file, column and rule."""
    from dashboard.terminal import listings
    from queries.warehouse import open_warehouse

    listings.show_rejects(open_warehouse(_home(home)), file, rule, rows, format_of(chosen_format, out), out)


@app.command(epilog="Example: iop versions --roll-back 20260930-1a2b3c4d5e6f")
def versions(
    verify: Annotated[bool, typer.Option("--verify", help="Compare every byte and row count.")] = False,
    roll_back: Annotated[
        str | None,
        typer.Option("--roll-back", help="Make this version current.", autocompletion=completion.complete_version),
    ] = None,
    prune: Annotated[int | None, typer.Option("--prune", help="Delete all but the newest N.", min=1)] = None,
    home: Home = None,
) -> None:
    """List the versions in the warehouse folder, verify them, go back to one, or delete old ones."""
    from dashboard.terminal import loading
    from dashboard.terminal.output import say
    from etl import publish
    from queries.warehouse import open_warehouse

    folder = _home(home)
    if not publish.versions(folder):
        open_warehouse(folder).close()  # Says what is missing and how to mend it.
    if roll_back is not None:
        publish.roll_back(folder, roll_back)
        say(f"Version {roll_back} is current again.")
    if prune is not None:
        deleted = publish.prune(folder, prune)
        say(f"Deleted {', '.join(deleted)}." if deleted else "There was nothing to delete.")
    if verify and not loading.verify_versions(folder):
        raise typer.Exit(1)
    loading.show_versions(folder)


@app.command(epilog="Example: iop dashboard --port 8600")
def dashboard(port: Port = 8501, home: Home = None) -> None:
    """Serve the pages on 127.0.0.1; nothing of them leaves this machine."""
    _serve(_home(home), port)


def _serve(home: Path, port: int) -> None:
    from dashboard.server import serve
    from queries.small_numbers import threshold

    threshold()  # A setting that is no number is told here, not on every page.
    os.environ["IOP_HOME"] = str(home)
    if code := serve(port):
        raise typer.Exit(code)


def _home(home: Path | None) -> Path:
    from queries.warehouse import warehouse_home

    return home or warehouse_home()


def main() -> None:
    """Run a command; an error becomes one sentence with its remedy and exit code 1, Ctrl-C ends with 130."""
    from dashboard.terminal.errors import STOPPED, is_interruption, sentence
    from dashboard.terminal.output import visible, write_in

    for stream in (sys.stdout, sys.stderr):
        write_in(stream, errors="replace")  # A terminal that lacks a character shows a question mark.
    try:
        app()
    except BrokenPipeError:
        # The reader of the pipe, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if is_interruption(error):
            print("Stopped.", file=sys.stderr)
            sys.exit(STOPPED)
        print(visible(sentence(error)), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
