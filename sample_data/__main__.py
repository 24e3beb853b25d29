"""Writes the committed sample and the dirty export again: ``python -m sample_data``."""

from __future__ import annotations

from pathlib import Path

from sample_data.dirty import write_dirty
from sample_data.generate import SAMPLE_EPISODES, SAMPLE_SEED, write_sample

if __name__ == "__main__":
    here = Path(__file__).parent
    report = write_sample(here, episodes=SAMPLE_EPISODES, seed=SAMPLE_SEED)
    print(f"{sum(report.rows.values()):,} rows in {len(report.rows)} files, {report.bytes:,} bytes")
    expected = write_dirty(here / "dirty")
    print(f"dirty: {sum(int(str(entry['rejected'])) for entry in expected.values()):,} bad rows")
