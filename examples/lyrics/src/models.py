"""Records that travel through the pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


def make_track_id(artist: str, title: str) -> str:
    """Build the identifier that all sources share, such as ``ada-moss/low-tide``."""
    return "/".join(re.sub(r"[\W_]+", "-", part.lower()).strip("-") for part in (artist, title))


@dataclass(frozen=True)
class Track:
    """A song with its lyrics and whatever metadata is known."""

    artist: str
    title: str
    lyrics: str
    source: str
    duration_seconds: float | None = None
    album: str | None = None
    genre: str | None = None
    released: date | None = None

    @property
    def id(self) -> str:
        """Identifier derived from artist and title."""
        return make_track_id(self.artist, self.title)

    @property
    def year(self) -> int | None:
        """Year of release, if known."""
        return self.released.year if self.released else None

    def to_dict(self) -> dict[str, Any]:
        """Return the record described by ``schemas/track.schema.json``."""
        return {
            "id": self.id,
            "artist": self.artist,
            "title": self.title,
            "lyrics": self.lyrics,
            "source": self.source,
            "duration_seconds": self.duration_seconds,
            "album": self.album,
            "genre": self.genre,
            "released": self.released.isoformat() if self.released else None,
            "year": self.year,
        }


@dataclass(frozen=True)
class Analysis:
    """What one analyzer found in one text."""

    analyzer: str
    score: float
    label: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    track_id: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the record described by ``schemas/analysis.schema.json``."""
        return {
            "track_id": self.track_id,
            "analyzer": self.analyzer,
            "score": self.score,
            "label": self.label,
            "metrics": dict(self.metrics),
        }
