"""The shipped source for SAMHSA's TEDS-D: codes, labels, classes of stay, and what cannot be read."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.build import LoadReport, load_export
from queries import catalog
from queries.filters import select
from queries.warehouse import open_warehouse
from sample_data.teds_d import HEADER, OUT, write_files

RECORD = dict(
    zip(HEADER, (2020, 1, 15, -9, 6, 31, 1, 7, 1, 5, 4, 4, 2, 2), strict=True)
)  # A man of 35 to 39 who completed intensive outpatient care in 31 to 45 days.


def load(folder: Path, records: list[dict[str, object]], home: Path, name: str = "tedsd_puf_2020.csv") -> LoadReport:
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", newline="", encoding="latin-1") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(RECORD | {"CASEID": number} | record for number, record in enumerate(records, 1))
    return load_export(folder, source="teds_d", home=home, as_of=date(2021, 12, 31))


def stored(report: LoadReport, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(report.path), read_only=True) as connection:
        return connection.execute(f"select {columns} from core.registry_discharges order by discharge_id").fetchall()


def test_every_class_of_stay_becomes_its_span(tmp_path: Path) -> None:
    report = load(tmp_path / "in", [{"LOS": los, "CASEID": 100 + los} for los in range(1, 38)], tmp_path / "home")
    spans = stored(report, "stay_days_from, stay_days_to")
    exact = [(day, day) for day in range(1, 31)]
    assert spans == [*exact, (31, 45), (46, 60), (61, 90), (91, 120), (121, 180), (181, 365), (366, None)]


@pytest.mark.parametrize(
    ("column", "canonical", "expected"),
    [
        ("SERVICES_D", "level_of_care", "withdrawal withdrawal inpatient residential residential IOP OP withdrawal"),
        ("REASON", "discharge_reason", "completed dropped_out terminated transferred incarcerated died other"),
        ("AGE", "age_group", "adolescent adolescent" + " adult" * 10),
        ("GENDER", "sex", "male female"),
        ("RACE", "race_ethnicity", "native native other black white asian other other native"),
        ("ETHNIC", "race_ethnicity", "hispanic hispanic hispanic white hispanic"),
        ("PRIMPAY", "payer", "self_pay commercial medicare medicaid other other other"),
        (
            "SUB1",
            "primary_substance",
            "none alcohol stimulant cannabis opioid opioid opioid other other stimulant stimulant stimulant "
            "sedative sedative sedative sedative other other other",
        ),
        ("PSYPROB", "program", "COD SUD"),
    ],
)
def test_every_code_of_the_codebook(tmp_path: Path, column: str, canonical: str, expected: str) -> None:
    wanted = expected.split()
    records = [{column: code, "CASEID": 100 + code} for code in range(1, len(wanted) + 1)]
    assert [value for (value,) in stored(load(tmp_path / "in", records, tmp_path / "home"), canonical)] == wanted


def test_what_the_registry_does_not_know_is_not_recorded(tmp_path: Path) -> None:
    missing = dict.fromkeys(("REASON", "GENDER", "RACE", "ETHNIC", "PRIMPAY", "SUB1", "PSYPROB"), -9)
    report = load(tmp_path / "in", [missing], tmp_path / "home")
    columns = "discharge_reason, sex, race_ethnicity, payer, primary_substance, program"
    assert stored(report, columns) == [("unknown", "unknown", "unknown", "unknown", "unknown", "SUD")]


def test_labels_and_codes_give_the_same_rows(tmp_path: Path) -> None:
    write_files(tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (OUT / path.name).read_bytes(), "the committed sample is what the script writes"
    report = load_export(OUT, source="teds_d", home=tmp_path / "home")
    assert [(file.rows_read, file.accepted) for file in report.files] == [(400, 400), (400, 400)]
    values = stored(report, "discharge_year, level_of_care, discharge_reason, age_group, payer, primary_substance, sex")
    for place in range(1, 7):
        by_year = {year: {row[place] for row in values if row[0] == year} for year in (2020, 2021)}
        assert by_year[2020] == by_year[2021]


def test_what_is_not_in_the_codebook_is_rejected_with_its_text(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [{} for _ in range(30)]
    records += [{"LOS": 38}, {"LOS": -9}, {"SERVICES_D": 9}, {"REASON": "Completed!"}, {"AGE": 0}, {"RACE": 17}]
    report = load(tmp_path / "in", records, tmp_path / "home")
    with duckdb.connect(str(report.path), read_only=True) as connection:
        found = connection.execute("select line, rule from load.reject order by line, rule").fetchall()
    assert (report.files[0].accepted, report.files[0].rejected) == (30, 6)
    assert {line for line, _ in found} == set(range(32, 38))
    assert {rule for line, rule in found if line in (32, 33)} >= {"stay_is_a_class"}
    assert {rule for line, rule in found if line > 33} == {"not_allowed"}


def test_the_published_shares_of_2004(tmp_path: Path) -> None:
    """TEDS 2004, table 2.5: 114,440 discharges from intensive outpatient care by reason."""
    published = {1: 43_119, 4: 20_441, 2: 26_561, 3: 16_025, 7: 8_294}
    path = tmp_path / "in" / "tedsd_2015_puf.csv"
    path.parent.mkdir()
    lines = [",".join(HEADER)]
    for reason, count in published.items():
        line = ",".join(str(value) for value in (RECORD | {"CASEID": "{case}", "REASON": reason}).values())
        lines += [line.replace("{case}", f"{reason}{number}") for number in range(count)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load_export(path.parent, source="teds_d", home=tmp_path / "home", as_of=date(2015, 12, 31))
    answer = catalog.ask_selection(open_warehouse(tmp_path / "home"), "registry_reasons", select())
    shares = answer.frame.set_index("category")["value"]
    named = ("completed", "transferred", "dropped out", "terminated", "other")
    assert [round(100 * shares[name], 1) for name in named] == [37.7, 17.9, 23.2, 14.0, 7.2]
