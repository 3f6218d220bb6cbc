from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from src.config import Config, ConfigError, load_config

pytestmark = pytest.mark.unit

SOURCE = {"enabled": True, "path": "data", "requests_per_minute": 60}


def test_shipped_config_is_valid(config: Config, project_root: Path) -> None:
    assert set(config.data_sources) == {"lrc_files", "catalog_csv"}
    assert set(config.analyzers) == {"sentiment", "readability"}
    assert config.database == project_root / "data" / "lyrics.sqlite3"


def test_paths_are_relative_to_the_file(write_config: Callable[..., Path]) -> None:
    path = write_config(data_sources={"lrc_files": SOURCE})
    assert load_config(path).data_sources["lrc_files"].path == path.parent / "data"


def test_analyzer_without_settings(write_config: Callable[..., Path]) -> None:
    assert load_config(write_config(analyzers={"sentiment": None})).analyzers == {"sentiment": {}}


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read .*none.yaml"):
        load_config(tmp_path / "none.yaml")


def test_invalid_yaml(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("data_sources: [", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid YAML"):
        load_config(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data_sources": None}, "data_sources must be a mapping, found nothing"),
        ({"analyzers": []}, "analyzers must be a mapping, found list"),
        ({"analyzers": {"sentiment": 3}}, "analyzers.sentiment must be a mapping, found int"),
        ({"database": {}}, "database.path must be str, found nothing"),
        ({"data_sources": {"a": 1}}, "data_sources.a must be a mapping, found int"),
        (
            {"data_sources": {"a": {**SOURCE, "enabled": "yes"}}},
            "data_sources.a.enabled must be bool, found str",
        ),
        (
            {"data_sources": {"a": {**SOURCE, "requests_per_minute": True}}},
            "data_sources.a.requests_per_minute must be int or float, found bool",
        ),
        (
            {"data_sources": {"a": {**SOURCE, "requests_per_minute": 0}}},
            "data_sources.a.requests_per_minute must be greater than 0, found 0",
        ),
    ],
)
def test_clear_messages(
    write_config: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=f"^{message}$"):
        load_config(write_config(**changes))
