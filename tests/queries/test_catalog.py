"""Every measure of the catalogue, on a clinic of a few episodes and on an empty one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries import catalog
from queries.answer import COLUMNS
from queries.catalog import measure, measures, read_measure
from queries.filters import COMPARISONS, FILTERS, select
from queries.measure import MeasureError, Parameter
from queries.statistics import KINDS
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

ROOT = Path(catalog.__file__).parent
UNITS = {
    *("share", "hours", "days", "weeks", "sessions", "USD", "persons", "count", "points"),
    *("standard deviations", "percentage points", "p-value", "per 100 people"),
}
SHARES = {"share", "share_at_target", "survival", "cumulative_incidence"} | {
    "follow_up",
    "missing_is_worst",
    "complete_case",
    "lower_bound",
    "upper_bound",
}

HEADER = """/*
title = "Started"
question = "How many started?"
formula = "Episodes."
unit = "count"
higher_is = "neutral"
statistic = "counts"
spec = ["RET-08"]
source = "test"
reviewed = "not clinically reviewed"
*/
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Warehouse:
    """Four episodes at two sites: completed, dropped out, transferred, and still in care."""
    episodes = [
        {"site": "North", "discharge_day": 56, "discharge_reason": "completed"},
        {"site": "North", "discharge_day": 40, "discharge_reason": "dropped_out"},
        {"site": "South", "discharge_day": 30, "discharge_reason": "transferred", "discharge_to": "OP"},
        {"site": "South", "admission_date": date(2026, 8, 10)},
    ]
    for number, episode in enumerate(episodes, start=1):
        episode |= {"episode_id": f"e{number}", "patient_id": f"p{number}"}
    sessions = [
        {"episode_id": f"e{number}", "day": day}
        for number, last in ((1, 56), (2, 21), (3, 30), (4, 40))
        for day in range(0, last + 1, 2)
    ]
    assessments = [
        {"episode_id": f"e{number}", "patient_id": f"p{number}", "day": day, "score": score}
        for number in (1, 2, 3)
        for day, score in ((0, 16), (28, 8))
    ]
    toxicology = [
        {"episode_id": f"e{number}", "patient_id": f"p{number}", "specimen_id": f"u{number}-{day}", "day": day}
        | {"result": result}
        for number in (1, 2)
        for day, result in ((3, "negative"), (10, "positive"))
    ]
    costs = [{"episode_id": f"e{number}", "day": 1, "amount": 900} for number in (1, 2, 3)]
    return tiny_clinic(
        tmp_path_factory.mktemp("clinic"),
        episodes=episodes,
        sessions=sessions,
        assessments=assessments,
        toxicology=toxicology,
        costs=costs,
    )


@pytest.fixture(scope="module")
def empty_clinic(tmp_path_factory) -> Warehouse:
    return tiny_clinic(tmp_path_factory.mktemp("empty"), episodes=[])


def test_the_catalogue_has_every_sql_file_but_the_lists_of_people():
    files = {path.stem for path in ROOT.glob("*/*.sql") if not path.name.endswith(".cases.sql")}
    assert set(measures()) == files
    assert len(files) >= 16


@pytest.mark.parametrize("name", measures())
def test_a_header_uses_known_words(name):
    member = measure(name)
    assert member.unit in UNITS
    assert member.higher_is in {"better", "worse", "neutral"}
    assert member.statistic in KINDS
    assert member.axis in {"none", "step", "period", "category"}
    assert member.reviewed
    assert member.source
    assert member.spec
    for text in (member.title, member.question, member.formula):
        assert text.strip()
    assert member.question.endswith("?")
    for parameter in member.parameters:
        assert parameter.read(parameter.default) == parameter.default


@pytest.mark.parametrize("name", measures())
def test_every_named_parameter_of_the_sql_is_defined(name):
    member = measure(name)
    known = {*FILTERS, "date_from", "date_to", "by", "data_cut", "analysis_cut"}
    assert member.bound_names <= known | {parameter.name for parameter in member.parameters}


@pytest.mark.parametrize("name", measures())
def test_every_parameter_of_the_header_has_a_use(name):
    member = measure(name)
    # What only chooses among curves, tests and intervals is read by the statistic, all other parameters by the SQL.
    by_statistic = {
        "competing": {"day"},
        "survival": {"tau", "interval"},
        "incidence_by_day": {"day"},
        "time_lost": {"tau"},
        "curve_test": {"test", "pairs"},
        "curve_difference": {"day", "tau", "reference"},
        **{name: {"willingness_to_pay"} for name in ("icer", "net_benefit", "acceptability")},
    }
    used = member.bound_names | by_statistic.get(member.statistic, set())
    assert {parameter.name for parameter in member.parameters} <= used


@pytest.mark.parametrize("name", measures())
def test_a_measure_answers_with_possible_numbers(clinic, name):
    for by in (None, "site"):
        frame = catalog.answer_unsuppressed(clinic, measure(name), select(by=by)).frame
        assert list(frame.columns) == list(COLUMNS)
        is_share = frame["statistic"].isin(SHARES) & (measure(name).unit == "share")
        share = frame.loc[is_share, "value"].dropna()
        assert ((share >= 0) & (share <= 1)).all()
        for bound, sign in (("lower", 1), ("upper", -1)):
            inside = (sign * (frame["value"] - frame[bound])).dropna()
            assert (inside >= -1e-9).all(), bound
        # On a curve the denominator is who is at risk, the numerator who has left.
        counted = frame[is_share & (frame["statistic"] != "survival")]
        assert (counted["numerator"] <= counted["denominator"]).fillna(True).all()
        assert (frame["denominator"].dropna() >= 0).all()
        assert (frame["missing_n"].dropna() >= 0).all()


@pytest.mark.parametrize("name", measures())
def test_a_measure_answers_an_empty_clinic_without_an_error(empty_clinic, name):
    answer = catalog.ask(empty_clinic, name)
    assert answer.frame["value"].fillna(0).eq(0).all()


@pytest.mark.parametrize("name", measures())
def test_a_filter_that_nobody_passes_leaves_nobody(clinic, name):
    member = measure(name)
    if "site" not in member.bound_names:
        pytest.skip("the measure has no filters")
    frame = catalog.answer_unsuppressed(clinic, member, select({"site": ["Nowhere"]})).frame
    assert frame["denominator"].fillna(0).eq(0).all()


@pytest.mark.parametrize("name", measures())
def test_few_people_are_hidden_in_what_leaves(clinic, name):
    frame = catalog.ask(clinic, name).frame
    shown = frame[~frame["is_suppressed"]]
    assert not shown["denominator"].between(1, 10).any()


@pytest.mark.parametrize("by", COMPARISONS)
def test_every_comparison_splits_a_measure(clinic, by):
    frame = catalog.answer_unsuppressed(clinic, measure("crude_retention"), select(by=by)).frame
    assert frame["denominator"].sum() == 3
    assert frame["group_name"].is_unique


def test_a_measure_that_does_not_exist_names_the_nearest():
    with pytest.raises(MeasureError, match="retained_at"):
        measure("retained")


def test_a_list_of_people_is_not_a_measure():
    with pytest.raises(MeasureError):
        measure("no_contact.cases")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select 1", "does not start with"),
        (HEADER.replace('spec = ["RET-08"]\n', "") + "select 1", "malformed"),
        (HEADER.replace("title =", "name_of_it ="), "malformed"),
        (HEADER.replace('"Started"', "Started"), "malformed"),
    ],
)
def test_a_malformed_header_is_named_with_its_file(tmp_path, text, why):
    path = tmp_path / "started.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MeasureError, match=rf"started\.sql.*{why}"):
        read_measure(path)


def test_an_unknown_parameter_lists_those_there_are(clinic):
    with pytest.raises(MeasureError, match="day"):
        catalog.ask(clinic, "retained_at", parameters={"week": 3})


def test_a_date_parameter_is_read_as_an_iso_date():
    since = Parameter(name="since", type="date", default=None, label="Since")
    assert since.read("2026-01-31") == since.read(date(2026, 1, 31)) == date(2026, 1, 31)
    assert since.read(None) is None


@pytest.mark.parametrize("value", ["31.01.2026", "2026-02-30", "soon"])
def test_what_is_no_date_is_refused_with_how_to_write_one(value):
    since = Parameter(name="since", type="date", default=None, label="Since")
    with pytest.raises(MeasureError, match=r"Since \(since\) needs a date like 2026-01-31, not"):
        since.read(value)


def test_the_warehouse_and_filters_a_measure_ran_with_are_in_its_provenance(clinic):
    facts = catalog.ask(clinic, "retained_at", {"site": ["North"]}).provenance()
    assert facts["population"].startswith("Site North")
    assert facts["data_cut"] == "2026-09-30"
    assert facts["analysis_cut"] == "2026-08-31"
    assert facts["parameters"] == "day=30"
