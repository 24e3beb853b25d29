"""What keeps one card that fails from taking the page with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from dashboard.states import show_error
from queries.filters import FilterError
from queries.measure import MeasureError

log = logging.getLogger(__name__)


def show_remedy(error: Exception) -> None:
    """Say on the card what can be done; the cause is in the log."""
    show_error(_remedy(error))


@contextmanager
def contained(
    name: str, doing: str = "answered", show: Callable[[Exception], None] | None = show_remedy
) -> Iterator[None]:
    """Whatever goes wrong inside stays inside: it is logged, and shown by ``show`` (None: in the log only)."""
    try:
        yield
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0]
        log.warning("%s could not be %s: %s: %s", name, doing, type(error).__name__, first_line)
        if show is not None:
            show(error)


def _remedy(error: Exception) -> str:
    if isinstance(error, MeasureError | FilterError):
        return str(error)
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return (
            "The warehouse was built by another version of IOP Outcomes. Load the export again: "
            "`iop load DIR --source NAME`."
        )
    return (
        "The measure failed on these data. `iop check` says whether the load is sound; the server's log has the cause."
    )
