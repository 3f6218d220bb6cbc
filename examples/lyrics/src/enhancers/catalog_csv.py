"""Album, genre and release date from a CSV catalogue."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from src.enhancers.base import BaseEnhancer
from src.models import Track, make_track_id
from src.scrapers.rate_limit import RateLimiter

COLUMNS = ("artist", "title", "album", "genre", "released")


class CatalogError(ValueError):
    """The catalogue cannot be used."""


@dataclass(frozen=True)
class CatalogEntry:
    """Metadata of one track."""

    album: str | None
    genre: str | None
    released: date | None


class CatalogCsvEnhancer(BaseEnhancer):
    """Looks tracks up in a CSV file, which is read on first use."""

    name = "catalog_csv"

    def __init__(self, path: Path, limiter: RateLimiter) -> None:
        self._path = path
        self._limiter = limiter
        self._entries: dict[str, CatalogEntry] | None = None

    def enhance(self, track: Track) -> Track:
        """Fill in album, genre and release date (and so the year)."""
        if self._entries is None:
            self._limiter.wait()
            self._entries = self._load()
        entry = self._entries.get(track.id)
        if entry is None:
            return track
        return replace(
            track,
            album=track.album or entry.album,
            genre=track.genre or entry.genre,
            released=track.released or entry.released,
        )

    def _load(self) -> dict[str, CatalogEntry]:
        entries: dict[str, CatalogEntry] = {}
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise CatalogError(f"{self._path.name}: missing columns: {', '.join(missing)}")
            for row in rows:
                try:
                    released = date.fromisoformat(row["released"]) if row["released"] else None
                except ValueError as error:
                    where = f"{self._path.name}, line {rows.line_num}"
                    raise CatalogError(f"{where}: {error}") from error
                entries[make_track_id(row["artist"], row["title"])] = CatalogEntry(
                    album=row["album"] or None, genre=row["genre"] or None, released=released
                )
        return entries
