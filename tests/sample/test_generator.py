"""The generator writes the same clinic for the same seed, at any size, and says so when it cannot."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from etl import contract
from sample_data.dirty import write_dirty
from sample_data.generate import CHUNK_EPISODES, SAMPLE_EPISODES, SAMPLE_SEED, SampleError, write_sample

COMMITTED = Path(__file__).parents[2] / "sample_data"


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of what the data files hold, unpacked: another zlib may pack the same rows differently."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".csv.gz", ".csv", ".json")) or path.name == "export.toml":
            data = path.read_bytes()
            content = gzip.decompress(data) if path.suffix == ".gz" else data
            found[path.name] = hashlib.sha256(content).hexdigest()
    return found


def test_the_committed_sample_is_what_the_generator_writes_with_its_seed(tmp_path):
    write_sample(tmp_path, episodes=SAMPLE_EPISODES, seed=SAMPLE_SEED)
    assert digests(tmp_path) == digests(COMMITTED)


def test_the_committed_dirty_export_is_what_the_generator_writes(tmp_path):
    write_dirty(tmp_path)
    assert digests(tmp_path) == digests(COMMITTED / "dirty")


def test_the_committed_files_are_small():
    data = [path for path in COMMITTED.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in data) < 8_000_000


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_sample(tmp_path / name, episodes=200, seed=3)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_packed_and_plain_files_hold_the_same_rows(tmp_path):
    packed = write_sample(tmp_path / "packed", episodes=100, seed=3, formats="csv.gz")
    plain = write_sample(tmp_path / "plain", episodes=100, seed=3, formats="csv")
    assert packed.rows == plain.rows
    text = gzip.decompress((tmp_path / "packed" / "sessions.csv.gz").read_bytes())
    assert text == (tmp_path / "plain" / "sessions.csv").read_bytes()


def test_another_seed_gives_another_clinic(tmp_path):
    for seed in (1, 2):
        write_sample(tmp_path / str(seed), episodes=50, seed=seed)
    assert digests(tmp_path / "1")["sessions.csv.gz"] != digests(tmp_path / "2")["sessions.csv.gz"]


@pytest.mark.parametrize("episodes", [1, 7, 321])
def test_there_are_exactly_as_many_episodes_as_asked_for(tmp_path, episodes):
    report = write_sample(tmp_path, episodes=episodes, seed=5, formats="csv")
    assert report.rows["episodes"] == episodes
    assert len((tmp_path / "episodes.csv").read_text(encoding="utf-8").splitlines()) == episodes + 1
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["episodes"] == episodes


def test_every_file_has_all_columns_of_its_table(tmp_path):
    write_sample(tmp_path, episodes=20, seed=5, formats="csv")
    for name, table in contract.tables().items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8") as file:
            assert tuple(file.readline().rstrip("\n").split(",")) == table.column_names


def test_keys_do_not_repeat_from_one_chunk_to_the_next(tmp_path):
    write_sample(tmp_path, episodes=CHUNK_EPISODES + 100, seed=5, formats="csv")
    connection = duckdb.connect()
    for name, table in contract.tables().items():
        key = ", ".join(table.key)
        rows, different = connection.execute(
            f"select count(*), count(distinct ({key})) from read_csv($path, all_varchar = true)",
            {"path": str(tmp_path / f"{name}.csv")},
        ).fetchone()
        assert rows == different, name


def test_progress_goes_up_to_the_end(tmp_path):
    seen: list[float] = []

    class Watcher:
        def stage(self, name: str) -> None:
            assert name.startswith("Writing episodes 1 to 30")

        def advance(self, fraction: float) -> None:
            seen.append(fraction)

    write_sample(tmp_path, episodes=30, seed=5, progress=Watcher())
    assert seen == [1.0]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"episodes": 0}, "from 1 to"),
        ({"episodes": 9_999_999}, "from 1 to"),
        ({"formats": "parquet"}, "one of csv.gz, csv"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_limits(tmp_path, asked, says):
    with pytest.raises(SampleError, match=says):
        write_sample(tmp_path, **{"episodes": 10, "seed": 1, **asked})


def test_a_folder_with_the_other_format_is_refused(tmp_path):
    write_sample(tmp_path, episodes=10, seed=1, formats="csv")
    with pytest.raises(SampleError, match="Choose an empty folder"):
        write_sample(tmp_path, episodes=10, seed=1, formats="csv.gz")


def test_a_sample_that_was_stopped_half_way_may_be_written_again_and_is_not_loadable_until_then(tmp_path):
    class Stopper:
        def stage(self, name: str) -> None:
            raise KeyboardInterrupt

    write_sample(tmp_path, episodes=10, seed=1)
    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path, episodes=20, seed=1, progress=Stopper())
    assert not (tmp_path / "export.toml").exists()
    assert write_sample(tmp_path, episodes=20, seed=1).rows["episodes"] == 20
