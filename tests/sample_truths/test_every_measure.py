"""On the sample every measure of the catalogue says something, with every choice that a clinic would look at first."""

from __future__ import annotations

import pytest

from queries import catalog
from queries.warehouse import Warehouse

NO_NUMBER_ON_THE_SAMPLE = {
    "median_days_to_dropout": "fewer than half drop out, so that the median is not reached",
    "restricted_mean_days": "every stay ends by day 79, before the common 90 days",
    "mean_days_difference": "every stay ends by day 79, before the common 90 days",
    "days_lost": "every stay ends by day 79, before the common 90 days",
}
INSTRUMENTS = {"PHQ-9", "GAD-7", "BAM-Use", "BAM-Risk", "BAM-Protective", "CES-D", "PCL-5", "WHO-5"}


@pytest.mark.parametrize("name", catalog.measures())
def test_a_measure_has_a_number_on_the_sample(sample_warehouse: Warehouse, name: str):
    frame = catalog.ask(sample_warehouse, name).frame
    if frame["method"].str.contains("choose a comparison").all():
        # A test or a difference needs groups to compare.
        frame = catalog.ask(sample_warehouse, name, by="program").frame
    assert frame["value"].notna().any() != (name in NO_NUMBER_ON_THE_SAMPLE)


@pytest.mark.parametrize(
    ("name", "parameter", "choice"),
    [
        (name, parameter.name, choice)
        for name, measure in catalog.measures().items()
        for parameter in measure.parameters
        if parameter.name in ("instrument", "screener")
        for choice in parameter.choices
    ],
)
def test_an_instrument_that_may_be_chosen_was_used_in_the_sample(sample_warehouse: Warehouse, name, parameter, choice):
    assert not catalog.ask(sample_warehouse, name, parameters={parameter: choice}).frame.empty


def test_every_instrument_of_change_may_be_chosen():
    assert set(catalog.measure("paired_change").parameters[0].choices) == INSTRUMENTS
