"""What was planted in the sample's scores is what the outcome measures find."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.filters import select
from queries.sensitivity import ask_sensitivity
from queries.warehouse import Warehouse

TRUTH = json.loads((Path(__file__).parents[2] / "sample_data" / "truth.json").read_text(encoding="utf-8"))
IMPROVED = TRUTH["phq9_reliable_improvement"]


def values(warehouse: Warehouse, name: str, **parameters) -> pd.DataFrame:
    return catalog.ask(warehouse, name, parameters=parameters).frame


def exact(warehouse: Warehouse, name: str, **parameters) -> pd.DataFrame:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select({}), parameters).frame


@pytest.fixture(scope="module")
def improvement(sample_warehouse: Warehouse) -> dict[str, float]:
    frame = values(sample_warehouse, "reliable_improvement")
    return dict(zip(frame["statistic"], frame["value"], strict=True))


def test_those_seen_again_overstate_the_improvement(improvement):
    truth = IMPROVED["true_share_of_all_with_baseline"]
    assert improvement["complete_case"] > truth + 0.03
    assert improvement["complete_case"] == pytest.approx(IMPROVED["share_of_those_seen_again"], abs=0.02)


def test_the_bounds_hold_the_true_share(improvement):
    assert improvement["lower_bound"] <= IMPROVED["true_share_of_all_with_baseline"] <= improvement["upper_bound"]


def test_counting_the_missing_as_not_improved_is_conservative(improvement):
    assert improvement["missing_is_worst"] <= IMPROVED["true_share_of_all_with_baseline"]


def test_the_true_share_is_outside_the_interval_of_those_seen_again(sample_warehouse):
    row = values(sample_warehouse, "reliable_improvement").set_index("statistic").loc["complete_case"]
    assert row["lower"] > IMPROVED["true_share_of_all_with_baseline"]


def test_the_model_is_nearer_to_the_truth_and_holds_it(sample_warehouse, improvement):
    """Who is lost depends here on attendance and the kind of exit, which are recorded, and on the score, which is not:
    the model mends what depends on the former, and stays a little above the truth."""
    truth = IMPROVED["true_share_of_all_with_baseline"]
    frame = ask_sensitivity(sample_warehouse, "reliable_improvement", select({})).answer.frame
    row = frame.set_index("statistic").loc["multiple_imputation"]
    assert abs(row["value"] - truth) < abs(improvement["complete_case"] - truth) / 4
    assert row["lower"] <= truth <= row["upper"]
    assert improvement["lower_bound"] < row["value"] < improvement["upper_bound"]


def test_under_the_target_the_missing_would_have_had_to_do_better_than_they_truly_did(sample_warehouse):
    truth, due = IMPROVED["true_share_of_all_with_baseline"], IMPROVED["all_with_baseline"]
    found = ask_sensitivity(sample_warehouse, "reliable_improvement", select({}), target=0.4).tipped[0].tipping
    lost_and_improved = truth * due - IMPROVED["share_of_those_seen_again"] * IMPROVED["seen_again"]
    true_share_of_the_lost = lost_and_improved / (due - IMPROVED["seen_again"])
    assert truth < 0.4 < IMPROVED["share_of_those_seen_again"]
    assert true_share_of_the_lost < found.share < found.observed_share


def test_the_follow_up_rate_is_the_planted_one(sample_warehouse):
    row = values(sample_warehouse, "follow_up_rate").iloc[0]
    assert row["value"] == pytest.approx(IMPROVED["seen_again"] / IMPROVED["all_with_baseline"], abs=0.02)


def test_people_who_drop_out_are_followed_up_less_than_those_who_complete(sample_warehouse):
    rate = exact(sample_warehouse, "follow_up_rate", split="exit_class").set_index("category")["value"]
    assert rate["dropped out"] < rate["completed"] - 0.1


@pytest.mark.parametrize("instrument", ["PHQ-9", "GAD-7"])
def test_the_classes_of_change_agree_with_the_rates(sample_warehouse, instrument):
    classes = exact(sample_warehouse, "change_classes", instrument=instrument).set_index("category")["numerator"]
    improved, deteriorated, recovered = (
        exact(sample_warehouse, name, instrument=instrument).set_index("statistic")["numerator"]["complete_case"]
        for name in ("reliable_improvement", "reliable_deterioration", "reliable_recovery")
    )
    assert classes["recovered"] == recovered
    assert classes["recovered"] + classes["improved"] == improved
    assert classes["deteriorated"] == deteriorated


@pytest.mark.parametrize("instrument", ["PHQ-9", "GAD-7"])
def test_bands_and_classes_count_the_same_people(sample_warehouse, instrument):
    bands, classes = (
        exact(sample_warehouse, name, instrument=instrument) for name in ("severity_bands", "change_classes")
    )
    for occasion in ("baseline", "latest"):
        counted = bands[bands["statistic"] == occasion]["numerator"].sum()
        assert counted == classes["numerator"].sum() == classes["denominator"].iloc[0]


def test_weekly_means_count_everybody_who_is_still_in_care(sample_warehouse):
    frame = exact(sample_warehouse, "score_by_week")
    in_care = (frame["denominator"] + frame["missing_n"]).tolist()
    assert in_care == sorted(in_care, reverse=True)


def test_a_high_risk_of_suicide_is_found_as_often_as_it_was_planted(sample_warehouse):
    row = exact(sample_warehouse, "suicide_risk_screens").set_index("category").loc["high risk"]
    assert (row["numerator"], row["denominator"]) == (TRUTH["suicide_risk"]["high"], TRUTH["suicide_risk"]["screened"])


def test_a_year_later_only_the_mental_health_program_has_followed_enough_people_for_a_rate(sample_warehouse):
    measure = "depression_remission_at_twelve_months"
    everybody = catalog.ask(sample_warehouse, measure).frame.set_index("statistic")
    followed = catalog.ask(sample_warehouse, measure, {"program": ["MH"]}).frame.set_index("statistic")
    assert everybody.loc["follow_up", "value"] < 0.6 < followed.loc["follow_up", "value"]
    assert everybody.loc["missing_is_worst", "value"] is pd.NA
    assert followed.loc["lower_bound", "value"] == followed.loc["missing_is_worst", "value"] > 0.05


def test_emergency_visits_in_care_are_found_as_often_as_they_were_planted(sample_warehouse):
    row = exact(sample_warehouse, "incidents_in_care").set_index("category").loc["emergency visit"]
    planted = TRUTH["emergency_visits_in_care"]
    assert row["denominator"] == planted["of"]
    # A visit after one stay may fall into the next one.
    assert planted["episodes"] <= row["numerator"] <= planted["episodes"] + 5


def test_those_who_left_answer_less_and_are_less_content(sample_warehouse):
    def of(cause: str) -> tuple[float, float]:
        found = sample_warehouse.cursor().execute(
            "select avg(score), avg((score is not null)::int) "
            "from core.satisfaction join mart.episode using (episode_id) "
            "where cause = $cause and level_of_care = 'IOP'",
            {"cause": cause},
        )
        return found.fetchone()

    assert of("success")[0] > of("dropout")[0] + 4
    assert of("success")[1] > 0.8 > 0.2 > of("dropout")[1]
    everybody = exact(sample_warehouse, "satisfaction").iloc[0]
    assert of("dropout")[0] < everybody["value"] < of("success")[0]
