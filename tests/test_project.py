"""The project keeps its promises to a newcomer: commands, licence, pins, and no traces of anybody's machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TEXT_ENDINGS = {".py", ".sql", ".toml", ".md", ".txt", ".css", ".html", ".json", ".cfg", ".ini", ".yaml", ".yml", ""}
LONGEST_FILE = 300
"""Lines of a Python file: the hard limit; most have fewer than 150."""


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files of the project, as git knows them, that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return tuple(ROOT / name for name in sorted(filter(None, listed)) if (ROOT / name).is_file())


def text_files() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8"))
        for path in tracked_files()
        if path.suffix in TEXT_ENDINGS and path.name != "LICENSE"
    ]


def found_in_text(pattern: str, *, but_not: str = "") -> list[str]:
    """``file:line`` of every match in a text file of the project, this test aside."""
    expression, exception = re.compile(pattern), re.compile(but_not) if but_not else None
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in text_files()
        if path != Path(__file__)
        for number, line in enumerate(text.splitlines(), 1)
        if expression.search(line) and not (exception and exception.search(line))
    ]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins() -> dict[str, str]:
    """Exact version by package of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("==") for line in lines if line.strip() and not line.startswith("#"))
    return {canonical(name): version for name, version in found.items()}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> list[Requirement]:
    body = project()["project"]
    listed = [*body["dependencies"], *(entry for extra in body["optional-dependencies"].values() for entry in extra)]
    return [Requirement(entry) for entry in listed]


def test_the_readme_shows_the_commands_that_the_makefile_has() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in set(re.findall(r"\bmake ([a-z-]+)\b(?=\s+#|`|$)", readme, re.MULTILINE)) | {"run", "test"}:
        assert f"make {command}" in readme
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), f"README shows `make {command}`"


def test_the_full_check_runs_every_part_of_make_check() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    check = re.search(r"^check: ([a-z -]+?) ##", makefile, re.MULTILINE)
    assert check is not None
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"for part in {check[1]}; do" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_licence_is_there_and_named() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert project()["project"]["license"] == "Apache-2.0"


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_every_dependency_is_a_range_with_an_exact_pin_inside_it(requirement: Requirement) -> None:
    assert requirement.specifier, f"{requirement.name} has no lower bound"
    pinned = pins()[canonical(requirement.name)]
    assert requirement.specifier.contains(pinned), f"{requirement.name} is pinned at {pinned}"


def test_every_pin_is_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.+!-]*", line)] == []


def test_no_file_names_somebodys_machine_or_a_package_registry() -> None:
    machine = r"/(home|Users|work|root)/[a-z]"
    registry = r"pypi\.org|files\.pythonhosted|registry\.npmjs|index-url|extra-index|artifactory|simple/\b"
    assert found_in_text(machine) == []
    assert found_in_text(registry) == []


def test_nothing_is_left_to_do_or_swallowed() -> None:
    assert found_in_text(r"\b(TODO|FIXME|XXX|HACK)\b") == []
    assert found_in_text(r"\bNotImplementedError\b") == []
    assert found_in_text(r"except[^:]*:\s*pass\b") == []


def test_files_are_named_for_their_one_job() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [path for path in tracked_files() if vague & {path.stem, *path.relative_to(ROOT).parts[:-1]}] == []
    # Streamlit runs files of a folder of this name without the front door's gate.
    assert [path for path in tracked_files() if "pages" in path.relative_to(ROOT).parts] == []


def test_python_files_fit_in_a_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path, text in text_files()
        if path.suffix == ".py" and (lines := len(text.splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_test_sleeps() -> None:
    tests = [line for line in found_in_text(r"\btime\.sleep\(") if line.startswith("tests/")]
    assert tests == []


def test_the_warehouse_is_never_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in listed if name.endswith((".duckdb", ".wal")) or name.startswith("warehouse/")] == []


def test_the_committed_sample_stays_small() -> None:
    files = [path for path in tracked_files() if path.is_relative_to(ROOT / "sample_data")]
    assert sum(path.stat().st_size for path in files) < 8_000_000
