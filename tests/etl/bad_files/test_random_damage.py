"""Random damage: whatever bytes are changed, every record has a fate, and sound rows arrive as they were."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.build import LoadReport, load_export
from etl.mapping import read_mapping
from etl.precheck import check_bytes
from etl.progress import LoadError
from tests.etl.bad_files.cases import HEADER, session
from tests.etl.exports import write_export

FILES = 40
EXAMPLES = int(os.environ.get("DAMAGED_FILES", "400")) // FILES
"""`DAMAGED_FILES=10000 pytest tests/etl/bad_files/test_random_damage.py` looks at more."""

TOKENS = (b'"', b'""', b",", b",,", b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf",
          b"\xc2\xa0", b"1e9", b"-", b"infinity", b"2023-02-29", b"=1+1", b"\xe2\x82\xac", b"'", b";")  # fmt: skip

place = st.floats(0, 1, exclude_max=True)
damage = st.one_of(
    st.tuples(st.just("insert"), place, st.sampled_from(TOKENS)),
    st.tuples(st.just("delete"), place, st.integers(1, 60)),
    st.tuples(st.just("flip"), place, st.integers(0, 7)),
    st.tuples(st.just("repeat"), place, st.integers(1, 200)),
    st.tuples(st.just("cut"), place, st.just(0)),
)


def damaged(content: bytes, kind: str, at: float, what: bytes | int) -> bytes:
    """The bytes after one damage; the header is left alone: what is wrong with it is refused."""
    start = len(HEADER) + 1
    here = start + int(at * (len(content) - start))
    if isinstance(what, bytes):
        return content[:here] + what + content[here:]
    if kind == "delete":
        return content[:here] + content[here + what :]
    if kind == "repeat":
        return content[:here] + content[here : here + what] * 2 + content[here + what :]
    if kind == "cut":
        return content[:here]
    return content[:here] + bytes([content[here] ^ 1 << what]) + content[here + 1 :] if here < len(content) else content


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.lists(damage, min_size=1, max_size=6), min_size=FILES, max_size=FILES))
def test_no_record_is_lost_and_no_sound_row_is_changed(damages: list[list[tuple[str, float, bytes | int]]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_export(Path(scratch) / "export", sessions=[])
        contents = {}
        for number, changes in enumerate(damages):
            rows = [session(session_id=f"f{number}r{row}", billing_code=f"code {row}") for row in range(12)]
            content = "\n".join([HEADER, *rows, ""]).encode()
            for change in changes:
                content = damaged(content, *change)
            if is_refused(folder / f"sessions-{number:02}.csv", content):
                (folder / f"sessions-{number:02}.csv").unlink()
            else:
                contents[f"sessions-{number:02}.csv"] = content
        report = load_export(folder, source="canonical", home=Path(scratch) / "home")
        check_conservation(report, contents)
        check_sound_rows(report, contents)


def is_refused(path: Path, content: bytes) -> bool:
    """Write a file; whether it is refused as a whole, in a sentence."""
    path.write_bytes(content)
    try:
        check_bytes(path, path.name, read_mapping("canonical").files["sessions"])
    except LoadError as error:
        return path.name in str(error)
    return False


def check_conservation(report: LoadReport, contents: dict[str, bytes]) -> None:
    """Every record is accepted, rejected or superseded; without quotes, a line that is not empty is one."""
    files = {file.name: file for file in report.files}
    for name, content in contents.items():
        file = files[name]
        assert file.rows_read == file.accepted + file.rejected + file.superseded
        if b'"' not in content:
            assert file.rows_read == sum(line != b"" for line in re.split(b"\r\n|\r|\n", content)[1:]), content


def check_sound_rows(report: LoadReport, contents: dict[str, bytes]) -> None:
    """A row whose line is whole, whose key is on no other line and that no quote can swallow arrives as it was."""
    with duckdb.connect(str(report.path), read_only=True) as connection:
        loaded = set(connection.execute("select session_id, billing_code from core.sessions").fetchall())
    lines = {name: re.split(b"\r\n|\r|\n", content)[1:] for name, content in contents.items() if b'"' not in content}
    keys = Counter(line.split(b",")[0] for content in contents.values() for line in re.split(b"\r\n|\r|\n", content))
    for number, name in ((int(name[9:11]), name) for name in lines):
        for row in range(12):
            key, code = f"f{number}r{row}", f"code {row}"
            if session(session_id=key, billing_code=code).encode() in lines[name] and keys[key.encode()] == 1:
                assert (key, code) in loaded, contents[name]
