"""Weekly words: one letter a week from day 0 (Monday 2026-01-05) on. A stay of 28 days has four letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.clinic import tiny_clinic
from tests.marts.words import clinic_of_words

FOUR_WEEKS = {"planned_days": 28, "discharge_day": 27, "discharge_reason": "completed"}


def word_of(
    folder: Path, *, episode: dict[str, Any] | None = None, days: tuple[int, ...] = (0, 27), **tables: Any
) -> str:
    sessions = [{"day": day} for day in days]
    warehouse = tiny_clinic(folder, episodes=[episode or FOUR_WEEKS], sessions=sessions, **tables)
    rows = warehouse.cursor().execute("select word, weeks from mart.weekly_word").fetchall()
    assert [len(word) for word, _ in rows] == [weeks for _, weeks in rows]
    (word,) = (word for word, _ in rows)
    return word


def test(day: int, result: str, **more: Any) -> dict[str, Any]:
    return {"day": day, "result": result, **more}


test.__test__ = False


def report(day: int, days_used: int, window_days: int = 1, **more: Any) -> dict[str, Any]:
    return {"day": day, "days_used": days_used, "window_days": window_days, **more}


@pytest.mark.parametrize("word", ["+-o*", "++++", "oooo", "-"])
def test_the_letters_of_the_weekly_tests_are_the_word(tmp_path: Path, word: str) -> None:
    found = clinic_of_words(tmp_path, word).cursor().execute("select word from mart.weekly_word").fetchall()
    assert found == [(word,)]


def test_week_one_is_days_0_to_6(tmp_path: Path) -> None:
    assert word_of(tmp_path, toxicology=[test(6, "positive"), test(7, "negative")]) == "+-oo"


def test_any_use_in_a_week_is_use(tmp_path: Path) -> None:
    toxicology = [test(1, "negative"), test(3, "positive"), test(5, "negative")]
    assert word_of(tmp_path, toxicology=toxicology) == "+ooo"
    assert word_of(tmp_path / "mixed", toxicology=toxicology, rules={"word_mixed_week": "*"}) == "*ooo"


def test_a_negative_substance_beside_a_positive_one_is_one_positive_day(tmp_path: Path) -> None:
    toxicology = [
        test(1, "positive", specimen_id="u1", substance="cocaine"),
        test(1, "negative", specimen_id="u1", substance="opioid"),
    ]
    assert word_of(tmp_path, toxicology=toxicology, rules={"word_mixed_week": "*"}) == "+ooo"


@pytest.mark.parametrize("result", ["invalid", "dilute", "pending"])
def test_a_specimen_without_a_usable_result_is_inconclusive(tmp_path: Path, result: str) -> None:
    assert word_of(tmp_path, toxicology=[test(1, result)]) == "*ooo"


def test_a_positive_for_a_prescribed_drug_is_not_use_unless_the_rule_counts_it(tmp_path: Path) -> None:
    toxicology = [test(1, "positive", substance="methadone", is_prescribed=True)]
    assert word_of(tmp_path, toxicology=toxicology) == "-ooo"
    assert word_of(tmp_path / "counted", toxicology=toxicology, rules={"word_prescribed_positive": "counted"}) == "+ooo"


def test_only_the_named_substances_are_use(tmp_path: Path) -> None:
    toxicology = [test(1, "positive", substance="cocaine"), test(8, "positive", substance="opioid")]
    assert word_of(tmp_path, toxicology=toxicology, rules={"use_substances": "opioid methadone"}) == "-+oo"


def test_attendance_without_a_specimen_is_missing_unless_the_rule_says_negative(tmp_path: Path) -> None:
    days = (0, 7, 27)
    assert word_of(tmp_path, days=days) == "oooo"
    assert word_of(tmp_path / "trial", days=days, rules={"word_attended_without_specimen": "-"}) == "--o-"


def test_a_negative_specimen_can_be_left_to_attendance(tmp_path: Path) -> None:
    rules = {"word_attended_without_specimen": "-", "word_negative_specimen": "not_counted"}
    toxicology = [test(1, "negative"), test(8, "positive"), test(15, "negative")]
    assert word_of(tmp_path, days=(0, 27), toxicology=toxicology, rules=rules) == "-+o-"


def test_reports_of_use_are_merged_with_urine(tmp_path: Path) -> None:
    toxicology = [test(1, "negative"), test(8, "negative")]
    reports = [report(2, 1), report(16, 0), report(23, 1, report_source="collateral")]
    assert word_of(tmp_path, toxicology=toxicology, use_events=reports) == "+--+"
    alone = word_of(tmp_path / "urine", toxicology=toxicology, use_events=reports, rules={"use_sources": "urine"})
    assert alone == "--oo"


def test_a_report_over_a_week_belongs_to_the_week_that_holds_its_middle(tmp_path: Path) -> None:
    # Days 2 to 8 have their middle on day 5, days 4 to 10 on day 7.
    assert word_of(tmp_path, use_events=[report(8, 2, 7)]) == "+ooo"
    assert word_of(tmp_path / "later", use_events=[report(10, 2, 7)]) == "o+oo"


def test_a_report_over_a_month_does_not_say_in_which_week_the_use_was(tmp_path: Path) -> None:
    assert word_of(tmp_path, use_events=[report(27, 3, 28)]) == "oooo"


def test_a_short_last_week_counts_only_if_something_is_known_of_it(tmp_path: Path) -> None:
    # Days 0 to 30: four full weeks and three days.
    episode = FOUR_WEEKS | {"planned_days": 31, "discharge_day": 30}
    days = (0, 30)
    assert word_of(tmp_path, episode=episode, days=days) == "oooo"
    assert word_of(tmp_path / "known", episode=episode, days=days, toxicology=[test(29, "negative")]) == "oooo-"
    assert word_of(tmp_path / "kept", episode=episode, days=days, rules={"word_short_last_week": "keep"}) == "ooooo"


def test_weeks_run_to_the_planned_end_after_a_dropout_within_the_no_contact_limit(tmp_path: Path) -> None:
    # Left on day 13: expected to day 27, the planned end, and at most to day 13 + 30.
    left = {"planned_days": 28, "discharge_day": 20, "discharge_reason": "dropped_out"}
    assert word_of(tmp_path, episode=left, days=(0, 13)) == "oooo"
    assert word_of(tmp_path / "long", episode=left | {"planned_days": 84}, days=(0, 13)) == "oooooo"


def test_a_restart_is_one_word(tmp_path: Path) -> None:
    # The second part begins the day after the first ends, at the same level of care.
    part = {"patient_id": "p1", "discharge_reason": "completed", "planned_days": 14}
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[
            part | {"episode_id": "e1", "discharge_day": 13},
            part | {"episode_id": "e2", "day": 14, "discharge_day": 13},
        ],
        sessions=[{"episode_id": key, "day": day} for key in ("e1", "e2") for day in (0, 13)],
        toxicology=[test(1, "negative", episode_id="e1"), test(1, "positive", episode_id="e2")],
    )
    found = warehouse.cursor().execute("select episode_id, word from mart.weekly_word").fetchall()
    assert found == [("e1", "-o+o")]


def test_people_who_never_started_have_no_word(tmp_path: Path) -> None:
    warehouse = tiny_clinic(tmp_path, episodes=[{}], toxicology=[test(1, "positive")])
    assert warehouse.cursor().execute("from mart.weekly_word").fetchall() == []


def test_a_mental_health_episode_without_any_test_or_report_has_an_empty_word(tmp_path: Path) -> None:
    mental_health = FOUR_WEEKS | {"program": "MH"}
    assert word_of(tmp_path, episode=mental_health) == ""
    assert word_of(tmp_path / "tested", episode=mental_health, toxicology=[test(1, "negative")]) == "-ooo"


def test_words_of_persons_reach_those_without_an_episode_and_count_from_the_request(tmp_path: Path) -> None:
    # Asked on 2026-01-05; words end 27 days after it. p1 starts 7 days later: three weeks. p2 never does: four.
    warehouse = tiny_clinic(
        tmp_path,
        episodes=[{"patient_id": "p1", "day": 7}],
        sessions=[{"day": 0}],
        requests=[{"patient_id": patient, "requested_date": date(2026, 1, 5)} for patient in ("p1", "p2")],
        toxicology=[
            {"specimen_id": "u1", "patient_id": "p1", "episode_id": "e1", "day": 8, "result": "positive"},
            {"specimen_id": "u2", "patient_id": "p2", "specimen_date": date(2026, 1, 20), "result": "positive"},
        ],
        rules={"word_unit": "person", "word_ends": "days_after_request", "word_days_after_request": 27},
    )
    found = warehouse.cursor().execute("select patient_id, episode_id, word from mart.weekly_word").fetchall()
    assert found == [("p1", "e1", "o+o"), ("p2", None, "oo+o")]


def test_the_word_of_a_person_with_two_episodes_is_that_of_the_first(tmp_path: Path) -> None:
    stay = {"patient_id": "p1", "planned_days": 14, "discharge_day": 13, "discharge_reason": "completed"}
    tables: dict[str, Any] = {
        "episodes": [stay | {"episode_id": "e1"}, stay | {"episode_id": "e2", "day": 60}],
        "sessions": [{"episode_id": key, "day": day} for key in ("e1", "e2") for day in (0, 13)],
        "toxicology": [test(1, "positive", episode_id="e2")],
    }
    each = tiny_clinic(tmp_path / "each", **tables).cursor()
    assert each.execute("select episode_id, word from mart.weekly_word").fetchall() == [("e1", "oo"), ("e2", "+o")]
    person = tiny_clinic(tmp_path / "person", **tables, rules={"word_unit": "person"}).cursor()
    assert person.execute("select episode_id, word from mart.weekly_word").fetchall() == [("e1", "oo")]


def strings_of(folder: Path, **tables: Any) -> dict[str, str]:
    sessions = [{"day": day} for day in (0, 27)]
    warehouse = tiny_clinic(folder, episodes=[FOUR_WEEKS], sessions=sessions, **tables)
    return dict(warehouse.cursor().execute("select evidence, word from mart.evidence_word").fetchall())


def test_urine_self_report_and_collateral_are_strings_of_their_own(tmp_path: Path) -> None:
    # Week 1: negative urine, and the patient reports use. Week 2: positive urine, no use reported. Week 3: a relative
    # tells of use. Week 4: the chart says there was none.
    found = strings_of(
        tmp_path,
        toxicology=[test(2, "negative"), test(9, "positive")],
        use_events=[
            report(3, 1),
            report(10, 0, substance="none"),
            report(16, 1, report_source="collateral"),
            report(23, 0, substance="none", report_source="chart"),
        ],
    )
    assert found == {"urine": "-+oo", "self-report": "+-oo", "collateral": "oo+-", "all": "+++o"}


def test_where_urine_alone_counts_the_other_strings_are_still_there(tmp_path: Path) -> None:
    found = strings_of(
        tmp_path, toxicology=[test(2, "negative")], use_events=[report(3, 1)], rules={"use_sources": "urine"}
    )
    assert found == {"urine": "-ooo", "self-report": "+ooo", "collateral": "oooo", "all": "-ooo"}


def test_all_strings_of_an_episode_have_one_length(tmp_path: Path) -> None:
    # 24 days are three weeks and three days; of these only the patient tells, on day 22.
    episode = {"planned_days": 24, "discharge_day": 23, "discharge_reason": "completed"}
    warehouse = tiny_clinic(
        tmp_path, episodes=[episode], sessions=[{"day": 0}, {"day": 23}], use_events=[report(22, 1)]
    )
    found = dict(warehouse.cursor().execute("select evidence, word from mart.evidence_word").fetchall())
    assert found == {"urine": "oooo", "self-report": "ooo+", "collateral": "oooo", "all": "ooo+"}
