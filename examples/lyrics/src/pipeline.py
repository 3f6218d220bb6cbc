"""Sources -> enhancers -> analyzers -> storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from src.analyzers.base import BaseAnalyzer
from src.analyzers.factory import create_analyzer
from src.config import Config, ConfigError
from src.enhancers.base import BaseEnhancer
from src.enhancers.catalog_csv import CatalogCsvEnhancer
from src.models import Analysis, Track
from src.scrapers.base import BaseScraper
from src.scrapers.lrc_files import LrcFilesScraper
from src.scrapers.rate_limit import RateLimiter
from src.storage import Database

SCRAPERS: dict[str, Callable[[Path, RateLimiter], BaseScraper]] = {
    LrcFilesScraper.name: LrcFilesScraper,
}
ENHANCERS: dict[str, Callable[[Path, RateLimiter], BaseEnhancer]] = {
    CatalogCsvEnhancer.name: CatalogCsvEnhancer,
}


def analyze_track(track: Track, analyzers: Iterable[BaseAnalyzer]) -> list[Analysis]:
    """Run every analyzer over one track."""
    return [replace(analyzer.analyze(track.lyrics), track_id=track.id) for analyzer in analyzers]


@dataclass(frozen=True)
class Pipeline:
    """The enabled components of a configuration."""

    scrapers: tuple[BaseScraper, ...]
    enhancers: tuple[BaseEnhancer, ...]
    analyzers: tuple[BaseAnalyzer, ...]

    @classmethod
    def from_config(cls, config: Config) -> Pipeline:
        """Create the components; raise ConfigError when one of them is unknown or misconfigured."""
        scrapers: list[BaseScraper] = []
        enhancers: list[BaseEnhancer] = []
        for name, source in config.data_sources.items():
            if name not in SCRAPERS and name not in ENHANCERS:
                known = ", ".join(sorted({*SCRAPERS, *ENHANCERS}))
                raise ConfigError(f"unknown data source {name!r} (available: {known})")
            if not source.enabled:
                continue
            limiter = RateLimiter(source.requests_per_minute)
            if name in SCRAPERS:
                scrapers.append(SCRAPERS[name](source.path, limiter))
            else:
                enhancers.append(ENHANCERS[name](source.path, limiter))
        try:
            analyzers = [
                create_analyzer(name, **settings) for name, settings in config.analyzers.items()
            ]
        except ValueError as error:
            raise ConfigError(str(error)) from error
        return cls(tuple(scrapers), tuple(enhancers), tuple(analyzers))

    def tracks(self) -> Iterator[Track]:
        """Yield the enhanced tracks of all scrapers."""
        for scraper in self.scrapers:
            for track in scraper.fetch():
                for enhancer in self.enhancers:
                    track = enhancer.enhance(track)
                yield track

    def run(self, database: Database) -> None:
        """Analyse and store every track."""
        for track in self.tracks():
            database.save(track, analyze_track(track, self.analyzers))
