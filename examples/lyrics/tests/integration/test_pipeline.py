from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from src.config import Config, ConfigError, load_config
from src.pipeline import Pipeline
from src.storage import Database

pytestmark = pytest.mark.integration


def test_run_stores_every_track_with_every_analysis(config: Config) -> None:
    with Database(":memory:") as database:
        Pipeline.from_config(config).run(database)
        assert database.counts() == {"tracks": 4, "analyses": 8}
        assert database.problems() == []


def test_tracks_equal_the_shipped_records(
    config: Config, read_jsonl: Callable[[str], list[dict[str, Any]]]
) -> None:
    shipped = [record for record in read_jsonl("tracks.jsonl") if record["source"] == "lrc_files"]
    assert [track.to_dict() for track in Pipeline.from_config(config).tracks()] == shipped


def test_disabled_sources_are_left_out(config: Config) -> None:
    disabled = {
        name: replace(source, enabled=False) for name, source in config.data_sources.items()
    }
    pipeline = Pipeline.from_config(replace(config, data_sources=disabled))
    assert (pipeline.scrapers, pipeline.enhancers) == ((), ())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"data_sources": {"web": {"enabled": False, "path": ".", "requests_per_minute": 1}}},
            r"unknown data source 'web' \(available: catalog_csv, lrc_files\)",
        ),
        ({"analyzers": {"readabilty": {}}}, "did you mean 'readability'"),
        ({"analyzers": {"sentiment": {"colour": 1}}}, "bad settings for analyzer 'sentiment'"),
    ],
)
def test_configuration_errors(
    write_config: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Pipeline.from_config(load_config(write_config(**changes)))
