"""Relapse as urine, self-report and collateral alone show it, on clinics of a few rows."""

from __future__ import annotations

import pytest

from tests.queries.test_relapse import by, clinic, rows


def test_one_kind_of_evidence_may_be_asked_alone(tmp_path):
    # Three people, four weeks. Urine: + + + + of the first, - - - - of the others. The second reports use in week 2.
    warehouse = clinic(
        tmp_path,
        {1: "+", 8: "+", 15: "+", 22: "+"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        {1: "-", 8: "-", 15: "-", 22: "-"},
        use_events=[{"episode_id": "e2", "day": 9, "days_used": 1, "window_days": 1}],
    )

    def any_use(evidence: str) -> dict[str, float]:
        frame = rows(warehouse, "relapse_endpoints", evidence=evidence)
        return by(frame[frame["category"] == "Any use (RLP-1)"], "statistic")

    assert any_use("all") == pytest.approx({"missing_is_negative": 2 / 3, "missing_is_positive": 2 / 3})
    assert any_use("urine") == pytest.approx({"missing_is_negative": 1 / 3, "missing_is_positive": 1 / 3})
    # Of self-report only one week of one person is known.
    assert any_use("self-report") == pytest.approx({"missing_is_negative": 1 / 3, "missing_is_positive": 3 / 3})
    assert any_use("collateral") == pytest.approx({"missing_is_negative": 0, "missing_is_positive": 3 / 3})
