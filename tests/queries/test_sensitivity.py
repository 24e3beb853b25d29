"""The model that fills in missing results: what it completes, what it draws, and what of it may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from queries import catalog
from queries.filters import select
from queries.measure import MeasureError
from queries.sensitivity import ask_sensitivity, pool_by_part
from queries.sensitivity.completion import _FOLDER, completed_counts
from queries.statistics.imputation import (
    ImputationError,
    LeastSquares,
    impute_events,
    impute_scores,
    independent,
)
from queries.statistics.pooling import pool
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


def people(n: int, seed: int = 3) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Scores of two kinds of people: one falls by 8 and is mostly seen again, the other by 2 and is mostly not."""
    random = np.random.default_rng(seed)
    kind = (np.arange(n) % 2).astype(float)
    first = random.normal(15, 3, n)
    truth = first - np.where(kind == 0, 8, 2) + random.normal(0, 2, n)
    is_seen = random.random(n) < np.where(kind == 0, 0.9, 0.3)
    return (
        pd.DataFrame({"latest": np.where(is_seen, truth, np.nan)}),
        pd.DataFrame({"first": first, "kind": kind}),
        truth,
    )


def test_imputed_means_are_those_of_a_regression_on_those_seen():
    scores, known, truth = people(4000)
    completed = impute_scores(scores, known, imputations=20)
    seen = scores["latest"].notna()
    regression = sm.OLS(scores["latest"][seen], sm.add_constant(known[seen])).fit()
    expected = scores["latest"].fillna(regression.predict(sm.add_constant(known))).mean()
    means = [frame["latest"].mean() for frame in completed]
    pooled = pool(means, [frame["latest"].var() / 4000 for frame in completed], 3999)
    assert pooled.value == pytest.approx(expected, abs=0.05)
    assert pooled.lower <= truth.mean() <= pooled.upper
    assert scores["latest"].mean() < truth.mean() - 0.7  # Those seen again fare better.


def test_draws_spread_as_those_of_a_regression_computed_by_hand():
    scores, known, _ = people(600)
    means = [frame["latest"].mean() for frame in impute_scores(scores, known, imputations=100)]
    random = np.random.default_rng(9)
    seen = scores["latest"].notna().to_numpy()
    design = np.column_stack([np.ones(600), known])
    values = scores["latest"].to_numpy()[seen]
    inverse = np.linalg.inv(design[seen].T @ design[seen])
    fit = inverse @ design[seen].T @ values
    rest = ((values - design[seen] @ fit) ** 2).sum()
    by_hand = []
    for _ in range(2000):
        # A draw of the spread, of the coefficients, and then of each missing score (Rubin 1987, example 5.1).
        variance = rest / random.chisquare(seen.sum() - 3)
        drawn = random.multivariate_normal(fit, variance * inverse)
        missing = design[~seen] @ drawn + random.normal(0, variance**0.5, (~seen).sum())
        by_hand.append((values.sum() + missing.sum()) / 600)
    assert np.mean(means) == pytest.approx(np.mean(by_hand), abs=5 * np.std(by_hand) / 100**0.5)
    assert 0.75 < np.std(means) / np.std(by_hand) < 1.33


def test_imputed_scores_are_scores_that_somebody_had_and_those_seen_stay():
    scores, kinds, _ = people(400)
    for frame in impute_scores(scores, kinds, imputations=3):
        assert frame["latest"].notna().all()
        assert set(frame["latest"]) <= set(scores["latest"].dropna())
        seen = scores["latest"].notna()
        assert (frame["latest"][seen] == scores["latest"][seen]).all()


def test_the_same_seed_draws_the_same_people():
    scores, kinds, _ = people(200)
    first, again, other = (impute_scores(scores, kinds, imputations=2, seed=seed) for seed in (1, 1, 2))
    assert all(one.equals(two) for one, two in zip(first, again, strict=True))
    assert not first[0].equals(other[0])


def test_least_squares_are_those_of_statsmodels():
    random = np.random.default_rng(5)
    exog = sm.add_constant(random.normal(size=(80, 3)))
    endog = exog @ [1.0, 2.0, -1.0, 0.5] + random.normal(size=80)
    fitted, reference = LeastSquares(endog, exog, random).fit(), sm.OLS(endog, exog).fit()
    np.testing.assert_allclose(fitted.params, reference.params, rtol=1e-9)
    np.testing.assert_allclose(fitted.cov_params(), reference.cov_params(), rtol=1e-9)


def test_of_predictors_that_say_the_same_one_is_kept():
    rows = pd.DataFrame({"a": [1.0, 0, 1, 0], "not a": [0.0, 1, 0, 1], "b": [1.0, 1, 0, 0], "constant": 1.0})
    assert list(independent(rows, np.ones(4, dtype=bool)).columns) == ["a", "b"]


def test_whoever_was_lost_has_the_chance_of_those_like_them_from_then_on():
    # One in 100 a day: of 3,000 seen to day 60 or to the event, and 1,000 lost on day 20, who have 40 days left.
    random = np.random.default_rng(7)
    event_day = random.exponential(100, 4000)
    is_lost = np.arange(4000) >= 3000
    last_day = np.where(is_lost, 20.0, 60.0)
    has_event = event_day <= last_day
    last_seen = np.minimum(event_day, last_day)
    nothing = pd.DataFrame({"noise": random.normal(size=4000)})
    drawn = impute_events(last_seen, has_event, 60, nothing, edges=(15, 30), imputations=10)
    lost = is_lost & ~has_event
    rate = has_event.sum() / last_seen.sum()
    assert np.mean([events[lost].mean() for events in drawn]) == pytest.approx(1 - np.exp(-40 * rate), abs=0.03)
    assert all((events[~lost] == has_event[~lost]).all() for events in drawn)


def test_a_kind_of_people_without_any_event_has_a_low_rate_and_not_a_wild_one():
    random = np.random.default_rng(8)
    is_rare = np.arange(1000) < 30
    event_day = np.where(is_rare, 1000, random.exponential(120, 1000))
    last_day = np.where(random.random(1000) < 0.3, 30.0, 90.0)
    has_event, last_seen = event_day <= last_day, np.minimum(event_day, last_day)
    drawn = impute_events(
        last_seen, has_event, 90, pd.DataFrame({"rare": is_rare.astype(float)}), edges=(30, 60), imputations=20
    )
    assert np.std([events.mean() for events in drawn]) < 0.03


def test_few_people_with_a_result_teach_nothing():
    scores, kinds, _ = people(60)
    with pytest.raises(ImputationError, match="too few for a model"):
        impute_scores(scores.head(20), kinds.head(20))


def test_completing_with_the_scores_of_the_mart_gives_the_mart(sample_warehouse: Warehouse):
    cursor = sample_warehouse.cursor()
    pairs = cursor.execute("select * from mart.score_pair order by all").df()
    cursor.register("completed", pairs[["episode_id", "instrument", "latest_score"]])
    filled = cursor.execute((_FOLDER / "score_pair.sql").read_text(encoding="utf-8")).df()
    keys = ["instrument", "episode_id"]
    expected = pairs.sort_values(keys, ignore_index=True).drop(columns="latest_band")
    assert pairs["latest_score"].notna().sum() > 1000
    pd.testing.assert_frame_equal(
        filled.sort_values(keys, ignore_index=True)[expected.columns], expected, check_dtype=False
    )


def test_completing_nobody_gives_the_counts_of_the_measure(sample_warehouse: Warehouse):
    cursor = sample_warehouse.cursor()
    after = cursor.execute("select * from mart.after_discharge order by episode_id").df()
    nobody = after[["episode_id"]].assign(is_lost=False, has_event=False)
    cursor.register("completed", nobody)
    sql = (_FOLDER / "after_discharge.sql").read_text(encoding="utf-8")
    filled = cursor.execute(sql, {"day": 90}).df().sort_values("episode_id", ignore_index=True)
    pd.testing.assert_frame_equal(filled[after.columns], after, check_dtype=False)


@pytest.mark.parametrize("name", ["reliable_improvement", "nhs_recovery", "return_to_use_after_discharge"])
def test_in_completed_data_nobody_is_missing_and_those_observed_keep_their_result(sample_warehouse: Warehouse, name):
    measure, chosen = catalog.measure(name), select({}, by="program")
    exact = catalog.answer_unsuppressed(sample_warehouse, measure, chosen).frame
    lowest, highest = (
        exact[exact["statistic"] == f"{side}_bound"].set_index("group_name") for side in ("lower", "upper")
    )
    counts = completed_counts(sample_warehouse, measure, chosen, catalog.read_parameters(measure, {}))
    assert len(counts) == 20 * len(lowest)
    for row in counts.itertuples():
        assert row.denominator == lowest.at[row.group_name, "denominator"]
        assert lowest.at[row.group_name, "numerator"] <= row.numerator <= highest.at[row.group_name, "numerator"]


def test_the_model_stands_after_the_rows_of_the_measure_and_says_how_it_was_pooled(sample_warehouse: Warehouse):
    found = ask_sensitivity(sample_warehouse, "reliable_improvement", select({}), target=0.4)
    frame = found.answer.frame
    assert frame["statistic"].tolist() == [
        *("follow_up", "missing_is_worst", "complete_case", "lower_bound", "upper_bound"),
        "multiple_imputation",
    ]
    row = frame.iloc[-1]
    assert row["lower"] < row["value"] < row["upper"]
    assert "20 imputations, Rubin's rules on the logit scale" in row["method"]
    assert "of the information is missing" in row["method"]
    # Tipping: (share · missing + events) / due is the target.
    events, missing = frame["numerator"].iloc[3], frame["missing_n"].iloc[3]
    assert found.tipped[0].tipping.share == pytest.approx((0.4 * frame["denominator"].iloc[0] - events) / missing)


def test_the_model_is_hidden_where_the_counts_it_stands_on_are(sample_warehouse: Warehouse):
    hidden = shown = 0
    for name, chosen in (
        ("reliable_improvement", select({"track": ["weekend", "evening"]}, by="site")),
        ("reliable_deterioration", select({}, by="program")),
    ):
        frame = ask_sensitivity(sample_warehouse, name, chosen, target=0.4).answer.frame
        for _, part in frame.groupby("group_name"):
            row = part[part["statistic"] == "multiple_imputation"]
            others = part[part["statistic"].isin(["follow_up", "complete_case", "lower_bound", "upper_bound"])]
            if row.empty or not others["is_suppressed"].any():
                shown += len(row)
                continue
            assert row["is_suppressed"].all()
            hidden += 1
    assert hidden > 0
    assert shown > 0


def test_of_fewer_than_three_in_five_followed_no_model_is_told(sample_warehouse: Warehouse):
    frame = ask_sensitivity(sample_warehouse, "return_to_use_after_discharge", select({})).answer.frame
    row = frame.set_index("statistic").loc["multiple_imputation"]
    assert pd.isna(row["value"])
    assert row["method"].startswith("only bounds")
    measure = catalog.measure("return_to_use_after_discharge")
    pooled = pool_by_part(sample_warehouse, measure, select({}), catalog.read_parameters(measure, {}))
    assert 0 < pooled["All", ""].value < 1


def test_a_measure_without_follow_up_says_so_and_one_without_a_model_gives_its_bounds(sample_warehouse: Warehouse):
    with pytest.raises(MeasureError, match="no missing follow-up"):
        ask_sensitivity(sample_warehouse, "show_rate", select({}))
    found = ask_sensitivity(sample_warehouse, "past_month_abstinence", select({}))
    assert "no model" in found.note
    assert "multiple_imputation" not in set(found.answer.frame["statistic"])


def test_a_clinic_of_few_people_has_no_model(tmp_path):
    stay = {"discharge_day": 42, "discharge_reason": "completed"}
    score = {"day": 0, "score": 15, "timepoint": "intake"}
    warehouse = tiny_clinic(tmp_path, episodes=[stay], sessions=[{"day": 0}, {"day": 42}], assessments=[score])
    found = ask_sensitivity(warehouse, "reliable_improvement", select({}))
    assert found.note.startswith("Fewer than 50 people have a result")


def test_of_very_many_people_the_model_learns_from_some_and_fills_in_all(monkeypatch: pytest.MonkeyPatch):
    scores, known, _ = people(3000)
    monkeypatch.setattr("queries.statistics.imputation.MOST_FITTED", 500)
    (completed,) = impute_scores(scores, known, imputations=1)
    assert completed["latest"].notna().all()
    lost = scores["latest"].isna()
    # Half of the people are of each kind; of the lost nearly all are of the second, which falls by 2.
    fall = (known["first"] - completed["latest"])[lost & (known["kind"] == 1)].mean()
    assert fall == pytest.approx(2, abs=0.5)
    assert completed["latest"][lost].nunique() <= 500
