"""``python -m etl.declared`` writes the JSON Schema of source.toml; with ``--check`` it says whether it is current."""

from __future__ import annotations

import sys

from etl.declared.schema import PATH, text

if "--check" not in sys.argv:
    PATH.write_text(text(), encoding="utf-8")
elif PATH.read_text(encoding="utf-8") != text():
    sys.exit(f"{PATH.name} is not current. Run: make docs")
