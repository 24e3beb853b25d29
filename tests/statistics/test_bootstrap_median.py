"""The median that a bootstrap of ratios gives beside the mean where a measure asks for it."""

from __future__ import annotations

import pandas as pd

from queries.statistics import derive


def test_the_median_of_costs_is_beside_their_mean():
    # Costs of 100, 200 and 900: mean 400, median 200.
    counts = pd.DataFrame({"group_name": "All", "numerator_amount": [100.0, 200, 900], "weight": [1, 1, 1]})
    rows = derive("bootstrap", counts, unit="USD", options={"median": True}).set_index("statistic")
    assert rows["value"].to_dict() == {"mean": 400, "median": 200}
    assert list(derive("bootstrap", counts, unit="USD", options={})["statistic"]) == ["mean"]
