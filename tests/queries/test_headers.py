"""What headers share: each name is known, and nothing is shared by nobody."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from queries import headers, reasons
from queries.catalog import measure
from queries.headers import fill_parameter, fill_sentences

FOLDER = Path(headers.__file__).parent
SHARED = tomllib.loads((FOLDER / "headers.toml").read_text(encoding="utf-8"))
REASONS = tomllib.loads(Path(reasons.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
HEADERS = {path: path.read_text(encoding="utf-8").split("*/")[0] for path in FOLDER.glob("*/*.sql")}


def uses(pattern: str) -> int:
    return sum(bool(re.search(pattern, text, re.MULTILINE)) for text in HEADERS.values())


def test_a_header_takes_a_sentence_and_a_parameter_by_name():
    member = measure("net_monetary_benefit")
    assert member.warning == f"{SHARED['words']['placement']} {SHARED['words']['not_adjusted_for']}"
    by_name = {parameter.name: parameter for parameter in member.parameters}
    assert by_name["basis"].choices == tuple(SHARED["parameters"]["basis"]["choices"])
    assert by_name["instrument"].label == SHARED["parameters"]["result_instrument"]["label"]


def test_what_stands_beside_a_shared_parameter_stands():
    assert fill_parameter("day", {"shared": "day_in_care", "default": 60}) == SHARED["parameters"]["day_in_care"] | {
        "default": 60
    }
    own = {"type": "integer", "label": "Day", "default": 1}
    assert fill_parameter("day", own) == own


@pytest.mark.parametrize("fill", [lambda: fill_sentences("{nothing}"), lambda: fill_parameter("nothing", {})])
def test_an_unknown_name_is_an_error(fill):
    with pytest.raises(KeyError, match="nothing"):
        fill()


@pytest.mark.parametrize("name", SHARED["words"])
def test_a_shared_sentence_is_used_by_several(name):
    assert uses(rf"\{{{name}\}}") > 1


@pytest.mark.parametrize("name", SHARED["parameters"])
def test_a_shared_parameter_is_used_by_several(name):
    assert uses(rf'^\[parameters\.{name}\]\n(?!\w)|^shared = "{name}"') > 1


@pytest.mark.parametrize("name", REASONS["exclusions"])
def test_a_shared_exclusion_is_used(name):
    assert uses(rf'"{name}"') > 0


@pytest.mark.parametrize("name", REASONS["facts"])
def test_a_fact_is_used(name):
    shared = " ".join(str(text) for entry in REASONS["exclusions"].values() for text in entry.values())
    assert uses(rf"\b{name}\.") or re.search(rf"\b{name}\.", shared + str(REASONS["evidence"]))
