"""Several plausible values for what is missing, drawn from a model of those who have a result.

Missing at random is assumed: among people alike in the predictors, those without a result fare as those with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

IMPUTATIONS = 20
SEED = 20261125
DONORS = 5
"""So many people have a prediction nearest to that of one without a score; one of them lends theirs (R's mice)."""

CHAIN = 5
"""Rounds of the chained equations before each imputation, where several scores are missing."""

MOST_FITTED = 20_000
"""People from whom the model learns, drawn at random where there are more: beyond them it gains nothing but time."""

SMALLEST_FITTED = 50
"""Fewer people with a result teach the model nothing that could be told from chance."""


class ImputationError(ValueError):
    """The missing cannot be filled in; the message says why."""


def independent(predictors: pd.DataFrame, fitted: NDArray) -> pd.DataFrame:
    """The predictors that vary among the fitted rows and are no sum of those before them, centred and scaled.

    One unit is a standard deviation, but at least half of a column's own unit: a rare yes is never stretched.
    """
    kept: list[str] = []
    basis = np.ones((int(fitted.sum()), 1))
    for name in predictors.columns:
        column = predictors[name].to_numpy(dtype=float)[fitted]
        rest = column - basis @ np.linalg.lstsq(basis, column, rcond=None)[0]
        if float(np.linalg.norm(rest)) > 1e-6 * max(float(np.linalg.norm(column)), 1e-12):
            kept.append(name)
            basis = np.column_stack([basis, column])
    chosen = predictors[kept].astype(float)
    return (chosen - chosen[fitted].mean()) / chosen[fitted].std(ddof=0).clip(lower=0.5)


def impute_scores(
    scores: pd.DataFrame, predictors: pd.DataFrame, *, imputations: int = IMPUTATIONS, seed: int = SEED
) -> list[pd.DataFrame]:
    """Complete the columns of ``scores`` that many times: chained equations with predictive mean matching.

    A missing score is one that was seen of somebody with nearly the same prediction, so it is possible on the
    instrument; several scores predict each other. Rows are people, the same in both frames; predictors have no
    missing values. Raises ImputationError where too few have a score. Source: statsmodels' MICE; van Buuren 2018, 3.4.
    """
    generator = np.random.default_rng(seed)
    is_known = scores.notna().any(axis=1).to_numpy()
    _require_enough(int(is_known.sum()))
    chosen = independent(predictors, is_known).set_axis(scores.index)
    is_used = _teachers(is_known, generator) | scores.isna().any(axis=1).to_numpy()
    rows = pd.concat([scores, chosen], axis=1).set_axis(
        [f"x{n}" for n in range(scores.shape[1] + chosen.shape[1])], axis=1
    )
    data = _chained_equations(rows[is_used].reset_index(drop=True), generator)
    completed = []
    for _ in range(imputations):
        data.update_all(CHAIN if scores.shape[1] > 1 else 1)
        drawn = data.data.iloc[:, : scores.shape[1]].set_axis(scores.columns, axis=1)
        completed.append(scores.astype(float).fillna(drawn.set_axis(scores.index[is_used])))
    return completed


class LeastSquares:
    """Ordinary least squares as the chained equations ask for it, from the sums of squares and products.

    The columns are independent, centred and scaled, so that a decomposition of all rows in every round gains nothing;
    and sums of few columns are told without the linear algebra library, whose threads wait for each other on a busy
    machine a hundred times as long as they add.
    """

    def __init__(self, endog: NDArray, exog: NDArray, generator: np.random.Generator) -> None:
        self.endog, self.exog, self.generator = endog, exog, generator

    def fit(self) -> Fitted:
        inverse = np.linalg.inv(np.einsum("ij,ik->jk", self.exog, self.exog))
        params = inverse @ np.einsum("ij,i->j", self.exog, self.endog)
        rest = self.endog - np.einsum("ij,j->i", self.exog, params)
        self.fitted = Fitted(params, inverse * float((rest**2).sum()) / (len(self.endog) - len(params)))
        return self.fitted

    def predict(self, params: NDArray, exog: NDArray) -> NDArray:
        """Of those who lend their score by the fit, of those who borrow by a draw of it (van Buuren 2018, 3.4.2)."""
        if exog is self.exog:
            params = self.fitted.params
        # People with the same prediction would all borrow from the same few: a hair of chance tells them apart.
        hair = 1e-6 * self.endog.std() * self.generator.normal(size=len(exog))
        return np.einsum("ij,j->i", exog, params) + hair


@dataclass(frozen=True)
class Fitted:
    """Coefficients and their covariance."""

    params: NDArray
    covariance: NDArray

    def cov_params(self) -> NDArray:
        return self.covariance


def _chained_equations(rows: pd.DataFrame, generator: np.random.Generator) -> Any:
    """statsmodels' chained equations, each column on all others, without reading a formula anew in each round."""
    from statsmodels.imputation.mice import MICEData  # Takes a second to import, and only those who ask pay it.

    class Chained(MICEData):
        def _design(self, name: str, places: NDArray) -> NDArray:
            others = self.data.drop(columns=name).to_numpy(dtype=float)[places]
            return np.column_stack([np.ones(len(places)), others])

        def get_fitting_data(self, vname: str) -> Any:
            places = self.ix_obs[vname]
            return (
                self.data[vname].to_numpy(dtype=float)[places],
                self._design(vname, places),
                {"generator": generator},
                {},
            )

        def get_split_data(self, vname: str) -> Any:
            known, missing = self.ix_obs[vname], self.ix_miss[vname]
            values = self.data[vname].to_numpy(dtype=float)[known]
            return values, self.models[vname].exog, self._design(vname, missing), {}, {}

    data = Chained(rows, k_pmm=DONORS, rng=generator)
    for name in rows.columns[rows.isna().any()]:
        # The design above stands for the formula.
        data.set_imputer(name, formula="1", model_class=LeastSquares, k_pmm=DONORS)
    return data


def impute_events(
    last_seen: NDArray,
    has_event: NDArray,
    day: float,
    predictors: pd.DataFrame,
    *,
    edges: Sequence[float],
    imputations: int = IMPUTATIONS,
    seed: int = SEED,
) -> list[NDArray]:
    """For each person, that many times, whether the event comes by ``day``.

    ``last_seen`` is the day of the event, or the last day on which there was none. The rate of the event, constant
    between ``edges``, is a Poisson regression on the predictors over the days at risk, which is the discrete-time
    hazard model for days that are seen in part; whoever was lost has, from the day on which they were last seen, the
    chance that the model gives them. Each imputation draws its own coefficients. Raises ImputationError where too few
    were seen.
    """
    import statsmodels.api as sm  # Takes a second to import, and only those who ask pay it.

    generator = np.random.default_rng(seed)
    event = has_event & (last_seen <= day)
    seen = np.minimum(last_seen.astype(float), day)
    is_lost = ~event & (last_seen < day)
    starts = np.array([0.0, *[edge for edge in edges if 0 < edge < day]])
    ends = np.array([*starts[1:], float(day)])
    exposure = np.clip(seen[:, None] - starts, 0, ends - starts)
    is_known = exposure.sum(axis=1) > 0
    _require_enough(int(is_known.sum()))
    chosen = independent(predictors, is_known).to_numpy()
    teachers = np.flatnonzero(_teachers(is_known, generator))
    # An event on an edge ends the period before it.
    interval = np.clip(np.searchsorted(starts, seen, side="left") - 1, 0, len(starts) - 1)
    happened = event[:, None] & (interval[:, None] == np.arange(len(starts)))
    person, period = np.nonzero((exposure[teachers] > 0) | happened[teachers])
    person = teachers[person]
    periods = np.eye(len(starts))[period]
    is_used = (periods * happened[person, period][:, None]).sum(axis=0) > 0
    if not is_used.any():
        raise ImputationError("Nobody had the event: there is nothing for a model to learn from.")
    # A period without any event has no rate to estimate: it shares that of the period before.
    merged = np.maximum.accumulate(np.where(is_used, np.arange(len(starts)), np.flatnonzero(is_used)[0]))
    levels = np.unique(merged)
    design = np.column_stack([(merged[period][:, None] == levels).astype(float), chosen[person]])
    outcome = happened[person, period].astype(float)
    days = np.maximum(exposure[person, period], 0.5)
    design, outcome, days = _augment(design, outcome, days, len(levels))
    fit = sm.GLM(outcome, design, family=sm.families.Poisson(), offset=np.log(days)).fit()
    left = np.clip(ends - np.maximum(starts, seen[is_lost][:, None]), 0, None)
    drawn = []
    for _ in range(imputations):
        coefficients = generator.multivariate_normal(fit.params, fit.cov_params())
        base = np.exp(coefficients[: len(levels)])[np.searchsorted(levels, merged)]
        rate = np.exp(np.clip(chosen[is_lost] @ coefficients[len(levels) :], -20, 20))
        chance = 1 - np.exp(-(left @ base) * rate)
        completed = event.copy()
        completed[is_lost] = generator.random(int(is_lost.sum())) < chance
        drawn.append(completed)
    return drawn


def _augment(design: NDArray, outcome: NDArray, days: NDArray, levels: int) -> tuple[NDArray, NDArray, NDArray]:
    """Add, for each predictor, half an event on either side of its mean, in the days that half an event takes.

    So a kind of person of whom none had the event has a low rate and not one of zero, whose coefficient could be any
    number. Source: White, Daniel and Royston 2010, on perfect prediction in imputation.
    """
    predictors = design.shape[1] - levels
    added = np.zeros((2 * predictors, design.shape[1]))
    added[:, :levels] = design[:, :levels].mean(axis=0)
    for place in range(predictors):
        added[2 * place : 2 * place + 2, levels + place] = (-1.0, 1.0)
    half = np.full(len(added), 0.5)
    return (
        np.vstack([design, added]),
        np.concatenate([outcome, half]),
        np.concatenate([days, half * days.sum() / outcome.sum()]),
    )


def _require_enough(known: int) -> None:
    if known < SMALLEST_FITTED:
        raise ImputationError(f"Fewer than {SMALLEST_FITTED} people have a result: too few for a model to learn from.")


def _teachers(is_known: NDArray, generator: np.random.Generator) -> NDArray:
    """Those from whom the model learns: all who are known, or a random part of very many."""
    known = np.flatnonzero(is_known)
    if len(known) > MOST_FITTED:
        known = generator.choice(known, MOST_FITTED, replace=False)
    chosen = np.zeros(len(is_known), dtype=bool)
    chosen[known] = True
    return chosen
