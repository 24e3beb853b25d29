"""kill -9 at any moment of a load: the pointer, the manifest and the version stay sound, and the next load works."""

from __future__ import annotations

import json
import subprocess
import sys

KILLS = 16
"""`make faults` kills 250."""


def test_killed_at_random_moments_a_load_never_harms_what_is_served() -> None:
    command = [sys.executable, "-m", "tests.etl.faults.kills", "--kills", str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    stages = json.loads(done.stdout.splitlines()[-1])
    assert sum(count for stage, count in stages.items() if stage != "ended") == KILLS
    assert stages["Publishing"] >= KILLS / 5
    assert len(stages.keys() - {"ended"}) >= 3
