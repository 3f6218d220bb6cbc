"""Benchmarks; compare them with .benchmarks/baseline.json."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from src.analyzers.factory import create_analyzer
from src.config import Config
from src.models import Analysis, Track
from src.pipeline import Pipeline, analyze_track
from src.scrapers.lrc_files import parse_lrc

pytestmark = pytest.mark.performance


@pytest.fixture(scope="module")
def pipeline(config: Config) -> Pipeline:
    return Pipeline.from_config(config)


@pytest.fixture(scope="module")
def tracks(pipeline: Pipeline) -> list[Track]:
    return list(pipeline.tracks())


def test_sentiment_analyze(benchmark: BenchmarkFixture, tracks: list[Track]) -> None:
    analysis = benchmark(create_analyzer("sentiment").analyze, tracks[0].lyrics)
    assert analysis.label == "negative"


def test_readability_analyze(benchmark: BenchmarkFixture, tracks: list[Track]) -> None:
    analysis = benchmark(create_analyzer("readability").analyze, tracks[0].lyrics)
    assert analysis.label == "easy"


def test_batch_throughput(
    benchmark: BenchmarkFixture, pipeline: Pipeline, tracks: list[Track]
) -> None:
    """One call takes one track through all analyzers, so operations are analyses per second."""
    batch = cycle(tracks)

    def analyze_next() -> list[Analysis]:
        return analyze_track(next(batch), pipeline.analyzers)

    assert len(benchmark(analyze_next)) == len(pipeline.analyzers)


def test_lrc_parse(benchmark: BenchmarkFixture, project_root: Path) -> None:
    text = (project_root / "data" / "lrc" / "ada_moss_low_tide.lrc").read_text(encoding="utf-8")
    assert benchmark(parse_lrc, text).tags["ti"] == "Low Tide"
