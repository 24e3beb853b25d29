"""What episodes, days, hours and outcomes cost on clinics of a few rows, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date

import pytest

from queries import catalog
from queries.answer import PLACEMENT_WARNING
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.cost_lines import INPATIENT, clinic, episode, means, rows


def test_the_cost_of_an_episode_is_the_sum_of_its_lines(tmp_path):
    # 100 + 50, 250 and 800: (150 + 250 + 800) / 3 = 400.
    frame = rows(clinic(tmp_path, episode(100, 50), episode(250), episode(800)), "cost_per_episode")
    assert means(frame) == {"paid": 400}
    assert means(frame, "denominator") == {"paid": 3}


def test_the_bases_of_cost_are_never_mixed(tmp_path):
    # One paid, one charged; one with lines of both, and one without lines, are missing.
    stays = [episode(100), episode(900, basis="charge"), episode(100, 900, basis=("paid", "charge")), episode()]
    frame = rows(clinic(tmp_path, *stays), "cost_per_episode")
    assert means(frame) == {"paid": 100, "charge": 900}
    assert means(frame, "missing_n") == {"paid": 2, "charge": 2}


def test_an_episode_in_care_has_no_cost_yet(tmp_path):
    stays = [episode(100), episode(700, reason=None, days=(0, 260))]
    assert means(rows(clinic(tmp_path, *stays), "cost_per_episode")) == {"paid": 100}


def test_a_step_up_within_the_horizon_belongs_to_the_episode(tmp_path):
    # IOP for 1,000, transferred on day 9 to inpatient care from day 12 on for 5,000.
    warehouse = clinic(
        tmp_path,
        episode(1000, reason="transferred", discharge_to="inpatient", patient_id="p1"),
        episode(5000, patient_id="p1", day=12, **INPATIENT),
    )
    assert means(rows(warehouse, "cost_per_episode")) == {"paid": 6000}
    assert means(rows(warehouse, "cost_per_episode", horizon_days=0)) == {"paid": 1000}


def test_a_horizon_that_has_not_ended_leaves_the_cost_open(tmp_path):
    # The exit on day 9, 14 January, is 30 days before 13 February, the data cut-off; 90 days it is not.
    warehouse = clinic(tmp_path, episode(1000), data_cut=date(2026, 2, 13))
    assert means(rows(warehouse, "cost_per_episode", horizon_days=30)) == {"paid": 1000}
    assert rows(warehouse, "cost_per_episode", horizon_days=90).empty


def test_a_day_with_a_service_is_not_a_day_in_care(tmp_path):
    # 600 over 3 days with a service is 200; over days 0 to 9, which are 10, it is 60.
    frame = rows(clinic(tmp_path, episode(600, days=(0, 4, 9))), "cost_per_day")
    assert means(frame) == {"paid, per day with a service": 200, "paid, per day in care": 60}


def test_the_cost_of_an_hour_is_a_ratio_of_sums(tmp_path):
    # Sessions are 3 hours: (600 + 300) / (9 + 6) = 60, not the mean of 67 and 50.
    warehouse = clinic(tmp_path, episode(600, days=(0, 4, 9)), episode(300))
    assert means(rows(warehouse, "cost_per_attended_hour")) == {"paid": 60}


def test_a_completion_costs_what_all_episodes_cost(tmp_path):
    # 100 + 200 + 600 for one completion; with the step down for two.
    warehouse = clinic(
        tmp_path,
        episode(100),
        episode(200, reason="dropped_out"),
        episode(600, reason="transferred", discharge_to="OP"),
    )
    assert means(rows(warehouse, "cost_per_completed_episode")) == {"paid": 900}
    both = rows(warehouse, "cost_per_completed_episode", counted="completed or stepped down")
    assert means(both) == {"paid": 450}


def test_without_a_completion_there_is_no_cost_of_one(tmp_path):
    frame = rows(clinic(tmp_path, episode(100, reason="dropped_out")), "cost_per_completed_episode")
    assert frame["value"].isna().all()


def test_those_not_seen_again_cost_and_have_not_improved(tmp_path):
    # PHQ-9 from 18 to 6 improves reliably, from 18 to 17 does not, and one has no second score; the last has no first.
    scores = [("e1", 0, 18), ("e1", 9, 6), ("e2", 0, 18), ("e2", 9, 17), ("e3", 0, 18)]
    assessments = [{"episode_id": key, "day": day, "score": score} for key, day, score in scores]
    warehouse = clinic(tmp_path, *[episode(300)] * 4, assessments=assessments)
    frame = rows(warehouse, "cost_per_improved_episode")
    assert means(frame) == {"paid": 900}
    assert means(frame, "denominator") == {"paid": 1}


@pytest.fixture
def priced(tmp_path) -> Warehouse:
    """IOP of 2 and of 4 days of service and an inpatient stay of 9 days; an old price, and a payer of IOP alone."""
    rates = [
        {"payer": payer, "billing_code": code, "setting": setting, "unit": "day", "amount": amount, **period}
        for payer, code, setting, amount, period in (
            ("medicaid", "H0015", "IOP", 200, {"effective_from": "2026-01-01"}),
            ("medicaid", "0124", "inpatient", 500, {"effective_from": "2025-01-01", "effective_to": "2025-12-31"}),
            ("medicaid", "0124", "inpatient", 800, {"effective_from": "2026-01-01"}),
            ("commercial", "H0015", "IOP", 300, {"effective_from": "2026-01-01"}),
        )
    ]
    stays = [
        episode(payer="medicaid"),
        episode(payer="medicaid", days=(0, 2, 4, 9)),
        episode(payer="medicaid", **INPATIENT),
        episode(payer="commercial"),
    ]
    return clinic(tmp_path, *stays, rates=rates)


def test_prices_are_compared_within_one_payer_at_the_rates_in_force(priced):
    # (2 + 4) days × 200 / 2 episodes = 600; 9 days × 800 = 7,200.
    assert means(rows(priced, "price_comparison")) == {
        "medicaid: IOP episode": 600,
        "medicaid: inpatient stay": 7200,
    }
    assert catalog.measure("price_comparison").warning.startswith("Price comparison, not cost-effectiveness.")


NAMES = sorted(name for name, member in catalog.measures().items() if member.topic == "cost")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gives_no_rows(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"price_comparison", "break_even", "break_even_step_up"}))
def test_one_patient_gives_an_answer_that_no_export_shows(tmp_path, name):
    scores = [{"day": 0, "score": 18}, {"day": 9, "score": 6}]
    warehouse = clinic(tmp_path, episode(300), assessments=scores)
    frame = rows(warehouse, name)
    assert set(frame["value"]) <= {300, 150, 30, 50}  # An episode, 2 days of service, 10 in care, 6 hours.
    assert frame["lower"].isna().all()
    hidden = catalog.ask(warehouse, name).frame
    assert hidden["is_suppressed"].all()
    assert hidden["value"].isna().all()


@pytest.mark.parametrize("name", ["price_comparison", "break_even", "break_even_step_up", "cost_comparison"])
def test_a_comparison_of_levels_of_care_says_so_and_leaves_that_filter_out(name):
    member = catalog.measure(name)
    assert PLACEMENT_WARNING in member.warning
    assert "level_of_care" not in member.bound_names
    assert member.unused_filters(select({})) == ["Level of care"]
    assert catalog.measure("cost_per_episode").unused_filters(select({})) == []
