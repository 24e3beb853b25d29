"""The clean sample loads without a reject, the dirty export with exactly the planted ones; the clinic is believable."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.build import load_export
from queries.warehouse import Warehouse

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def clinic(sample_warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    return sample_warehouse.cursor()


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    return connection.execute(sql).fetchone()[0]


def test_the_clean_sample_has_no_rejects(clinic):
    read, accepted = clinic.execute("select sum(rows_read), sum(rows_accepted) from load.file").fetchone()
    assert read == accepted > 300_000
    assert one(clinic, "select count(*) from load.reject") == 0
    assert one(clinic, "select count(*) from load.file where rows_read = 0") == 0


def test_no_check_of_the_clean_sample_blocks_or_finds_much(clinic):
    checks = "from load.check_result where severity in ('block', 'warn') and violations > 0.05 * denominator"
    assert one(clinic, f"select count(*) {checks}") == 0


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    return load_export(SAMPLE / "dirty", source="canonical", home=tmp_path_factory.mktemp("dirty"))


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((SAMPLE / "dirty" / "expected.json").read_text(encoding="utf-8"))


def test_the_dirty_export_is_accounted_for_file_by_file(dirty, expected):
    found = {file.name: (file.rows_read, file.accepted, file.rejected) for file in dirty.files}
    assert found == {name: (e["rows_read"], e["accepted"], e["rejected"]) for name, e in expected.items()}


def test_the_dirty_export_rejects_each_bad_line_by_its_rule(dirty, expected):
    connection = duckdb.connect(str(dirty.path), read_only=True)
    found = connection.execute("select distinct file, line, rule from load.reject order by all").fetchall()
    wanted = {(name, entry["line"], entry["rule"]) for name, e in expected.items() for entry in e["rejects"]}
    assert set(found) == wanted


def test_about_two_in_a_hundred_rows_of_the_dirty_export_are_bad(expected):
    rejected = sum(entry["rejected"] for entry in expected.values())
    assert 0.018 < rejected / sum(entry["rows_read"] for entry in expected.values()) < 0.03


def test_the_sample_covers_july_2024_to_september_2026(clinic):
    first, last = clinic.execute(
        "select min(session_date), max(session_date) from core.sessions where status = 'attended'"
    ).fetchone()
    assert first == date(2024, 7, 1)
    assert last == date(2026, 9, 30)


def test_there_are_twelve_sites_in_three_regions(clinic):
    assert clinic.execute("select count(*), count(distinct region) from core.sites").fetchone() == (12, 3)
    assert one(clinic, "select count(distinct site) from core.episodes where level_of_care = 'IOP'") == 12


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("program", ["COD", "MH", "SUD"]),
        ("level_of_care", ["IOP", "OP", "inpatient", "residential"]),
        ("track", ["day", "evening", "residential", "weekend"]),
    ],
)
def test_every_kind_of_care_is_there(clinic, column, values):
    rows = clinic.execute(f"select distinct {column} from core.episodes where {column} is not null order by 1")
    assert [row[0] for row in rows.fetchall()] == values


def test_nearly_half_complete_and_a_third_drop_out(clinic):
    completed, dropped, days = clinic.execute(
        "select avg((discharge_reason = 'completed')::int), avg((discharge_reason = 'dropped_out')::int), "
        "median(exit_day) from mart.episode where level_of_care = 'IOP' and is_closed and is_started"
    ).fetchone()
    assert 0.38 < completed < 0.50
    assert 0.30 < dropped < 0.42
    assert 35 <= days <= 50


def test_nine_to_twelve_hours_are_scheduled_in_a_week_of_adult_care(clinic):
    low, middle, high = clinic.execute(
        "select quantile_cont(w.scheduled_hours, [0.25, 0.5, 0.75]) from mart.episode_week as w "
        "join mart.episode as e using (episode_id) where is_eligible and level_of_care = 'IOP' and not is_adolescent "
        "and week_start + 6 <= e.last_attended_date"
    ).fetchone()[0]
    assert 9 <= low <= middle <= high <= 12.5


def test_few_attended_sessions_lack_a_time(clinic):
    share = one(
        clinic,
        "select avg((actual_start is null or actual_end is null)::int) from core.sessions where status = 'attended'",
    )
    assert 0 < share < 0.05


def test_who_drops_out_is_discharged_two_to_four_weeks_after_the_last_service(clinic):
    days = one(
        clinic,
        "select median(discharge_date - last_attended_date) from mart.episode "
        "where level_of_care = 'IOP' and discharge_reason = 'dropped_out' and is_started",
    )
    assert 14 <= days <= 28


def test_items_add_up_to_the_phq_9_score(clinic):
    wrong = one(
        clinic,
        "select count(*) from core.assessments where item_scores is not null and score <> "
        "list_sum(list_transform(string_split(item_scores, ';'), lambda item: item::integer))",
    )
    assert wrong == 0
    assert one(clinic, "select count(*) from core.assessments where item_scores is not null") > 10_000


def test_some_step_down_from_residential_care_and_start_within_two_weeks(clinic):
    linked, soon = clinic.execute(
        "select count(*), count(*) filter (where iop.admission_date <= stay.discharge_date + 14) "
        "from core.episodes as iop join core.episodes as stay using (patient_id) "
        "where iop.level_of_care = 'IOP' and stay.level_of_care in ('residential', 'inpatient') "
        "and stay.discharge_to = 'IOP' and iop.admission_date >= stay.discharge_date"
    ).fetchone()
    assert linked > 50
    assert 0.7 < soon / linked < 1


def test_people_who_drop_out_are_seldom_assessed_at_discharge(clinic):
    share = dict(
        clinic.execute(
            "select discharge_reason, avg((episode_id in (select episode_id from core.assessments "
            "where timepoint = 'discharge' and score is not null))::int) from core.episodes "
            "where level_of_care = 'IOP' and discharge_reason in ('completed', 'dropped_out') group by 1"
        ).fetchall()
    )
    assert share["dropped_out"] < 0.1 < 0.6 < share["completed"]


def test_prescribed_medication_is_positive_and_marked(clinic):
    rows = clinic.execute(
        "select distinct substance from core.toxicology where is_prescribed and result = 'positive' order by 1"
    ).fetchall()
    assert [row[0] for row in rows] == ["buprenorphine", "methadone"]
