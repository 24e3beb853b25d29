"""The trial as a source: who is in it, what became of every record, and what the public files leave open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.build import load_export
from queries.warehouse import Warehouse
from tests.ctn.oracle import FOLDER, oracle, rows

pytestmark = pytest.mark.shared


def test_the_results_held_against_are_the_reference_itself(shared_dir: Path) -> None:
    reference = {path.name: path.read_bytes() for path in (shared_dir / "real" / "oracle").iterdir()}
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == reference


def test_there_are_1920_people_and_1269_episodes_529_and_740_by_arm(trial_warehouse: Warehouse) -> None:
    cursor = trial_warehouse.cursor()
    assert cursor.execute("select count(*) from core.patients").fetchone() == (1920,)
    arms = cursor.execute("select arm, count(*) from core.episodes group by arm order by arm").fetchall()
    assert arms == [("Methadone", 529), ("Outpatient BUP", 740)]


def test_the_651_who_were_never_randomised_are_patients_without_an_episode(trial_warehouse: Warehouse) -> None:
    sql = "select outcome, count(distinct patient_id), count(episode_id) from core.requests group by 1 order by 1"
    found = trial_warehouse.cursor().execute(sql).fetchall()
    assert found == [("admitted", 1269, 1269), ("unknown", 651, 0)]


def test_every_record_is_accounted_for(trial_warehouse: Warehouse) -> None:
    sql = "select file, rows_read, rows_accepted, rows_rejected, rows_superseded from load.file"
    files = {name: numbers for name, *numbers in trial_warehouse.cursor().execute(sql).fetchall()}
    assert all(read == accepted + rejected + superseded for read, accepted, rejected, superseded in files.values())
    # Half of the randomisations are copies (which = 2); six temperatures have no day; one dose of two on a day and
    # four of people never randomised are left out, and so are their visits and medicines that nobody abuses.
    assert files["randomization.csv.gz"] == [2538, 1269, 0, 1269]
    assert files["uds_temp.csv.gz"] == [21500, 21494, 6, 0]
    assert files["treatment.csv.gz"] == [136003, 135998, 0, 5]
    assert files["visit.csv.gz"] == [27029, 26313, 0, 716]
    assert files["tlfb.csv.gz"] == [109463, 109236, 0, 227]


def test_a_specimen_without_a_day_is_listed_and_not_dropped(trial_warehouse: Warehouse) -> None:
    sql = 'select file, table_name, column_name, rule, raw_text from load.reject order by "line"'
    found = trial_warehouse.cursor().execute(sql).fetchall()
    assert {row[:4] for row in found} == {("uds_temp.csv.gz", "toxicology", "specimen_date", "required")}
    assert [row[4] for row in found] == ["182,99,", "1694,99,", "2135,99,", "2239,99,", "3143,99,", "3331,99,"]


def test_a_missed_slot_is_dated_from_its_week_and_flagged(trial_warehouse: Warehouse) -> None:
    # Patient 10 was randomised on study day 19 and missed week 13.
    sql = (
        "select session_date - date '2006-01-01', status, is_date_imputed from core.sessions "
        "where session_id = '10-WK13'"
    )
    assert trial_warehouse.cursor().execute(sql).fetchall() == [(19 + 7 * 13, "no_show", True)]
    imputed = trial_warehouse.cursor().execute(
        "select status, count(*) from core.sessions where is_date_imputed group by 1"
    )
    assert [status for status, _ in imputed.fetchall()] == ["no_show"]


def test_the_arms_own_medicine_is_never_negative_after_the_randomisation(trial_warehouse: Warehouse) -> None:
    sql = """
    select result, bool_or(is_prescribed) as is_prescribed, count(*) as results
    from mart.urine
    join mart.episode using (episode_id)
    where arm = 'Methadone' and substance = 'methadone' and day_of_care > 0
    group by result
    """
    found = rows(trial_warehouse, sql).set_index("result")
    assert set(found.index) == {"positive", "not_reported"}
    assert found["is_prescribed"].all()
    # About 350 of some 9,700 are kept in the source.
    assert found["results"]["positive"] < 0.05 * found["results"].sum()


def test_every_specimen_has_the_whole_panel(trial_warehouse: Warehouse) -> None:
    sql = "select n, count(*) from (select count(*) as n from core.toxicology group by specimen_id) group by n"
    # 21,494 with a temperature and three with positives only.
    assert trial_warehouse.cursor().execute(sql).fetchall() == [(7, 21494 + 3)]


def test_of_two_doses_on_a_day_the_larger_is_kept(trial_warehouse: Warehouse) -> None:
    sql = "select amount from core.medications where patient_id = '2486' and dose_date = date '2006-01-01' + 8"
    assert trial_warehouse.cursor().execute(sql).fetchall() == [(8.0,)]


def test_reasons_are_the_first_stated_among_missed_slots(trial_warehouse: Warehouse) -> None:
    # Both of "left the study" and "no show" are leaving; a stay in hospital is another reason.
    reason = {
        "completed_window": "completed",
        "is_in_hospital": "other",
        "is_in_jail": "incarcerated",
        "is_left_study": "dropped_out",
        "is_missing_14_consecutive": "terminated",
        "is_no_show": "dropped_out",
        "none_stated": "unknown",
    }
    expected = oracle("ctn_reasons")
    expected = expected.assign(reason=expected["reason"].map(reason)).groupby(["treatment", "reason"])["n"].sum()
    found = rows(trial_warehouse, "select arm, discharge_reason, count(*) as n from core.episodes group by all")
    found = found.set_index(["arm", "discharge_reason"])["n"]
    assert found.to_dict() == expected.to_dict()
    each = oracle("ctn_episodes").set_index("who")["reason"].map(reason)
    people = rows(trial_warehouse, "select patient_id::integer as who, discharge_reason from core.episodes")
    assert people.set_index("who")["discharge_reason"].to_dict() == each.to_dict()


def test_nobody_is_censored_by_the_data_cut(trial_warehouse: Warehouse) -> None:
    sql = "select max(index_date + planned_days) from core.episodes"
    (last_planned_end,) = trial_warehouse.cursor().execute(sql).fetchone() or (None,)
    assert last_planned_end is not None
    assert last_planned_end < trial_warehouse.analysis_cut
    assert rows(trial_warehouse, "select * from mart.episode where cause = 'open'").empty


def test_attendance_by_week_of_the_schedule(trial_warehouse: Warehouse) -> None:
    sql = """
    select
      regexp_extract(session_id, 'WK(\\d+)$', 1)::integer as week,
      count(*) filter (where status = 'attended') as visit,
      count(*) filter (where status = 'no_show') as missed,
      count(*) as rows
    from core.sessions
    where session_id like '%-WK%'
    group by week
    order by week
    """
    expected = oracle("ctn_attendance_week")
    expected["missed"] = expected["MISSING"] + expected["no visit"]
    found = rows(trial_warehouse, sql)
    columns = ["week", "visit", "missed", "rows"]
    pd.testing.assert_frame_equal(found[columns], expected[columns], check_dtype=False)


def test_loading_the_trial_again_changes_nothing(trial_home: Path, shared_dir: Path) -> None:
    before = (trial_home / "current.json").read_bytes()
    report = load_export(shared_dir / "real" / "ctn27", source="ctn0094", home=trial_home)
    assert report.is_unchanged
    assert (trial_home / "current.json").read_bytes() == before
