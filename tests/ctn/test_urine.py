"""Counts of urine specimens and of persons by week of care, exactly."""

from __future__ import annotations

import pandas as pd
import pytest

from queries.warehouse import Warehouse
from tests.ctn.oracle import answer, oracle, rows

pytestmark = pytest.mark.shared


def test_persons_tested_and_positive_by_week_and_arm(trial_warehouse: Warehouse) -> None:
    sql = """
    select
      arm,
      week_of_care as week,
      count(distinct patients.patient_id) as patients_tested,
      count(distinct patients.patient_id) filter (where substance = 'opioid' and is_positive_reported) as opioid_pos,
      count(distinct patients.patient_id) filter (
        where substance in ('opioid', 'methadone', 'buprenorphine') and is_positive
      ) as nonstudy_opioid_pos
    from mart.urine as patients
    join mart.episode using (episode_id)
    where week_of_care between 1 and 24 and is_collected
    group by arm, week
    order by arm, week
    """
    columns = ["arm", "week", "patients_tested", "opioid_pos", "nonstudy_opioid_pos"]
    expected = oracle("ctn_uds_week").sort_values(["arm", "week"], ignore_index=True)[columns]
    assert len(expected) == 2 * 24
    pd.testing.assert_frame_equal(rows(trial_warehouse, sql)[columns], expected, check_dtype=False)


def test_the_weekly_positivity_that_the_catalogue_answers(trial_warehouse: Warehouse) -> None:
    found = answer(
        trial_warehouse, "urine_positivity_by_week", tested_substance="opioid", counted="as reported"
    ).astype({"step": float})
    expected = oracle("ctn_uds_week")
    both = expected.merge(found, left_on=["arm", "week"], right_on=["group_name", "step"])
    assert len(both) == len(expected) == 48
    assert list(both["numerator"]) == list(both["opioid_pos"])
    assert list(both["denominator"]) == list(both["patients_tested"])
    for column, reference in (("value", "prop"), ("lower", "wilson_lo"), ("upper", "wilson_hi")):
        assert (both[column] - both[reference]).abs().max() < 1e-9


def test_specimens_by_week(trial_warehouse: Warehouse) -> None:
    sql = """
    select
      week_of_care as week,
      count(*) filter (where substance = 'any') as specimens,
      count(*) filter (where substance = 'opioid' and is_positive_reported) as op
    from mart.urine
    where week_of_care between 1 and 24 and is_collected
    group by week
    order by week
    """
    columns = ["week", "specimens", "op"]
    expected = oracle("ctn_uds_specimens_week")[columns]
    pd.testing.assert_frame_equal(rows(trial_warehouse, sql)[columns], expected, check_dtype=False)


def test_positive_results_by_substance(trial_warehouse: Warehouse) -> None:
    sql = """
    select substance, count(*) as positive_rows
    from mart.urine
    where day_of_care between 1 and 168 and is_positive_reported and substance <> 'any'
    group by substance
    """
    expected = oracle("ctn_uds_substances").replace({"substance": {"Thc": "cannabis"}})
    expected = expected[expected["positive_rows"] > 0]
    expected = {name.lower(): n for name, n in zip(expected["substance"], expected["positive_rows"], strict=True)}
    found = rows(trial_warehouse, sql).set_index("substance")["positive_rows"]
    assert found.to_dict() == expected
