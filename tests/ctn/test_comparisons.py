"""Tests and differences of the trial's arms, as the catalogue answers them, against R's survival and cmprsk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from queries import catalog, statistics
from queries.filters import select
from queries.warehouse import Warehouse
from tests.ctn.oracle import answer, oracle
from tests.ctn.test_retention import DEFINITIONS, PERSON_COLUMNS

pytestmark = pytest.mark.shared

LABELS = {"last_contact": "ctn27_lastcontact", "gap_28": "ctn27_gap28", "last_dose": "ctn27_lastdose"}
TRIAL_DAYS = 168


def of(found: pd.DataFrame, statistic: str) -> float:
    rows = found[(found["statistic"] == statistic) & (found["category"] == "")]
    assert len(rows) == 1
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize(("test", "column"), [("log-rank", "logrank"), ("peto", "peto_rho1")])
@pytest.mark.parametrize("definition", LABELS)
def test_the_arms_differ_by_as_much_as_in_r(
    trial_warehouse: Warehouse, definition: str, test: str, column: str
) -> None:
    expected = oracle("ctn_tests").set_index("label").loc[LABELS[definition]]
    found = answer(trial_warehouse, "retention_compared", definition=definition, test=test)
    assert of(found, "chi_square") == pytest.approx(expected[f"{column}_chisq"], abs=1e-6)
    assert of(found, "p_value") == pytest.approx(expected[f"{column}_p"], rel=1e-6)
    assert set(found["method"].str.contains(f"χ² on {expected['df']} degree")) == {True}
    assert set(found["denominator"]) == {1269}


@pytest.mark.parametrize("definition", LABELS)
def test_the_test_within_sites_equals_that_of_statsmodels(trial_warehouse: Warehouse, definition: str) -> None:
    people = oracle("ctn_episodes")
    time, event = PERSON_COLUMNS[definition]
    chi_square, p = survdiff(people[time], people[event], people["treatment"], strata=people["site_masked"].to_numpy())
    found = answer(trial_warehouse, "retention_compared", definition=definition, within="site")
    assert of(found, "chi_square") == pytest.approx(chi_square, abs=1e-6)
    assert of(found, "p_value") == pytest.approx(p, rel=1e-6)


def test_grays_test_of_each_cause_equals_that_of_cmprsk(trial_warehouse: Warehouse) -> None:
    found = answer(trial_warehouse, "exits_compared", definition="first_use_or_lost")
    values = found.pivot(index="category", columns="statistic", values="value").astype(float)
    expected = oracle("ctn_gray").set_index("cause")
    for cause, name in ((1, "use"), (2, "lost")):
        assert values.at[name, "chi_square"] == pytest.approx(expected.at[cause, "gray_chisq"], abs=1e-6)
        assert values.at[name, "p_value"] == pytest.approx(expected.at[cause, "p"], rel=1e-6)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_plain_intervals_of_every_step(trial_warehouse: Warehouse, definition: str) -> None:
    found = answer(trial_warehouse, "retention_curve", definition=definition, interval="plain")
    found = found[found["statistic"] == "survival"].astype({"step": float})
    expected = oracle(f"{DEFINITIONS[definition]}_km_steps")
    expected = expected[(expected["arm"] != "CTN-27") & (expected["n_event"] > 0)]
    both = expected.merge(found, left_on=["arm", "time"], right_on=["group_name", "step"])
    assert len(both) == len(expected) > 100
    for column, reference in (("lower", "lo_plain"), ("upper", "hi_plain")):
        np.testing.assert_allclose(both[column].astype(float), both[reference], rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", ["log-log", "plain"])
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_interval_of_the_median(trial_warehouse: Warehouse, definition: str, kind: str) -> None:
    found = answer(trial_warehouse, "retention_curve", definition=definition, interval=kind)
    medians = found[found["statistic"] == "median"].set_index("group_name")
    expected = oracle(f"{DEFINITIONS[definition]}_km_summary").set_index("arm").drop("CTN-27")
    ending = kind.replace("-", "")
    for column, reference in (("lower", f"median_lo_{ending}"), ("upper", f"median_hi_{ending}")):
        np.testing.assert_allclose(medians[column].astype(float), expected[reference].loc[medians.index], atol=1e-9)


def counts_of(warehouse: Warehouse, definition: str) -> pd.DataFrame:
    """What the SQL of the curve returns for the whole trial."""
    measure = catalog.measure("retention_curve")
    own = catalog.read_parameters(measure, {"definition": definition})
    return catalog.count(warehouse, measure, select({"level_of_care": []}, by="arm"), own)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_restricted_means_and_their_difference(trial_warehouse: Warehouse, definition: str) -> None:
    counts, options = counts_of(trial_warehouse, definition), {"tau": TRIAL_DAYS, "curve": False}
    expected = oracle(f"{DEFINITIONS[definition]}_km_summary").set_index("arm").drop("CTN-27")
    means = statistics.derive("survival", counts, unit="days", options=options).set_index("group_name")
    for arm, row in expected.iterrows():
        assert means.at[arm, "value"] == pytest.approx(row["rmst_tau"], abs=1e-9)
        half = (means.at[arm, "upper"] - means.at[arm, "lower"]) / 2
        assert half == pytest.approx(1.959963984540054 * row["rmst_tau_se"], abs=1e-6)
    row = statistics.derive("curve_difference", counts, unit="days", options={"tau": TRIAL_DAYS}).iloc[0]
    assert (row["group_name"], row["category"]) == ("Outpatient BUP", "less Methadone")
    assert row["value"] == pytest.approx(expected["rmst_tau"].diff().iloc[-1], abs=1e-9)
    assert row["upper"] - row["value"] == pytest.approx(
        1.959963984540054 * np.hypot(*expected["rmst_tau_se"]), abs=1e-6
    )
