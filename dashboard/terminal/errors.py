"""Turns an error into the sentence that a person sees."""

from __future__ import annotations

import errno
import os
import traceback

REMEDIES = {
    "LoadError", "WarehouseError", "MeasureError", "FilterError", "WorkbenchError", "CasesHiddenError", "OutputError",
    "SampleError", "ServerError", "SettingError", "ChartError", "CasesError", "NotListedError",
}  # fmt: skip
"""Errors whose message already says what to do. By name, since `iop --help` must not import what raises them."""

LACKING = {"CatalogException", "BinderException"}
"""DuckDB's errors for a table or column that is not there: the measures' SQL is tested, so the file is another's."""


DAMAGED = ("IO Error", "Corrupt database file", "Serialization Error", "FATAL Error", "INTERNAL Error")
"""How DuckDB's errors begin for a file whose bytes are not those that were written."""


STOPPED = 130
"""The exit code after Ctrl-C, as of every program that a signal ends: 128 and its number."""


def is_interruption(error: BaseException) -> bool:
    """Whether it is Ctrl-C, which reaches Python as DuckDB's RuntimeError while a query runs."""
    is_of_query = isinstance(error, RuntimeError) and "Query interrupted" in str(error)
    return is_of_query or isinstance(error, KeyboardInterrupt)


def sentence(error: Exception) -> str:
    """What went wrong and what to do; with IOP_DEBUG=1, also where in the code."""
    if os.environ.get("IOP_DEBUG"):
        return "".join(traceback.format_exception(error))
    if type(error).__name__ in REMEDIES:
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}. Check that it is there and that you may use it."
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full. Free some space and try again."
    first_line = (str(error).strip().splitlines() or [""])[0]
    if type(error).__name__ in LACKING:
        return (
            f"The warehouse lacks something that this needs ({first_line}). It was built by another version of IOP "
            "Outcomes: load the export again with `iop load`, or the sample with `iop demo`."
        )
    if first_line.startswith(DAMAGED):
        return (
            f"The warehouse file cannot be read ({first_line}). Run `iop versions --verify` to see whether it is "
            "damaged, then `iop versions --roll-back VERSION`, or load again."
        )
    return (
        f"Something unexpected happened ({type(error).__name__}: {first_line}). Run the command again with IOP_DEBUG=1 "
        "before it to see where."
    )
