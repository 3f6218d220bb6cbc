"""Fixtures shared by all tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from src.config import Config, load_config
from src.models import Track
from src.scrapers.rate_limit import RateLimiter


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def config(project_root: Path) -> Config:
    """The configuration that ships with the project."""
    return load_config(project_root / "config.yaml")


@pytest.fixture
def limiter() -> RateLimiter:
    """A rate limiter that never sleeps."""
    return RateLimiter(1, clock=lambda: 0.0, sleep=lambda seconds: None)


@pytest.fixture
def track() -> Track:
    """A track without metadata, known to the shipped catalogue."""
    return Track(artist="Ada Moss", title="Low Tide", lyrics="Low tide", source="lrc_files")


@pytest.fixture(scope="session")
def read_jsonl(project_root: Path) -> Callable[[str], list[dict[str, Any]]]:
    """A reader of the JSON records in data/."""

    def read(name: str) -> list[dict[str, Any]]:
        text = (project_root / "data" / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    return read


@pytest.fixture
def write_config(tmp_path: Path, project_root: Path) -> Callable[..., Path]:
    """A writer of configuration files that use the shipped data and a temporary database."""

    def write(**changes: Any) -> Path:
        data = project_root / "data"
        rate = {"enabled": True, "requests_per_minute": 60000}
        document = {
            "data_sources": {
                "lrc_files": {**rate, "path": str(data / "lrc")},
                "catalog_csv": {**rate, "path": str(data / "catalog.csv")},
            },
            "analyzers": {"sentiment": {}, "readability": {}},
            "database": {"path": "test.sqlite3"},
            **changes,
        }
        path = tmp_path / "config.yaml"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write
