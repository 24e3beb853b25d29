"""The mapping on a trial small enough to read: p1 on methadone, p2 on buprenorphine, p3 never randomised."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.build import load_export
from etl.progress import LoadError
from queries.warehouse import Warehouse, open_warehouse

VISIT_COLUMNS = (
    "who,visit,what,is_no_note,is_dead,is_no_show,is_no_funding,is_left_study,is_in_jail,is_forgot,is_in_hospital,"
    "is_illness,is_moved,is_missing_14_consecutive,is_window,is_unable,is_on_vacation,is_other,when"
)
FLAGS = VISIT_COLUMNS.split(",")[3:-1]


def visit(who: str, slot: str, what: str, when: str = "", *flags: str) -> str:
    return ",".join([who, slot, what, *("1" if flag in flags else "" for flag in FLAGS), when])


FILES = {
    "everybody.csv": ["who,project", "p1,27", "p2,27", "p3,27"],
    "demographics.csv": [
        "who,age,is_hispanic,race,job,is_living_stable,education,marital,is_male",
        "p1,44,No,White,,Yes,,,Yes",
        "p2,30,Yes,Other,,,,,No",
        "p3,,,Refused/missing,,,,,",
    ],
    "randomization.csv": [
        "who,treatment,which,when",
        "p1,Methadone,1,10",
        "p1,Methadone,2,10",
        "p2,Outpatient BUP,1,7",
    ],
    "site_masked.csv": ["who,site_masked", "p1,2", "p2,2", "p3,9"],
    "meta_study_length.csv": [
        "project,treatment,phase,stage,weeks,description",
        "27,Methadone,1,1,24,Treatment",
        "27,Outpatient BUP,1,1,24,Treatment",
        "30,Outpatient BUP + EMM,1,1,2,Stabilization",
    ],
    "meta_substance_groups_uds.csv": [
        "Substance,CTN-0027,CTN-0030,CTN-0051",
        "Buprenorphine,NO,Buprenorphine,Buprenorphine",
        "Cannabinoids,THC,THC,THC",
        "Methadone,Methadone,Methadone,Methadone",
        "Opiate 300,Opioid,Opioid,Opioid",
        "Oxycodone,Opioid,Opioid,Opioid",
    ],
    "visit.csv": [
        VISIT_COLUMNS,
        visit("p1", "WK1", "no visit"),
        visit("p1", "WK1", "visit", "17"),
        visit("p1", "WK2", "no visit", "", "is_no_show", "is_in_jail"),
        visit("p1", "WK28", "visit", "206"),
        visit("p2", "WK24", "visit", "170"),
        visit("p3", "BASELINE", "visit", "0"),
    ],
    "uds_temp.csv": ["who,was_temp_ok,when", "p1,1,0", "p1,99,17", "p2,0,14", "p3,1,"],
    "uds.csv": ["who,what,when", "p1,Thc,17", "p2,Methadone,14", "p2,Opioid,21"],
    "tlfb.csv": ["who,what,when", "p1,Heroin,-3", "p1,THC,12", "p1,Antibiotic,12"],
    "treatment.csv": ["who,amount,when", "p1,30,11", "p1,40,11", "p3,8,2"],
    "withdrawal.csv": ["who,withdrawal,when", "p1,2,10", "p2,1,20"],
}


def trial(folder: Path, **changed: list[str]) -> Warehouse:
    """The trial with some files changed (``visit=[...]`` adds lines to visit.csv), loaded and open."""
    export = folder / "export"
    export.mkdir()
    for name, lines in FILES.items():
        more = changed.get(name.removesuffix(".csv"), [])
        (export / name).write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    load_export(export, source="ctn0094", home=folder / "home")
    return open_warehouse(folder / "home")


def all_rows(warehouse: Warehouse, sql: str) -> list[tuple]:
    return warehouse.cursor().execute(sql).fetchall()


def test_days_count_from_one_anchor_and_day_0_is_the_first_randomisation(tmp_path: Path) -> None:
    sql = (
        "select episode_id, arm, day_zero - date '2006-01-01', planned_days, exit_class, exit_day, site "
        "from mart.episode order by 1"
    )
    assert all_rows(trial(tmp_path), sql) == [
        ("p1-1", "Methadone", 10, 168, "incarcerated", 7, "Site 2"),
        ("p2-1", "Outpatient BUP", 7, 168, "completed", 168, "Site 2"),
    ]


def test_an_attended_visit_has_precedence_over_a_missed_one_of_the_same_slot(tmp_path: Path) -> None:
    sql = "select session_id, session_date - date '2006-01-01', status, service_type from core.sessions order by 2"
    assert all_rows(trial(tmp_path), sql) == [
        ("p1-WK1", 17, "attended", "visit"),
        ("p1-WK2", 10 + 14, "no_show", "visit"),
        ("p2-WK24", 170, "attended", "visit"),
        # Follow-up more than 14 days after the planned end, day 10 + 168, is not care.
        ("p1-WK28", 206, "attended", "documentation"),
    ]


def test_positives_and_a_panel_make_every_result(tmp_path: Path) -> None:
    sql = (
        "select specimen_id, string_agg(substance || ' ' || result, ', ' order by substance), min(temperature_ok) "
        "from core.toxicology group by 1 order by 1"
    )
    assert all_rows(trial(tmp_path), sql) == [
        ("p1-0", "cannabis negative, methadone negative, opioid negative", True),
        # From the day after the randomisation on, p1's own medicine is not known when none is reported.
        ("p1-17", "cannabis positive, methadone not_reported, opioid negative", None),
        ("p2-14", "cannabis negative, methadone positive, opioid negative", False),
        # Only in the table of positives.
        ("p2-21", "cannabis negative, methadone negative, opioid positive", None),
    ]


def test_what_cannot_be_used_is_superseded_or_rejected_with_its_reason(tmp_path: Path) -> None:
    warehouse = trial(tmp_path)
    superseded = dict(all_rows(warehouse, "select file, sum(record_count)::integer from load.superseded group by 1"))
    assert superseded == {"randomization.csv": 1, "visit.csv": 2, "tlfb.csv": 1, "treatment.csv": 2}
    rejects = all_rows(warehouse, 'select file, "line", column_name, rule, raw_text from load.reject')
    assert rejects == [("uds_temp.csv", 5, "specimen_date", "required", "p3,1,")]
    adds_up = all_rows(
        warehouse, "select bool_and(rows_read = rows_accepted + rows_rejected + rows_superseded) from load.file"
    )
    assert adds_up == [(True,)]


def test_people_use_and_medication(tmp_path: Path) -> None:
    warehouse = trial(tmp_path)
    assert all_rows(warehouse, "select patient_id, sex, race_ethnicity from core.patients order by 1") == [
        ("p1", "male", "white"),
        ("p2", "female", "hispanic"),
        ("p3", "unknown", "unknown"),
    ]
    use = "select substance, event_date - date '2006-01-01' from core.use_events order by 2"
    assert all_rows(warehouse, use) == [("opioid", -3), ("cannabis", 12)]
    assert all_rows(warehouse, "select patient_id, medication, amount from core.medications") == [
        ("p1", "methadone", 40.0)
    ]
    scores = "select patient_id, instrument, score, timepoint from core.assessments order by 1"
    assert all_rows(warehouse, scores) == [("p1", "COWS", 2.0, "intake"), ("p2", "COWS", 1.0, "week")]


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("visit", visit("p2", "WK3", "visit"), "attended_on_a_day"),
        ("visit", visit("p2", "WK3", "perhaps", "30"), "not_allowed"),
        ("visit", visit("p2", "EXTRA", "no visit"), "required"),
        ("uds", "p1,Kratom,17", "not_allowed"),
        ("tlfb", "p1,Kratom,17", "not_allowed"),
        ("tlfb", "p9,Heroin,17", "unknown_reference"),
        ("treatment", "p1,a lot,12", "not_a_number"),
        ("withdrawal", "p1,2,soon", "required"),
        ("everybody", "p4,30", "trial_is_mapped"),
    ],
)
def test_what_the_mapping_does_not_know_is_rejected_and_listed(tmp_path: Path, file: str, line: str, rule: str) -> None:
    sql = f"select rule from load.reject where file = '{file}.csv' and raw_text = $line"
    assert (rule,) in trial(tmp_path, **{file: [line]}).cursor().execute(sql, {"line": line}).fetchall()


def test_a_missing_file_of_the_trial_is_named(tmp_path: Path) -> None:
    (tmp_path / "everybody.csv").write_text("who,project\n1,27\n", encoding="utf-8")
    with pytest.raises(LoadError, match=r"demographics\.csv"):
        load_export(tmp_path, source="ctn0094", home=tmp_path / "home")
