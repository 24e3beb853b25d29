"""What the Cost page says and draws about 24-hour care for the same kind of patient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts.acceptability import draw_acceptability
from dashboard.charts.compared import draw_compared
from dashboard.charts.figure import Style
from dashboard.charts.plane import draw_plane, ellipse
from dashboard.table import table_of
from dashboard.takeaway import state_takeaway
from queries import catalog
from queries.answer import Answer, shape
from queries.warehouse import Warehouse

NAME = "inpatient less IOP (paid)"


def answer_of(clinic: Warehouse, measure: str, *records: dict[str, object], **parameters: object) -> Answer:
    answer = catalog.ask(clinic, measure, parameters=parameters)
    frame = shape(pd.DataFrame([{"category": NAME, "denominator": 200} | record for record in records]))
    return replace(answer, frame=frame)


def row(statistic: str, value: float | None, lower: float | None = None, upper: float | None = None, **more: object):
    return {"statistic": statistic, "value": value, "lower": lower, "upper": upper, "method": "drawn"} | more


def test_the_difference_of_costs_is_said_for_the_same_patient_first(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic, "adjusted_cost_difference", row("crude", 2956, 2304, 3601), row("weighted", 2107, 1414, 2804)
    )
    assert state_takeaway(answer) == (
        "For the same kind of patient inpatient care costs $2,107 more than IOP ($1,414 to $2,804); as they are, "
        "$2,956 more."
    )


def test_where_there_is_no_weighted_number_the_reason_is_said(clinic: Warehouse) -> None:
    refused = row("weighted", None, method="not shown: too little overlap between the arms")
    answer = answer_of(clinic, "adjusted_outcome_difference", row("crude", -6.6, -13.5, 1.0), refused)
    assert state_takeaway(answer) == (
        "Inpatient: no number for the same kind of patient (too little overlap between the arms); as they are, 6.6 "
        "fewer per 100 people."
    )


def test_results_are_told_in_the_words_of_what_was_chosen(clinic: Warehouse) -> None:
    rows = row("crude", -545.6, -700, -300), row("weighted", 32.0, -100, 160)
    answer = answer_of(clinic, "adjusted_outcome_difference", *rows, outcome="abstinent days")
    assert state_takeaway(answer).startswith(
        "For the same kind of patient inpatient care brings 32.0 more abstinent days per 100 people than IOP (−100.0 "
    )


def test_a_price_of_one_more_result_or_why_there_is_none(clinic: Warehouse) -> None:
    cost, benefit = row("cost_difference", 4000, 3000, 5000), row("net_benefit", -1917, -2500, -1200)
    price = row("icer", 100, 80, 130, method="price of one more; weighted")
    chosen = {"outcome": "abstinent days", "willingness_to_pay": 50}
    answer = answer_of(clinic, "incremental_cost_effectiveness", cost, price, benefit, **chosen)
    assert state_takeaway(answer) == (
        "For each extra abstinent day, inpatient care costs $100 ($80 to $130) more than IOP."
    )
    none = row("icer", None, method="no ratio: the results may not differ at all; see the net benefit")
    answer = answer_of(clinic, "incremental_cost_effectiveness", cost, none, benefit, **chosen)
    assert state_takeaway(answer) == (
        "Inpatient: one more abstinent day has no price, since the results may not differ at all. At $50 an abstinent "
        "day IOP is the better buy than inpatient care, by $1,917 a person ($1,200 to $2,500)."
    )
    saved = row("icer", 100, 80, 130, method="saved by IOP for each one fewer; 24-hour care does worse; weighted")
    answer = answer_of(clinic, "incremental_cost_effectiveness", cost, saved, benefit, **chosen)
    assert state_takeaway(answer).startswith("IOP costs $100 ($80 to $130) more than inpatient care for each abstinent")


def test_the_plane_says_how_often_iop_costs_less_and_does_as_well(clinic: Warehouse) -> None:
    shares = {"costs more, does better": 0.12, "costs more, does no better": 0.87, "costs no more, does better": 0.01}
    rows = [row("of_draws", share, category=f"{NAME}: {name}") for name, share in shares.items()]
    answer = answer_of(clinic, "cost_effectiveness_plane", *rows)
    assert state_takeaway(answer) == (
        "IOP costs less than inpatient care in 99 % of draws, and costs less and does at least as well in 87 %."
    )


def test_the_curve_is_read_at_the_chosen_value(clinic: Warehouse) -> None:
    rows = [row("of_draws", share, step=step) for step, share in ((0, 0.0), (10_000, 0.2), (20_000, 0.6))]
    answer = answer_of(clinic, "cost_effectiveness_acceptability", *rows, willingness_to_pay=10_000)
    assert state_takeaway(answer) == (
        "At $10,000 for one more completion, inpatient care is worth its price in 20 % of draws, IOP in 80 %."
    )
    assert "Value of one result, USD" in table_of(answer).columns


def test_the_balance_names_what_differs_most_and_who_is_left_out(clinic: Warehouse) -> None:
    rows = [
        row("before", 0.75, category="severity: high"),
        row("after", 0.0, category="severity: high"),
        row("before", -0.53, category="age: adolescent"),
        row("after", None, category="age: adolescent"),
    ]
    assert state_takeaway(answer_of(clinic, "comparison_balance", *rows)) == (
        "As they are, people differ by up to 0.75 standard deviations (severity: high); after weighting by up to 0.00. "
        "Below 0.10 is balanced. Left out, since one of the arms has hardly any: age: adolescent."
    )


def test_the_ellipse_holds_95_percent_of_a_normal_cloud() -> None:
    outline = ellipse(
        {"value": 2.0, "lower": 2 - 1.96, "upper": 3.96}, {"value": 50, "lower": 30.4, "upper": 69.6}, 0.6
    )
    cloud = np.random.default_rng(1).multivariate_normal([2, 50], [[1, 6], [6, 100]], 20_000)
    # Inside: nearer to the middle, as the covariance measures it, than the outline.
    inverse = np.linalg.inv([[1, 6], [6, 100]])
    far, edge = ((np.einsum("ij,jk,ik->i", x, inverse, x)) for x in (cloud - [2, 50], outline - [2, 50]))
    assert edge.min() == pytest.approx(edge.max(), rel=1e-3)
    assert (far < edge.mean()).mean() == pytest.approx(0.95, abs=0.005)


def test_the_plane_draws_a_dot_and_an_ellipse_for_each_level_that_has_numbers() -> None:
    other = {"category": "residential less IOP (paid)"}
    frame = shape(pd.DataFrame([row("correlation", 0.6, category=f"{NAME}: correlation of cost and result")]))
    costs = shape(pd.DataFrame([row("cost_difference", 2000, 1000, 3000, category=NAME)]))
    results = shape(pd.DataFrame([row("weighted", 1.0, -4, 6, category=NAME), row("weighted", 2, 1, 3) | other]))
    figure = draw_plane(frame, costs, results, Style("share"))
    go.Figure(figure)
    assert [trace["mode"] for trace in figure["data"]] == ["lines", "markers"]
    assert (figure["data"][1]["x"], figure["data"][1]["y"]) == ([1.0], [2000.0])
    assert len(figure["layout"]["annotations"]) == 4


@pytest.mark.parametrize("draw", [draw_compared, draw_acceptability])
def test_hidden_rows_and_no_rows_are_not_drawn(draw) -> None:
    hidden = row("crude", None, category=NAME, step=0, is_suppressed=True)
    for records in ([hidden], []):
        frame = shape(pd.DataFrame(records, columns=list(hidden)))
        assert all(not len(trace["x"]) for trace in draw(frame, Style("USD"))["data"])


def test_the_two_readings_of_a_difference_have_their_own_colours() -> None:
    levels = ("inpatient less IOP (paid)", "residential less IOP (paid)")
    readings = [row("crude", 2956, 2304, 3601), row("weighted", 2107, 1414, 2804)]
    frame = shape(pd.DataFrame([reading | {"category": level} for level in levels for reading in readings]))
    figure = draw_compared(frame, Style("USD"))
    named = [trace for trace in figure["data"] if trace.get("name")]
    assert [trace["name"] for trace in named] == ["as they are", "same kind of patient"]
    assert len({str(trace["marker"]["color"]) for trace in named}) == 2
    go.Figure(figure)


def test_a_break_even_is_said_in_days_of_iop_and_in_patients_admitted_later(clinic: Warehouse) -> None:
    stays = [row("mean", 28.7, 26.4, 31.3, category="one inpatient stay (paid)")]
    stays.append(row("mean", 26.8, 25.1, 28.7, category="one residential stay (paid)"))
    assert state_takeaway(answer_of(clinic, "break_even", *stays)) == (
        "One inpatient stay costs as much as 28.7 days of IOP (26.4–31.3), one residential stay as much as 26.8 "
        "(25.1–28.7)."
    )
    rates = [row("mean", 0.426, 0.292, 0.671, category="break-even difference (paid)")]
    rates.append(row("mean", 0.012, 0.004, 0.02, category="observed difference"))
    assert state_takeaway(answer_of(clinic, "break_even_step_up", *rates)) == (
        "IOP costs less as long as fewer than 42.6 more in 100 of its patients than of inpatients are admitted later "
        "(29.2 to 67.1); observed are 1.2 more."
    )


def test_where_there_is_no_break_even_the_side_is_named(clinic: Warehouse) -> None:
    for word, said in (("never", "even if everybody"), ("always", "Inpatient care costs less")):
        rows = [row("mean", None, category=f"break-even difference: {word} (paid)")]
        rows.append(row("mean", -0.012, -0.02, -0.004, category="observed difference"))
        sentence = state_takeaway(answer_of(clinic, "break_even_step_up", *rows))
        assert said in sentence
        assert sentence.endswith("observed are 1.2 fewer in 100.")
