"""RLP-1 to RLP-8 on words with a known answer; a word without the event has the last week in which it could begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.marts.words import clinic_of_words

POSITIVE, NEGATIVE = "missing_is_positive", "missing_is_negative"


def endpoint(folder: Path, word: str, name: str, missing_rule: str = POSITIVE) -> tuple[bool, int | None]:
    cursor = clinic_of_words(folder, word).cursor()
    sql = "select is_event, week from mart.relapse_endpoint where endpoint = $name and missing_rule = $rule"
    (found,) = cursor.execute(sql, {"name": name, "rule": missing_rule}).fetchall()
    return found


def test_every_word_is_answered_by_every_definition(tmp_path: Path) -> None:
    cursor = clinic_of_words(tmp_path, "+", "-o*+-o*+").cursor()
    rows = cursor.execute("select missing_rule, count(*) from mart.relapse_endpoint group by 1 order by 1").fetchall()
    assert rows == [("as_recorded", 2), (NEGATIVE, 2 * 7), (POSITIVE, 2 * 7)]


@pytest.mark.parametrize(
    ("word", "name", "week"),
    [
        ("-------++++", "ctn_0094_relapse", 8),  # the run begins in week 8
        ("+++-++++", "ctn_0094_relapse", 5),
        ("-+o*+---", "ctn_0094_relapse", 2),  # missing and mixed weeks count
        ("++++++++", "lee_2018", 3),  # the first two weeks do not count
        ("-+++++--", "lee_2018", 3),
        ("---++++-", "lee_2018", 4),
        ("--+--+--", "lee_2016", 5),  # weeks 3 to 6 hold two; dated two weeks into them
        ("++------", "lee_2016", 3),
        ("-----+-+", "lee_2016", 7),
        ("-+-+++--", "schottenfeld_2008", 4),
        ("--+-----", "lapse", 3),
        ("--o-----", "lapse", 3),
    ],
)
def test_a_word_that_meets_a_definition_is_dated(tmp_path: Path, word: str, name: str, week: int) -> None:
    assert endpoint(tmp_path, word, name) == (True, week)


@pytest.mark.parametrize(
    ("word", "name", "week"),
    [
        ("+++-+++-", "ctn_0094_relapse", 5),  # eight weeks: no run of four begins after week 5
        ("++++----", "lee_2018", 5),
        ("+---+---", "lee_2016", 7),  # five weeks apart
        ("++-++-++", "schottenfeld_2008", 6),
        ("--------", "lapse", 8),
    ],
)
def test_a_word_that_does_not_has_the_last_week_in_which_it_could(
    tmp_path: Path, word: str, name: str, week: int
) -> None:
    assert endpoint(tmp_path, word, name) == (False, week)


@pytest.mark.parametrize(
    ("word", "name", "is_event"),
    [
        ("-+++----", "krupitsky", True),
        ("++-++-++", "krupitsky", False),
        ("---++---", "johnson_1992", True),
        ("+++-+-+-", "johnson_1992", False),  # two in a row, but before week 4
    ],
)
def test_definitions_that_say_yes_or_no_have_no_week(tmp_path: Path, word: str, name: str, is_event: bool) -> None:
    assert endpoint(tmp_path, word, name) == (is_event, None)


@pytest.mark.parametrize("name", ["lapse", "ctn_0094_relapse", "lee_2016", "schottenfeld_2008", "krupitsky"])
def test_missing_and_mixed_weeks_are_an_event_only_where_missing_counts_as_positive(tmp_path: Path, name: str) -> None:
    assert endpoint(tmp_path / "positive", "-oo*oo-", name, POSITIVE)[0]
    assert not endpoint(tmp_path / "negative", "-oo*oo-", name, NEGATIVE)[0]


@pytest.mark.parametrize(
    ("word", "found"),
    [("-+-oooo-", (True, 4)), ("oo+oooo", (True, 4)), ("ooo*ooo", (False, 4)), ("-+-ooo--", (False, 5))],
)
def test_dropout_is_four_weeks_without_anything_as_recorded(tmp_path: Path, word: str, found: tuple[bool, int]) -> None:
    assert endpoint(tmp_path, word, "ctn_0094_dropout", "as_recorded") == found


def test_a_word_too_short_for_a_definition_has_no_week_before_zero(tmp_path: Path) -> None:
    assert endpoint(tmp_path, "++", "ctn_0094_relapse") == (False, 0)
    assert endpoint(tmp_path / "two", "++", "lee_2016") == (True, 3)
