"""Published values and thresholds are never shown without their year, population and doubt."""

from __future__ import annotations

from datetime import date

from dashboard.benchmark import describe_benchmark, describe_briefly, marks, verified
from dashboard.instruments import describe_instruments
from queries.benchmarks import Benchmark
from queries.instruments import read_instruments
from queries.warehouse import Warehouse


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
