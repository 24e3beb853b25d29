"""Published values are about measures of the catalogue, in their unit, and travel with every answer."""

from __future__ import annotations

import pytest

from queries import catalog
from queries.benchmarks import read_benchmarks
from queries.export import rows_with_provenance, safe_csv
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def test_every_published_value_is_of_a_measure_in_its_unit(sample_warehouse: Warehouse) -> None:
    found = read_benchmarks(sample_warehouse)
    assert len(found) >= 25
    assert set(found) <= set(catalog.measures())
    shares = [
        entry.value for name, entries in found.items() if catalog.measure(name).unit == "share" for entry in entries
    ]
    assert all(0 < value < 1 for value in shares)


def test_values_from_memory_are_marked(sample_warehouse: Warehouse) -> None:
    recalled = {
        name for name, entries in read_benchmarks(sample_warehouse).items() for e in entries if e.is_from_memory
    }
    assert recalled == {"hours_per_week", "cost_per_day", "return_to_use_after_discharge", "relapse_endpoints"}


def test_the_csv_of_an_answer_carries_the_published_values_with_year_and_population(tmp_path) -> None:
    published = {
        "measure": "completion_rate", "benchmark_value": 0.377, "population": "IOP discharges", "year": 2004,
        "source": "TEDS 2004", "comparable": "partly", "is_from_memory": True,
    }  # fmt: skip
    answer = catalog.ask(tiny_clinic(tmp_path, benchmarks=[published]), "completion_rate")
    words = "0.377: IOP discharges, 2004, TEDS 2004, comparable: partly, from memory: verify before quoting"
    assert set(rows_with_provenance(answer)["published"]) <= {words}
    assert answer.provenance()["published"] == words
    assert safe_csv(rows_with_provenance(answer)).splitlines()[0].endswith("published")


def test_the_most_comparable_and_then_the_newest_comes_first(tmp_path) -> None:
    rows = [("no", 2020), ("partly", 2004), ("partly", 2016), ("yes", 1999)]
    benchmarks = [
        {"benchmark_id": str(number), "measure": "completion_rate", "benchmark_value": 0.5, "population": "p",
         "source": "s", "comparable": comparable, "year": year}
        for number, (comparable, year) in enumerate(rows)
    ]  # fmt: skip
    found = read_benchmarks(tiny_clinic(tmp_path, benchmarks=benchmarks))["completion_rate"]
    assert [(entry.comparable, entry.year) for entry in found] == [
        ("yes", 1999), ("partly", 2016), ("partly", 2004), ("no", 2020)
    ]  # fmt: skip


OF_THE_KIND_OF_HEDIS = (
    "initiation", "engagement", "program_engagement", "continuity_after_24_hour_care",
    "follow_up_after_high_intensity_care", "follow_up_after_mental_health_stay", "addiction_medication_started",
    "addiction_medication_continued", "depression_remission_at_twelve_months",
)  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_KIND_OF_HEDIS)
def test_a_measure_of_the_kind_of_hedis_says_that_it_is_not_one(name: str) -> None:
    measure = catalog.measure(name)
    assert "hedis" in f"{measure.title} {measure.warning}".lower()
