"""Nobody can work out a count of 1 to 10 from any one answer of the catalogue: an adversary tries on every measure."""

from __future__ import annotations

import pytest

from queries import catalog, disclosure
from queries.filters import COMPARISONS, select
from queries.warehouse import Warehouse
from tests.queries.adversary import given_away

FEW_PEOPLE: tuple[dict[str, object], ...] = (
    {},
    {"payer": ["medicare"]},
    {"site": ["North"], "program": ["SUD"], "date_from": "2026-01-01"},
    {"severity": ["high"], "level_of_care": []},
)


def questions(name: str) -> list[tuple[str | None, dict[str, object]]]:
    """Seven questions of a measure: with and without few people, and by other comparisons than its neighbours."""
    place = sorted(catalog.measures()).index(name)
    compared = [COMPARISONS[(place + 3 * number) % len(COMPARISONS)] for number in range(4)]
    chosen = zip([None, "site", *compared], (FEW_PEOPLE * 2)[:6], strict=True)
    return [*chosen, (None, FEW_PEOPLE[2])]


@pytest.mark.parametrize("name", sorted(catalog.measures()))
def test_no_answer_gives_a_count_of_1_to_10_away(sample_warehouse: Warehouse, name: str) -> None:
    measure = catalog.measure(name)
    for by, filters in questions(name):
        exact = catalog.answer_unsuppressed(sample_warehouse, measure, select(dict(filters), by=by))
        shown = disclosure.suppress(exact)
        assert list(given_away(shown, exact)) == [], (by, filters)


def test_the_adversary_finds_small_counts_in_most_measures_when_nothing_is_hidden(sample_warehouse: Warehouse) -> None:
    """The claim above can fail: without the gate it does."""
    found = set()
    for name, measure in catalog.measures().items():
        exact = catalog.answer_unsuppressed(sample_warehouse, measure, select({"payer": ["medicare"]}, by="site"))
        if any(given_away(exact, exact)):
            found.add(name)
    assert len(found) > 0.6 * len(catalog.measures())
