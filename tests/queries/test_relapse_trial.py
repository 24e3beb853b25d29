"""Relapse measures on the real CTN-0027 trial equal the reference tables that R computed from it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries import catalog
from queries.filters import select

pytestmark = pytest.mark.shared

ORACLE = Path(__file__).parents[1] / "oracle"
COLUMN = {
    "CTN-0094 relapse (RLP-3)": "ctn0094_relapse",
    "CTN-0094 dropout (RLP-4)": "dropout",
    "Lee 2016 (RLP-6)": "lee2016",
    "Lee 2018 (RLP-2)": "lee2018",
    "Schottenfeld 2008 (RLP-8)": "schottenfeld",
    "Krupitsky 2004, 2006 (RLP-5)": "krupitsky",
    "Johnson 1992 (RLP-7)": "johnson",
}


def rows(warehouse, name: str, *, by=None, **parameters) -> pd.DataFrame:
    everybody = select({"level_of_care": []}, by=by)
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), everybody, parameters).frame


def test_weekly_urine_positivity_equals_the_reference_in_every_arm_and_week(trial_warehouse):
    frame = rows(
        trial_warehouse, "urine_positivity_by_week", by="arm", tested_substance="opioid", counted="as reported"
    ).set_index(["group_name", "step"])
    table = pd.read_csv(ORACLE / "ctn_uds_week.csv")
    assert len(frame) == len(table) == 48
    for row in table.itertuples():
        found = frame.loc[(row.group.removeprefix("27: "), row.week)]
        assert (found["numerator"], found["denominator"]) == (row.opioid_pos, row.patients_tested)
        assert found["value"] == pytest.approx(row.prop, abs=1e-9)
        assert (found["lower"], found["upper"]) == pytest.approx((row.wilson_lo, row.wilson_hi), abs=1e-9)


def test_every_relapse_definition_counts_the_reference_events(trial_warehouse):
    people = pd.read_csv(ORACLE / "ctn_endpoints_recomputed.csv")
    randomised = people[people["randomised"]]
    frame = rows(trial_warehouse, "relapse_endpoints")
    frame = frame[frame["statistic"] != "missing_is_negative"].set_index("category")
    assert set(frame["denominator"]) == {len(randomised)}
    expected = {category: int(randomised[column].sum()) for category, column in COLUMN.items()}
    assert frame["numerator"].drop("Any use (RLP-1)").to_dict() == expected
