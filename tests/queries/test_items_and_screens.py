"""Items of the PHQ-9, the suicide screener and screens at the start, on clinics of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries import catalog
from queries.catalog import measures
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.queries.test_outcomes import by_category, rows


def clinic(folder: Path, *people: list[dict], instrument="PHQ-9", sexes=()) -> Warehouse:
    """One completed episode a person, attended on days 0 and 42, with the given assessments."""
    episodes, sessions, assessments = [], [], []
    for number, own in enumerate(people, start=1):
        key = f"e{number}"
        end = {"discharge_day": 42, "discharge_reason": "completed"}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **end})
        sessions += [{"episode_id": key, "day": day} for day in (0, 42)]
        assessments += [{"episode_id": key, "instrument": instrument, "day": 0} | row for row in own]
    patients = [{"patient_id": f"p{number}", "sex": sex} for number, sex in enumerate(sexes, start=1)]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, assessments=assessments, patients=patients)


def phq(day: int, *items: int | str) -> dict:
    """A PHQ-9 whose items that are not given are 0; '' is an item without an answer."""
    answers = [*items, *([0] * (9 - len(items)))]
    score = sum(answer for answer in answers if answer != "")
    return {"day": day, "score": score, "item_scores": ";".join(map(str, answers))}


def test_items_are_averaged_week_by_week_where_all_are_answered(tmp_path):
    # Interest: 3, 1, 2 and 3 at first; 0 in week 1; 1 in week 2, where another did not answer item 3.
    warehouse = clinic(
        tmp_path,
        [phq(0, 3, 2), phq(10, 1, 1)],
        [phq(0, 1, 2), phq(10, 2, 2, "")],
        [phq(0, 2, 2)],
        [phq(0, 3), phq(3, 0)],
    )
    frame = rows(warehouse, "item_trends")
    interest = frame[frame["category"] == "1 interest"].set_index("step")
    assert interest["value"].to_dict() == pytest.approx({0: (3 + 1 + 2 + 3) / 4, 1: 0, 2: 1})
    assert interest["denominator"].to_dict() == {0: 4, 1: 1, 2: 1}
    assert interest["missing_n"].to_dict() == {0: 0, 1: 0, 2: 1}
    assert frame["category"].nunique() == 9


def test_an_instrument_without_items_has_no_trends_of_them(tmp_path):
    assert rows(clinic(tmp_path, [{"score": 12}]), "item_trends").empty


def test_thoughts_of_self_harm_are_any_answer_above_zero(tmp_path):
    # First: 1 and 3 of four, as the fourth did not answer. Latest: 1 of two. At any score: 3 of four.
    no, yes, blank = ([0] * 8 + [answer] for answer in (0, 1, ""))
    warehouse = clinic(
        tmp_path,
        [phq(0, *yes), phq(14, *no)],
        [phq(0, *no), phq(7, *yes), phq(14, *no)],
        [phq(0, *yes)],
        [phq(0, *blank)],
        [phq(0, *no), phq(14, *yes)],
    )
    first, latest, ever = (
        rows(warehouse, "thoughts_of_self_harm", occasion=name).set_index("statistic")
        for name in ("first score", "latest score", "any score in care")
    )
    answered = first.loc["complete_case"]
    assert (answered["value"], answered["denominator"], answered["missing_n"]) == (pytest.approx(2 / 4), 4, 1)
    assert first["value"]["missing_is_worst"] == pytest.approx((2 + 1) / 5)
    answered = latest.loc["complete_case"]
    assert (answered["value"], answered["denominator"], answered["missing_n"]) == (pytest.approx(1 / 3), 3, 2)
    assert (latest["value"]["lower_bound"], latest["value"]["upper_bound"]) == pytest.approx((1 / 5, 3 / 5))
    assert (ever["value"]["complete_case"], ever["value"]["lower_bound"]) == pytest.approx((1, 4 / 5))


def screen(score: int, day: int = 0, **columns) -> dict:
    return {"score": score, "day": day, "timepoint": "week", **columns}


def test_the_highest_screen_of_an_episode_is_its_risk(tmp_path):
    # Highest items: 0 none; 2 low; 1 then 3 moderate; 6 over a lifetime moderate; 6 in three months high; 5 high.
    # The seventh person was never screened.
    warehouse = clinic(
        tmp_path,
        [screen(0)],
        [screen(2)],
        [screen(1), screen(3, day=14)],
        [screen(6, window_days=3650)],
        [screen(6, window_days=90)],
        [screen(5)],
        [],
        instrument="C-SSRS",
    )
    frame = rows(warehouse, "suicide_risk_screens")
    assert by_category(frame, "numerator") == {"no item": 1, "low risk": 1, "moderate risk": 2, "high risk": 2}
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({6}, {1})
    assert frame["value"].sum() == pytest.approx(1)


def test_screens_at_the_start_are_shown_in_their_bands(tmp_path):
    # AUDIT 7 low risk, 8 hazardous, 20 possible dependence; one was expected and not given.
    warehouse = clinic(tmp_path, *[[{"score": score}] for score in (7, 8, 20, None)], instrument="AUDIT")
    frame = rows(warehouse, "alcohol_and_drug_screens")
    assert by_category(frame, "numerator") == {"low risk": 1, "hazardous": 1, "harmful": 0, "possible dependence": 1}
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({3}, {1})


def test_the_short_audit_has_another_cut_off_for_women(tmp_path):
    # 3 points: positive for the woman, negative for the man, open for whoever's sex is not recorded. 4: positive.
    warehouse = clinic(
        tmp_path,
        *[[{"score": score}] for score in (3, 3, 3, 4, 2)],
        instrument="AUDIT-C",
        sexes=["female", "male", "unknown", "unknown", "unknown"],
    )
    frame = rows(warehouse, "alcohol_and_drug_screens", screener="AUDIT-C")
    assert by_category(frame, "numerator") == {"below the cut-off": 2, "at or above the cut-off": 2}
    assert set(frame["missing_n"]) == {1}


def test_the_brief_addiction_monitor_has_no_total_and_yearly_screens_no_change():
    choices = {
        (name, choice)
        for name, member in measures().items()
        for parameter in member.parameters
        if parameter.name in {"instrument", "screener"}
        for choice in parameter.choices
    }
    offered = {choice for _, choice in choices}
    assert not [choice for choice in offered if choice.startswith("BAM") and "-" not in choice]
    assert {name for name, choice in choices if choice in {"AUDIT", "AUDIT-C", "DAST-10"}} == {
        "alcohol_and_drug_screens"
    }
    assert "C-SSRS" not in offered


@pytest.mark.parametrize("instrument", ["AUDIT", "AUDIT-C", "DAST-10", "C-SSRS", "BAM", "BAM-Total"])
@pytest.mark.parametrize("name", ["paired_change", "reliable_improvement", "score_by_week", "effect_size"])
def test_a_change_of_what_has_none_is_refused_in_words(tmp_path, name, instrument):
    warehouse = clinic(tmp_path, [{"score": 4}, {"score": 2, "day": 30}], instrument="AUDIT")
    with pytest.raises(catalog.MeasureError, match=r"Instrument \(instrument\) is one of PHQ-9, GAD-7, BAM-Use"):
        catalog.ask(warehouse, name, parameters={"instrument": instrument})


def test_suicide_risk_is_told_in_levels_and_never_as_a_mean(tmp_path):
    warehouse = clinic(tmp_path, [screen(1)], [screen(5)], instrument="C-SSRS")
    answer = catalog.answer_unsuppressed(warehouse, catalog.measure("suicide_risk_screens"), select({}))
    assert answer.measure.unit == "share"
    assert set(answer.frame["statistic"]) == {"share"}
    # Levels of two people: one low, one high; no row holds their mean of 3.
    assert by_category(answer.frame, "numerator") == {"no item": 0, "low risk": 1, "moderate risk": 0, "high risk": 1}


def test_the_change_of_the_pcl_5_is_told_by_both_thresholds(tmp_path):
    # 50 at first; then 18, 15, 14 and 0 points better, 15 and 18 worse; the seventh is not seen again.
    latest = (32, 35, 36, 50, 65, 68)
    people = [[{"score": 50}, {"score": score, "day": 42, "timepoint": "discharge"}] for score in latest]
    frame = rows(clinic(tmp_path, *people, [{"score": 50}], instrument="PCL-5"), "ptsd_change_by_threshold")
    assert by_category(frame, "numerator") == {
        "better by 18 or more": 1,
        "better by 15 to less than 18": 1,
        "changed by less than 15": 2,
        "worse by 15 to less than 18": 1,
        "worse by 18 or more": 1,
    }
    assert (set(frame["denominator"]), set(frame["missing_n"])) == ({6}, {1})
    usual = rows(clinic(tmp_path / "again", *people, instrument="PCL-5"), "reliable_improvement", instrument="PCL-5")
    assert by_category(usual.assign(category=usual["statistic"]), "numerator")["complete_case"] == 1 + 1


ONE = {
    "item_trends": ([phq(0, 1, 1), phq(14, 1)], "PHQ-9"),
    "thoughts_of_self_harm": ([phq(0, *[1] * 9)], "PHQ-9"),
    "suicide_risk_screens": ([screen(5)], "C-SSRS"),
    "alcohol_and_drug_screens": ([{"score": 20}], "AUDIT"),
}


@pytest.mark.parametrize("name", ONE)
def test_nobody_gives_no_rows_and_one_patient_is_never_shown(tmp_path, name):
    own, instrument = ONE[name]
    assert rows(clinic(tmp_path / "nobody"), name).empty
    warehouse = clinic(tmp_path / "one", own, instrument=instrument)
    assert not rows(warehouse, name).empty
    assert catalog.ask(warehouse, name).frame["is_suppressed"].all()
