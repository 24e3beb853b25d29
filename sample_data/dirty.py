"""Makes the dirty export: a small clean one with two bad rows in a hundred, and the list of what must be refused."""

from __future__ import annotations

import csv
import io
import json
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from etl import contract
from sample_data.damages import DAMAGES, HARMLESS, Damage, Row
from sample_data.generate import TRUTH, write_sample

DIRTY_EPISODES = 120
DIRTY_SEED = 7
DIRTY_SHARE = 0.02


def write_dirty(out: Path) -> dict[str, dict[str, object]]:
    """Write the dirty export into ``out``, with expected.json; returns what expected.json says.

    By file: rows_read, accepted, rejected, and ``rejects``: line (of the file, the header is 1) and rule of each.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / TRUTH).touch()  # Says that the export there is a sample, which may be written over.
    write_sample(out, episodes=DIRTY_EPISODES, seed=DIRTY_SEED, formats="csv")
    (out / TRUTH).unlink()
    expected = {}
    for place, table in enumerate(contract.LOAD_ORDER):
        # Its own stream for each file: other rows in one do not change the damage to another.
        rng = np.random.default_rng([DIRTY_SEED, place])
        expected[f"{table}.csv"] = _spoil(rng, out / f"{table}.csv", table)
    (out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")
    return expected


def _spoil(rng: np.random.Generator, path: Path, table: str) -> dict[str, object]:
    """Put bad rows between the good ones of one file."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *good = list(csv.reader(file))
    damages = DAMAGES[table]
    wanted = max(len(damages), round(DIRTY_SHARE * len(good)))
    inserted: dict[int, list[tuple[str, Damage]]] = {}
    for number, damage in enumerate(islice(cycle(damages), wanted)):
        if damage.shape == "footer" and number >= len(damages):
            continue
        source = _source(rng, header, good, damage)
        fields = _spoiled_fields(header, good[source], damage, table, number)
        after = len(good) if damage.shape == "footer" else int(rng.integers(source, len(good)))
        inserted.setdefault(after, []).append((_line(fields, damage), damage))
    oddity = HARMLESS.get(table, "")
    if oddity == "line_break":
        good[len(good) // 2][header.index("preferred_language")] = "Haitian\nCreole"
    records, rejects, line = [",".join(header)], [], 1
    for place in range(len(good) + 1):
        if oddity == "blank_line" and place == len(good) // 3:
            records.append("")
            line += 1
        entries = inserted.get(place, [])
        whole = [(_line(good[place]), None)] if place < len(good) else []
        for text, harm in [*whole, *entries]:
            rejects += [{"line": line + 1, "rule": rule} for rule in (harm.rules if harm else ())]
            records.append(text)
            line += 1 + text.count("\n")
    path.write_bytes(_joined(records, oddity))
    bad = sum(len(entries) for entries in inserted.values())
    return {"rows_read": len(good) + bad, "accepted": len(good), "rejected": bad, "rejects": rejects}


def _joined(records: list[str], oddity: str) -> bytes:
    ends = ["\n"] * len(records)
    if oddity == "windows_line_ends":
        ends = ["\r\n"] * len(records)
    if oddity == "mixed_line_ends":
        ends[len(ends) // 2] = "\r\n"
    text = "".join(record + end for record, end in zip(records, ends, strict=True))
    return text.encode("utf-8-sig" if oddity == "byte_order_mark" else "utf-8")


def _source(rng: np.random.Generator, header: list[str], good: list[list[str]], damage: Damage) -> int:
    suitable = [place for place, row in enumerate(good) if damage.where(_named(header, row))]
    return suitable[int(rng.integers(len(suitable)))]


def _named(header: list[str], row: list[str]) -> Row:
    return dict(zip(header, row, strict=True))


def _spoiled_fields(header: list[str], good: list[str], damage: Damage, table: str, number: int) -> list[str]:
    if damage.shape == "footer":
        return ["Total", *[""] * (len(header) - 1)]
    row = _named(header, good)
    key = contract.tables()[table].key
    if damage.shape != "copy" and len(key) == 1 and key[0].endswith("_id"):
        row[key[0]] = f"X{number:06}"
    row |= damage.cells(row)
    fields = [row[name] for name in header]
    if damage.shape == "extra":
        return [*fields, "x"]
    return fields[:-2] if damage.shape == "short" else fields


def _line(fields: list[str], damage: Damage | None = None) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    line = text.getvalue().removesuffix("\n")
    return line.replace(",", ',"', 1) if damage and damage.shape == "open_quote" else line
