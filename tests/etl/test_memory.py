"""A load stays within the memory that it is given, and says what is wrong with a setting."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from etl.build import load_export
from etl.memory import bound_memory, limit_mib
from etl.progress import LoadError
from sample_data.generate import write_sample
from tests.bench.contenders import run_contender

ROOT = Path(__file__).parents[2]
PYTHON_AND_FILE_CACHES_MIB = 300


def test_a_load_under_a_low_limit_keeps_every_row_and_stays_near_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_MEMORY", "256MiB")
    write_sample(tmp_path / "data", episodes=30_000, seed=5, formats="csv")
    run = run_contender("build", tmp_path / "data", tmp_path / "work")
    with (tmp_path / "data" / "sessions.csv").open("rb") as file:
        assert run.rows["sessions"] == sum(1 for _ in file) - 1
    assert run.peak_bytes / 2**20 < 256 + PYTHON_AND_FILE_CACHES_MIB


@pytest.mark.parametrize(
    ("given", "mib"), [("2GiB", 2048), ("1.5 gib", 1536), ("512M", 512), ("1073741824", 1024), ("300 MB", 300)]
)
def test_a_size_is_read_as_people_write_it(
    given: str, mib: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_MEMORY", given)
    with duckdb.connect() as connection:
        bound_memory(connection, tmp_path / "spill")
        settings = connection.execute("select current_setting('memory_limit'), current_setting('temp_directory')")
        limit, spill = settings.fetchone() or ("", "")
        assert spill == str(tmp_path / "spill")
        assert limit == {2048: "2.0 GiB", 1536: "1.5 GiB", 1024: "1.0 GiB"}.get(mib, f"{mib}.0 MiB")


def test_without_a_setting_it_is_half_of_a_small_machine_and_two_gib_of_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("IOP_MEMORY", raising=False)
    with duckdb.connect() as connection:
        for of_machine, mib in (("16 GiB", 2048), ("2 GiB", 1280), ("300 MiB", 256)):
            connection.execute("set memory_limit = $limit", {"limit": of_machine})
            assert limit_mib(connection) == mib


@pytest.mark.parametrize("given", ["much", "10 MiB", "-2GiB", "0"])
def test_a_setting_that_says_nothing_is_refused_with_an_example(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_MEMORY", given)
    with pytest.raises(LoadError, match=r"IOP_MEMORY is .* from 256 MiB up, such as 2GiB"):
        load_export(ROOT / "sample_data" / "dirty", source="canonical", home=tmp_path / "home")
