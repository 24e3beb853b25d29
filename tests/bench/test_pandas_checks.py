"""The second yardstick checks what a load checks: on the dirty export both keep the same rows of every table."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from etl import contract
from etl.build import load_export
from tests.bench.pandas_checks import check_with_pandas
from tests.conftest import ROOT


def copy_whole_records(source: Path, target: Path) -> None:
    """Leave out the records that no CSV reader can place in columns: pandas stops at them."""
    target.mkdir()
    (target / "export.toml").write_bytes((source / "export.toml").read_bytes())
    for path in source.glob("*.csv"):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        header = next(csv.reader(lines[:1]))
        whole = [
            line for line in lines if line.count('"') % 2 == 0 and len(next(csv.reader([line]), [])) == len(header)
        ]
        (target / path.name).write_text("\n".join(whole) + "\n", encoding="utf-8")


def test_pandas_and_the_load_keep_the_same_rows(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    copy_whole_records(ROOT / "sample_data" / "dirty", folder)
    by_pandas = check_with_pandas(folder)
    report = load_export(folder, source="canonical", home=tmp_path / "home")
    assert sum(file.rejected for file in report.files) > 200
    with duckdb.connect(str(report.path), read_only=True) as connection:
        for name, table in contract.tables().items():
            key = ", ".join(f"{column}::varchar" for column in table.key)
            loaded = connection.execute(f"select {key} from core.{name}").fetchall()
            kept = by_pandas[name][list(table.key)]
            for column in table.key:
                if table.column(column).type == "date":
                    kept = kept.assign(**{column: kept[column].dt.strftime("%Y-%m-%d")})
            assert sorted(loaded) == sorted(tuple(map(str, row)) for row in kept.itertuples(index=False)), name
