"""The headline measures equal what pandas and numpy compute from the sample's CSV files, without the warehouse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.sample_truths import exported_results as exported
from tests.sample_truths.exported_care import stays

CHOICES: dict[str, dict[str, Any]] = {
    "all of IOP": {},
    "North, addiction": {"site": ["North"], "program": ["SUD"]},
    "evening, Medicaid or commercial": {"track": ["evening"], "payer": ["medicaid", "commercial"]},
    "adolescents": {"age_group": ["adolescent"]},
    "severe, co-occurring": {"severity": ["high"], "program": ["COD"]},
    "residential": {"level_of_care": ["residential"]},
}


@pytest.fixture(params=CHOICES)
def choice(request) -> str:
    return request.param


@pytest.fixture
def chosen(choice) -> pd.DataFrame:
    """The stays that the filters leave."""
    own, left = stays(), CHOICES[choice]
    bands = pd.cut(own["severity"], [-1, 7, 12, 24], labels=["low", "middle", "high"])
    own = own.assign(severity=bands, age_group=own["age"].lt(18).map({True: "adolescent", False: "adult"}))
    for column, values in ({"level_of_care": ["IOP"]} | left).items():
        own = own[own[column].isin(values)]
    assert len(own) > 50
    return own


def rows(warehouse: Warehouse, name: str, choice: str, **parameters) -> pd.DataFrame:
    frame = catalog.answer_unsuppressed(warehouse, catalog.measure(name), select(CHOICES[choice]), parameters).frame
    return frame.set_index("category" if frame["statistic"].nunique() == 1 else "statistic")


def equal(found, expected, tolerance=1e-9) -> None:
    assert [float(value) for value in found] == pytest.approx([float(value) for value in expected], abs=tolerance)


def share_is(row: pd.Series, numerator: float, denominator: float) -> None:
    equal(row[["numerator", "denominator", "value"]], (numerator, denominator, numerator / denominator))
    equal(row[["lower", "upper"]], proportion_confint(numerator, denominator, method="wilson"))


def ratio_is(row: pd.Series, y: pd.Series, n: pd.Series) -> None:
    """Σy/Σn with persons as clusters."""
    equal(row[["numerator", "denominator", "value"]], (y.sum(), n.sum(), y.sum() / n.sum()))
    lower, upper = exported.clustered_interval(y, n)
    equal(row[["lower", "upper"]], (max(lower, 0), min(upper, 1)))


def test_hours_a_week(sample_warehouse, chosen, choice):
    weeks = exported.weekly_hours(chosen)
    found = rows(sample_warehouse, "hours_per_week", choice)
    quartiles = weeks["hours"].quantile([0.5, 0.25, 0.75])
    equal(found["value"][["mean", "median", "p25", "p75"]], [weeks["hours"].mean(), *quartiles])
    assert set(found["denominator"]) == {len(weeks)}
    by_person = weeks.groupby("patient_id")["hours"].agg(["sum", "count"])
    equal(found.loc["mean", ["lower", "upper"]], exported.clustered_interval(by_person["sum"], by_person["count"]))


def test_intervals_of_weeks_agree_with_a_bootstrap_of_persons(sample_warehouse):
    # The definitions ask for a cluster bootstrap of 2,000 draws; the product linearises, and takes ranks for quantiles.
    iop = stays()[stays()["level_of_care"] == "IOP"]
    weeks = exported.weekly_hours(iop)
    person = pd.factorize(weeks["patient_id"])[0]
    hours, random = weeks["hours"].to_numpy(), np.random.default_rng(20240701)
    draws = []
    for _ in range(2000):
        times_drawn = np.bincount(random.integers(0, person.max() + 1, person.max() + 1), minlength=person.max() + 1)
        drawn = np.repeat(hours, times_drawn[person])
        draws.append([drawn.mean(), *np.quantile(drawn, [0.5, 0.25, 0.75])])
    lower, upper = np.quantile(draws, [0.025, 0.975], axis=0)
    found = rows(sample_warehouse, "hours_per_week", "all of IOP").loc[["mean", "median", "p25", "p75"]]
    # A twentieth of an hour is three minutes; whole minutes are what is recorded.
    equal(found["lower"], lower, tolerance=0.05)
    equal(found["upper"], upper, tolerance=0.05)


def test_weeks_on_target(sample_warehouse, chosen, choice):
    weeks = exported.weekly_hours(chosen)
    met = (weeks["hours"] >= weeks["target"]).groupby(weeks["patient_id"]).agg(["sum", "count"])
    ratio_is(rows(sample_warehouse, "weekly_target_attainment", choice).iloc[0], met["sum"], met["count"])


def test_show_rate(sample_warehouse, chosen, choice):
    people = exported.attendance(chosen)
    ratio_is(rows(sample_warehouse, "show_rate", choice).iloc[0], people["shown"], people["expected"])


@pytest.mark.parametrize("day", [30, 60, 90])
def test_where_people_are_at_a_day(sample_warehouse, chosen, choice, day):
    found = rows(sample_warehouse, "retention_at", choice, day=day)["value"]
    dropout, other, unknown = (exported.incidence(chosen, [cause], day) for cause in ("dropout", "other", "unknown"))
    equal(found[["dropped out or terminated", "other exit"]], (dropout, other))
    assert found.get("reason not recorded", 0) == pytest.approx(unknown, abs=1e-9)
    retained = rows(sample_warehouse, "retained_at", choice, day=day)["value"].iloc[0]
    assert retained == found.iloc[0] == pytest.approx(1 - dropout - other - unknown, abs=1e-9)


def test_completion(sample_warehouse, chosen, choice):
    share_is(
        rows(sample_warehouse, "completion_rate", choice).loc["completed, of closed episodes"],
        *exported.completion(chosen),
    )


def test_early_dropout(sample_warehouse, chosen, choice):
    share_is(rows(sample_warehouse, "early_dropout", choice).iloc[0], *exported.early_dropout(chosen))


@pytest.mark.parametrize("instrument", ["PHQ-9", "GAD-7"])
def test_reliable_improvement_and_deterioration_with_their_bounds(sample_warehouse, chosen, choice, instrument):
    change = exported.reliable_change(chosen, instrument)
    due, seen, lost = change["due"], change["seen"], change["due"] - change["seen"]
    for name, events, worst in (
        ("reliable_improvement", change["improved"], change["improved"]),
        ("reliable_deterioration", change["deteriorated"], change["deteriorated"] + lost),
    ):
        found = rows(sample_warehouse, name, choice, instrument=instrument)
        share_is(found.loc["lower_bound"], events, due)
        share_is(found.loc["upper_bound"], events + lost, due)
        assert set(found["missing_n"]) == {lost}
        if seen < 0.6 * due:
            assert found.loc[["missing_is_worst", "complete_case"], "value"].isna().all()
        else:
            share_is(found.loc["missing_is_worst"], worst, due)
            share_is(found.loc["complete_case"], events, seen)


def test_urine(sample_warehouse, chosen, choice):
    specimens = exported.urine(chosen)
    if specimens.empty:  # Residential care does not test.
        assert rows(sample_warehouse, "urine_positivity", choice).empty
        assert rows(sample_warehouse, "urine_completion", choice).empty
        return
    people = specimens.groupby("patient_id")
    valid = people["is_valid"].sum()
    positive = people["is_positive"].sum()[valid > 0]
    ratio_is(rows(sample_warehouse, "urine_positivity", choice).loc["any"], positive, valid[valid > 0])
    expected = specimens[specimens["is_expected"]]
    due = expected.groupby("patient_id").size()
    negative = (expected["is_valid"] & ~expected["is_positive"]).groupby(expected["patient_id"]).sum()
    ratio_is(rows(sample_warehouse, "urine_negative_of_expected", choice).iloc[0], negative, due)
    given = expected.groupby("patient_id")["is_collected"].sum()
    ratio_is(rows(sample_warehouse, "urine_completion", choice).iloc[0], given, due)


def test_lapse_and_relapse(sample_warehouse, chosen, choice):
    words = exported.words(chosen)
    found = rows(sample_warehouse, "lapse", choice)
    used, known = words.str.contains("+", regex=False), words.str.contains("[+-]")
    settled = used | ~words.str.contains("[o*]")
    share_is(found.loc["follow_up"], settled.sum(), len(words))
    share_is(found.loc["lower_bound"], used.sum(), len(words))
    share_is(found.loc["upper_bound"], words.str.contains("[+o*]").sum(), len(words))
    if settled.sum() < 0.6 * len(words):
        assert found.loc[["missing_is_worst", "complete_case"], "value"].isna().all()
    else:
        share_is(found.loc["missing_is_worst"], words.str.contains("[+o*]").sum(), len(words))
        share_is(found.loc["complete_case"], used.sum(), known.sum())
    relapse = rows(sample_warehouse, "relapse_endpoints", choice)
    of_four = relapse[relapse["category"] == "CTN-0094 relapse (RLP-3)"]
    share_is(of_four.loc["missing_is_positive"], words.str.contains("[+o*]{4}").sum(), len(words))
    share_is(of_four.loc["missing_is_negative"], words.str.contains(r"\+{4}").sum(), len(words))
    dropout = relapse[relapse["category"] == "CTN-0094 dropout (RLP-4)"].iloc[0]
    share_is(dropout, words.str.contains("oooo").sum(), len(words))


def test_costs(sample_warehouse, chosen, choice):
    closed = exported.costs(chosen)
    whole = closed[closed["is_whole"]]
    for name, total, units in (
        ("cost_per_episode", whole["with_step_up"].sum(), len(whole)),
        ("cost_per_attended_hour", closed["paid"].sum(), closed["hours"].sum()),
        ("cost_per_completed_episode", closed["paid"].sum(), (closed["discharge_reason"] == "completed").sum()),
    ):
        found = catalog.answer_unsuppressed(sample_warehouse, catalog.measure(name), select(CHOICES[choice])).frame
        row = found[(found["category"] == "paid") & (found["statistic"] == "mean")].iloc[0]
        equal(row[["numerator", "denominator"]], (total, units), tolerance=1e-6)
        assert row["value"] == pytest.approx(total / units, rel=1e-12)


def test_cost_of_an_improved_episode(sample_warehouse, chosen, choice):
    change = exported.reliable_change(chosen, "PHQ-9")
    row = rows(sample_warehouse, "cost_per_improved_episode", choice).loc["paid"]
    equal(row[["numerator", "denominator"]], (change["paid"], change["paid_improved"]), tolerance=1e-6)


def test_dates_choose_by_day_0_by_the_monday_of_a_week_and_by_the_month_of_a_session(sample_warehouse):
    first, last = "2025-03-10", "2025-12-31"
    iop = stays()[stays()["level_of_care"] == "IOP"]
    started = iop[iop["day_zero"].between(first, last)]

    def row(name: str) -> pd.Series:
        chosen = select({"date_from": first, "date_to": last})
        return catalog.answer_unsuppressed(sample_warehouse, catalog.measure(name), chosen).frame.iloc[0]

    share_is(row("completion_rate"), *exported.completion(started))
    lost = exported.incidence(started, ["dropout", "other", "unknown"], 30)
    assert row("retained_at")["value"] == pytest.approx(1 - lost, abs=1e-9)
    weeks = exported.weekly_hours(iop, first, last)
    equal(row("hours_per_week")[["value", "denominator"]], (weeks["hours"].mean(), len(weeks)))
    people = exported.attendance(iop, first, last)
    ratio_is(row("show_rate"), people["shown"], people["expected"])
