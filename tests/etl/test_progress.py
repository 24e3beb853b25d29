"""A load says where it is all the way: its bar moves while it reads and while it builds, and ends full."""

from __future__ import annotations

from pathlib import Path

from etl.build import load_export
from etl.progress import SilentProgress

DIRTY = Path(__file__).parents[2] / "sample_data" / "dirty"


class Watcher(SilentProgress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.done = [0.0]
        self.stages: list[str] = []

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def advance(self, fraction: float) -> None:
        self.done.append(fraction)


def test_the_bar_moves_through_reading_and_building_and_never_back(tmp_path: Path) -> None:
    watcher = Watcher()
    load_export(DIRTY, source="canonical", home=tmp_path, progress=watcher)
    assert watcher.done == sorted(watcher.done)
    assert watcher.done[-1] == 1.0
    assert max(later - earlier for earlier, later in zip(watcher.done, watcher.done[1:], strict=False)) < 0.5
    assert len([fraction for fraction in watcher.done if 0.6 < fraction < 1]) > 5
    assert watcher.stages[0] == "Checking the files"
    assert watcher.stages[-1] == "Publishing"
