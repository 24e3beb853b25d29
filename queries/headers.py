"""What the headers of several measures share: sentences and parameters, each written once in headers.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_SHARED = Path(__file__).parent / "headers.toml"
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def _shared() -> dict[str, Any]:
    return tomllib.loads(_SHARED.read_text(encoding="utf-8"))


def sentence(name: str) -> str:
    """The shared sentence of that name. Raises KeyError when there is none."""
    return str(_shared()["words"][name])


def fill_sentences(text: str) -> str:
    """Text with the shared sentences in place of their ``{names}``. Raises KeyError for an unknown one."""
    return _PLACE.sub(lambda found: sentence(found[1]), text)


def fill_parameter(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's body with what it shares: all of it under its own name where it is empty, else under ``shared``.

    Raises KeyError for an unknown shared parameter.
    """
    own = dict(body)
    shared = own.pop("shared", None if own else name)
    return {**_shared()["parameters"][shared], **own} if shared else own
