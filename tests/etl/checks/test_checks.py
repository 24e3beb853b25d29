"""Every check fires on rows that break it, with known numbers, and not on rows that do not."""

from __future__ import annotations

import pytest

from etl.check_files import CATEGORIES, CHECKS, documentation, read_checks
from tests.etl.checks.case import count
from tests.etl.checks.cases_completeness import COMPLETENESS
from tests.etl.checks.cases_conformance import CONFORMANCE
from tests.etl.checks.cases_plausibility import PLAUSIBILITY
from tests.etl.checks.cases_validation import VALIDATION

FILES = {check.name: check for check in read_checks()}
CASES = CONFORMANCE | COMPLETENESS | PLAUSIBILITY | VALIDATION


def test_every_check_has_a_case_and_every_case_a_check():
    assert CASES.keys() == FILES.keys()
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_check_counts_what_breaks_it_and_nothing_else(name):
    case = CASES[name]
    violations, denominator = count(FILES[name], case.good)
    assert (violations, denominator > 0) == (0, True)
    assert count(FILES[name], case.damaged) == case.found


def test_an_export_without_episodes_is_no_export():
    assert count(FILES["no_episodes"], {}) == (1, 1)
    assert count(FILES["no_episodes"], {"registry_discharges": [{}]}) == (0, 1)


def test_episodes_of_which_none_attended_are_told():
    assert count(FILES["nothing_attended"], {"episodes": [{}], "sessions": [{"status": "no_show"}]}) == (1, 1)
    assert count(FILES["nothing_attended"], {}) == (0, 0)


def test_each_category_has_checks_and_each_check_says_from_where_it_matters():
    assert {check.category for check in FILES.values()} == set(CATEGORIES)
    assert [check.name for check in FILES.values() if not check.thresholds.words] == []
    silent = [check.name for check in FILES.values() if "{violations} of {denominator}" not in check.message]
    assert silent == ["no_episodes", "nothing_attended"]


def test_the_readme_of_the_checks_is_current():
    assert (CHECKS / "README.md").read_text(encoding="utf-8") == documentation()
