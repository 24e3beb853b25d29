"""What a card says and hands out: sentences from the data, and CSV that runs no formula."""

from __future__ import annotations

import csv
import io
import socket
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard import server
from dashboard.basis import describe_basis
from dashboard.benchmark import describe_benchmark, describe_briefly, marks, verified
from dashboard.data import quarters_before
from dashboard.instruments import describe_instruments
from dashboard.table import csv_of, table_of
from dashboard.takeaway import state_takeaway
from dashboard.verdict import meets_target
from dashboard.wording import in_unit, interval
from queries import catalog
from queries.answer import Answer, shape
from queries.benchmarks import Benchmark
from queries.filters import select
from queries.instruments import read_instruments
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def answer_of(clinic: Warehouse, measure: str, *records: dict[str, object], **changes: object) -> Answer:
    """An answer with rows given by hand, for a measure of the catalogue with some facts changed."""
    answer = catalog.ask(clinic, measure)
    frame = shape(pd.DataFrame([{"statistic": "share", "denominator": 100} | record for record in records]))
    return replace(answer, frame=frame, measure=replace(answer.measure, **changes))


def test_a_share_is_said_with_its_interval_and_target(clinic: Warehouse) -> None:
    answer = answer_of(clinic, "completion_rate", {"value": 0.414, "lower": 0.32, "upper": 0.51})
    assert state_takeaway(answer, 0.5) == ("41.4 % (32.0–51.0 %) of 100 episodes; the target of 50.0 % is not met.")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (19, "75.0 % (60.0–85.0 %) of 19 episodes; the target is 50.0 %: too few to judge (n < 20)."),
        (20, "75.0 % (60.0–85.0 %) of 20 episodes; the target of 50.0 % is met."),
    ],
)
def test_under_twenty_a_share_is_shown_with_its_interval_and_not_judged(clinic: Warehouse, n: int, said: str) -> None:
    answer = answer_of(clinic, "completion_rate", {"value": 0.75, "lower": 0.6, "upper": 0.85, "denominator": n})
    assert state_takeaway(answer, 0.5) == said


def test_a_verdict_follows_the_direction_of_the_measure_and_never_a_hidden_n(clinic: Warehouse) -> None:
    lost, kept = catalog.measure("early_dropout"), catalog.measure("completion_rate")
    assert (lost.higher_is, kept.higher_is) == ("worse", "better")
    for value, is_met in ((0.4, False), (0.5, True), (0.6, True)):
        assert meets_target({"value": value, "denominator": 20}, 0.5, kept) is is_met
    for value, is_met in ((0.4, True), (0.5, True), (0.6, False)):
        assert meets_target({"value": value, "denominator": 20}, 0.5, lost) is is_met
    for n in (19, 0, pd.NA):
        assert meets_target({"value": 0.6, "denominator": n}, 0.5, kept) is None


def test_groups_are_said_from_the_lowest_to_the_highest_and_whether_they_overlap(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "completion_rate",
        {"group_name": "North", "value": 0.7, "lower": 0.6, "upper": 0.8},
        {"group_name": "South", "value": 0.4, "lower": 0.3, "upper": 0.5},
    )
    assert state_takeaway(answer) == ("From 40.0 % (South) to 70.0 % (North); these two intervals do not overlap.")


def test_groups_are_compared_within_one_category_never_across(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "cost_per_episode",
        {"group_name": "North", "category": "paid", "value": 4000.0, "statistic": "mean"},
        {"group_name": "North", "category": "paid", "value": 3000.0, "statistic": "median"},
        {"group_name": "North", "category": "charge", "value": 9000.0, "statistic": "mean"},
        {"group_name": "South", "category": "paid", "value": 5000.0, "statistic": "mean"},
    )
    assert state_takeaway(answer) == "Paid: from $4,000 (North) to $5,000 (South)."


def test_nested_categories_are_said_by_the_outer_one(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "cost_comparison",
        {"category": "inpatient less IOP, crude (paid)", "value": 2751.0, "statistic": "mean"},
        {"category": "inpatient less IOP, at equal severity (paid)", "value": 1939.0, "statistic": "mean"},
    )
    said = "Inpatient less IOP: crude $2,751 and at equal severity $1,939."
    assert state_takeaway(answer, is_nested=True) == said


def test_two_rules_for_missing_weeks_are_said_together(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "relapse_endpoints",
        {"category": "any use", "value": 0.6, "statistic": "missing_is_negative"},
        {"category": "any use", "value": 0.8, "statistic": "missing_is_positive"},
        {"category": "dropout", "value": 0.1, "statistic": "as_recorded"},
    )
    assert state_takeaway(answer) == (
        "80.0 % have an answer that no missing week could change. From missing counted as no use to missing counted as "
        "use: any use 60.0 % to 80.0 %."
    )


def test_a_share_with_missing_results_begins_with_how_many_have_one(clinic: Warehouse) -> None:
    rows = [
        {"statistic": "follow_up", "value": 0.62},
        {"statistic": "missing_is_worst", "value": 0.3, "lower": 0.2, "upper": 0.4},
        {"statistic": "complete_case", "value": 0.5},
        {"statistic": "lower_bound", "value": 0.3},
        {"statistic": "upper_bound", "value": 0.7},
    ]
    assert state_takeaway(answer_of(clinic, "reliable_improvement", *rows)) == (
        "62.0 % have a follow-up score. 30.0 % (20.0–40.0 %) when a missing result counts against us; the truth lies "
        "between 30.0 % and 70.0 %; 50.0 % among those with a result."
    )
    few = [rows[0] | {"value": 0.5}, *rows[3:]]
    assert state_takeaway(answer_of(clinic, "past_month_abstinence", *few)) == (
        "50.0 % have a report at follow-up. That is too few for a rate; the truth lies between 30.0 % and 70.0 %, "
        "whatever became of those lost."
    )


def test_groups_with_too_few_results_for_a_rate_are_named(clinic: Warehouse) -> None:
    north = [
        {"group_name": "North", "statistic": "follow_up", "value": 0.8},
        {"group_name": "North", "statistic": "missing_is_worst", "value": 0.3, "lower": 0.2, "upper": 0.4},
        {"group_name": "North", "statistic": "lower_bound", "value": 0.3},
    ]
    south = [
        {"group_name": "South", "statistic": "follow_up", "value": 0.4},
        {"group_name": "South", "statistic": "lower_bound", "value": 0.1},
    ]
    assert state_takeaway(answer_of(clinic, "reliable_improvement", *north, *south)) == (
        "From 40.0 % (South) to 80.0 % (North) have a follow-up score. When missing results count against us: North: "
        "30.0 % (20.0–40.0 %). Too few followed up for a rate: South."
    )


def test_where_only_the_number_with_a_result_may_be_shown_nothing_more_is_said(clinic: Warehouse) -> None:
    answer = answer_of(clinic, "reliable_deterioration", {"statistic": "follow_up", "value": 0.7})
    assert state_takeaway(answer) == "70.0 % have a follow-up score."


def test_stages_are_said_in_their_order(clinic: Warehouse) -> None:
    stages = ({"category": name, "value": value} for name, value in (("asked", 1.0), ("day 30", 0.5), ("day 90", 0.6)))
    answer = answer_of(clinic, "referral_funnel", *stages)
    assert state_takeaway(answer) == "Asked 100.0 %, day 30 50.0 % and day 90 60.0 %."


def test_the_only_part_that_is_shown_is_named(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "waiting_list",
        {"category": "14 to 29 days", "value": 13.0, "statistic": "count"},
        {"category": "under 7 days", "is_suppressed": True, "statistic": "count"},
    )
    assert state_takeaway(answer) == "14 to 29 days: 13."


def test_a_curve_is_read_where_a_tenth_remains(clinic: Warehouse) -> None:
    steps = {0: 1.0, 30: 0.7, 60: 0.2, 79: 0.01, 95: 0.0}
    curve = ({"step": step, "value": value, "statistic": "survival"} for step, value in steps.items())
    answer = answer_of(clinic, "retention_curve", *curve, {"value": 43.0, "statistic": "median"})
    assert state_takeaway(answer) == "At day 60: 20.0 % still in care; down to half by day 43."


def test_the_latest_month_is_held_against_the_months_before(clinic: Warehouse) -> None:
    months = [{"period": date(2026, month, 1), "value": value} for month, value in ((1, 0.6), (2, 0.8), (3, 0.5))]
    answer = answer_of(clinic, "completion_rate", *months, axis="period")
    # (0.6 + 0.8) / 2 = 0.7
    assert state_takeaway(answer) == (
        "March 2026: 50.0 %, against 70.0 % on average in the 2 months before. Lowest: 50.0 % in March 2026."
    )


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


def test_a_published_value_says_whom_when_and_how_old_it_is() -> None:
    old = Benchmark(0.377, None, None, "IOP discharges, n = 114,440", 2004, "TEDS 2004, Table 2.5", "partly")
    recent = Benchmark(0.3, 0.27, 0.34, "Trials", 2020, "Lappan 2020", "no")
    undated = Benchmark(0.8, None, None, "Requirement", None, "SAMHSA", "yes")
    today = date(2026, 9, 30)
    assert describe_benchmark(old, "share", today) == (
        "37.7 %: IOP discharges, n = 114,440, 2004, **22 years old**; similar definition or population. "
        "TEDS 2004, Table 2.5."
    )
    assert describe_benchmark(recent, "share", today).startswith("30.0 % (27.0–34.0 %): Trials, 2020; for orientation")
    assert "year not stated" in describe_benchmark(undated, "share", today)
    assert marks([old, recent, undated]) == ((0.377, "published 2004"), (0.8, "published"))
    assert describe_briefly([recent, old], "share", today) == "published 37.7 % (2004, **22 years old**)"
    assert describe_briefly([recent], "share", today) == ""


def test_what_was_written_from_memory_says_so_wherever_it_is_shown() -> None:
    recalled = Benchmark(0.65, 0.6, 0.7, "A trial", 2018, "Lee 2018", "partly", is_from_memory=True)
    words = "from memory: verify before quoting"
    assert describe_benchmark(recalled, "share", date(2026, 9, 30)).endswith(
        "Lee 2018. **From memory: verify before quoting.**"
    )
    assert describe_briefly([recalled], "share", date(2026, 9, 30)) == f"published 65.0 % (2018, {words})"
    assert recalled.describe() == f"0.65 (0.6 to 0.7): A trial, 2018, Lee 2018, comparable: partly, {words}"
    assert verified("Change of 10 points [R]") == f"Change of 10 points ({words})"


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


def test_the_table_of_instruments_says_which_numbers_are_from_memory(clinic: Warehouse) -> None:
    table = describe_instruments(read_instruments(clinic)).set_index("Instrument")
    assert table.loc["PCL-5", ["A case", "Reliable change", "Verified"]].tolist() == [
        "31 or more",
        "15 or 18",
        "as published",
    ]
    assert table.loc["WHO-5", "A case"] == "50 or less"
    assert table.loc["PHQ-9", "Verified"] == "from memory: verify"
    assert "NHS Talking Therapies (from memory: verify before quoting)" in table.loc["PHQ-9", "Source"]
    assert table.loc["AUDIT", ["Reliable change", "Before and after"]].tolist() == ["–", "no"]
