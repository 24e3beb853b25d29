"""The review of a real warehouse equals what R computed from the same counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from queries.filters import select
from queries.review.between import draw_funnel
from queries.review.contents import find_reviewed
from queries.review.control import draw_limits
from queries.review.series import read_series
from queries.statistics.funnels import funnel, funnel_lines
from queries.statistics.run_rules import runs_by_phase
from tests.clinic import tiny_clinic
from tests.review.monthly_clinic import asker, attended_clinic

ORACLE = Path(__file__).parent.parent / "oracle"


def test_limits_of_monthly_shares_are_those_of_the_reference(tmp_path: Path) -> None:
    """Each week of the reference is a month here: so many of its n sessions are shown."""
    wanted = pd.read_csv(ORACLE / "spc_p.csv").query("series == 'opioid_pos_27_methadone'").reset_index(drop=True)
    warehouse = attended_clinic(tmp_path, {"North": list(zip(wanted["x"], wanted["n"], strict=True))})
    series = read_series(asker(warehouse), warehouse, find_reviewed("show_rate"), select())
    warehouse.close()
    assert series is not None
    for kind, lower, upper, signal in (
        ("p", "lcl", "ucl", "signal"),
        ("p_laney", "lcl_laney", "ucl_laney", "signal_laney"),
    ):
        chart = draw_limits(series, kind=kind, baseline=24)
        for name, column in (("value", "p"), ("centre", "cl"), ("lower", lower), ("upper", upper)):
            np.testing.assert_allclose(chart.frame[name], wanted[column], rtol=0, atol=1e-9)
        assert ((chart.frame["deviation"].abs() > 3).to_numpy() == wanted[signal].to_numpy()).all()
        runs = runs_by_phase(chart.frame)[1]
        assert (runs.useful, runs.longest_run, runs.crossings) == tuple(
            wanted.iloc[0][["n_useful", "longest_run", "n_crossings"]]
        )


def test_sites_lie_where_the_reference_puts_them(tmp_path: Path) -> None:
    """Each site's y of n are in care at day 30, the others drop out after their first day."""
    sites = pd.read_csv(ORACLE / "funnel_site.csv").astype({"site_masked": str})
    episodes, sessions = [], []
    for site, y, n in sites[["site_masked", "y", "n"]].itertuples(index=False):
        for number in range(n):
            key = f"{site}-{number}"
            is_kept = number < y
            reason = {
                "discharge_day": 60 if is_kept else 30,
                "discharge_reason": "completed" if is_kept else "dropped_out",
            }
            episodes.append({"episode_id": key, "patient_id": key, "site": f"Site {site}", **reason})
            sessions += [{"episode_id": key, "day": day} for day in ((0, 20, 40, 60) if is_kept else (0,))]
    warehouse = tiny_clinic(tmp_path, episodes=episodes, sessions=sessions)
    found = draw_funnel(asker(warehouse), warehouse, find_reviewed("crude_retention"), select(), "site")
    warehouse.close()
    assert found is not None
    wanted = sites.assign(name="Site " + sites["site_masked"]).sort_values("name").reset_index(drop=True)
    assert found.frame["group_name"].tolist() == wanted["name"].tolist()
    assert found.frame["is_hidden"].tolist() == ((wanted["y"] < 11) | (wanted["n"] - wanted["y"] < 11)).tolist()
    shown = found.frame[~found.frame["is_hidden"]].reset_index(drop=True)
    wanted = wanted[~found.frame["is_hidden"]].reset_index(drop=True)
    np.testing.assert_allclose(shown["value"], wanted["p"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(shown[["lower", "upper"]].astype(float), wanted[["wilson_lo", "wilson_hi"]], atol=1e-9)
    # The rest is that of the shown sites; with the hidden one it would be the reference's, and give its counts away.
    rest = funnel(wanted["y"], wanted["n"], is_overdispersed=True)
    for name in ("target", "z", "tau_squared", "lower_95", "upper_998", "p_value"):
        np.testing.assert_allclose(shown[name], rest[name], rtol=0, atol=1e-12)
    whole = sites["y"].sum() / sites["n"].sum()
    np.testing.assert_allclose(sites["theta"], whole, rtol=0, atol=1e-12)
    assert abs(found.overall - whole) > 1e-6


def test_the_lines_of_a_funnel_are_those_of_the_reference_at_every_size() -> None:
    sites = pd.read_csv(ORACLE / "funnel_site.csv")
    exact = funnel_lines(sites["n"], float(sites["theta"].iloc[0]))
    for name, column in (("lower_998", "exactbinom_0.001"), ("lower_95", "exactbinom_0.025"),
                         ("upper_95", "exactbinom_0.975"), ("upper_998", "exactbinom_0.999")):  # fmt: skip
        np.testing.assert_allclose(exact[name], sites[column].clip(0, 1), rtol=0, atol=1e-9)
