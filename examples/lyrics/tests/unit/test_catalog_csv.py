from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from src.enhancers.catalog_csv import CatalogCsvEnhancer, CatalogError
from src.models import Track
from src.scrapers.rate_limit import RateLimiter

pytestmark = pytest.mark.unit

HEADER = "artist,title,album,genre,released\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.csv"
    path.write_text(f"{HEADER}Ada Moss,Low Tide,Harbour Notes,folk,2017-03-24\n", encoding="utf-8")
    return path


def test_enhance_adds_metadata(catalog: Path, limiter: RateLimiter, track: Track) -> None:
    enhanced = CatalogCsvEnhancer(catalog, limiter).enhance(track)
    assert (enhanced.album, enhanced.genre, enhanced.year) == ("Harbour Notes", "folk", 2017)
    assert enhanced.released == date(2017, 3, 24)


def test_enhance_keeps_known_values(catalog: Path, limiter: RateLimiter, track: Track) -> None:
    known = replace(track, genre="shanty")
    enhanced = CatalogCsvEnhancer(catalog, limiter).enhance(known)
    assert (enhanced.album, enhanced.genre) == ("Harbour Notes", "shanty")


def test_enhance_with_empty_cells(catalog: Path, limiter: RateLimiter, track: Track) -> None:
    catalog.write_text(f"{HEADER}Ada Moss,Low Tide,,,\n", encoding="utf-8")
    assert CatalogCsvEnhancer(catalog, limiter).enhance(track) == track


def test_file_is_read_once(catalog: Path, track: Track) -> None:
    slept: list[float] = []
    limiter = RateLimiter(60, clock=lambda: 0.0, sleep=slept.append)
    enhancer = CatalogCsvEnhancer(catalog, limiter)
    first = enhancer.enhance(track)
    catalog.unlink()
    assert enhancer.enhance(track) == first
    assert slept == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "catalog.csv: missing columns: artist, title, album, genre, released"),
        ("artist,title,album\n", "catalog.csv: missing columns: genre, released"),
        (f"{HEADER}A,B,C,D,soon\n", "catalog.csv, line 2: Invalid isoformat string: 'soon'"),
    ],
)
def test_bad_catalog(
    catalog: Path, limiter: RateLimiter, track: Track, text: str, message: str
) -> None:
    catalog.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=message):
        CatalogCsvEnhancer(catalog, limiter).enhance(track)
