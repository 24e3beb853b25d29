"""Tests of curves against R (reference files), statsmodels, scipy and arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from statsmodels.duration.survfunc import survdiff

from queries.statistics.gray import gray
from queries.statistics.log_rank import log_rank
from queries.statistics.risk_tables import NOT_TESTED, CurveTest, tabulate_causes, tabulate_risk
from tests.statistics.trial_counts import ORACLE, TRIAL, count, trial_counts


def agree_with_r(counts: pd.DataFrame, wanted: pd.Series) -> None:
    plain, peto = log_rank(tabulate_risk(counts)), log_rank(tabulate_risk(counts), rho=1)
    for name, found in (("obs", plain.observed), ("exp", plain.expected)):
        by_group = dict(zip(plain.groups, found, strict=True))
        for group, value in zip(wanted["groups"].split(" | "), wanted[name].split(" | "), strict=True):
            assert by_group[group] == pytest.approx(float(value), abs=5e-7 if name == "obs" else 5e-6)
    for test, column in ((plain, "logrank"), (peto, "peto_rho1")):
        assert test.statistic == pytest.approx(wanted[f"{column}_chisq"], abs=1e-9)
        assert test.p_value == pytest.approx(wanted[f"{column}_p"], rel=1e-9)
        assert test.degrees == wanted["df"]


@pytest.mark.parametrize("label", TRIAL)
def test_the_tests_of_the_trial_arms_equal_those_of_r(label):
    wanted = pd.read_csv(ORACLE / "ctn_tests.csv").set_index("label").loc[label]
    agree_with_r(trial_counts(label), wanted)


@pytest.mark.shared
def test_the_tests_of_smoking_relapse_equal_those_of_r(shared_dir):
    people = pd.read_csv(shared_dir / "real" / "pharmacosmoking" / "pharmacosmoking.csv")
    agree_with_r(
        count(people["grp"], people["ttr"], people["relapse"]), pd.read_csv(ORACLE / "tests_logrank.csv").iloc[0]
    )


@pytest.mark.parametrize("cause", [1, 2])
def test_grays_test_of_the_trial_arms_equals_that_of_r(cause):
    episodes = pd.read_csv(ORACLE / "ctn_episodes.csv")
    wanted = pd.read_csv(ORACLE / "ctn_gray.csv").set_index("cause").loc[cause]
    category = episodes["cr_cause"].map({0: "open", 1: "cause 1", 2: "cause 2"})
    counts = pd.DataFrame(
        {"group_name": episodes["treatment"], "step": episodes["cr_time"], "category": category, "events": 1}
    )
    test = gray(tabulate_causes(counts, f"cause {cause}"))
    assert test.statistic == pytest.approx(wanted["gray_chisq"], abs=1e-9)
    assert test.p_value == pytest.approx(wanted["p"], rel=1e-9)
    assert (test.degrees, test.observed.sum()) == (wanted["df"], wanted[f"cause{cause}"])


# Stratum, group, day, events, competing exits, censored.
THREE_GROUPS = pd.DataFrame(
    [
        *(
            (0, "A", 2, 2, 2, 2),
            (0, "A", 5, 2, 2, 2),
            (0, "A", 9, 3, 0, 1),
            (0, "A", 14, 2, 0, 1),
            (0, "A", 20, 2, 2, 1),
        ),
        *(
            (0, "B", 2, 0, 2, 2),
            (0, "B", 5, 0, 1, 1),
            (0, "B", 9, 3, 0, 1),
            (0, "B", 14, 3, 1, 0),
            (0, "B", 20, 3, 2, 2),
        ),
        *(
            (0, "C", 2, 3, 1, 2),
            (0, "C", 5, 3, 1, 2),
            (0, "C", 9, 2, 0, 1),
            (0, "C", 14, 2, 0, 2),
            (0, "C", 20, 1, 2, 0),
        ),
        *(
            (1, "A", 2, 2, 0, 0),
            (1, "A", 5, 2, 1, 1),
            (1, "A", 9, 1, 2, 1),
            (1, "A", 14, 1, 2, 2),
            (1, "A", 20, 1, 0, 0),
        ),
        *(
            (1, "B", 2, 0, 1, 1),
            (1, "B", 5, 2, 2, 2),
            (1, "B", 9, 2, 1, 0),
            (1, "B", 14, 1, 2, 2),
            (1, "B", 20, 0, 1, 1),
        ),
        *(
            (1, "C", 2, 2, 0, 1),
            (1, "C", 5, 1, 0, 2),
            (1, "C", 9, 2, 0, 2),
            (1, "C", 14, 2, 0, 1),
            (1, "C", 20, 1, 1, 1),
        ),
    ],
    columns=["stratum", "group_name", "step", "events", "competing", "censored"],
)


@pytest.mark.parametrize(
    ("columns", "rho", "expected"),
    [
        (["stratum"], 0, 4.600678123701618),
        (["stratum"], 1, 5.12313996965406),
        ([], 0, 4.524671812951065),
        ([], 1, 5.131698842560925),
    ],
    ids=["one stratum", "one stratum, early weight", "two strata", "two strata, early weight"],
)
def test_grays_test_of_three_groups_with_ties_follows_cmprsk(columns, rho, expected):
    # Expected values: the steps of cmprsk's crstm (src/crstm.f), followed person by person.
    test = gray(tabulate_risk(THREE_GROUPS.drop(columns=columns)), rho)
    assert test.statistic == pytest.approx(expected, abs=1e-9)
    assert test.degrees == 2
    assert test.p_value == pytest.approx(scipy.stats.chi2.sf(expected, 2), abs=1e-9)


def people_of(counts: pd.DataFrame) -> pd.DataFrame:
    """The persons behind counted rows, competing exits as censored."""
    rows = [counts.loc[counts.index.repeat(counts["events"])].assign(event=1)]
    rows += [counts.loc[counts.index.repeat(counts[name])].assign(event=0) for name in ("competing", "censored")]
    return pd.concat(rows)


@pytest.mark.parametrize("rho", [0, 1])
@pytest.mark.parametrize("is_stratified", [False, True])
def test_stratified_and_weighted_tests_of_three_groups_with_ties_equal_those_of_statsmodels(rho, is_stratified):
    people = people_of(THREE_GROUPS)
    counts = THREE_GROUPS if is_stratified else THREE_GROUPS.drop(columns="stratum")
    weights = {"weight_type": "fh", "fh_p": 1} if rho else {}
    strata = {"strata": people["stratum"].to_numpy()} if is_stratified else {}
    statistic, p_value = survdiff(people["step"], people["event"], people["group_name"], **weights, **strata)
    test = log_rank(tabulate_risk(counts), rho)
    assert test.statistic == pytest.approx(statistic, abs=1e-9)
    assert test.p_value == pytest.approx(p_value, abs=1e-9)
    assert test.degrees == 2


def test_the_log_rank_test_equals_that_of_scipy():
    random = np.random.default_rng(9)
    time, event, group = random.integers(1, 30, 200), random.random(200) < 0.6, random.integers(0, 2, 200)
    samples = [
        scipy.stats.CensoredData(uncensored=time[(group == name) & event], right=time[(group == name) & ~event])
        for name in (0, 1)
    ]
    reference = scipy.stats.logrank(*samples)
    test = log_rank(tabulate_risk(count(group, time, event)))
    assert test.statistic == pytest.approx(reference.statistic**2, abs=1e-9)
    assert test.p_value == pytest.approx(reference.pvalue, abs=1e-9)


def test_the_log_rank_test_by_hand():
    # Day 1: 1 of A's 2 among 4; day 2: 1 of B's 2 among 3. Expected of A: 2/4 + 1/3. Variance: 1/4 + 2/9.
    test = log_rank(tabulate_risk(count(["A", "A", "B", "B"], [1, 3, 2, 3], [1, 0, 1, 0])))
    assert test.observed.tolist() == [1, 1]
    np.testing.assert_allclose(test.expected, [5 / 6, 7 / 6])
    assert test.statistic == pytest.approx((1 / 6) ** 2 / (17 / 36), abs=1e-12)


def test_counted_rows_give_what_persons_give_in_any_order():
    persons = trial_counts("ctn27_gap28")
    counted = persons.groupby(["group_name", "step"], as_index=False)[["events", "censored"]].sum()
    for statistic in (log_rank, gray):
        one, other = statistic(tabulate_risk(persons)), statistic(tabulate_risk(counted.iloc[::-1]))
        assert one.statistic == pytest.approx(other.statistic, abs=1e-9)
        assert dict(zip(one.groups, one.observed, strict=True)) == dict(zip(other.groups, other.observed, strict=True))


def test_equal_groups_have_a_statistic_of_0():
    counts = pd.concat([count(name, [3, 5, 5, 9], [1, 1, 0, 0]) for name in "AB"])
    for test in (log_rank(tabulate_risk(counts)), gray(tabulate_risk(counts))):
        assert test.statistic == pytest.approx(0, abs=1e-12)
        assert test.p_value == pytest.approx(1, abs=1e-6)


def is_not_tested(test: CurveTest) -> bool:
    return np.isnan([test.statistic, test.p_value]).all() and test.degrees == 0 and test.method == NOT_TESTED


@pytest.mark.parametrize("statistic", [log_rank, gray])
@pytest.mark.parametrize(
    "counts",
    [
        count(["A", "B"], [3, 5], [0, 0]),
        count(["A", "A"], [3, 5], [1, 0]),
        count(["A"], [3], [1]),
        count(["A", "B"], [3, 5], [0, 1]),
        count([], [], []),
        count(["A", "B"], [3, 5], [1, 1], stratum=["first", "second"]),
    ],
    ids=["all censored", "one group", "one person", "never together", "nobody", "never in one stratum"],
)
def test_what_cannot_be_compared_is_not_tested(statistic, counts):
    assert is_not_tested(statistic(tabulate_risk(counts)))


@pytest.mark.parametrize("statistic", [log_rank, gray])
def test_a_group_of_nobody_changes_nothing(statistic):
    two = count(["A", "A", "B", "B", "B"], [1, 4, 2, 3, 5], [1, 0, 1, 1, 0])
    nobody = pd.DataFrame({"group_name": ["C"], "step": [9], "events": [0], "censored": [0]})
    with_nobody, without = statistic(tabulate_risk(pd.concat([two, nobody]))), statistic(tabulate_risk(two))
    assert with_nobody.statistic == pytest.approx(without.statistic, abs=1e-12)
    assert (with_nobody.degrees, with_nobody.observed[2]) == (1, 0)


def test_without_competing_exits_gray_and_the_log_rank_test_look_at_the_same_difference():
    counts = trial_counts("ctn27_lastcontact")
    ours, ranks = gray(tabulate_risk(counts)), log_rank(tabulate_risk(counts))
    np.testing.assert_allclose(ours.observed, ranks.observed)
    assert ours.statistic == pytest.approx(ranks.statistic, rel=0.05)


def test_a_group_of_ten_beside_a_million_is_compared():
    counts = pd.DataFrame(
        {
            "group_name": ["large", "large", "larger", "larger", "small", "small"],
            "step": [10, 50] * 3,
            "events": [100_000, 0, 100_500, 0, 8, 0],
            "censored": [0, 900_000, 0, 899_500, 0, 2],
        }
    )
    test = log_rank(tabulate_risk(counts))
    table = np.array([[100_000, 900_000], [100_500, 899_500], [8, 2]])
    # One day with events: the test is that of a contingency table, with n − 1 in place of n.
    reference = scipy.stats.chi2_contingency(table, correction=False).statistic
    n = table.sum()
    assert test.statistic == pytest.approx(reference * (n - 1) / n, rel=1e-9)
    assert test.degrees == 2
