"""Shows why somebody is in or out of a measure, and which minutes make the weekly hours, in the terminal."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.reasons import COUNTED, HIDDEN, number, summarise
from dashboard.terminal.answers import hidden_counts
from dashboard.terminal.output import MOST_ROWS, Format, console, say, show_frame, show_rows, write
from dashboard.terminal.question import Question
from queries import disclosure
from queries.cases import patient_weeks, week_sessions
from queries.explain import Explanation, NotListedError, explain
from queries.filters import FilterError, Selection
from queries.reason_counts import ReasonCounts, count_reasons
from queries.warehouse import Warehouse

HOW_TO_SEE = (
    "Single episodes are not shown here. Where everybody who can read this terminal may see patients, set "
    "IOP_SHOW_CASES=yes."
)


def show_explanation(question: Question, chosen: Format, *, episode: str | None, reason: str | None) -> None:
    """The number of episodes for each reason and, where cases are shown, every episode with its own.

    Raises CasesError where single episodes are asked for and not shown.
    """
    measure, warehouse, selection = question.measure, question.warehouse, question.selection
    try:
        found = explain(warehouse, measure.name, selection, question.parameters)
    except NotListedError as nobody:
        say(str(nobody))
        return
    is_single = episode is not None or reason is not None
    rows = None
    if is_single or disclosure.may_see_cases():
        limit = None if chosen is not Format.table else MOST_ROWS + 1
        rows = found.cases(unit_id=episode, reason=reason, limit=limit)
        if episode is not None and rows.empty:
            raise FilterError(
                f"No {found.unit} {episode!r} passes the filters. Leave some out, or look it up with `iop sql`."
            )
    if chosen is Format.table:
        console().print(f"[bold]{measure.title}[/bold]: why is somebody in or out?")
        if not is_single:
            _show_flow(found, count_reasons(warehouse, found))
        _show_rows(found, rows)
        return
    counts = count_reasons(warehouse, found)
    flow = _flow(found, counts)
    facts = {"measure": measure.name, "title": measure.title, "summary": summarise(found, counts), "reasons": flow}
    facts |= {"data_cut": str(warehouse.data_cut), "analysis_cut": str(warehouse.analysis_cut)}
    facts |= {"data_version": warehouse.version, "population": selection.describe()}
    if rows is not None:
        facts["rows"] = rows
    write(flow if rows is None else rows, chosen, None, json_content=facts)


def _flow(found: Explanation, counts: ReasonCounts) -> pd.DataFrame:
    number_of = pd.DataFrame({"reason": [COUNTED], "units": pd.array([counts.counted], dtype="Int64")})
    return pd.concat([number_of, counts.left_out], ignore_index=True).rename(columns={"units": f"{found.unit}s"})


def _show_flow(found: Explanation, counts: ReasonCounts) -> None:
    say(summarise(found, counts))
    if counts.selected == 0:
        say("Widen the dates, or leave out a filter; a filter's value 'all' counts everybody.")
        return
    rows = [
        (COUNTED, number(counts.counted)),
        *zip(counts.left_out["reason"], map(number, counts.left_out["units"]), strict=True),
    ]
    columns = {"Reason, the first that holds": "left", f"{found.unit.capitalize()}s": "right"}
    show_rows("", columns, rows, has_names_first=False)
    if any(cell == HIDDEN for _, cell in rows) or counts.selected is None:
        say(hidden_counts())


def _show_rows(found: Explanation, rows: pd.DataFrame | None) -> None:
    if rows is None:
        say(HOW_TO_SEE)
        return
    if rows.empty:
        say("Nobody has such a reason.")
        return
    shown = rows.head(MOST_ROWS)
    columns = {str(shown.columns[0]): shown.columns[0].removesuffix("_id").capitalize()}
    columns |= {"patient_id": "Patient", "site": "Site", "category": "Part", "period": "From", "reason": "Why"}
    said = [name for name in columns if name in shown and shown[name].fillna("").astype(str).ne("").any()]
    show_frame("", shown[said].rename(columns=columns))
    if len(rows) > MOST_ROWS:
        say(f"Only the first {MOST_ROWS} rows are here. `--format csv` has all of them; --reason or --episode narrow.")


def show_ledger(
    warehouse: Warehouse, selection: Selection, chosen: Format, *, episode: str | None, week: date | None
) -> None:
    """The weeks in care with hours scheduled, attended, authorised and billed; of one week, its sessions.

    Raises CasesError where cases are not shown, FilterError for a week without an episode.
    """
    if week is not None and episode is None:
        raise FilterError("--week shows the sessions of one episode: add --episode ID.")
    weeks = patient_weeks(warehouse, selection)
    if episode is not None:
        weeks = weeks[weeks["episode_id"] == episode]
    if week is not None:
        _show_week(warehouse, weeks, str(episode), week, chosen)
    elif chosen is not Format.table:
        write(weeks, chosen, None)
    elif weeks.empty:
        say("No week in care matches. Widen the dates, or leave out a filter.")
    else:
        _show_weeks(weeks)


def _show_weeks(weeks: pd.DataFrame) -> None:
    full = weeks[weeks["is_eligible"]]
    say(
        f"{len(full):,} full weeks in care, {int(full['is_on_target'].sum()):,} on target: the numbers of Weeks on "
        f"target. {len(weeks) - len(full):,} weeks at the edges are left out."
    )
    columns = {
        "week_start": "Week from",
        "episode_id": "Episode",
        "reason": "Why",
        "scheduled_hours": "Scheduled h",
        "attended_hours": "Attended h",
        "target_hours": "Target h",
        "authorized_hours": "Authorised h",
        "billed_days": "Billed days",
        "mismatches": "Does not agree",
    }
    show_frame("", weeks.head(MOST_ROWS)[list(columns)].rename(columns=columns))
    if len(weeks) > MOST_ROWS:
        say(f"Only the first {MOST_ROWS} weeks are here, the newest first. `--format csv` has all of them.")
    say("The sessions of one: iop ledger --episode ID --week YYYY-MM-DD")


def _show_week(warehouse: Warehouse, weeks: pd.DataFrame, episode: str, week: date, chosen: Format) -> None:
    monday = pd.Timestamp(week) - pd.Timedelta(days=week.weekday())
    sessions = week_sessions(warehouse, episode, monday.date())
    if chosen is not Format.table:
        write(sessions, chosen, None)
        return
    if sessions.empty:
        say(f"Episode {episode} has no session in the week from {monday:%Y-%m-%d}.")
    else:
        show_frame(
            "",
            sessions.drop(columns=["session_id", "scheduled_start"]).rename(
                columns=lambda name: name.replace("_", " ")
            ),
        )
    minutes = float(sessions["counted_minutes"].sum())
    say(f"{minutes:,.0f} minutes counted = {minutes / 60:.1f} hours.")
    for row in weeks[weeks["week_start"] == monday].to_dict("records"):
        say(f"{row['reason']}; the target is {row['target_hours']:.0f} hours.")
        if row["mismatches"]:
            say(f"Does not agree: {row['mismatches']}.")
