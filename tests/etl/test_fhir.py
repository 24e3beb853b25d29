"""The shipped source for FHIR R4 bulk exports: resources, codes, versions, instants, and what never counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.build import LoadReport, load_export
from queries import catalog
from queries.filters import select
from queries.warehouse import open_warehouse
from sample_data.fhir import OUT, write_bundle


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadReport:
    return load_export(OUT, source="fhir", home=tmp_path_factory.mktemp("fhir"))


def rows(report: LoadReport, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(report.path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def resources(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (OUT / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()]


def test_the_committed_export_is_what_the_script_writes(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in OUT.iterdir()}


def test_every_line_of_every_resource_is_accounted_for(loaded: LoadReport) -> None:
    for file in loaded.files:
        assert file.rows_read == file.accepted + file.rejected + file.superseded
        assert file.rows_read == len(resources(file.name.removesuffix(".ndjson")))
    rejects = rows(loaded, "select file, rule from load.reject order by all")
    assert set(rejects) == {
        ("Encounter.ndjson", "required"),
        ("Encounter.ndjson", "started_at_an_instant"),
        ("Observation.ndjson", "score_in_instrument_range"),
    }


def test_the_latest_version_of_a_patient_counts(loaded: LoadReport) -> None:
    assert rows(loaded, "select sex from core.patients where patient_id = 'p1'") == [("other",)]
    assert rows(loaded, "select birth_date from core.patients where patient_id = 'p3'") == [(None,)]
    found = dict(rows(loaded, "select patient_id, race_ethnicity from core.patients"))
    for patient in resources("Patient")[:40]:
        codes = json.dumps(patient["extension"])
        expected = {"2106-3": "white", "2054-5": "black", "2028-9": "asian"}
        wanted = next(name for code, name in expected.items() if code in codes)
        assert found[patient["id"]] == ("hispanic" if "2135-2" in codes else wanted)


def test_references_of_both_kinds_lead_to_the_patient(loaded: LoadReport) -> None:
    assert rows(
        loaded, "select count(*) from core.episodes where patient_id is null or episode_id[2:] <> patient_id[2:]"
    ) == [(0,)]
    assert rows(loaded, "select distinct level_of_care, site from core.episodes") == [("IOP", "Harbor")]
    assert rows(loaded, "select count(*) from core.episodes where episode_id = 'e-planned'") == [(0,)]


def test_instants_are_told_by_the_clinics_clock(loaded: LoadReport) -> None:
    times = rows(
        loaded,
        "select distinct strftime(actual_start, '%H:%M'), strftime(actual_end, '%H:%M') "
        "from core.sessions where status = 'attended'",
    )
    assert times == [("09:00", "12:00")]


def test_what_took_place_is_an_encounter_and_what_did_not_an_appointment(loaded: LoadReport) -> None:
    found = dict(rows(loaded, "select status, count(*) from core.sessions group by status"))
    booked = Counter(
        entry["status"] if entry["status"] != "cancelled" else entry["cancelationReason"]["coding"][0]["code"]
        for entry in resources("Appointment")
    )
    expected = {"attended": len(resources("Encounter")) - 1, "no_show": booked["noshow"]}
    assert found == expected | {"client_cancel": booked["pat"], "program_cancel": booked["prov"]}


def test_answers_become_items_and_totals(loaded: LoadReport) -> None:
    found = {
        key: (items, score)
        for key, items, score in rows(loaded, "select assessment_id, item_scores, score from core.assessments")
    }
    points = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
    for form in resources("QuestionnaireResponse")[:-1]:
        values = [points[item["answer"][0]["valueCoding"]["code"]] for item in form["item"]]
        assert found[f"QuestionnaireResponse/{form['id']}"] == (";".join(map(str, values)), sum(values))
    items, score = found["QuestionnaireResponse/q-part"]
    assert items.endswith(";")
    assert score is None


def test_preliminary_erroneous_and_other_observations_never_count(loaded: LoadReport) -> None:
    kept = {key for (key,) in rows(loaded, "select assessment_id from core.assessments")}
    assert not kept & {f"Observation/{key}" for key in ("o-error", "o-preliminary", "o-weight", "o-high")}
    assert rows(loaded, "select distinct timepoint from core.assessments order by 1") == [("intake",), ("week",)]


def test_measures_answer_from_it(loaded: LoadReport) -> None:
    warehouse = open_warehouse(loaded.path.parents[1])
    for name in ("retention_at", "show_rate", "hours_per_week", "follow_up_rate"):
        assert catalog.ask_selection(warehouse, name, select()).frame["value"].notna().any(), name
