"""The conventions that every measure inherits (definitions, 00): one test for each, named after the rule.

Where two rules meet on the edge of a day, the days stand in the test.
"""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard.table import csv_of
from dashboard.terminal.answers import Format, show_answer
from dashboard.verdict import meets_target
from queries import catalog, small_numbers
from queries.answer import Answer
from queries.catalog import measure, measures
from queries.filters import select
from queries.statistics.proportions import wilson
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries import stays

ROOT = Path(catalog.__file__).parent.parent
SEVERAL_A_PERSON = {"session", "patient-week", "service day", "day in care", "specimen", "window"}
"""Units of analysis of which one person has several in one rate."""
ONE_A_PERSON = {"episode", "person", "request", "person-week", "group meeting"}
"""Units that are independent: a person-week stands in the rate of its own week, a meeting is of many people."""

CLUSTERED = r"linearised 95 %, clustered by person|Wilson 95 % with the number of persons"
SHARE_METHODS = rf"Wilson 95 %.*|{CLUSTERED}|Kaplan–Meier, log-log 95 %.*|Aalen–Johansen, complementary log-log 95 %.*"
MEANS = {
    "distribution": r"t 95 %|linearised 95 %, clustered by person",
    "mean_change": r"t 95 %",
    "standardised_change": r"standardised mean change, normal 95 %",
    "bootstrap": r"bootstrap 95 % over persons, 2000 draws",
}
RANK_METHODS = r"order statistics, binomial 95 %(, clustered by person)?"
SAID_INSTEAD = r"only bounds: .*|not reached.*|not estimable: .*|nobody"
SHARES = {"share", "share_at_target", "survival", "cumulative_incidence", "complete_case", "missing_is_worst"} | {
    *("lower_bound", "upper_bound", "follow_up", "baseline", "latest", "as_recorded"),
    *("missing_is_negative", "missing_is_positive"),
}


def episodes(warehouse: Warehouse, columns: str) -> list[tuple]:
    return warehouse.cursor().execute(f"select {columns} from mart.episode order by episode_id").fetchall()


@pytest.fixture(scope="module")
def sample_answers(sample_warehouse: Warehouse) -> dict[str, Answer]:
    return {
        name: catalog.answer_unsuppressed(sample_warehouse, member, select()) for name, member in measures().items()
    }


def test_day_0_is_the_first_attended_clinical_service(tmp_path):
    # Admitted on the 5th, assessed by telephone and tested before anybody came to a clinical service on the 8th.
    sessions = [{"day": 0, "status": "no_show"}, {"day": 1, "service_type": "specimen_collection"}, {"day": 3}]
    asked = [{"patient_id": "p1", "episode_id": "e1", "requested_date": date(2025, 12, 20), "site": "North"}]
    warehouse = tiny_clinic(tmp_path, sessions=sessions, requests=asked)
    assert episodes(warehouse, "day_zero") == [(date(2026, 1, 8),)]


def test_the_exit_date_is_the_last_attended_one_and_the_discharge_only_of_completion_transfer_and_death(tmp_path):
    reasons = ["completed", "transferred", "died", "dropped_out", "terminated", "incarcerated", "other", "unknown"]
    stayed = [{"discharge_day": 60, "discharge_reason": reason} for reason in reasons]
    seen = [{"episode_id": f"e{place}", "day": day} for place in range(1, 9) for day in (0, 20)]
    warehouse = tiny_clinic(tmp_path, episodes=stayed, sessions=seen)
    assert [day for (day,) in episodes(warehouse, "exit_day")] == [60, 60, 60, 20, 20, 20, 20, 20]


@pytest.mark.parametrize(
    ("gap", "parts", "is_readmission"), [(1, 1, None), (2, 2, True), (30, 2, True), (31, 2, False)]
)
def test_a_restart_within_a_day_is_the_same_episode_and_a_gap_of_2_to_30_days_a_readmission(
    tmp_path, gap, parts, is_readmission
):
    first = {"patient_id": "p1", "discharge_day": 10, "discharge_reason": "completed"}
    again = {"patient_id": "p1", "admission_date": date(2026, 1, 15 + gap) if gap < 17 else date(2026, 2, gap - 16)}
    seen = [{"episode_id": "e1", "day": day} for day in (0, 10)] + [{"episode_id": "e2", "day": 0}]
    warehouse = tiny_clinic(tmp_path, episodes=[first, again], sessions=seen)
    found = episodes(warehouse, "is_readmission")
    assert len(found) == parts
    assert parts == 1 or found[1] == (is_readmission,)


@pytest.mark.parametrize("lag", [30, 14])
def test_measures_are_evaluated_at_the_data_cut_less_the_lag_and_nothing_later_is_used(tmp_path, lag):
    # Last seen on the analysis cut itself, a day after it, and discharged after it: one left, two are in care.
    cut, analysis_cut = date(2026, 9, 30), date.fromordinal(date(2026, 9, 30).toordinal() - lag)
    last = (analysis_cut - date(2026, 1, 5)).days
    stayed = [{}, {}, {"discharge_day": last + 1, "discharge_reason": "completed"}]
    seen = [{"episode_id": f"e{place}", "day": day} for place, day in ((1, last), (2, last + 1), (3, last))]
    seen += [{"episode_id": f"e{place}", "day": 0} for place in (1, 2, 3)]
    # A service after the data cut is of no use to anybody.
    seen.append({"episode_id": "e1", "day": (cut - date(2026, 1, 5)).days + 1})
    rules = {"ascertainment_lag_days": lag, "no_contact_days": lag}
    warehouse = tiny_clinic(tmp_path, data_cut=cut, episodes=stayed, sessions=seen, rules=rules)
    assert warehouse.analysis_cut == analysis_cut
    assert episodes(warehouse, "cause, time_days") == [("dropout", last), ("open", last), ("open", last)]
    assert warehouse.cursor().execute(
        "select count(*) from mart.session where session_date > $1", [cut]
    ).fetchone() == (0,)
    # Hours and sessions close at the same day: the visit of the day after it is not in them.
    assert [attended for (attended,) in episodes(warehouse, "sessions_attended")] == [2, 1, 2]
    shown = stays.rows(warehouse, "show_rate")
    assert shown["denominator"].tolist() == [5]


def test_an_open_episode_is_censored_at_the_analysis_cut_never_at_its_own_last_attended_date(tmp_path):
    # Both began on 27 July and are open at the cut-off of 31 August, 35 days later; they were last seen after it.
    began = {"admission_date": date(2026, 7, 27)}
    seen = [{"episode_id": f"e{place}", "day": day} for place in (1, 2) for day in (0, 10, 40 + place)]
    warehouse = tiny_clinic(tmp_path, episodes=[began, began], sessions=seen)
    assert episodes(warehouse, "cause, time_days") == [("open", 35), ("open", 35)]
    curve = stays.rows(warehouse, "retention_curve")
    assert set(curve.loc[curve["statistic"] == "survival", "value"]) == {1}


def test_eligible_weeks_run_from_monday_to_sunday_and_are_open_on_all_seven_days(tmp_path):
    # From Wednesday 7 January to Tuesday 27 January: two whole weeks, and parts of 5 and 2 days.
    ended = {"admission_date": date(2026, 1, 7), "discharge_day": 20, "discharge_reason": "completed"}
    seen = [{"day": day, "hours": 9} for day in (0, 5, 12, 20)]
    warehouse = tiny_clinic(tmp_path, episodes=[ended], sessions=seen)
    weeks = warehouse.cursor().execute(
        "select week_start, open_days, is_eligible from mart.episode_week order by week_start"
    )
    assert weeks.fetchall() == [
        (date(2026, 1, 5), 5, False),
        (date(2026, 1, 12), 7, True),
        (date(2026, 1, 19), 7, True),
        (date(2026, 1, 26), 2, False),
    ]
    # Partial weeks count only in the sensitivity view, against their part of the nine hours.
    assert stays.only(stays.rows(warehouse, "weekly_target_attainment"))["denominator"] == 2
    pro_rata = stays.rows(warehouse, "weekly_target_attainment", weeks="partial weeks pro rata")
    assert (stays.only(pro_rata)["numerator"], stays.only(pro_rata)["denominator"]) == (4, 4)


def test_zero_is_not_missing(tmp_path):
    # 9, 0 and 3 hours: the week without a service is a week of 0 hours, in the denominator and not missing.
    frame = stays.rows(stays.clinic(tmp_path, [[3, 3, 3], [], [3]]), "hours_per_week")
    mean = stays.only(frame[frame["statistic"] == "mean"])
    assert (mean["value"], mean["denominator"], mean["missing_n"]) == (4, 3, 0)


def test_missing_minutes_count_zero_in_the_primary_view_and_the_schedule_in_the_upper_one(tmp_path):
    warehouse = stays.clinic(tmp_path, [[3]], sessions=[{"day": 1, "scheduled_hours": 2}])
    assert episodes(warehouse, "attended_hours, attended_hours_upper, missing_minutes_sessions") == [(3, 5, 1)]
    for view, hours in (("count 0", 3), ("take the schedule", 5)):
        frame = stays.rows(warehouse, "hours_per_week", missing_minutes=view)
        mean = stays.only(frame[frame["statistic"] == "mean"])
        assert (mean["value"], mean["missing_n"]) == (hours, 1)


def test_overlapping_sessions_are_a_union_of_intervals_never_a_sum(tmp_path):
    # 9–12 and 11–13 o'clock on one day are four hours.
    seen = [{"day": 0, "start": 9, "hours": 3}, {"day": 0, "start": 11, "hours": 2}]
    assert episodes(tiny_clinic(tmp_path, sessions=seen), "attended_hours") == [(4,)]


def test_adult_and_adolescent_are_of_the_age_at_day_0(tmp_path):
    # Admitted on 5 January, first seen on the 7th; born on 7 and 8 January 2008.
    people = [{"patient_id": f"p{place}", "birth_date": date(2008, 1, 6 + place)} for place in (1, 2)]
    seen = [{"episode_id": f"e{place}", "day": 2} for place in (1, 2)]
    stayed = [{"patient_id": f"p{place}", "age_at_admission": 17} for place in (1, 2)]
    warehouse = tiny_clinic(tmp_path, episodes=stayed, sessions=seen, patients=people)
    assert episodes(warehouse, "age_group") == [("adult",), ("adolescent",)]


@pytest.mark.parametrize("name", measures())
def test_the_unit_of_analysis_and_the_direction_are_stated(name):
    member = measure(name)
    assert member.unit_of_analysis in SEVERAL_A_PERSON | ONE_A_PERSON
    assert member.higher_is in {"better", "worse", "neutral"}


@pytest.mark.parametrize("name", measures())
def test_intervals_are_clustered_by_person_where_the_unit_is_a_session_or_week_and_never_elsewhere(
    sample_answers, name
):
    answer = sample_answers[name]
    methods = set(answer.frame["method"].dropna())
    is_clustered = {method for method in methods if re.fullmatch(rf".*clustered by person|{CLUSTERED}", method)}
    assert is_clustered == (methods if answer.measure.unit_of_analysis in SEVERAL_A_PERSON else set())


@pytest.mark.parametrize("name", measures())
def test_shares_have_wilson_clustered_or_curve_intervals_and_never_wald(sample_answers, name):
    frame = sample_answers[name].frame
    is_share = frame["statistic"].isin(SHARES)
    for method in frame.loc[is_share, "method"]:
        assert re.fullmatch(f"{SHARE_METHODS}|{SAID_INSTEAD}", method), method
    # What says Wilson is Wilson: of the shown numerator and denominator.
    plain = frame[is_share & (frame["method"] == "Wilson 95 %") & frame["value"].notna()]
    lower, upper = wilson(plain["numerator"].astype(float), plain["denominator"].astype(float))
    assert plain["lower"].astype(float).to_numpy() == pytest.approx(lower, abs=1e-12)
    assert plain["upper"].astype(float).to_numpy() == pytest.approx(upper, abs=1e-12)


@pytest.mark.parametrize("name", [name for name, member in measures().items() if member.statistic in MEANS])
def test_means_and_medians_are_bootstrapped_over_persons_or_by_what_agrees_with_it(sample_answers, name):
    # On screen: t, linearised or of ranks, which agree with the bootstrap over persons (tests/statistics); money, whose
    # few large amounts no such interval fits, is always drawn by the bootstrap.
    frame = sample_answers[name].frame
    for statistic, method in zip(frame["statistic"], frame["method"], strict=True):
        allowed = MEANS[measure(name).statistic] if statistic == "mean" else RANK_METHODS
        if statistic not in SHARES:
            assert re.fullmatch(f"{allowed}|{SAID_INSTEAD}", method), (statistic, method)


def test_small_n_is_hidden_under_11_and_not_judged_under_20(tmp_path):
    assert (small_numbers.SMALLEST_SHOWN, small_numbers.SMALLEST_JUDGED) == (11, 20)
    seen = [{"episode_id": f"e{place}", "day": day} for place in range(1, 41) for day in (0, 40)]
    people = {"North": 10, "South": 11, "East": 19}
    stayed = [{"site": site, "patient_id": f"{site}{place}"} for site, n in people.items() for place in range(n)]
    frame = catalog.ask(tiny_clinic(tmp_path, episodes=stayed, sessions=seen), "crude_retention", by="site").frame
    assert dict(zip(frame["group_name"], frame["is_suppressed"], strict=True)) == {
        "East": False,
        "North": True,
        "South": False,
    }
    for row in frame[~frame["is_suppressed"]].to_dict("records"):
        assert row["value"] == 1
        assert meets_target(row, 0.5, measure("crude_retention")) is None


def test_the_version_of_an_instrument_is_kept_and_two_versions_are_never_compared(tmp_path):
    # The first and the last PCL-5 ask about a week, the one between them about a month.
    asked = [(0, 50, "week"), (10, 20, "month"), (20, 30, "week")]
    scores = [
        {"instrument": "PCL-5", "instrument_version": version, "day": day, "score": score}
        for day, score, version in asked
    ]
    warehouse = tiny_clinic(tmp_path, sessions=[{"day": 0}, {"day": 30}], assessments=scores)
    kept = warehouse.cursor().execute("select distinct instrument_version from mart.score order by 1").fetchall()
    assert kept == [("month",), ("week",)]
    paired = warehouse.cursor().execute("select baseline_score, latest_score from mart.score_pair where is_paired")
    assert paired.fetchall() == [(50, 30)]


PRINTED = ["measure", "title", "population", "data_cut", "analysis_cut", "rule_version", "data_version", "price_year"]
PRINTED += ["unit_of_analysis", "numerator", "denominator", "missing_n", "value", "lower", "upper", "method"]
PRINTED += ["is_suppressed"]


@pytest.mark.parametrize("name", measures())
def test_every_rate_is_printed_with_its_fields(sample_warehouse, tmp_path, name):
    answer = catalog.ask(sample_warehouse, name)
    table = pd.read_csv(io.BytesIO(csv_of(answer)))
    assert set(PRINTED) <= set(table.columns)
    show_answer(answer, Format.json, tmp_path / "answer.json")
    written = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    rows = written.pop("rows")
    assert len(rows) == len(table) == len(answer.frame)
    for field in PRINTED:
        assert field in written or all(field in row for row in rows), field
    assert written["data_cut"] == "2026-09-30"
    assert written["rule_version"] == sample_warehouse.rule_version
    assert bool(written["price_year"]) == (answer.measure.topic == "cost")


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (r"'mutual_help'", {"etl/shared_rules.sql"}),
        (r"'completed', 'transferred', 'died'", {"etl/shared_rules.sql"}),
        (r"then 'adult'", {"etl/shared_rules.sql"}),
        # Day 0 and the cut: no measure derives them anew.
        (r"\$data_cut\s*-\s*\d|ascertainment_lag", set()),
        (r"then first_attended_date|else first_attended_date", {"etl/marts/episode.sql"}),
        (r"as is_eligible", {"etl/marts/episode_week.sql"}),
        (r"between 2 and 30", {"etl/marts/episode.sql"}),
        (r"\('IOP', 2\)", {"etl/shared_rules.sql"}),
        (r"overlap_minutes\)::integer as counted_minutes", {"etl/marts/session.sql"}),
    ],
)
def test_each_rule_is_written_in_one_place(rule, place):
    files = [path for room in ("etl", "queries") for path in (ROOT / room).rglob("*.sql")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if re.search(rule, re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")))
    }
    assert found == place
