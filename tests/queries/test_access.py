"""From the first call to treatment, on clinics of a few requests, with the arithmetic in sight."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from queries.catalog import measure, measures
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import ADMISSION, tiny_clinic
from tests.queries.in_care import by_category, only_value, rows

DATA_CUT = date(2026, 9, 30)


def request(day: int, episode_id: str | None = None, **columns) -> dict:
    """A request of a person of its own, or of the person of the episode; ``day`` counts from 5 January."""
    asked = {"requested_date": ADMISSION + timedelta(days=day), "site": "North", "level_of_care": "IOP", **columns}
    if episode_id:
        return asked | {"episode_id": episode_id, "patient_id": asked.get("patient_id", "p" + episode_id[1:])}
    return {"outcome": "lost"} | asked


def seen(episode_id: str, *days: int) -> list[dict]:
    return [{"episode_id": episode_id, "day": day} for day in days]


def clinic(folder: Path, requests: list[dict], *services: list[dict], **tables) -> Warehouse:
    """Episodes e1, e2 … of p1, p2 … for the requests that name one, admitted on 5 January."""
    keys = sorted({asked["episode_id"] for asked in requests if "episode_id" in asked})
    episodes = tables.pop("episodes", [{"episode_id": key, "patient_id": "p" + key[1:]} for key in keys])
    asked = [{"patient_id": f"stranger{number}"} | each for number, each in enumerate(requests)]
    sessions = [one for days in services for one in days]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, requests=asked, **tables)


def counts(frame) -> tuple[float, float, float]:
    assert len(frame) == 1
    row = frame.iloc[0]
    return float(row["numerator"]), float(row["denominator"]), float(row["missing_n"])


def test_initiation_is_treatment_within_days_0_to_13_of_the_request(tmp_path):
    # First services 0, 13 and 14 days after the request; one never came; one never started.
    requests = [request(0, "e1"), request(0, "e2"), request(0, "e3"), request(0, "e4"), request(3)]
    warehouse = clinic(tmp_path, requests, seen("e1", 0), seen("e2", 13), seen("e3", 14))
    # The stranger's problem is not recorded.
    assert counts(rows(warehouse, "initiation")) == (2, 5, 1)
    assert only_value(rows(warehouse, "initiation")) == 2 / 5


def test_engagement_is_two_more_days_or_one_long_acting_injection_within_34_days_of_initiation(tmp_path):
    # All begin on day 0 but the fifth, on day 14. More days: 1 and 34; 1 and 35; day 1 twice; an injection; many.
    requests = [request(0, f"e{number}") for number in (1, 2, 3, 4, 5)]
    services = seen("e1", 0, 1, 34) + seen("e2", 0, 1, 35) + seen("e3", 0, 1) + seen("e4", 0) + seen("e5", 14, 15, 16)
    services.append({"episode_id": "e3", "day": 1, "start": 14})
    injection = {"patient_id": "p4", "episode_id": "e4", "day": 20, "medication": "naltrexone", "amount": 1}
    warehouse = clinic(tmp_path, requests, services, medications=[injection])
    assert counts(rows(warehouse, "engagement")) == (2, 5, 0)
    assert counts(rows(warehouse, "initiation")) == (4, 5, 0)


def test_tablets_are_days_of_treatment_and_no_long_acting_injection(tmp_path):
    # One day of buprenorphine begins treatment; of naltrexone 50 mg one day more is not enough, two are.
    requests = [request(0, "e1"), request(0, "e2")]
    doses = [{"patient_id": person, "episode_id": key, "day": 0} for person, key in (("p1", "e1"), ("p2", "e2"))]
    tablets = [("p1", "e1", 5), ("p2", "e2", 5), ("p2", "e2", 6)]
    doses += [
        {"patient_id": person, "episode_id": key, "day": day, "medication": "naltrexone", "amount": 50}
        for person, key, day in tablets
    ]
    warehouse = clinic(tmp_path, requests, medications=doses)
    assert counts(rows(warehouse, "initiation")) == (2, 2, 0)
    assert counts(rows(warehouse, "engagement")) == (1, 2, 0)


def test_only_new_requests_of_people_of_13_or_older_enter_initiation(tmp_path):
    # p1 asks on days 100 and 130: the second belongs to the first. p2 was treated 60 days before, p3 61 days before.
    # p4 is 12 years old. p5 wants mental-health care. p6 asked 46 days before the cut-off, p7 47 days before.
    episodes = [{"episode_id": f"e{number}", "patient_id": f"p{number}"} for number in (1, 2, 3, 4, 5)]
    episodes[3] |= {"age_at_admission": 12}
    episodes[4] |= {"program": "MH"}
    requests = [request(100, "e1"), request(130, "e1"), request(70, "e2"), request(71, "e3"), request(0, "e4")]
    requests += [request(0, "e5"), request(238 - 46, patient_id="p6"), request(238 - 47, patient_id="p7")]
    warehouse = clinic(tmp_path, requests, seen("e2", 10), seen("e3", 10), seen("e5", 3), episodes=episodes)
    # In: the first request of p1, those of p3 and p7.
    assert counts(rows(warehouse, "initiation")) == (0, 3, 1)
    # With 194 days the request of p3 is not new either.
    assert counts(rows(warehouse, "initiation", lookback_days=194)) == (0, 2, 1)
    assert counts(rows(warehouse, "engagement", lookback_days=194)) == (0, 2, 1)


def test_the_wait_of_people_who_never_start_is_not_dropped(tmp_path):
    # Waits: 2, 4 and 9 days, and two that never end. Of five, the third (9 days) makes the half; of the three who
    # started alone it would be 4.
    requests = [request(-2, "e1"), request(-4, "e2"), request(-9, "e3"), request(0), request(0, outcome="waiting")]
    frame = rows(clinic(tmp_path, requests, seen("e1", 0), seen("e2", 0), seen("e3", 0)), "days_to_treatment")
    assert only_value(frame) == 9
    assert (frame["denominator"].iloc[0], frame["missing_n"].iloc[0]) == (5, 2)


def test_the_wait_is_not_reached_where_fewer_than_half_start(tmp_path):
    frame = rows(clinic(tmp_path, [request(0, "e1"), request(0), request(0)], seen("e1", 3)), "days_to_treatment")
    assert frame["value"].isna().all()
    assert frame["method"].iloc[0] == "not reached"


def test_the_funnel_loses_people_stage_by_stage(tmp_path):
    # Asked: 6. Assessed: all but the one who was lost at once. Admitted: e1 to e4. Four days: e1, e2 and e3.
    # Day 30: e1, in care after it; e2, completed on day 20; e3 left on day 8, e4 came on three days.
    episodes = [{"episode_id": f"e{number}", "patient_id": f"p{number}"} for number in (1, 2, 3, 4)]
    episodes[1] |= {"discharge_day": 20, "discharge_reason": "completed"}
    requests = [request(-5, f"e{number}") for number in (1, 2, 3, 4)]
    requests += [request(0, assessed_date=ADMISSION + timedelta(days=4)), request(0, outcome="unknown")]
    services = seen("e1", 0, 7, 14, 31) + seen("e2", 0, 5, 10, 20) + seen("e3", 0, 2, 4, 8) + seen("e4", 0, 7, 40)
    frame = rows(clinic(tmp_path, requests, services, episodes=episodes), "referral_funnel")
    assert by_category(frame, "numerator") == {
        "asked": 6,
        "assessed": 5,
        "admitted": 4,
        "fourth day of service": 3,
        "day 30": 2,
    }
    assert set(frame["denominator"]) == {6}
    assert by_category(frame)["day 30"] == pytest.approx(2 / 6)
    assert by_category(frame, "missing_n")["asked"] == 0
    assert by_category(frame, "missing_n")["day 30"] == 1


def test_the_funnel_takes_requests_made_long_enough_ago(tmp_path):
    # 90 and 89 days before the analysis cut-off.
    warehouse = clinic(tmp_path, [request(238 - 90), request(238 - 89)])
    assert set(rows(warehouse, "referral_funnel")["denominator"]) == {1}
    assert set(rows(warehouse, "referral_funnel", followed_days=30)["denominator"]) == {2}


def test_the_waiting_list_has_those_who_wait_by_days_since_they_asked(tmp_path):
    # Days since the request: 6, 7, 29, 30; one admitted who has not come, since 10 days. Not waiting: lost, and seen.
    waiting = [request(0, requested_date=DATA_CUT - timedelta(days=days), outcome="waiting") for days in (6, 7, 29, 30)]
    requests = [*waiting, request(0), request(0, "e1"), request(0, "e2", requested_date=DATA_CUT - timedelta(days=10))]
    frame = rows(clinic(tmp_path, requests, seen("e1", 0)), "waiting_list")
    assert by_category(frame) == {"under 7 days": 1, "7 to 13 days": 2, "14 to 29 days": 1, "30 days or more": 1}
    assert frame["missing_n"].isna().all()


def test_places_used_are_the_census_beside_the_places(tmp_path):
    # Two in care from Monday 5 January; one leaves on Tuesday 13 January. One is at a site without places.
    sites = [{"site": "North", "region": "Metro", "capacity": 20}, {"site": "South", "region": "Metro"}]
    left = {"discharge_day": 8, "discharge_reason": "completed"}
    episodes = [{}, left, {"site": "South"}, {"level_of_care": "OP"}]
    services = [each for number in (1, 2, 3, 4) for each in seen(f"e{number}", 0)] + seen("e1", 35)
    frame = rows(tiny_clinic(tmp_path, episodes=episodes, sessions=services, sites=sites), "capacity_used")
    census = {(f"{row.period:%m-%d}", row.category): row.value for row in frame.itertuples()}
    assert [census["01-05", "in care"], census["01-12", "in care"], census["01-19", "in care"]] == [2, 2, 1]
    assert {value for (_, category), value in census.items() if category == "places"} == {20}
    assert frame["missing_n"].isna().all()


def test_requests_are_chosen_and_compared_by_what_is_known_of_every_request(tmp_path):
    requests = [request(0, "e1"), request(0), request(0, site="South"), request(0, level_of_care="OP")]
    warehouse = clinic(tmp_path, requests, seen("e1", 0))
    frame = rows(warehouse, "initiation", by="site")
    assert dict(zip(frame["group_name"], frame["denominator"], strict=True)) == {"North": 2, "South": 1}
    chosen = {"site": ["North"], "level_of_care": [], "date_from": "2026-01-01", "date_to": "2026-01-31"}
    assert counts(rows(warehouse, "initiation", filters=chosen))[1] == 3
    # A payer is known only of people who started: it chooses nothing, and the page says so.
    assert counts(rows(warehouse, "initiation", filters={"payer": ["medicaid"]}))[1] == 3
    assert measure("initiation").unused_filters(select({"payer": ["medicaid"]})) == ["Payer"]
    assert set(rows(warehouse, "initiation", by="payer")["group_name"]) == {"All: not known of every request"}


REQUEST_MEASURES = ["initiation", "engagement", "days_to_treatment", "referral_funnel", "waiting_list", "capacity_used"]


@pytest.mark.parametrize("name", REQUEST_MEASURES)
def test_without_requests_there_is_no_answer(tmp_path, name):
    assert rows(tiny_clinic(tmp_path, episodes=[]), name).empty
    assert rows(tiny_clinic(tmp_path / "nobody_asked", sessions=[{"day": 0}]), name).empty


@pytest.mark.parametrize(("name", "value"), [("initiation", 1), ("engagement", 0), ("days_to_treatment", 4)])
def test_one_request_gives_an_answer(tmp_path, name, value):
    assert only_value(rows(clinic(tmp_path, [request(-4, "e1")], seen("e1", 0)), name)) == value


def test_every_measure_of_requests_takes_them_from_the_shared_selection():
    for member in measures().values():
        if member.dated_by == "request":
            assert "selected_request" in member.sql, member.name
            assert "$site" not in member.sql, member.name
