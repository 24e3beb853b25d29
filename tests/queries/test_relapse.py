"""Lapse, relapse and urine tests on clinics of a few rows, with the arithmetic in sight.

Day 0 is Monday 2026-01-05 for everybody. Urine is written as results by day: ``{2: "+", 9: "-", 16: "o"}`` is a
positive specimen on day 2, a negative one on day 9, and one on day 16 that was expected and not given.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

RESULT = {"+": "positive", "-": "negative", "o": "not_collected", "i": "invalid", "p": "pending"}


def clinic(folder: Path, *people: dict[int, str], last_day=27, substance="any", use_events=(), **tables) -> Warehouse:
    """One completed episode a person, attended weekly from day 0 to its last day, with that person's urine tests."""
    episodes, sessions, toxicology = [], [], []
    for number, results in enumerate(people, start=1):
        key = f"e{number}"
        stay = {"discharge_day": last_day, "discharge_reason": "completed", "planned_days": last_day + 1}
        episodes.append({"episode_id": key, "patient_id": f"p{number}", **stay})
        sessions += [{"episode_id": key, "day": day} for day in sorted({*range(0, last_day, 7), last_day})]
        toxicology += [
            {
                "episode_id": key,
                "specimen_id": f"u{number}-{day}",
                "day": day,
                "result": RESULT[mark],
                "substance": "any" if mark == "o" else substance,
            }
            for day, mark in results.items()
        ]
    tables = {"toxicology": toxicology, "use_events": use_events} | tables
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, **tables)


def rows(warehouse: Warehouse, name: str, **parameters) -> pd.DataFrame:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select({}), parameters).frame


def by(frame: pd.DataFrame, key: str, column: str = "value") -> dict:
    return dict(zip(frame[key], frame[column], strict=True))


def test_lapse_is_shown_under_three_readings_of_missing_weeks(tmp_path):
    # Four weeks each. One positive, one negative throughout, one negative with a missing week, one all missing.
    warehouse = clinic(
        tmp_path,
        {1: "-", 8: "+", 15: "-", 22: "-"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        {1: "-", 8: "o", 15: "-", 22: "-"},
        {1: "o", 8: "o", 15: "o", 22: "o"},
    )
    frame = rows(warehouse, "lapse")
    # Two of four have an answer that their missing weeks could not change: too few for a rate, so only the bounds.
    told = by(frame, "statistic")
    assert (told["follow_up"], told["lower_bound"], told["upper_bound"]) == (2 / 4, 1 / 4, 3 / 4)
    assert pd.isna([told["missing_is_worst"], told["complete_case"]]).all()
    # Observed weeks only: one of the three with a known week.
    assert by(frame, "statistic", "numerator")["complete_case"] == 1
    assert by(frame, "statistic", "denominator")["complete_case"] == 3
    assert set(frame["missing_n"]) == {2}


def test_lapse_counts_missing_weeks_as_use_where_enough_are_known(tmp_path):
    # -+-- and ---- and --+- are known; -o-- rests on its missing week.
    used, abstinent = {1: "-", 8: "+", 15: "-", 22: "-"}, {1: "-", 8: "-", 15: "-", 22: "-"}
    frame = rows(clinic(tmp_path, used, abstinent, used, {1: "-", 8: "o", 15: "-", 22: "-"}), "lapse")
    assert by(frame, "statistic") == pytest.approx(
        {
            "follow_up": 3 / 4,
            "missing_is_worst": 3 / 4,
            "complete_case": 2 / 4,
            "lower_bound": 2 / 4,
            "upper_bound": 3 / 4,
        }
    )


def test_every_relapse_definition_has_both_rules_and_dropout_beside_them(tmp_path):
    # + + + + meets every rule; - - - - none; o o o o is a relapse only where missing counts as positive.
    warehouse = clinic(
        tmp_path,
        {1: "+", 8: "+", 15: "+", 22: "+"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        {1: "o", 8: "o", 15: "o", 22: "o"},
    )
    frame = rows(warehouse, "relapse_endpoints")
    relapse = frame[frame["category"] == "CTN-0094 relapse (RLP-3)"]
    assert by(relapse, "statistic") == pytest.approx({"missing_is_negative": 1 / 3, "missing_is_positive": 2 / 3})
    assert set(relapse["missing_n"]) == {1}
    dropout = frame[frame["category"] == "CTN-0094 dropout (RLP-4)"]
    assert by(dropout, "statistic") == pytest.approx({"as_recorded": 1 / 3})
    assert frame["category"].nunique() == 8


def test_the_time_to_first_use_is_a_curve_for_each_reading(tmp_path):
    # First use in week 2 of 4, so by day 14; never; never, with week 3 missing.
    warehouse = clinic(
        tmp_path,
        {1: "-", 8: "+", 15: "-", 22: "-"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        {1: "-", 8: "-", 15: "o", 22: "-"},
    )
    frame = rows(warehouse, "lapse_curve")
    curve = frame[frame["statistic"] == "survival"].set_index(["category", "step"])["value"]
    assert curve["missing counted as negative", 14] == pytest.approx(2 / 3)
    assert curve["missing counted as positive", 14] == pytest.approx(2 / 3)
    assert curve["missing counted as positive", 21] == pytest.approx(2 / 3 * 1 / 2)
    assert curve["missing counted as negative"].min() == pytest.approx(2 / 3)


def window(episode: str, day: int, days_used: int, window_days: int = 30, controlled: int = 0) -> dict:
    report = {"episode_id": episode, "day": day, "days_used": days_used, "window_days": window_days}
    return report | {"controlled_environment_days": controlled}


def test_days_abstinent_are_over_known_days_by_occasion(tmp_path):
    # At intake 10 of 30 and 20 of 30 days of use; after the exit on day 27, none in 30. Of p2's
    # window after it, 12 days were in jail: 18 known days are too few. A week's window is another kind of question.
    reports = [window("e1", 0, 10), window("e2", 0, 20), window("e1", 60, 0), window("e2", 60, 7, controlled=12)]
    reports.append(window("e1", 21, 7, window_days=7))
    frame = rows(clinic(tmp_path, {}, {}, use_events=reports), "days_abstinent").set_index("category")
    assert frame["value"]["before care"] == pytest.approx((20 + 10) / (30 + 30))
    assert frame["value"]["after care"] == 1
    assert frame["missing_n"]["after care"] == 1
    assert "in care" not in frame.index


def test_days_abstinent_are_asked_of_a_month_and_close_at_the_analysis_cut(tmp_path):
    # The exit on day 27 is 2026-02-01. Counted: 30 days to day 116, 2026-05-01. Not: a quarter, and a day later.
    reports = [window("e1", 116, 3), window("e1", 118, 90, window_days=90), window("e1", 117, 30)]
    warehouse = clinic(tmp_path, {}, use_events=reports, data_cut=date(2026, 5, 31))
    row = rows(warehouse, "days_abstinent").iloc[0]
    assert (row["numerator"], row["denominator"]) == (27, 30)


def use(episode: str, day: int, substance: str = "alcohol") -> dict:
    return {"episode_id": episode, "day": day, "substance": substance, "window_days": 1, "days_used": 1}


def no_use(episode: str, day: int) -> dict:
    return {"episode_id": episode, "day": day, "substance": "none", "window_days": 7, "days_used": 0}


def test_return_to_use_is_censored_when_last_seen_and_bounded(tmp_path):
    # Days after the exit on day 27: use on 10; no use, last seen on 20; no use until 120; use on 40.
    reports = [use("e1", 37), no_use("e2", 47), no_use("e3", 147), use("e4", 67)]
    frame = rows(clinic(tmp_path, {}, {}, {}, {}, use_events=reports), "return_to_use_after_discharge")
    # Kaplan–Meier: 1 − (1 − 1/4)·(1 − 1/2), since of four one is out at 10 and two remain at 40.
    # Three of four were followed; of them the first and the last used.
    estimated = {"share": 1 - 3 / 4 * 1 / 2, "complete_case": 2 / 3}
    assert by(frame, "statistic") == pytest.approx(
        {"follow_up": 3 / 4, **estimated, "lower_bound": 2 / 4, "upper_bound": 3 / 4}
    )
    assert frame["statistic"].iloc[0] == "follow_up"
    assert set(frame["missing_n"]) == {1}
    early = rows(
        clinic(tmp_path / "again", {}, {}, {}, {}, use_events=reports), "return_to_use_after_discharge", day=30
    )
    assert by(early, "statistic")["lower_bound"] == pytest.approx(1 / 4)


def test_an_exit_too_recent_to_be_followed_that_long_is_left_out(tmp_path):
    # The exit on day 27 is 2026-02-01; 90 days later is 2026-05-02, after the analysis cut-off of 2026-05-01.
    reports = [use("e1", 37)]
    warehouse = clinic(tmp_path, {}, use_events=reports, data_cut=date(2026, 5, 31))
    assert rows(warehouse, "return_to_use_after_discharge", day=90).empty
    assert len(rows(warehouse, "return_to_use_after_discharge", day=30)) == 5


def test_of_fewer_than_three_in_five_followed_after_discharge_only_the_bounds_are_told(tmp_path):
    # Use on day 10 after the exit, and two who were never heard of again: 1 of 3 is followed.
    frame = rows(clinic(tmp_path, {}, {}, {}, use_events=[use("e1", 37)]), "return_to_use_after_discharge")
    told = by(frame, "statistic")
    assert (told["follow_up"], told["lower_bound"], told["upper_bound"]) == pytest.approx((1 / 3, 1 / 3, 1))
    assert pd.isna([told["share"], told["complete_case"]]).all()


def test_return_to_use_can_be_split_by_exit(tmp_path):
    warehouse = clinic(tmp_path, {}, use_events=[use("e1", 37)])
    assert set(rows(warehouse, "return_to_use_after_discharge", split="exit_class")["category"]) == {"completed"}
    by_step = rows(warehouse, "return_to_use_after_discharge", split="step_down")
    assert set(by_step["category"]) == {"no completed step-down"}


def test_days_in_a_controlled_environment_do_not_count_as_time_without_use(tmp_path):
    # Last seen 100 days after the exit, of which 30 in jail: 70 days at risk, so lost before day 90.
    warehouse = clinic(tmp_path, {}, use_events=[window("e1", 127, 0, controlled=30)])
    frame = rows(warehouse, "return_to_use_after_discharge").set_index("statistic")
    assert (frame["value"]["lower_bound"], frame["value"]["upper_bound"]) == (0, 1)
    assert frame["missing_n"]["lower_bound"] == 1


def test_days_in_a_controlled_environment_are_no_exposure_before_a_return_either(tmp_path):
    # Use 100 days after the exit, with 30 days in jail before it: after 70 days at risk.
    reports = [window("e1", 120, 0, controlled=30), use("e1", 127)]
    frame = rows(clinic(tmp_path, {}, use_events=reports), "return_to_use_after_discharge").set_index("statistic")
    assert frame["value"].tolist() == [1, 1, 1, 1, 1]


def test_jail_may_compete_with_the_return_instead(tmp_path):
    # Days after the exit: use on 10; in jail from 20 on; use on 40; nothing until 120, which is never use.
    reports = [use("e1", 37), window("e2", 57, 0, controlled=10), use("e3", 67), no_use("e4", 147)]
    compete = {"controlled_environment": "compete"}
    warehouse = clinic(tmp_path, {}, {}, {}, {}, use_events=reports, rules=compete)
    frame = rows(warehouse, "return_to_use_after_discharge").set_index("statistic")
    # Aalen–Johansen: 1/4 on day 10, and on day 40 half of the 3/4 · 2/3 who neither used nor are in jail.
    assert frame["value"]["share"] == pytest.approx(1 / 4 + 3 / 4 * 2 / 3 * 1 / 2)
    assert frame["value"]["lower_bound"] == frame["value"]["upper_bound"] == pytest.approx(2 / 4)
    assert frame["method"]["share"].startswith("Aalen–Johansen")


def test_mental_health_programs_are_not_asked_about_use(tmp_path):
    stay = {"discharge_day": 27, "discharge_reason": "completed", "program": "MH"}
    sessions = [{"day": 0}, {"day": 27}]
    warehouse = tiny_clinic(tmp_path, episodes=[stay], sessions=sessions)
    assert rows(warehouse, "return_to_use_after_discharge").empty
    assert rows(warehouse, "lapse").empty


def test_an_episode_in_care_has_no_answer_yet(tmp_path):
    # Day 0 is 2026-01-05 and the analysis cut-off 2026-01-25: the word of the first three weeks is not over.
    warehouse = clinic(tmp_path, {1: "+", 8: "+"}, data_cut=date(2026, 2, 24))
    assert rows(warehouse, "lapse").empty
    assert rows(warehouse, "relapse_endpoints").empty
    assert not rows(warehouse, "lapse_curve").empty


MEASURES = [measure.name for measure in catalog.measures().values() if measure.topic == "relapse"]


@pytest.mark.parametrize("name", MEASURES)
def test_nobody_admitted_gives_no_rows(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[{}], sessions=[]), name).empty


@pytest.mark.parametrize("name", MEASURES)
def test_one_patient_is_answered_exactly_and_never_shown(tmp_path, name):
    reports = [window("e1", 0, 3), use("e1", 37)]
    doses = [{"episode_id": "e1", "day": 3, "medication": "naltrexone", "amount": 1}]
    warehouse = clinic(tmp_path, {1: "+", 8: "-", 15: "o", 22: "-"}, use_events=reports, medications=doses)
    assert not rows(warehouse, name).empty
    shown = catalog.ask(warehouse, name).frame
    # A week in which nobody was tested may say so.
    assert (shown[["value", "lower", "upper", "numerator", "denominator", "missing_n"]].fillna(0) == 0).all(axis=None)
