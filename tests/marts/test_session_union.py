"""INT-01: counted minutes are the union of intervals, checked minute by minute."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

from tests.clinic import tiny_clinic


def random_sessions(random: Random, count: int) -> list[dict[str, Any]]:
    """Sessions of three people on four days that begin at quarter hours between 8 and 16."""
    sessions = []
    for _ in range(count):
        session: dict[str, Any] = {
            "episode_id": random.choice(["e1", "e2", "e3"]),
            "day": random.randrange(4),
            "start": random.randrange(8 * 4, 16 * 4) / 4,
            "actual_hours": random.randrange(1, 13) / 4,
            "status": random.choice(["attended", "attended", "attended", "no_show"]),
            "service_type": random.choice(["group", "individual", "family", "transport"]),
        }
        if random.random() < 0.7:
            session["scheduled_hours"] = random.randrange(1, 13) / 4
        sessions.append(session)
    return sessions


def test_counted_minutes_of_a_day_are_the_minutes_covered_by_any_session(tmp_path: Path) -> None:
    sessions = random_sessions(Random(20240701), 150)
    covered: dict[tuple[str, int], set[int]] = defaultdict(set)
    for session in sessions:
        if session["status"] == "attended" and session["service_type"] != "transport":
            first = round(session["start"] * 60)
            hours = min(session["actual_hours"], session.get("scheduled_hours", 24))
            covered[session["episode_id"], session["day"]] |= set(range(first, first + round(hours * 60)))
    warehouse = tiny_clinic(tmp_path, episodes=[{}, {}, {}], sessions=sessions)
    found = warehouse.cursor().execute(
        "select episode_id, session_date - date '2026-01-05', sum(counted_minutes), sum(upper_minutes) "
        "from mart.session where is_attended and is_clinical group by all"
    )
    by_day = {(episode, day): (counted, upper) for episode, day, counted, upper in found.fetchall()}
    # No time is missing here, so both views agree.
    assert by_day == {key: (len(minutes), len(minutes)) for key, minutes in covered.items()}
    assert len(by_day) == 12
