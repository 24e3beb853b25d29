"""First use of an opioid that is not the arm's own medicine, lost contact competing, against R's cmprsk and survfit."""

from __future__ import annotations

import pytest

from queries import statistics
from queries.warehouse import Warehouse
from tests.ctn.oracle import oracle, rows

pytestmark = pytest.mark.shared

CAUSE = {"first_nonstudy_opioid_positive": "use", "lost_contact": "lost"}
SQL = """
select episode.patient_id::integer as who, arm as group_name, ended.time_days, ended.cause
from mart.retention_time as ended
join mart.episode as episode on episode.episode_id = ended.episode_id
where definition = 'first_use_or_lost'
order by who
"""


def test_the_time_and_cause_of_every_person(trial_warehouse: Warehouse) -> None:
    found = rows(trial_warehouse, SQL)
    expected = oracle("ctn_episodes").sort_values("who")
    assert list(found["who"]) == list(expected["who"])
    assert list(found["time_days"]) == list(expected["cr_time"])
    assert list(found["cause"]) == [("open", "use", "lost")[cause] for cause in expected["cr_cause"]]


def test_the_numbers_of_each_cause(trial_warehouse: Warehouse) -> None:
    expected = oracle("ctn_gray").iloc[0]
    counts = rows(trial_warehouse, SQL)["cause"].value_counts()
    assert (counts["use"], counts["lost"], counts["open"]) == (
        expected["cause1"],
        expected["cause2"],
        expected["censored"],
    )


def test_the_cumulative_incidence_by_arm(trial_warehouse: Warehouse) -> None:
    expected = oracle("ctn_cif")
    expected["group_name"] = expected["arm"].str.removeprefix("27: ")
    expected["category"] = expected["cause"].map(CAUSE)
    counts = rows(trial_warehouse, SQL).groupby(["group_name", "cause", "time_days"], as_index=False).size()
    counts = counts.rename(columns={"cause": "category", "time_days": "step", "size": "events"})
    days = sorted(set(expected["day"]))
    found = statistics.derive("competing", counts, unit="share", options={"at": days})
    found = found[found["statistic"] == "cumulative_incidence"]
    both = expected.merge(found, left_on=["group_name", "category", "day"], right_on=["group_name", "category", "step"])
    assert len(both) == len(expected) == 2 * 2 * 10
    assert (both["value"] - both["cif_cmprsk"]).abs().max() < 1e-9
    assert (both["value"] - both["cif_survfitAJ"]).abs().max() < 1e-9
