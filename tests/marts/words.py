"""A clinic in which the weekly words are given: one urine test on the second day of every week."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

RESULT = {"+": "positive", "-": "negative", "*": "pending", "o": "not_collected"}


def clinic_of_words(folder: Path, *words: str, **tables: Any) -> Warehouse:
    """One completed episode a word, e1, e2, …, as many full weeks long as the word has letters."""
    episodes, sessions, toxicology = [], [], []
    for number, word in enumerate(words, start=1):
        key = f"e{number}"
        last_day = 7 * len(word) - 1
        stay = {"planned_days": last_day + 1, "discharge_day": last_day, "discharge_reason": "completed"}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **stay})
        sessions += [{"episode_id": key, "day": day} for day in (0, last_day)]
        toxicology += [
            {"episode_id": key, "specimen_id": f"{key}-{week}", "day": 7 * week + 1, "result": RESULT[letter]}
            for week, letter in enumerate(word)
        ]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, toxicology=toxicology, **tables)
