"""A clinic of 120 episodes at two sites, whose numbers can be counted by hand, behind the real app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"

OpenApp = Callable[..., AppTest]


def build_clinic(folder: Path, *, kept_at_north: int = 45, **settings: object) -> Warehouse:
    """60 episodes a site from 5 January 2026. At North ``kept_at_north`` complete on day 50 and the others are last
    seen on day 8; at South 30 and 30."""
    episodes, sessions = [], []
    for site, kept in (("North", kept_at_north), ("South", 30)):
        for number in range(60):
            key = f"{site}{number}"
            is_kept = number < kept
            episode = {"episode_id": key, "patient_id": key, "site": site, "planned_days": 50}
            # Odd and even numbers are two tracks and two payers of 60 episodes each.
            episode |= {"track": ("day", "evening")[number % 2], "payer": ("commercial", "medicaid")[number % 2]}
            if is_kept:
                episode |= {"discharge_day": 50, "discharge_reason": "completed"}
            else:
                episode |= {"discharge_day": 40, "discharge_reason": "dropped_out"}
            episodes.append(episode)
            sessions += [{"episode_id": key, "day": day} for day in ((0, 8, 20, 35, 50) if is_kept else (0, 8))]
    return tiny_clinic(folder, episodes=episodes, sessions=sessions, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def clinic_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the clinic of 120 episodes."""
    folder = tmp_path_factory.mktemp("clinic")
    build_clinic(folder).close()
    return folder


@pytest.fixture(scope="session")
def clinic(clinic_home: Path) -> Iterator[Warehouse]:
    """The clinic of 120 episodes, open for reading."""
    from queries.warehouse import open_warehouse

    warehouse = open_warehouse(clinic_home)
    yield warehouse
    warehouse.close()


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Open the dashboard on a warehouse folder, at a page, with a URL's query."""

    def open_at(home: Path, page: str = "overview", **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("IOP_HOME", str(home))
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            app.query_params[name.rstrip("_")] = value
        app.run()
        return app if page == "overview" else app.switch_page(f"views/{page}.py").run()

    return open_at
