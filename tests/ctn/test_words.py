"""Weekly words and published endpoints of all 1,920 people, those never randomised too."""

from __future__ import annotations

import pytest

from queries.warehouse import Warehouse
from tests.ctn.oracle import answer, oracle, rows

pytestmark = pytest.mark.shared

ENDPOINTS = {
    "ctn_0094_relapse": ("ctn0094_relapse", "missing_is_positive"),
    "ctn_0094_dropout": ("dropout", "as_recorded"),
    "lee_2016": ("lee2016", "missing_is_positive"),
    "lee_2018": ("lee2018", "missing_is_positive"),
    "schottenfeld_2008": ("schottenfeld", "missing_is_positive"),
    "krupitsky": ("krupitsky", "missing_is_positive"),
    "johnson_1992": ("johnson", "missing_is_positive"),
}


def test_the_word_of_every_person(trial_warehouse: Warehouse) -> None:
    sql = "select patient_id::integer as who, word, episode_id is not null as is_randomised from mart.weekly_word"
    found = rows(trial_warehouse, sql).set_index("who").sort_index()
    expected = oracle("ctn_word_rebuilt").set_index("who").sort_index()
    assert len(found) == 1920
    assert found["word"].to_dict() == expected["rebuilt"].to_dict()
    assert found["is_randomised"].to_dict() == expected["randomised"].to_dict()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_endpoint_of_every_person(trial_warehouse: Warehouse, endpoint: str) -> None:
    column, missing_rule = ENDPOINTS[endpoint]
    sql = f"""
    select patient_id::integer as who, is_event::integer as is_event, week
    from mart.relapse_endpoint
    where endpoint = '{endpoint}' and missing_rule = '{missing_rule}'
    order by who
    """
    found = rows(trial_warehouse, sql)
    expected = oracle("ctn_endpoints_recomputed").sort_values("who")
    assert list(found["who"]) == list(expected["who"])
    assert len(found) == 1920
    assert list(found["is_event"]) == list(expected[column])
    if f"{column}_week" in expected.columns:
        assert list(found["week"]) == list(expected[f"{column}_week"])
    else:
        assert found["week"].isna().all()


def test_the_shares_that_the_catalogue_answers_are_those_of_the_randomised(trial_warehouse: Warehouse) -> None:
    expected = oracle("ctn_endpoints_recomputed")
    expected = expected[expected["randomised"]]
    found = answer(trial_warehouse, "relapse_endpoints", by=None).set_index(["category", "statistic"])
    for category, column, rule in (
        ("CTN-0094 relapse (RLP-3)", "ctn0094_relapse", "missing_is_positive"),
        ("CTN-0094 dropout (RLP-4)", "dropout", "as_recorded"),
        ("Johnson 1992 (RLP-7)", "johnson", "missing_is_positive"),
    ):
        row = found.loc[(category, rule)]
        assert (row["numerator"], row["denominator"]) == (expected[column].sum(), 1269)
