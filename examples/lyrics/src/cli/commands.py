"""One function per command; each returns the exit status."""

from __future__ import annotations

import platform
import sqlite3
import time
from collections.abc import Callable

import yaml

from src import __version__
from src.analyzers.base import BaseAnalyzer
from src.config import Config
from src.enhancers.base import BaseEnhancer
from src.models import Track
from src.pipeline import Pipeline, analyze_track
from src.scrapers.base import BaseScraper
from src.storage import Database

BENCHMARK_ROUNDS = 100
PROBE = Track(artist="Nobody", title="Probe", lyrics="A calm and happy probe.", source="probe")


def info(config: Config) -> int:
    """Print versions, configured sources and analyzers."""
    print(f"lyrics-example {__version__}")
    print(f"Python {platform.python_version()}")
    print(f"SQLite {sqlite3.sqlite_version}")
    print(f"PyYAML {yaml.__version__}")
    print("Data sources:")
    for name, source in config.data_sources.items():
        state = "enabled" if source.enabled else "disabled"
        print(f"  {name}: {state}, {source.requests_per_minute:g} requests per minute")
    print("Analyzers:")
    for name, settings in config.analyzers.items():
        print(f"  {name}: " + ", ".join(f"{key}={value}" for key, value in settings.items()))
    return 0


def benchmark(config: Config) -> int:
    """Time a batch in which each track passes through all analyzers."""
    pipeline = Pipeline.from_config(config)
    batch = list(pipeline.tracks()) * BENCHMARK_ROUNDS
    start = time.perf_counter()
    for track in batch:
        analyze_track(track, pipeline.analyzers)
    elapsed = time.perf_counter() - start
    print(f"{len(batch)} analyses in {elapsed:.3f} s")
    print(f"{len(batch) / elapsed * 60:.0f} analyses per minute")
    return 0


def health(config: Config) -> int:
    """Check every component; the status is 1 when one of them fails."""
    pipeline = Pipeline.from_config(config)
    checks: list[tuple[str, Callable[[], str]]] = [
        *((f"source {item.name}", _scraper_check(item)) for item in pipeline.scrapers),
        *((f"source {item.name}", _enhancer_check(item)) for item in pipeline.enhancers),
        *((f"analyzer {item.name}", _analyzer_check(item)) for item in pipeline.analyzers),
        ("database", _database_check(config)),
    ]
    failures = 0
    for label, check in checks:
        try:
            print(f"OK {label}: {check()}")
        except Exception as error:
            failures += 1
            print(f"FAILED {label}: {error}")
    return 1 if failures else 0


def run(config: Config) -> int:
    """Collect, analyse and store all tracks."""
    pipeline = Pipeline.from_config(config)
    with Database(config.database) as database:
        pipeline.run(database)
        counts = database.counts()
    print(f"{counts['tracks']} tracks and {counts['analyses']} analyses in {config.database.name}")
    return 0


def _scraper_check(scraper: BaseScraper) -> Callable[[], str]:
    def check() -> str:
        found = sum(1 for _ in scraper.fetch())
        if not found:
            raise ValueError("no tracks")
        return f"{found} tracks"

    return check


def _enhancer_check(enhancer: BaseEnhancer) -> Callable[[], str]:
    def check() -> str:
        enhancer.enhance(PROBE)
        return "loaded"

    return check


def _analyzer_check(analyzer: BaseAnalyzer) -> Callable[[], str]:
    def check() -> str:
        analysis = analyzer.analyze(PROBE.lyrics)
        return f"{analysis.label} ({analysis.score:g})"

    return check


def _database_check(config: Config) -> Callable[[], str]:
    def check() -> str:
        exists = config.database.exists()
        with Database(config.database if exists else ":memory:") as database:
            if problems := database.problems():
                raise ValueError("; ".join(problems))
        return "opened" if exists else "not created yet, opened in memory"

    return check
