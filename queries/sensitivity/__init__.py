"""What a rate would be with the missing filled in by a model, and how they would have to have fared to change it.

Asked for on request, since it takes seconds: the rows of the measure, one more of the statistic
``multiple_imputation`` for each of its rates, and a tipping point where there is a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from queries import catalog, disclosure
from queries.answer import Answer, shape
from queries.filters import Selection
from queries.sensitivity.completion import completed_counts, predictors_said
from queries.small_numbers import is_small
from queries.statistics.bounds import SMALLEST_FOLLOW_UP
from queries.statistics.imputation import IMPUTATIONS, MOST_FITTED, SEED, ImputationError
from queries.statistics.pooling import Pooled, pool_shares
from queries.statistics.tipping import Tipping, describe_tipping, tipping_point
from queries.warehouse import Warehouse

_KEYS = ["group_name", "category"]


@dataclass(frozen=True)
class Tipped:
    """The tipping point of one group and category."""

    group_name: str
    category: str
    tipping: Tipping


@dataclass(frozen=True)
class Sensitivity:
    """``answer`` holds the rows of the measure and of the model; ``note`` says why there is no model, or is empty."""

    answer: Answer
    tipped: tuple[Tipped, ...]
    note: str
    predictors: tuple[str, ...]


def ask_sensitivity(
    warehouse: Warehouse,
    name: str,
    selection: Selection,
    parameters: Mapping[str, Any] | None = None,
    *,
    target: float | None = None,
) -> Sensitivity:
    """Answer a measure with missing follow-up, its missing filled in by a model, through the disclosure gate.

    The model's row is hidden where any of the three counts that it stands on (with the event, without it, missing) is.
    Where they are shown, it gives nothing away: it is their sum over the model's draws, in which nobody's own value is
    known. Under the smallest follow-up it has no value, as every other rate of the measure. Raises MeasureError for a
    measure that has no missing follow-up.
    """
    measure = catalog.measure(name)
    exact = catalog.answer_unsuppressed(warehouse, measure, selection, parameters)
    if "follow_up" not in set(exact.frame["statistic"]) and not exact.is_empty:
        raise catalog.MeasureError(
            f"{name} has no missing follow-up to fill in. Ask for a rate that has, such as reliable_improvement or "
            "return_to_use_after_discharge."
        )
    note, pooled = "", {}
    try:
        pooled = pool_by_part(warehouse, measure, selection, exact.parameters)
    except ImputationError as error:
        note = str(error)
    frame = pd.concat([exact.frame, *_model_rows(exact.frame, pooled)], ignore_index=True)
    order = frame.groupby(_KEYS, sort=False).ngroup()
    frame = frame.assign(place=order).sort_values("place", kind="stable").drop(columns="place")
    answer = disclosure.suppress(exact.with_frame(shape(frame)))
    tipped = () if target is None else tuple(_tip(answer.frame, target))
    return Sensitivity(answer, tipped, note, predictors_said(measure))


def pool_by_part(
    warehouse: Warehouse, measure: catalog.Measure, selection: Selection, parameters: Mapping[str, Any]
) -> dict[tuple[str, str], Pooled]:
    """The pooled share of each group and category, before the gate. Raises ImputationError where there is no model."""
    counts = completed_counts(warehouse, measure, selection, parameters)
    pooled = {}
    for key, part in counts.groupby(_KEYS, sort=False):
        n = float(part["denominator"].iloc[0])
        if n > 0 and part["numerator"].notna().all():
            pooled[(str(key[0]), str(key[1]))] = pool_shares(part["numerator"].to_numpy(dtype=float), n)
    return pooled


def _model_rows(frame: pd.DataFrame, pooled: Mapping[tuple[str, str], Pooled]) -> list[pd.DataFrame]:
    rows = []
    for (group, category), part in frame.groupby(_KEYS, sort=False):
        found, counted = pooled.get((str(group), str(category))), _counted(part)
        if found is None or counted is None:
            continue
        events, observed, due = counted
        atoms = pd.Series([due, observed, due - observed, events, observed - events], dtype=float)
        row = {"group_name": group, "category": category, "statistic": "multiple_imputation", "denominator": due}
        row |= {"missing_n": due - observed, "is_suppressed": bool(is_small(atoms).any())}
        row["step"] = part["step"].iloc[0]
        if observed < SMALLEST_FOLLOW_UP * due:
            row["method"] = f"only bounds: fewer than {SMALLEST_FOLLOW_UP:.0%} followed up"
        else:
            row |= {"value": found.value, "lower": found.lower, "upper": found.upper, "method": _method(found)}
        rows.append(shape(pd.DataFrame([row])))
    return rows


def _method(pooled: Pooled) -> str:
    return (
        f"{IMPUTATIONS} imputations, Rubin's rules on the {pooled.scale} scale, t 95 % with "
        f"{pooled.degrees_of_freedom:,.0f} degrees of freedom; {pooled.missing_information:.0%} of the information is "
        f"missing; seed {SEED}"
    )


def _tip(frame: pd.DataFrame, target: float) -> list[Tipped]:
    """From the rows that may be shown alone."""
    found = []
    for (group, category), part in frame[~frame["is_suppressed"]].groupby(_KEYS, sort=False):
        counted = _counted(part)
        if counted is not None and 0 < counted[1] < counted[2]:
            found.append(Tipped(str(group), str(category), tipping_point(*counted, target)))
    return found


def _counted(part: pd.DataFrame) -> tuple[float, float, float] | None:
    """Events, people with a result and people who were due, from the rows of one group; None where one is not there."""
    rows = {str(row["statistic"]): row for row in part.to_dict("records")}
    if not {"follow_up", "lower_bound"} <= rows.keys() or pd.isna(rows["lower_bound"]["numerator"]):
        return None
    followed = rows["follow_up"]
    return float(rows["lower_bound"]["numerator"]), float(followed["numerator"]), float(followed["denominator"])


def describe_sensitivity(found: Sensitivity) -> list[str]:
    """What the model and the tipping points say, in sentences."""
    measure = found.answer.measure
    options = {"event": str(measure.options.get("event", "had the event"))}
    options["higher_is"] = str(measure.options.get("higher_is", "better"))
    said = _model_said(found.answer.frame, options["event"])
    for entry in found.tipped:
        name = ", ".join(part for part in (entry.group_name, entry.category) if part not in ("", "All"))
        words = describe_tipping(
            entry.tipping, target="limit" if options["higher_is"] == "worse" else "target", **options
        )
        said.append(f"{name}: {words}" if name else words)
    if found.note:
        said.append(f"No model: {found.note}")
    elif found.predictors:
        said.append(
            f"The model knows of everybody: {', '.join(found.predictors)}. Among people alike in these it takes those "
            "without a result to fare as those with one; if the missing fare worse for reasons that are not recorded, "
            "the truth is worse than the model."
        )
        followed = found.answer.frame["statistic"] == "follow_up"
        if found.answer.frame.loc[followed, "numerator"].sum() > MOST_FITTED:
            said.append(f"It learned from {MOST_FITTED:,} people with a result, drawn at random.")
    return said


def _model_said(frame: pd.DataFrame, event: str) -> list[str]:
    """How the missing fared by the model, beside those with a result; from the rows that may be shown alone."""
    said = []
    for (group, category), part in frame[~frame["is_suppressed"]].groupby(_KEYS, sort=False):
        model, counted = part[part["statistic"] == "multiple_imputation"]["value"].dropna(), _counted(part)
        if model.empty or counted is None or counted[1] >= counted[2]:
            continue
        events, observed, due = counted
        share = min(max((float(model.iloc[0]) * due - events) / (due - observed), 0.0), 1.0)
        name = ", ".join(part for part in (str(group), str(category)) if part not in ("", "All"))
        words = f"y the model {100 * share:.0f} % of the missing {event}; of those with a result "
        words += f"{100 * events / observed:.0f} % did."
        said.append(f"{name}: b{words}" if name else f"B{words}")
    return said
