"""What must hold for every measure, whatever the filters and however the export is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.build import load_export
from queries import catalog
from queries.answer import Answer
from queries.filters import Selection, select
from queries.warehouse import Warehouse, open_warehouse
from sample_data.generate import write_sample

KEYS = ["category", "step", "period", "statistic"]
COUNTED = {"proportion", "cluster_ratio", "counts", "bounds"}
"""Statistics whose numerators and denominators are sums over episodes, weeks or sessions."""

SHARED = {"person", "group meeting"}
"""Units that can belong to several groups: a person with two payers, a meeting of people of both."""

FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "program": st.lists(st.sampled_from(["SUD", "MH", "COD"]), min_size=1, max_size=2, unique=True),
        "track": st.lists(st.sampled_from(["day", "evening", "weekend"]), min_size=1, max_size=2, unique=True),
        "payer": st.lists(st.sampled_from(["commercial", "medicaid", "medicare"]), min_size=1, max_size=2, unique=True),
        "age_group": st.sampled_from([["adult"], ["adolescent"]]),
        "date_from": st.dates(date(2024, 7, 1), date(2025, 12, 31)).map(str),
        "date_to": st.dates(date(2026, 1, 1), date(2026, 9, 30)).map(str),
    },
)
# Every example asks the whole catalogue: a simpler failing filter is not worth the hundreds that shrinking would ask.
sometimes = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def exact(warehouse: Warehouse, name: str, chosen: Selection) -> Answer:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), chosen)


def all_answers(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    return {name: exact(warehouse, name, select()).frame for name in catalog.measures()}


@pytest.mark.parametrize("by", ["site", "payer"])
@given(filters=FILTERS)
@sometimes
def test_groups_sum_to_all(sample_warehouse: Warehouse, by: str, filters: dict[str, object]) -> None:
    for name, measure in catalog.measures().items():
        if measure.statistic not in COUNTED or measure.unit_of_analysis in SHARED:
            continue
        whole = exact(sample_warehouse, name, select(filters)).frame
        parts = exact(sample_warehouse, name, select(filters, by=by)).frame
        for column in ("numerator", "denominator"):
            expected = whole.groupby(KEYS, dropna=False)[column].sum()
            found = parts.groupby(KEYS, dropna=False)[column].sum()
            expected = expected[expected > 0]
            found = found[found > 0]
            pd.testing.assert_series_equal(found, expected, check_exact=False, rtol=1e-9, obj=f"{name} {column}")


@given(filters=FILTERS, by=st.sampled_from([None, "site", "program", "level_of_care"]))
@sometimes
def test_shares_are_between_0_and_1_and_within_their_interval(
    sample_warehouse: Warehouse, filters: dict[str, object], by: str | None
) -> None:
    for name, measure in catalog.measures().items():
        if measure.unit != "share":
            continue
        frame = exact(sample_warehouse, name, select(filters, by=by)).frame
        shares = frame[frame["value"].notna() & frame["statistic"].isin(["share", "survival", "cumulative_incidence"])]
        assert shares["value"].between(0, 1).all(), name
        # Along a survival curve the numerator adds up while the denominator is those still at risk.
        counted = shares[shares["statistic"] != "survival"].dropna(subset=["numerator", "denominator"])
        assert (counted["numerator"] <= counted["denominator"] + 1e-9).all(), name
        bounded = shares.dropna(subset=["lower", "upper"])
        assert (bounded["lower"] <= bounded["value"] + 1e-9).all(), name
        assert (bounded["upper"] >= bounded["value"] - 1e-9).all(), name


@given(filters=FILTERS)
@sometimes
def test_those_in_care_and_all_who_left_sum_to_one_on_every_day(
    sample_warehouse: Warehouse, filters: dict[str, object]
) -> None:
    for name, measure in catalog.measures().items():
        # Those that show one cause alone, or its median, leave out the others.
        if measure.statistic != "competing" or "only" in measure.options or measure.options.get("curve") is False:
            continue
        frame = exact(sample_warehouse, name, select(filters)).frame
        curves = frame[frame["value"].notna() & (frame["statistic"] == "cumulative_incidence")]
        sums = curves.groupby(["step"], dropna=False)["value"].sum()
        assert sums.round(9).eq(1).all(), name


@given(filters=FILTERS, by=st.sampled_from([None, "site"]))
@sometimes
def test_bounds_hold_every_reading_of_what_is_missing(
    sample_warehouse: Warehouse, filters: dict[str, object], by: str | None
) -> None:
    for name, measure in catalog.measures().items():
        if measure.statistic not in ("bounds", "incidence_by_day"):
            continue
        frame = exact(sample_warehouse, name, select(filters, by=by)).frame
        counted = frame.dropna(subset=["numerator", "denominator"])
        assert (counted["numerator"] <= counted["denominator"] + 1e-9).all(), name
        for _, rows in frame.groupby(["group_name", "category", "step"], dropna=False):
            value = rows.dropna(subset=["value"]).set_index("statistic")["value"].astype(float)
            readings = value.drop("follow_up", errors="ignore")
            if {"lower_bound", "upper_bound"} <= set(readings.index):
                assert readings.between(readings["lower_bound"] - 1e-9, readings["upper_bound"] + 1e-9).all(), name


@given(filters=FILTERS, by=st.sampled_from([None, "site"]))
@sometimes
def test_who_has_left_never_comes_back_on_a_curve(
    sample_warehouse: Warehouse, filters: dict[str, object], by: str | None
) -> None:
    for name, measure in catalog.measures().items():
        if measure.statistic not in ("survival", "competing"):
            continue
        frame = exact(sample_warehouse, name, select(filters, by=by)).frame
        curves = frame[frame["statistic"].isin(["survival", "cumulative_incidence"]) & frame["value"].notna()]
        for (_, category), curve in curves.groupby(["group_name", "category"], dropna=False):
            change = curve.sort_values("step")["value"].astype(float).diff().dropna()
            stays = (
                curve["statistic"].iloc[0] == "survival" or measure.options.get("retained_label", "in care") == category
            )
            assert ((change <= 1e-12) if stays else (change >= -1e-12)).all(), (name, category)


@pytest.fixture(scope="module")
def small_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic of 400 episodes as plain CSV."""
    folder = tmp_path_factory.mktemp("small") / "export"
    write_sample(folder, episodes=400, seed=11, formats="csv")
    return folder


@pytest.fixture(scope="module")
def small_answers(small_export: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return answers_of(small_export, tmp_path_factory.mktemp("home"))


def answers_of(export: Path, home: Path) -> dict[str, pd.DataFrame]:
    load_export(export, source="canonical", home=home)
    warehouse = open_warehouse(home)
    try:
        return all_answers(warehouse)
    finally:
        warehouse.close()


def rewritten(export: Path, folder: Path, change: Callable[[str, str], str]) -> Path:
    """A copy of an export whose files went through ``change(file name, text)``."""
    folder.mkdir()
    for file in export.iterdir():
        if file.suffix in (".csv", ".toml"):
            (folder / file.name).write_text(change(file.name, file.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def assert_same(
    found: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame], *, but: set[str] = frozenset()
) -> None:
    for name, frame in expected.items():
        if name not in but:
            pd.testing.assert_frame_equal(found[name], frame, check_exact=False, rtol=1e-9, obj=name)


def test_the_order_of_rows_changes_nothing(
    small_export: Path, small_answers: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    def shuffle(name: str, text: str) -> str:
        header, *lines = text.splitlines()
        Random(name).shuffle(lines)
        return text if name.endswith(".toml") else "\n".join([header, *lines]) + "\n"

    shuffled = rewritten(small_export, tmp_path / "shuffled", shuffle)
    assert_same(answers_of(shuffled, tmp_path / "home"), small_answers)


def test_rejected_rows_change_nothing(
    small_export: Path, small_answers: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    def spoil(name: str, text: str) -> str:
        if name not in ("sessions.csv", "assessments.csv", "costs.csv", "toxicology.csv", "episodes.csv"):
            return text
        # The first rows once more, under other keys and with a day that does not exist.
        header, *lines = text.splitlines()
        bad = ["bad" + re.sub(r"\d{4}-\d{2}-\d{2}", "2026-02-30", line) for line in lines[:20]]
        return "\n".join([header, *bad, *lines]) + "\n"

    spoilt = rewritten(small_export, tmp_path / "spoilt", spoil)
    report = load_export(spoilt, source="canonical", home=tmp_path / "check")
    assert sum(file.rejected for file in report.files) == 100  # 20 of each of 5 files
    assert_same(answers_of(spoilt, tmp_path / "home"), small_answers)


def test_moving_every_date_by_weeks_changes_no_duration(
    small_export: Path, small_answers: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    weeks = timedelta(weeks=5)

    def move(name: str, text: str) -> str:
        return re.sub(r"\d{4}-\d{2}-\d{2}", lambda found: str(date.fromisoformat(found[0]) + weeks), text)

    moved = answers_of(rewritten(small_export, tmp_path / "moved", move), tmp_path / "home")
    by_calendar = {name for name, measure in catalog.measures().items() if measure.axis == "period"}
    # Its threshold was frozen on a day of the calendar.
    by_calendar.add("reliable_improvement_local")
    assert_same(moved, small_answers, but=by_calendar)
