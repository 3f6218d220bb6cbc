"""What every scraper and every enhancer must do, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from src.config import Config
from src.enhancers.base import BaseEnhancer
from src.models import Track
from src.pipeline import ENHANCERS, SCRAPERS
from src.scrapers.base import BaseScraper
from src.scrapers.rate_limit import RateLimiter

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", sorted(SCRAPERS))
class TestBaseScraperContract:
    @pytest.fixture
    def scraper(self, name: str, config: Config, limiter: RateLimiter) -> BaseScraper:
        return SCRAPERS[name](config.data_sources[name].path, limiter)

    def test_is_registered_under_its_name(self, scraper: BaseScraper, name: str) -> None:
        assert isinstance(scraper, BaseScraper)
        assert scraper.name == name

    def test_fetch_returns_an_iterator_of_tracks(self, scraper: BaseScraper) -> None:
        tracks = scraper.fetch()
        assert isinstance(tracks, Iterator)
        assert all(isinstance(track, Track) for track in tracks)

    def test_fetch_finds_distinct_tracks(self, scraper: BaseScraper) -> None:
        ids = [track.id for track in scraper.fetch()]
        assert ids
        assert len(set(ids)) == len(ids)

    def test_fetch_is_deterministic(self, scraper: BaseScraper) -> None:
        assert list(scraper.fetch()) == list(scraper.fetch())

    def test_fetch_names_the_source(self, scraper: BaseScraper, name: str) -> None:
        assert {track.source for track in scraper.fetch()} == {name}


@pytest.mark.parametrize("name", sorted(ENHANCERS))
class TestBaseEnhancerContract:
    @pytest.fixture
    def enhancer(self, name: str, config: Config, limiter: RateLimiter) -> BaseEnhancer:
        return ENHANCERS[name](config.data_sources[name].path, limiter)

    def test_is_registered_under_its_name(self, enhancer: BaseEnhancer, name: str) -> None:
        assert isinstance(enhancer, BaseEnhancer)
        assert enhancer.name == name

    def test_enhance_adds_something(self, enhancer: BaseEnhancer, track: Track) -> None:
        assert enhancer.enhance(track) != track

    def test_enhance_keeps_identity_and_lyrics(self, enhancer: BaseEnhancer, track: Track) -> None:
        enhanced = enhancer.enhance(track)
        assert (enhanced.id, enhanced.lyrics, enhanced.source) == (
            track.id,
            track.lyrics,
            track.source,
        )

    def test_enhance_is_idempotent(self, enhancer: BaseEnhancer, track: Track) -> None:
        once = enhancer.enhance(track)
        assert enhancer.enhance(once) == once

    def test_enhance_leaves_unknown_tracks_alone(
        self, enhancer: BaseEnhancer, track: Track
    ) -> None:
        unknown = replace(track, title="Never Catalogued")
        assert enhancer.enhance(unknown) == unknown
