"""Generates a synthetic clinic of any size, chunk by chunk, and writes it as an export."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from etl import contract
from sample_data import reference
from sample_data.access import write_requests
from sample_data.after import write_use_events
from sample_data.attendance import attend
from sample_data.batch import Batch
from sample_data.chains import draw_chains
from sample_data.clinic import DATA_CUT, draw_closures, groups_per_line
from sample_data.further_records import write_further_records
from sample_data.later_doses import write_later_doses
from sample_data.money import write_authorizations, write_costs
from sample_data.people import draw_people
from sample_data.records import write_episodes, write_patients, write_sessions
from sample_data.scores import write_assessments
from sample_data.screens import write_screens
from sample_data.timetable import schedule
from sample_data.truth import Truth
from sample_data.urine import write_toxicology
from sample_data.use import draw_use, write_medications
from sample_data.write import FORMATS, TableWriter

CHUNK_EPISODES = 10_000
LARGEST = 5_000_000
SAMPLE_EPISODES = 3_600
SAMPLE_SEED = 15
TRUTH = "truth.json"
EXPORT_TOML = f"data_cut = {DATA_CUT.isoformat()}\nexported_at = 2026-10-01T02:00:00\n"
STEPS = (
    "people", "chains", "records", "timetable", "attendance", "use", "urine", "after", "scores", "money", "access",
    "anxiety_items", "screens", "later_doses", "further",
)  # fmt: skip
"""Streams of random numbers, by place: a new one is added at the end."""


class SampleError(ValueError):
    """The sample cannot be written as asked; the message says what can."""


class SampleProgress(Protocol):
    """Receives the progress of the generator."""

    def stage(self, name: str) -> None:
        """A new stage begins."""

    def advance(self, fraction: float) -> None:
        """Share of the whole work that is done, 0 to 1."""


@dataclass(frozen=True)
class SampleReport:
    """What was written."""

    out: Path
    episodes: int
    seed: int
    rows: dict[str, int]
    bytes: int
    seconds: float


@dataclass
class _Counters:
    patients: int = 1
    episodes: int = 1
    sessions: int = 1


def write_sample(
    out: Path, *, episodes: int, seed: int, progress: SampleProgress | None = None, formats: str = "csv.gz"
) -> SampleReport:
    """Write a synthetic export of ``episodes`` episodes into the folder ``out``; the same seed gives the same bytes.

    ``formats`` is "csv.gz" or "csv". Also written: export.toml and truth.json (what was planted, as numbers).
    Raises SampleError for a number of episodes, a seed, a format or a folder that cannot be used.
    """
    if not 1 <= episodes <= LARGEST:
        raise SampleError(f"The number of episodes must be from 1 to {LARGEST:,}, not {episodes:,}.")
    if seed < 0:
        raise SampleError(f"The seed must be 0 or more, not {seed}.")
    if formats not in FORMATS:
        raise SampleError(f"The format must be one of {', '.join(FORMATS)}, not {formats!r}.")
    _check_folder(out, formats)
    began = perf_counter()
    closed, groups = draw_closures(seed), groups_per_line(episodes)
    writer, truth, counters = TableWriter(out, formats), Truth(), _Counters()
    try:
        reference.write_reference(writer, groups)
        chunks = range(0, episodes, CHUNK_EPISODES)
        for number, first in enumerate(chunks):
            if progress:
                progress.stage(f"Writing episodes {first + 1:,} to {min(first + CHUNK_EPISODES, episodes):,}")
            size = min(CHUNK_EPISODES, episodes - first)
            _write_chunk(writer, truth, counters, (seed, number), size, closed, groups)
            if progress:
                progress.advance((first + size) / episodes)
    finally:
        writer.close()
    (out / "export.toml").write_text(EXPORT_TOML, encoding="utf-8")
    found: dict[str, Any] = {"seed": seed, "episodes": episodes, **truth.numbers()}
    (out / TRUTH).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    written = sum((out / f"{table}.{formats}").stat().st_size for table in writer.rows)
    return SampleReport(out, episodes, seed, dict(writer.rows), written, perf_counter() - began)


def _check_folder(out: Path, formats: str) -> None:
    """Make the folder. Raises SampleError where it cannot be written, or holds an export that is no sample."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        found = {path.name for path in out.iterdir()}
    except OSError as error:
        raise SampleError(f"{out} cannot be written ({error.strerror}). Choose another folder with --out.") from error
    exported = {f"{table}.{suffix}" for table in contract.LOAD_ORDER for suffix in FORMATS} & found
    replaced = {f"{table}.{formats}" for table in contract.LOAD_ORDER} if TRUTH in found else set()
    if exported - replaced:
        raise SampleError(f"{out} holds another export ({min(exported - replaced)}). Choose an empty folder.")
    # A sample that is stopped half-way cannot be loaded, for want of export.toml, and may be written over.
    (out / "export.toml").unlink(missing_ok=True)
    (out / TRUTH).write_text("{}\n", encoding="utf-8")


def _write_chunk(
    writer: TableWriter,
    truth: Truth,
    counters: _Counters,
    seed: tuple[int, int],
    size: int,
    closed: np.ndarray,
    groups: np.ndarray,
) -> None:
    # Every step has its own stream of random numbers: a change in one does not change the others.
    streams = {step: np.random.default_rng([*seed, 100 + place]) for place, step in enumerate(STEPS)}
    people = draw_people(streams["people"], size)
    episodes = draw_chains(streams["chains"], people, groups, closed, size)
    people = people.take(np.arange(int(episodes.person.max()) + 1))
    first_patient, first_episode = counters.patients, counters.episodes
    write_patients(writer, people, first_patient)
    write_episodes(streams["records"], writer, people, episodes, first_patient, first_episode)
    rows = schedule(streams["timetable"], episodes, _is_medicated(people, episodes))
    attend(streams["attendance"], episodes, people, rows, closed)
    write_sessions(writer, episodes, rows, groups, first_episode, counters.sessions)
    use = draw_use(streams["use"], people, episodes)
    keys = (first_patient, first_episode)
    write_toxicology(streams["urine"], writer, people, episodes, rows, use, keys)
    write_medications(writer, people, episodes, keys)
    write_later_doses(streams["later_doses"], writer, people, episodes, truth, keys)
    write_use_events(streams["after"], writer, people, episodes, use, keys)
    course, occasions = write_assessments(
        streams["scores"], streams["anxiety_items"], writer, people, episodes, use, truth, keys
    )
    write_screens(streams["screens"], writer, people, episodes, course, occasions, truth, keys)
    write_costs(streams["money"], writer, people, episodes, rows, truth, keys)
    write_authorizations(streams["money"], writer, people, episodes, first_episode)
    write_further_records(streams["further"], writer, people, episodes, truth, keys)
    truth.count_episodes(episodes)
    truth.count_sessions(episodes, rows)
    strangers = write_requests(streams["access"], writer, people, episodes, keys, first_patient + len(people))
    counters.patients += len(people) + strangers
    counters.episodes += len(episodes)
    counters.sessions += len(rows)


def _is_medicated(people: Batch, episodes: Batch) -> np.ndarray:
    return people.is_medicated[episodes.person]
