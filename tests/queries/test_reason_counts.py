"""The numbers by reason are open to everybody and give no count of 1 to 10 away, not even beside the measure."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from queries import catalog
from queries.explain import explain
from queries.filters import select
from queries.reason_counts import ReasonCounts, count_reasons
from queries.warehouse import Warehouse

LISTED = sorted(name for name, measure in catalog.measures().items() if not measure.not_listed)
FEW_PEOPLE: tuple[dict[str, object], ...] = (
    {},
    {"site": ["North"], "program": ["SUD"], "date_from": "2026-01-01"},
    {"site": ["North"], "severity": ["high"]},
)


def given_away(counts: ReasonCounts, denominators: list[float]) -> Iterator[str]:
    """What a reader works out from the numbers by reason and from the measure's own answer."""
    shown = [int(units) for units in counts.left_out["units"].dropna()]
    hidden = int(counts.left_out["units"].isna().sum())
    for number in [*shown, counts.counted, counts.selected]:
        if number is not None and is_small(number):
            yield f"{number} is shown"
    if counts.selected is not None and counts.counted is not None:
        rest = counts.selected - counts.counted - sum(shown)
        if is_small(rest) or (rest and hidden == 1):
            yield f"{rest} are left over for {hidden} hidden reasons"
    if counts.counted is not None:
        yield from (f"{n} and {counts.counted} counted" for n in denominators if is_small(n - counts.counted))


def is_small(number: float) -> bool:
    return 0.001 < abs(number) < 10.999


def seen_by_everybody(warehouse: Warehouse, name: str, filters: dict[str, object]) -> tuple[ReasonCounts, list[float]]:
    chosen = select(dict(filters))
    counts = count_reasons(warehouse, explain(warehouse, name, chosen))
    answer = catalog.ask_selection(warehouse, name, chosen)
    return counts, [float(n) for n in answer.frame["denominator"].dropna()]


@pytest.mark.parametrize("name", LISTED)
def test_no_reason_gives_a_count_of_1_to_10_away(sample_warehouse: Warehouse, name: str) -> None:
    for filters in FEW_PEOPLE:
        counts, denominators = seen_by_everybody(sample_warehouse, name, filters)
        assert list(given_away(counts, denominators)) == [], filters
        assert counts.in_numerator is None


def test_without_the_gate_many_would(sample_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    monkeypatch.setenv("IOP_SHOW_CASES", "yes")
    for name in LISTED:
        counts, _ = seen_by_everybody(sample_warehouse, name, FEW_PEOPLE[1])
        if any(given_away(counts, [])):
            found.add(name)
    assert len(found) > 0.3 * len(LISTED)


def test_the_whole_is_hidden_where_few_are_left_out(sample_warehouse: Warehouse) -> None:
    few = {"site": ["North"], "severity": ["high"]}
    reasons = explain(sample_warehouse, "retained_at", select(few)).reasons()
    assert 0 < reasons.loc[~reasons["is_in"], "units"].sum() < 11
    counts, _ = seen_by_everybody(sample_warehouse, "retained_at", few)
    assert counts.counted == reasons.loc[reasons["is_in"], "units"].sum()
    assert counts.selected is None
    assert counts.left_out["units"].isna().all()


def test_many_are_told_exactly(sample_warehouse: Warehouse) -> None:
    counts, _ = seen_by_everybody(sample_warehouse, "retained_at", {})
    exact = explain(sample_warehouse, "retained_at", select()).reasons()
    assert counts.selected == exact["units"].sum()
    expected = exact.loc[~exact["is_in"], "units"].astype("Int64").reset_index(drop=True)
    pd.testing.assert_series_equal(counts.left_out["units"], expected)
