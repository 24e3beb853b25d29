"""Bad files, written by code, and the verdict on each: refused with a sentence, or its records counted by rule."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile

from tests.etl.exports import SESSION, header, line

HEADER = header("sessions")
COLUMNS = HEADER.split(",")
GOOD = [SESSION | {"session_id": f"good{number}"} for number in range(4)]


def session(**values: str) -> str:
    """One record of sessions."""
    return line("sessions", **(SESSION | {"session_id": "bad"} | values))


def text(*records: str, head: str = HEADER, end: str = "\n") -> str:
    """Two good records, the bad ones, two good ones."""
    good = [session(**values) for values in GOOD]
    return end.join([head, *good[:2], *records, *good[2:]]) + end


def zipped(content: bytes) -> bytes:
    """A zip file of one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sessions.csv", content)
    return buffer.getvalue()


WHOLE = text().encode()
ACCENTED = text(session(billing_code="Café")).encode
EURO = text(session(billing_code="€")).encode
LONG = "x" * ((1 << 20) + 1)

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "utf-16 little": ("sessions.csv", text().encode("utf-16"), "UTF-16"),
    "utf-16 big": ("sessions.csv", codecs.BOM_UTF16_BE + text().encode("utf-16-be"), "UTF-16"),
    "utf-16 little without mark": ("sessions.csv", text().encode("utf-16-le"), "UTF-16"),
    "utf-16 big without mark": ("sessions.csv", text().encode("utf-16-be"), "UTF-16"),
    "utf-32": ("sessions.csv", text().encode("utf-32"), "UTF-16|NUL"),
    "latin-1": ("sessions.csv", ACCENTED("latin-1"), "not UTF-8 at line 4"),
    "cp1252": ("sessions.csv", EURO("cp1252"), "not UTF-8 at line 4"),
    "mac roman": ("sessions.csv", ACCENTED("mac_roman"), "not UTF-8 at line 4"),
    "cp1252 packed": ("sessions.csv.gz", gzip.compress(EURO("cp1252")), "not UTF-8 at line 4"),
    "ends inside a character": ("sessions.csv", WHOLE + "€".encode()[:2], "ends inside a character"),
    "overlong character": ("sessions.csv", WHOLE + b"\xc0\xaf\n", "not UTF-8 at line 6"),
    "surrogate": ("sessions.csv", WHOLE + b"\xed\xa0\x80\n", "not UTF-8 at line 6"),
    "nul in a field": ("sessions.csv", text(session(billing_code="a\0b")).encode(), "NUL bytes"),
    "nul only": ("sessions.csv", bytes(5000), "NUL|empty"),
    "nul at the end": ("sessions.csv", WHOLE + bytes(512), "NUL bytes"),
    "nul packed": ("sessions.csv.gz", gzip.compress(WHOLE + bytes(512)), "NUL bytes"),
    "empty": ("sessions.csv", b"", "is empty"),
    "empty packed": ("sessions.csv.gz", gzip.compress(b""), "is empty"),
    "only a mark": ("sessions.csv", codecs.BOM_UTF8, "is empty|wrong columns"),
    "only blank lines": ("sessions.csv", b"\n\r\n\n", "is empty"),
    "only blanks": ("sessions.csv", b"   \n", "header|column"),
    "web page": ("sessions.csv", b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
    "web page after blank lines": ("sessions.csv", b"\n\n  <html></html>", "web page"),
    "xml": ("sessions.csv", b'<?xml version="1.0"?><rows/>', "web page|XML"),
    "zip": ("sessions.csv", zipped(WHOLE), "Excel or zip"),
    "old excel": ("sessions.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Excel or zip"),
    "parquet": ("sessions.csv", b"PAR1" + bytes(100), "Parquet"),
    "pdf": ("sessions.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not UTF-8|column"),
    "json": ("sessions.csv", b'[{"session_id": "s1"}]\n', "column"),
    "gzip not named so": ("sessions.csv", gzip.compress(WHOLE), "compressed with gzip"),
    "named gzip": ("sessions.csv.gz", WHOLE, "not gzip"),
    "gzip cut short": ("sessions.csv.gz", gzip.compress(WHOLE)[:-20], "cannot be read"),
    "gzip of two bytes": ("sessions.csv.gz", b"\x1f\x8b", "cannot be read"),
    "gzip with a flipped bit": ("sessions.csv.gz", gzip.compress(WHOLE)[:-6] + b"\0\0\0\0\0\0", "cannot be read"),
    "gzip then rubbish": ("sessions.csv.gz", gzip.compress(WHOLE) + b"rubbish", "cannot be read"),
    "gzip bomb": ("sessions.csv.gz", gzip.compress((session() + "\n").encode() * 3_500_000, 9), "unpacks to more than"),
    "long line": ("sessions.csv", text(session(billing_code=LONG)).encode(), "line 4"),
    "long last line": ("sessions.csv", WHOLE + LONG.encode(), "line of more than 1 MiB"),
    "one endless line": ("sessions.csv", WHOLE.replace(b"\n", b" ") + LONG.encode(), "line of more than 1 MiB"),
    "header only as data": ("sessions.csv", (session() + "\n").encode() * 3, "column"),
    "no header": ("sessions.csv", WHOLE.split(b"\n", 1)[1], "column"),
    "title above the header": ("sessions.csv", b"Sessions of September\n" + WHOLE, "column"),
    "header after a blank line": ("sessions.csv", b"\n" + WHOLE, "header|column"),
    "column missing": ("sessions.csv", text(head=HEADER.replace(",status", "")).encode(), "status"),
    "column unknown": ("sessions.csv", text(head=HEADER + ",mood").encode(), "mood"),
    "column misspelt": ("sessions.csv", text(head=HEADER.replace("status", "statsu")).encode(), "did you mean"),
    "column twice": ("sessions.csv", text(head=HEADER.replace("status", "session_id")).encode(), "session_id"),
    "column in capitals": ("sessions.csv", text(head=HEADER.replace("status", "STATUS")).encode(), "STATUS|status"),
    "column blank": ("sessions.csv", text(head=HEADER + ",").encode(), "column|header"),
    "header quoted badly": ("sessions.csv", text(head='"' + HEADER).encode(), "quote in its header"),
    "semicolons": ("sessions.csv", WHOLE.replace(b",", b";"), "delimiter|column"),
    "tabs": ("sessions.csv", WHOLE.replace(b",", b"\t"), "delimiter|column"),
    "pipes": ("sessions.csv", WHOLE.replace(b",", b"|"), "delimiter|column"),
    "mostly bad dates": (
        "sessions.csv",
        text(*(session(session_id=f"b{n}", session_date="02/03/2024") for n in range(30))).encode(),
        "mostly errors",
    ),
    "mostly short rows": ("sessions.csv", text(*["a,b"] * 30).encode(), "mostly errors"),
}
"""By name: file name, content, and a pattern that the refusal holds."""

_DATES = ("02/03/2024", "2023-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "24-01-06", "infinity", "epoch", "now",
          "today", "45000", "1767225600", "2026-01-06T", "６", "2026-01-06Z", "Jan 6 2026", "2026-01-32")  # fmt: skip
_TIMES = ("2026-01-06 25:00", "2026-01-06 09:60", "2026-01-06 09:00-05:00", "2026-01-06 09:00Z", "2026-01-06 9 AM",
          "infinity", "epoch", "09:00", "2026-01-06 09:00 EST", "2026-02-30 09:00")  # fmt: skip
_CODES = ("Attended", "attended ", " attended", "attended\u00a0", "ATTENDED", "came", "0", "=attended", "atténded")
_FLAGS = ("maybe", "2", "ja", "-1", "tru")

REJECTED: dict[str, tuple[str, str]] = {
    **{f"date {value}": (session(session_date=value), "not_a_date|out_of_range") for value in _DATES},
    **{f"time {value}": (session(scheduled_start=value), "not_a_timestamp|out_of_range") for value in _TIMES},
    **{f"status {value!r}": (session(status=value), "not_allowed") for value in _CODES},
    **{f"flag {value}": (session(is_date_imputed=value), "not_a_boolean") for value in _FLAGS},
    "key missing": (session(session_id=""), "required"),
    "episode missing": (session(episode_id=""), "required"),
    "episode unknown": (session(episode_id="e404"), "unknown_reference"),
    "episode with a blank": (session(episode_id="e1 "), "unknown_reference"),
    "episode with a hard blank": (session(episode_id="e1\u00a0"), "unknown_reference"),
    "ends before it starts": (session(actual_end="2026-01-06 08:00"), "actual_end_after_start"),
    "another day": (session(session_date="2026-01-07"), "times_on_session_date"),
    "after the cut": (session(session_date="2031-01-06"), "attended_not_in_the_future"),
    "one field": ("bad", "wrong_field_count"),
    "short": ("bad,e1,2026-01-06", "wrong_field_count"),
    "long": (session() + ",surplus", "wrong_field_count"),
    "blanks": ("   ", "wrong_field_count"),
    "hard blanks": ("\u00a0\u00a0", "wrong_field_count"),
    "total": ("Total,4", "wrong_field_count"),
    "total as wide as the header": ("Total,4" + "," * (len(COLUMNS) - 2), "required"),
    "commas only": ("," * (len(COLUMNS) - 1), "required"),
    "header again": (HEADER, "not_a_date"),
    "comment": ("# exported by night", "wrong_field_count"),
    "semicolons in one row": (session().replace(",", ";"), "wrong_field_count"),
    "tabs in one row": (session().replace(",", "\t"), "wrong_field_count"),
    "mark in the middle": ("\ufeff" + session(session_id="", episode_id="e\ufeff1"), "unknown_reference"),
    "quote never closed": (session(billing_code='"H0015'), "unterminated_quote|wrong_field_count"),
    "text after a quote": (session(billing_code='"H0015"x'), "unterminated_quote|wrong_field_count"),
    "quote alone": ('"', "unterminated_quote|wrong_field_count"),
    "apostrophes": (session(session_date="'2026-01-06'"), "not_a_date"),
    "a cell of a formula": (session(session_date="=TODAY()"), "not_a_date"),
    "excel error": (session(session_date="#REF!"), "not_a_date"),
    "null as a word": (session(session_date="NULL"), "not_a_date"),
    "n/a": (session(status="n/a"), "not_allowed"),
}
"""By name: one bad record among four good ones, and the rules that may reject it."""

ACCEPTED: dict[str, bytes] = {
    "a byte order mark": codecs.BOM_UTF8 + WHOLE,
    "windows line ends": text(end="\r\n").encode(),
    "mixed line ends": WHOLE.replace(b"\n", b"\r\n", 2),
    "carriage returns only": WHOLE.replace(b"\n", b"\r"),
    "no last line end": WHOLE.rstrip(b"\n"),
    "blank lines": WHOLE.replace(b"\n", b"\n\n"),
    "blank lines at the end": WHOLE + b"\n\r\n\n",
    "quoted everywhere": "\n".join(
        ",".join(f'"{field}"' for field in record.split(",")) for record in text().splitlines()
    ).encode(),
    "quotes in a field": text().replace("group", '"group"').encode(),
    "columns the other way round": "\n".join(
        ",".join(reversed(record.split(","))) for record in text().splitlines()
    ).encode(),
}
"""By name: files that look bad and hold four good records."""
