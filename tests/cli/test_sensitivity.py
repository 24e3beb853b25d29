"""``iop sensitivity``: the missing filled in by a model, told with the rows of the measure."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.cli.terminal import iop


def test_the_model_and_the_tipping_point_stand_under_the_rows_of_the_measure(sample_home: Path) -> None:
    done = iop("sensitivity", "reliable_improvement", "--target", "0.4", home=sample_home, COLUMNS="200")
    assert done.returncode == 0, done.stderr
    order = ["follow_up", "missing_is_worst", "complete_case", "lower_bound", "upper_bound", "multiple_imputation"]
    places = [done.stdout.index(f" {statistic} ") for statistic in order]
    assert places == sorted(places)
    assert "Rubin's rules" in done.stdout
    assert "The rate falls below the target of 40.0 % if fewer than" in done.stdout
    assert "if the missing fare worse for reasons that are not" in done.stdout


def test_the_same_seed_writes_the_same_digits(sample_home: Path) -> None:
    first, again = (
        iop("sensitivity", "recovery", "--by", "program", "--format", "csv", home=sample_home) for _ in range(2)
    )
    rows = list(csv.DictReader(io.StringIO(first.stdout)))
    model = [row for row in rows if row["statistic"] == "multiple_imputation"]
    assert len(model) == 3
    assert first.stdout == again.stdout


def test_a_measure_without_missing_follow_up_is_refused_in_words(sample_home: Path) -> None:
    done = iop("sensitivity", "show_rate", home=sample_home)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "show_rate has no missing follow-up to fill in. Ask for a rate that has, such as reliable_improvement or "
        "return_to_use_after_discharge."
    )
