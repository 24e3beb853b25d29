"""Cases of the checks against something other than the load itself: capacity, months before, the last load."""

from __future__ import annotations

from datetime import date

from tests.etl.checks.case import Case, Rows


def _values(**counts: int) -> Rows:
    return [
        {"table_name": "sessions", "column_name": "status", "value": value, "row_count": rows}
        for value, rows in counts.items()
    ]


def _rows(table: str, rows: int) -> Rows:
    return [{"table_name": table, "column_name": "", "value": "", "row_count": rows}]


def _month(month: str, rows: int) -> Rows:
    return [{"table_name": "episodes", "column_name": "admission_month", "value": month, "row_count": rows}]


NOW, LAST = "load.value_count", "load.last_value_count"

VALIDATION = {
    "capacity_exceeded": Case(
        {"sites": [{"site": "North", "capacity": 1}], "episodes": [{}]},
        {"episodes": [{}]},
        (1, 1),
    ),
    "sudden_drop_at_a_site": Case(
        {
            "episodes": [{"episode_id": f"e{site}", "site": f"Site {site}"} for site in (1, 2)],
            "sessions": [
                {
                    "episode_id": "e1",
                    "session_date": date(2026, month, day),
                    "session_id": f"{month}.{day}.{start}",
                    "start": start,
                    "hours": 1,
                }
                for month in (5, 6, 7, 8)
                for day in range(1, 26)
                for start in (9, 11)
            ],
        },
        {
            "sessions": [
                {
                    "episode_id": "e2",
                    "session_date": date(2026, month, day),
                    "session_id": f"x{month}.{day}.{start}",
                    "start": start,
                    "hours": 1,
                }
                for month in (5, 6, 7)
                for day in range(1, 26)
                for start in (9, 11)
            ]
        },
        (1, 2),
    ),
    "fewer_rows_than_last": Case(
        {NOW: _rows("sessions", 90), LAST: _rows("sessions", 100)},
        {NOW: _rows("costs", 89), LAST: _rows("costs", 100)},
        (1, 2),
    ),
    "past_months_shrink": Case(
        {NOW: _month("2026-01", 10), LAST: _month("2026-01", 10)}, {LAST: _month("2026-02", 10)}, (1, 2)
    ),
    "category_new": Case({NOW: _values(attended=90), LAST: _values(attended=80)}, {NOW: _values(unknown=1)}, (1, 2)),
    "category_vanished": Case(
        {NOW: _values(attended=90), LAST: _values(attended=80, unknown=9)}, {LAST: _values(no_show=10)}, (1, 2)
    ),
    "shares_moved": Case(
        {NOW: _values(attended=800), LAST: _values(attended=850)},
        {NOW: _values(no_show=200), LAST: _values(no_show=50)},
        (2, 2),
    ),
}
