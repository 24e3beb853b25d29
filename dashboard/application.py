"""What the server runs: the app, with the first page's answers computed before the first visitor comes."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st


@asynccontextmanager
async def warm_up(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the warehouse, answer the Overview, import plotly; then spare the collector what never dies."""
    # Caches need the running server, so this is imported only now.
    from dashboard.warming import answer_overview

    answer_overview()
    gc.collect()
    gc.freeze()
    yield {}


app = st.App(Path(__file__).resolve().parent / "app.py", lifespan=warm_up)
