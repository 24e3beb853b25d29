"""What a card says and hands out: sentences from the data, and CSV that runs no formula."""

from __future__ import annotations

import csv
import io
import socket
from datetime import date
from pathlib import Path

import pytest

from dashboard import server, states
from dashboard.basis import describe_basis
from dashboard.data import quarters_before
from dashboard.table import csv_of, table_of
from dashboard.takeaway import state_takeaway
from dashboard.tile import bounds_of
from dashboard.wording import in_unit, interval
from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.dashboard.answers import answer_of


def test_a_hidden_group_is_in_no_sentence_and_counted_as_hidden(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "completion_rate",
        {"group_name": "North", "value": 0.7, "lower": 0.6, "upper": 0.8},
        {"group_name": "South", "denominator": None, "is_suppressed": True},
    )
    assert "South" not in state_takeaway(answer)
    assert "1 of 2 values hidden" in describe_basis(answer)
    assert table_of(answer)["Value"].tolist() == ["70.0 %", "hidden (1–10)"]


def test_what_cannot_be_estimated_is_not_called_hidden(clinic: Warehouse) -> None:
    nothing = {"value": None, "lower": None, "upper": None}
    hidden = nothing | {"denominator": None, "is_suppressed": True}
    assert states.is_wholly_suppressed(answer_of(clinic, "days_lost", hidden, hidden))
    mixed = answer_of(clinic, "days_lost", nothing, hidden)
    assert states.is_not_estimable(mixed)
    assert not states.is_wholly_suppressed(mixed)


def test_a_tile_shows_the_bounds_where_there_is_no_rate(clinic: Warehouse) -> None:
    bounds = [{"statistic": "lower_bound", "value": 0.21}, {"statistic": "upper_bound", "value": 0.663}]
    unknown = {"statistic": "share", "value": None, "lower": None, "upper": None}
    assert bounds_of(answer_of(clinic, "return_to_use_after_discharge", unknown, *bounds)) == "21.0–66.3 %"
    known = answer_of(clinic, "return_to_use_after_discharge", {"statistic": "share", "value": 0.4}, *bounds)
    assert bounds_of(known) == bounds_of(answer_of(clinic, "return_to_use_after_discharge", unknown)) == ""


def test_the_line_under_a_chart_has_n_missing_and_the_cut_off(clinic: Warehouse) -> None:
    answer = answer_of(clinic, "completion_rate", {"value": 0.7, "missing_n": 12})
    assert describe_basis(answer) == ("n = 100 episodes · missing 12 · data to 30 Sep 2026, evaluated at 31 Aug 2026")


def test_the_n_of_parts_of_different_people_is_said_to_be_that_of_one_part(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "dose_received",
        {"category": "completed", "value": 60.0, "denominator": 90, "missing_n": 4, "statistic": "mean"},
        {"category": "dropped out", "value": 20.0, "denominator": 40, "missing_n": 9, "statistic": "mean"},
    )
    assert describe_basis(answer).startswith("n = up to 90 episodes · missing up to 9 · data to")


def test_counts_say_how_many_were_counted(clinic: Warehouse) -> None:
    flow = answer_of(
        clinic,
        "admissions_and_discharges",
        {"category": "admissions", "value": 60.0, "period": date(2026, 1, 1), "statistic": "count"},
        {"category": "discharges", "value": 20.0, "period": date(2026, 1, 1), "statistic": "count"},
        {"category": "discharges", "value": 25.0, "period": date(2026, 2, 1), "statistic": "count"},
    )
    assert describe_basis(flow).startswith("n = 60 admissions and 45 discharges · data to")
    census = answer_of(
        clinic,
        "census",
        *(
            {"value": value, "period": date(2026, 1, place), "statistic": "count"}
            for place, value in ((5, 40), (12, 44))
        ),
    )
    assert describe_basis(census).startswith("n = up to 44 episodes · data to")


def test_the_csv_holds_the_suppressed_rows_with_their_provenance(clinic: Warehouse) -> None:
    answer = catalog.ask(clinic, "retained_at", {"site": ["North"]})
    rows = list(csv.DictReader(io.StringIO(csv_of(answer).decode("utf-8-sig"))))
    assert float(rows[0]["value"]) == pytest.approx(0.75)  # 45 of 60
    assert rows[0]["measure"] == "retained_at"
    assert rows[0]["population"] == "Site North · Level of care IOP"
    assert rows[0]["data_cut"] == "2026-09-30"


def test_a_site_that_is_named_like_a_formula_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    episodes = [{"episode_id": f"e{n}", "patient_id": f"p{n}", "site": '=HYPERLINK("x")'} for n in range(30)]
    sessions = [{"episode_id": f"e{n}", "day": day} for n in range(30) for day in (0, 20, 40)]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions)
    written = csv_of(catalog.ask_selection(warehouse, "retained_at", select(by="site"))).decode("utf-8-sig")
    warehouse.close()
    cells = {cell for row in csv.reader(io.StringIO(written)) for cell in row}
    assert '\'=HYPERLINK("x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_numbers_are_written_in_their_unit() -> None:
    assert in_unit(0.6141, "share") == "61.4 %"
    assert in_unit(4180.4, "USD") == "$4,180"
    assert in_unit(8.72, "hours") == "8.7 hours"
    assert in_unit(None, "share") == "–"
    assert interval(0.5, 0.6, "share") == "50.0–60.0 %"


def test_the_quarters_of_a_sparkline_are_whole_and_end_before_the_cut_off() -> None:
    assert quarters_before(date(2026, 3, 30), 2) == [
        (date(2025, 9, 1), date(2025, 11, 30)),
        (date(2025, 12, 1), date(2026, 2, 28)),
    ]
    assert quarters_before(date(2026, 3, 31), 1) == [(date(2026, 1, 1), date(2026, 3, 31))]


def test_the_server_listens_on_this_machine_only_and_sends_no_statistics() -> None:
    command = server.streamlit_arguments(8765)
    assert "--server.address=127.0.0.1" in command
    assert "--server.port=8765" in command
    assert "--browser.gatherUsageStats=false" in command
    assert "--client.showErrorDetails=none" in command
    assert [flag for flag in command if "allowedHosts" in flag] == [
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=localhost",
    ]


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(server.ServerError, match=f"Port {port} is in use.*iop dashboard --port"):
            server.serve(port)
