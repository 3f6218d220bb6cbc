"""SQLite storage of tracks and their analyses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from src.models import Analysis, Track

_SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS tracks (
    id TEXT PRIMARY KEY,
    artist TEXT NOT NULL,
    title TEXT NOT NULL,
    lyrics TEXT NOT NULL,
    source TEXT NOT NULL,
    duration_seconds REAL,
    album TEXT,
    genre TEXT,
    released TEXT,
    year INTEGER
);
CREATE TABLE IF NOT EXISTS analyses (
    track_id TEXT NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
    analyzer TEXT NOT NULL,
    score REAL NOT NULL,
    label TEXT NOT NULL,
    metrics TEXT NOT NULL,
    PRIMARY KEY (track_id, analyzer)
);
"""


class Database:
    """A database file, or ``:memory:``; close it by leaving a ``with`` block."""

    def __init__(self, path: Path | str) -> None:
        self._connection = sqlite3.connect(path)
        try:
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error:
            self._connection.close()
            raise

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def save(self, track: Track, analyses: Iterable[Analysis]) -> None:
        """Store a track with its analyses, replacing what was stored before."""
        with self._connection:
            self._connection.execute("DELETE FROM tracks WHERE id = ?", (track.id,))
            self._connection.execute(
                "INSERT INTO tracks VALUES (:id, :artist, :title, :lyrics, :source,"
                " :duration_seconds, :album, :genre, :released, :year)",
                track.to_dict(),
            )
            self._connection.executemany(
                "INSERT INTO analyses VALUES (:track_id, :analyzer, :score, :label, :metrics)",
                [
                    {**analysis.to_dict(), "metrics": json.dumps(dict(analysis.metrics))}
                    for analysis in analyses
                ],
            )

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {
            table: self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("tracks", "analyses")
        }

    def problems(self) -> list[str]:
        """Return what SQLite's own checks find wrong."""
        integrity = [row[0] for row in self._connection.execute("PRAGMA integrity_check")]
        orphans = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return [f"integrity check: {text}" for text in integrity if text != "ok"] + [
            f"row {row[1]} of {row[0]} refers to a missing row of {row[2]}" for row in orphans
        ]
