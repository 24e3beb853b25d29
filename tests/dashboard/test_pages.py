"""Every page runs, keeps its filters in the URL and says what to do when there is nothing to show."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import server
from queries import catalog
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic
from tests.dashboard.conftest import OpenApp, build_clinic

PAGES = ("overview", "retention", "hours", "outcomes", "relapse", "cost", "review", "explore", "loads", "measures")
TABS = {
    "retention_view": ("retention", ("Staying", "Leaving", "Access", "Flow")),
    "hours_view": ("hours", ("Weekly hours", "Attendance", "Services and groups", "Ledger")),
    "outcomes_view": (
        "outcomes",
        ("Change", "Improvement", "Recovery", "Pace and dose", "Depression and anxiety together", "Missing scores"),
    ),
    "relapse_view": ("relapse", ("During care", "After leaving", "Urine tests", "Abstinence and medication")),
    "cost_view": ("cost", ("Cost of care", "Cost per result", "Beside inpatient care", "For the same patient")),
    "review_view": ("review", ("Over time", "Between sites", "All measures")),
    "data_view": ("loads", ("Files", "Rejects", "Checks", "Rules", "Dictionary")),
}


def words_of(app: AppTest) -> str:
    """All that a page says in text."""
    said = [*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success]
    return "\n".join(str(element.value) for element in said)


def tile(app: AppTest, label: str) -> str:
    return next(str(metric.value) for metric in app.metric if metric.label == label)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs(open_app: OpenApp, clinic_home: Path, page: str) -> None:
    app = open_app(clinic_home, page)
    assert [each.message for each in app.exception] == []
    assert app.title[0].value


@pytest.mark.parametrize(("key", "tab"), [(key, tab) for key, (_, tabs) in TABS.items() for tab in tabs])
def test_every_tab_runs_without_an_error(open_app: OpenApp, clinic_home: Path, key: str, tab: str) -> None:
    app = open_app(clinic_home, TABS[key][0], **{key: tab})
    assert [each.message for each in app.exception] == []
    assert [each.value for each in app.error] == []


def test_the_missing_are_filled_in_by_a_model_where_that_is_asked_for(open_app: OpenApp, sample_home: Path) -> None:
    app = open_app(sample_home, "outcomes", outcomes_view="Missing scores")
    said = words_of(app)
    assert "have a follow-up score. " in said
    assert "* By the model " in said
    assert "Model: 20 imputations, Rubin's rules" in said
    app.number_input(key="missing_target").set_value(40).run()
    assert "The rate falls below the target of 40.0 % if fewer than" in words_of(app)


def test_a_page_says_nothing_but_what_its_view_wrote(open_app: OpenApp, clinic_home: Path) -> None:
    # Streamlit would print docstrings of constants; the server switches that off, and views have none.
    assert server.SETTINGS["runner.magicEnabled"] == "false"
    assert "target of" not in words_of(open_app(clinic_home, "retention"))


def test_the_people_to_call_are_listed_only_where_cases_are_shown(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Admitted on 5 January 2026 and last seen on day 8; the data run to 30 September 2026.
    tiny_clinic(
        tmp_path,
        episodes=[{"episode_id": "e1", "patient_id": "p1"}],
        sessions=[{"episode_id": "e1", "day": 0}, {"episode_id": "e1", "day": 8}],
    ).close()
    hidden = open_app(tmp_path, "retention", retention_view="Flow")
    assert "hidden on this server" in words_of(hidden)
    assert len(hidden.dataframe) == 0
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    shown = open_app(tmp_path, "retention", retention_view="Flow")
    assert shown.dataframe[0].value["episode_id"].tolist() == ["e1"]
    assert shown.dataframe[0].value["action"].tolist() == ["consider administrative discharge"]


def test_the_ledger_lists_weeks_only_where_cases_are_shown(
    open_app: OpenApp, clinic_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = open_app(clinic_home, "hours", hours_view="Ledger")
    assert "hidden on this server" in words_of(hidden)
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    shown = open_app(clinic_home, "hours", hours_view="Ledger")
    # Nobody of this clinic comes nine hours a week.
    weeks = shown.dataframe[0].value
    assert set(weeks["reason"]) == {
        "Under target: the program scheduled too little",
        "Under target: not seen since 2026-01-13",
    }
    assert f"{len(weeks)} weeks, the newest first" in words_of(shown)


@pytest.mark.parametrize("by", ["site", "track", "payer"])
def test_every_measure_page_can_compare_groups(open_app: OpenApp, clinic_home: Path, by: str) -> None:
    app = open_app(clinic_home, "retention", by=by)
    assert app.selectbox(key="by").value == by
    assert [each.message for each in app.exception] == []
    assert [each.value for each in app.error] == []


def test_a_tile_shows_the_number_of_the_catalogue(open_app: OpenApp, clinic_home: Path) -> None:
    # 45 of 60 at North and 30 of 60 at South are still there on day 30: 75 of 120.
    assert tile(open_app(clinic_home), "In care or left well at day 30") == "62.5 %"


def test_a_filter_in_the_url_is_restored_and_changes_the_number(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, site="North")
    assert app.multiselect(key="site").value == ["North"]
    assert tile(app, "In care or left well at day 30") == "75.0 %"  # 45 of 60
    app.multiselect(key="site").set_value(["South"]).run()
    assert tile(app, "In care or left well at day 30") == "50.0 %"  # 30 of 60


def test_dates_in_the_url_are_restored(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, from_="2026-01-05", to="2026-02-01")
    assert str(app.date_input(key="from").value) == "2026-01-05"
    assert tile(app, "In care or left well at day 30") == "62.5 %"


def test_the_default_level_of_care_can_be_cleared_and_reset(open_app: OpenApp, tmp_path: Path) -> None:
    episodes = [{"level_of_care": "IOP" if number < 40 else "PHP"} for number in range(60)]
    sessions = [{"episode_id": f"e{number + 1}", "day": day} for number in range(60) for day in (0, 20, 40)]
    tiny_clinic(tmp_path, episodes=episodes, sessions=sessions).close()
    app = open_app(tmp_path)
    assert app.multiselect(key="level_of_care").value == ["IOP"]
    assert "n = 40 episodes" in words_of(app)
    app.multiselect(key="level_of_care").set_value([]).run()
    assert "n = 60 episodes" in words_of(app)
    app.button(key="reset").click().run()
    assert app.multiselect(key="level_of_care").value == ["IOP"]
    assert "n = 40 episodes" in words_of(app)


def test_a_link_to_a_value_that_the_data_do_not_hold_says_so(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, site="Atlantis")
    assert "The link asks for site Atlantis" in words_of(app)


def test_dates_in_the_wrong_order_are_explained(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, from_="2026-03-01", to="2026-02-01")
    assert "Swap them" in words_of(app)
    assert [each.message for each in app.exception] == []


def test_without_a_warehouse_the_page_says_what_to_run(open_app: OpenApp, tmp_path: Path) -> None:
    app = open_app(tmp_path / "nothing")
    assert "iop demo" in words_of(app)
    assert [each.message for each in app.exception] == []


def test_a_warehouse_newer_than_the_code_says_to_update(open_app: OpenApp, tmp_path: Path) -> None:
    tiny_clinic(tmp_path).close()
    pointer = json.loads((tmp_path / "current.json").read_text())
    (tmp_path / "current.json").write_text(json.dumps(pointer | {"schema_version": 99}))
    app = open_app(tmp_path)
    assert "newer IOP Outcomes" in words_of(app)
    assert "git pull" in words_of(app)


def test_an_empty_selection_says_where_the_data_are(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, from_="2026-08-01")
    assert "2 sites have data from 5 Jan 2026 to 5 Jan 2026." in words_of(app)
    assert [each.message for each in app.exception] == []


def test_fewer_than_eleven_people_are_hidden_everywhere(open_app: OpenApp, tmp_path: Path) -> None:
    episodes = [{"episode_id": f"e{number}", "patient_id": f"p{number}"} for number in range(1, 8)]
    tiny_clinic(tmp_path, episodes=episodes, sessions=[{"episode_id": f"e{n}"} for n in range(1, 8)]).close()
    app = open_app(tmp_path)
    assert tile(app, "In care or left well at day 30") == "–"
    assert "Hidden: fewer than 11 people." in words_of(app)
    assert "A rate or count would rest on 1–10" in words_of(app)
    assert "n = 7" not in words_of(app)


def test_under_twenty_people_a_tile_shows_no_verdict(open_app: OpenApp, tmp_path: Path) -> None:
    # North has 19 people who all complete, South 21: one target for both.
    episodes, sessions = [], []
    for number in range(40):
        key = f"e{number}"
        site = "North" if number < 19 else "South"
        episodes.append({"episode_id": key, "patient_id": f"p{number}", "site": site, "discharge_day": 50})
        episodes[-1] |= {"discharge_reason": "completed"}
        sessions += [{"episode_id": key, "day": day} for day in (0, 20, 50)]
    targets = [{"measure": "retention_at", "program": "all", "target_value": 0.5, "effective_from": "2025-01-01"}]
    tiny_clinic(tmp_path, episodes=episodes, sessions=sessions, targets=targets).close()
    assert "target 50.0 %: too few to judge (n < 20)" in words_of(open_app(tmp_path, site="North"))
    assert "target 50.0 % met" in words_of(open_app(tmp_path, site="South"))


def test_a_new_version_is_picked_up_without_a_restart(open_app: OpenApp, tmp_path: Path) -> None:
    build_clinic(tmp_path, kept_at_north=45).close()
    app = open_app(tmp_path, site="North")
    assert tile(app, "In care or left well at day 30") == "75.0 %"
    build_clinic(tmp_path, kept_at_north=30, data_cut=date(2026, 10, 1)).close()
    app.run()
    assert tile(app, "In care or left well at day 30") == "50.0 %"


def test_a_chart_has_its_takeaway_as_text_for_those_who_cannot_see_it(open_app: OpenApp, clinic_home: Path) -> None:
    charts = open_app(clinic_home).get("plotly_chart")
    assert charts
    assert all(len(chart.proto.alt) > 10 for chart in charts)


def test_the_definition_of_a_measure_can_be_linked_to(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, "measures", measure="retained_at")
    assert catalog.measure("retained_at").formula in words_of(app)


def test_the_measures_can_be_searched_by_their_id(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, "measures", search="RET-07")
    assert "1 of" in words_of(app)


def test_own_sql_is_off_where_cases_are_hidden(
    open_app: OpenApp, clinic_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IOP_SHOW_CASES", raising=False)
    app = open_app(clinic_home, "explore")
    assert "IOP_SHOW_CASES=yes" in words_of(app)
    assert not app.text_area


def test_own_sql_answers_where_cases_are_shown(
    open_app: OpenApp, clinic_home: Path, clinic: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    app = open_app(clinic_home, "explore")
    app.text_area(key="explore_sql").set_value("select count(*) as episodes from mart.episode")
    app.button[0].click().run()
    assert app.dataframe[0].value["episodes"].tolist() == [120]
    app.text_area(key="explore_sql").set_value("drop table mart.episode")
    app.button[0].click().run()
    assert app.error[0].value
    assert clinic.cursor().execute("select count(*) from mart.episode").fetchone() == (120,)


def test_an_interval_is_recomputed_by_drawing_persons(open_app: OpenApp, clinic_home: Path) -> None:
    app = open_app(clinic_home, "measures", measure="hours_per_week")
    assert "2,000 draws, seed" not in words_of(app)
    app.button(key="draw-hours_per_week").click().run()
    assert [each.message for each in app.exception] == []
    (table,) = (each.value for each in app.dataframe if "Bootstrap 95 %" in each.value)
    assert table["Statistic"].tolist() == ["mean"]
    assert table["Bootstrap 95 %"].iloc[0].endswith("hours")
    assert "2,000 draws, seed" in words_of(app)
