"""24-hour care against IOP for the same kind of people, on clinics of a few rows, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from queries import catalog
from queries.answer import PLACEMENT_WARNING
from queries.explain import explain
from queries.filters import select
from queries.warehouse import Warehouse
from tests.queries.cost_lines import INPATIENT, clinic, episode, rows

ADJUSTED = [
    "adjusted_cost_difference",
    "adjusted_outcome_difference",
    "comparison_balance",
    "incremental_cost_effectiveness",
    "cost_effectiveness_plane",
    "net_monetary_benefit",
    "cost_effectiveness_acceptability",
]
NAME = "inpatient less IOP (paid)"
LOW = {f"asam_dimension_{n}": 1 for n in range(1, 7)}
HIGH = {f"asam_dimension_{n}": 3 for n in range(1, 7)}


def many(number: int, cost: float, completed: int, **columns) -> list[dict]:
    """Episodes at this cost, of which so many completed and the others dropped out."""
    return [episode(cost, reason="completed" if n < completed else "dropped_out", **columns) for n in range(number)]


@pytest.fixture
def confounded(tmp_path) -> Warehouse:
    """IOP: 60 of low severity at 1,000, 45 complete; 20 of high at 2,000, 5 complete. Inpatient: 20 of low at 4,000,
    15 complete; 60 of high at 6,000, 30 complete."""
    stays = [
        *many(60, 1000, 45, **LOW),
        *many(20, 2000, 5, **HIGH),
        *many(20, 4000, 15, **LOW, **INPATIENT),
        *many(60, 6000, 30, **HIGH, **INPATIENT),
    ]
    return clinic(tmp_path, *stays)


def by_statistic(frame: pd.DataFrame, column: str = "value") -> dict:
    return frame.set_index("statistic")[column].to_dict()


def test_at_equal_severity_the_difference_of_costs_is_not_the_crude_one(confounded):
    # Crude: (20 × 4,000 + 60 × 6,000)/80 − (60 × 1,000 + 20 × 2,000)/80 = 5,500 − 1,250 = 4,250.
    # Half of the 160 are of low severity: (4,000 + 6,000)/2 − (1,000 + 2,000)/2 = 3,500.
    frame = rows(confounded, "adjusted_cost_difference")
    assert by_statistic(frame) == pytest.approx({"crude": 4250, "weighted": 3500})
    assert set(frame["category"]) == {NAME}
    assert set(frame["denominator"]) == {160}
    # Weights 2 for 20 and 2/3 for 60 persons: 80²/(20 × 4 + 60 × 4/9) = 60.
    assert "effective sample sizes 60 and 60" in frame["method"].iloc[1]


def test_at_equal_severity_inpatient_care_does_better_which_the_crude_difference_turns_around(confounded):
    # Crude: 45/80 − 50/80 = −5/80 … for IOP 50/80, inpatient 45/80: −6.25 per 100.
    # Low: 15/20 − 45/60 = 0; high: 30/60 − 5/20 = 0.25; half of each: +12.5 per 100.
    frame = rows(confounded, "adjusted_outcome_difference")
    assert by_statistic(frame) == pytest.approx({"crude": -6.25, "weighted": 12.5})


def test_severity_differs_before_weighting_and_not_after(confounded):
    # 60/80 less 20/80 of high severity, over the root of 3/16.
    frame = rows(confounded, "comparison_balance").set_index(["category", "statistic"])["value"]
    assert frame["severity: high", "before"] == round(0.5 / (3 / 16) ** 0.5, 2) == 1.15
    assert frame["severity: high", "after"] == 0
    assert frame["age: adult", "before"] == 0


def test_a_completion_more_costs_the_difference_of_costs_over_that_of_completions(tmp_path):
    # 60 of 100 complete at 5,000, 20 of 100 at 1,000: 4,000 / 0.4 = 10,000.
    # At 25,000 a completion the benefit is 25,000 × 0.4 − 4,000 = 6,000.
    stays = [*many(100, 1000, 20), *many(100, 5000, 60, **INPATIENT)]
    frame = rows(clinic(tmp_path, *stays), "incremental_cost_effectiveness")
    assert by_statistic(frame) == pytest.approx({"cost_difference": 4000, "icer": 10_000, "net_benefit": 6000})
    assert frame.set_index("statistic").at["icer", "lower"] < 10_000 < frame.set_index("statistic").at["icer", "upper"]


def test_the_net_benefit_rises_with_the_value_of_a_completion(tmp_path):
    # 0.4 more completions for 4,000: −4,000 + 0.4 × 0, 5,000, 10,000 and 20,000.
    stays = [*many(100, 1000, 20), *many(100, 5000, 60, **INPATIENT)]
    frame = rows(clinic(tmp_path, *stays), "net_monetary_benefit", willingness_to_pay=10_000)
    assert frame.set_index("step")["value"].to_dict() == pytest.approx({0: -4000, 5000: -2000, 10_000: 0, 20_000: 4000})


def test_the_acceptability_rises_through_a_half_at_the_ratio(tmp_path):
    # Ratio 10,000: not at nothing, a half of the draws at 10,000, all at 50,000.
    stays = [*many(100, 1000, 20), *many(100, 5000, 60, **INPATIENT)]
    curve = rows(clinic(tmp_path, *stays), "cost_effectiveness_acceptability").set_index("step")["value"]
    assert (curve[0], curve[50_000]) == (0, 1)
    assert curve[10_000] == pytest.approx(0.5, abs=0.05)
    assert curve.is_monotonic_increasing


def test_the_plane_holds_every_draw_once(tmp_path):
    # All inpatients cost 4,000 more, and 60 against 20 of 100 complete: every draw costs more and does better.
    stays = [*many(100, 1000, 20), *many(100, 5000, 60, **INPATIENT)]
    frame = rows(clinic(tmp_path, *stays), "cost_effectiveness_plane").set_index("category")["value"]
    assert frame.to_dict() == {
        f"{NAME}: costs more, does better": 1,
        f"{NAME}: costs more, does no better": 0,
        f"{NAME}: costs no more, does better": 0,
        f"{NAME}: costs no more, does no better": 0,
    }


@pytest.mark.parametrize("name", [name for name in ADJUSTED if name != "comparison_balance"])
def test_only_the_first_episode_of_those_who_started_long_enough_ago_counts(tmp_path, name):
    # p1 comes again, as an inpatient; the last person starts 119 days before the analysis cut-off of 31 August.
    recent = date(2026, 8, 31) - timedelta(days=119)
    stays = [
        *many(3, 1000, 2),
        *many(3, 5000, 1, **INPATIENT),
        episode(9000, patient_id="p1", day=40, **INPATIENT),
        episode(7000, admission_date=recent),
        episode(),
    ]
    frame = rows(clinic(tmp_path, *stays), name)
    # Three of each; missing is the one without cost lines.
    assert set(frame["denominator"]) == {6}
    assert set(frame["missing_n"]) == {1}


def test_abstinent_days_are_those_of_the_follow_up_and_leave_out_who_did_not_report(tmp_path):
    # IOP: 15 of 30 days abstinent, of 120 days 60. Inpatient: 24 of 30, so 96. 36 more days for 3,600: 100 each.
    stays = [*many(30, 1000, 10), *many(30, 4600, 10, **INPATIENT), *many(2, 800, 1)]
    reports = [
        {
            "episode_id": f"e{n}",
            "day": 60,
            "window_days": 30,
            "days_used": 15 if n <= 30 else 6,
            "report_source": "self_report",
        }
        for n in range(1, 61)
    ]
    warehouse = clinic(tmp_path, *stays, use_events=reports)
    frame = rows(warehouse, "incremental_cost_effectiveness", outcome="abstinent days", willingness_to_pay=250)
    assert by_statistic(frame) == pytest.approx({"cost_difference": 3600, "icer": 100, "net_benefit": 250 * 36 - 3600})
    assert set(frame["missing_n"]) == {2}


def test_those_not_seen_again_have_not_improved_and_those_without_a_first_score_are_missing(tmp_path):
    # PHQ-9: of 30 in IOP 10 improve, of 30 inpatients 25: 50 more per 100. Two have no first score.
    stays = [*many(30, 1000, 10), *many(30, 4600, 10, **INPATIENT), *many(2, 800, 1)]
    scores = [{"episode_id": f"e{n}", "day": 0, "score": 18} for n in range(1, 61)]
    scores += [{"episode_id": f"e{n}", "day": 9, "score": 6} for n in [*range(1, 11), *range(31, 56)]]
    warehouse = clinic(tmp_path, *stays, assessments=scores)
    frame = rows(warehouse, "adjusted_outcome_difference", outcome="reliably improved")
    assert by_statistic(frame) == pytest.approx({"crude": 50, "weighted": 50})
    assert set(frame["missing_n"]) == {2}


def test_everybody_who_does_not_count_has_a_reason(tmp_path):
    recent = date(2026, 8, 31) - timedelta(days=119)
    stays = [
        *many(2, 1000, 2),
        episode(9000, patient_id="p1", day=40, **INPATIENT),
        episode(7000, admission_date=recent),
        episode(),
        episode(300, level_of_care="OP"),
    ]
    found = explain(clinic(tmp_path, *stays), "net_monetary_benefit", select({"level_of_care": []}))
    assert dict(zip(found.reasons()["reason"], found.reasons()["units"], strict=True)) == {
        "Counted": 2,
        "A level of care that is not compared": 1,
        "Not this person's first episode at the levels of care that are compared": 1,
        "Started less than 120 days before the analysis cut-off": 1,
        "No cost lines of this basis alone, or still in care": 1,
    }
    assert "Counted: USD 1,000.00, result 1" in set(found.rows()["reason"].str.removesuffix(".0"))


@pytest.mark.parametrize("name", ADJUSTED)
def test_the_warning_stands_and_says_what_is_not_adjusted_for(name):
    warning = catalog.measure(name).warning
    assert warning.startswith(PLACEMENT_WARNING)
    assert "Not in the adjustment" in warning
