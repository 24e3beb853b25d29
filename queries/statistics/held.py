"""Competing curves that can be stacked although some of their steps are hidden."""

from __future__ import annotations

import pandas as pd

from queries.statistics.competing import IN_CARE


def hold_last_shown(rows: pd.DataFrame, remainder: str = IN_CARE) -> pd.DataFrame:
    """The incidence rows of one group with every class at every step, to be stacked to one.

    A hidden step takes the value of the class's last step that is shown, 0 before there is one; ``remainder`` is what
    the classes leave over, and so holds those who are not shown yet. Columns step, category, value; in step order.
    """
    shown = rows["value"].where(~rows["is_suppressed"].astype(bool)).astype(float)
    wide = rows.assign(value=shown).pivot(index="step", columns="category", values="value").sort_index()
    classes = [name for name in dict.fromkeys(rows["category"]) if name != remainder]
    held = wide[classes].ffill().fillna(0.0)
    held.insert(0, remainder, (1 - held.sum(axis=1)).clip(lower=0))
    return held.melt(ignore_index=False, var_name="category", value_name="value").reset_index()[
        ["step", "category", "value"]
    ]
