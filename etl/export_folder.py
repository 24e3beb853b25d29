"""Finds the declared files of an export in its folder and checks their bytes."""

from __future__ import annotations

import fnmatch
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from etl.mapping import Mapping, RawFile
from etl.precheck import CheckedFile, check_bytes
from etl.progress import LoadError, Progress, nearest


@dataclass(frozen=True)
class Export:
    """The checked files of one export by raw name, and what export.toml says."""

    files: dict[str, list[CheckedFile]]
    data_cut: date | None
    exported_at: datetime | None
    rules: dict[str, Any]

    @property
    def all_files(self) -> list[CheckedFile]:
        return [file for files in self.files.values() for file in files]


def check_export(folder: Path, mapping: Mapping, progress: Progress) -> Export:
    """Find and check every declared file. Raises LoadError for a folder or file that cannot be loaded."""
    try:
        present = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except FileNotFoundError:
        raise LoadError(f"There is no folder {folder}. Give the folder that holds the export's files.") from None
    except NotADirectoryError:
        raise LoadError(f"{folder} is a file. Give the folder that holds the export's files.") from None
    except OSError as error:
        raise LoadError(
            f"The folder {folder} cannot be read ({error.strerror}). Check that you may read it."
        ) from error
    if not present:
        raise LoadError(f"The folder {folder} is empty. Give the folder that holds the export's files.")
    found = {name: _matches(folder, raw, present) for name, raw in mapping.files.items()}
    _refuse_missing(folder, mapping, found, present)
    used = {path.name for paths in found.values() for path in paths}
    for name in present:
        if name not in used and name.endswith((".csv", ".csv.gz", ".tsv", ".parquet", ".xlsx")):
            progress.note(f"{name} is not part of source {mapping.name!r} and was left out.")
    jobs = [(name, path) for name, paths in found.items() for path in paths]
    with ThreadPoolExecutor(max_workers=2) as pool:
        checked = list(pool.map(lambda job: check_bytes(job[1], job[1].name, mapping.files[job[0]]), jobs))
    by_raw: dict[str, list[CheckedFile]] = {name: [] for name in mapping.files}
    for (name, _), file in zip(jobs, checked, strict=True):
        by_raw[name].append(file)
    return Export(by_raw, *_export_toml(folder))


def _matches(folder: Path, raw: RawFile, present: list[str]) -> list[Path]:
    paths: list[Path] = []
    for pattern in raw.paths:
        stem = pattern.removesuffix(".gz")
        for candidate in (stem, stem + ".gz"):
            # Among the names in the folder: a broken link has a name, and must not count as a file that is not there.
            paths += [folder / name for name in fnmatch.filter(present, candidate) if folder / name not in paths]
    names = {path.name for path in paths}
    twice = sorted(name for name in names if name + ".gz" in names)
    if twice:
        raise LoadError(f"Both {twice[0]} and {twice[0]}.gz are in {folder}. Keep one of them.")
    for path in paths:
        if not path.is_file():
            raise LoadError(f"{path.name} is not a readable file (it is a folder or a broken link). Export it again.")
    return paths


def _refuse_missing(folder: Path, mapping: Mapping, found: dict[str, list[Path]], present: list[str]) -> None:
    missing = [
        mapping.files[n].paths[0] for n, paths in found.items() if not paths and not mapping.files[n].is_optional
    ]
    if missing:
        hint = nearest(missing[0], present)
        raise LoadError(
            f"{', '.join(missing)} missing in {folder}.{hint} Source {mapping.name!r} needs "
            f"{'it' if len(missing) == 1 else 'them'}: export again, or choose another source with --source."
        )
    if not any(found.values()):
        raise LoadError(f"No file in {folder} belongs to source {mapping.name!r}. Choose another source with --source.")


def _export_toml(folder: Path) -> tuple[date | None, datetime | None, dict[str, Any]]:
    path = folder / "export.toml"
    if not path.is_file():
        return None, None, {}
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        cut = body.get("data_cut")
        at = body.get("exported_at")
        rules = body.get("rules", {})
        if not isinstance(rules, dict):
            raise ValueError(f"rules is {rules!r}")
        cut = date.fromisoformat(cut) if isinstance(cut, str) else cut
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
        for name, value in (("data_cut", cut), ("exported_at", at)):
            if value is not None and not isinstance(value, date):
                raise ValueError(f"{name} is {value!r}")
    except (OSError, ValueError) as error:
        raise LoadError(f"{path.name} cannot be read ({error}). It should say data_cut = 2026-09-30.") from error
    if isinstance(cut, datetime):
        cut = cut.date()
    if isinstance(at, date) and not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day)
    if at is not None and at.tzinfo is not None:
        at = at.replace(tzinfo=None)
    return cut, at, rules
