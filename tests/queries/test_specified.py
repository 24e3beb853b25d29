"""Every id of the specification is a measure of the catalogue, or is listed as unavailable with the reason."""

from __future__ import annotations

import pytest

from queries import catalog

LAST = {"INT": 15, "RET": 20, "OUT": 15, "CST": 14, "RLP": 9, "UDS": 4, "ABS": 4}
IDS = [
    f"{topic}-{number:0{1 if topic in ('RLP', 'UDS', 'ABS') else 2}}"
    for topic, last in LAST.items()
    for number in range(1, last + 1)
]


@pytest.mark.parametrize("wanted", IDS)
def test_an_id_of_the_specification_is_measured_or_explained(wanted: str) -> None:
    measured = [name for name, measure in catalog.measures().items() if wanted in measure.spec]
    explained = [entry.reason for entry in catalog.unavailable() if wanted in entry.spec]
    assert measured or (all(len(reason) > 20 for reason in explained) and explained)


def test_only_the_offset_of_later_health_costs_has_no_measure_at_all() -> None:
    specified = {spec for measure in catalog.measures().values() for spec in measure.spec}
    assert set(IDS) - specified == {"CST-13"}
