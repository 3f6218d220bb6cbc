from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from src.models import Analysis, Track
from src.storage import Database

pytestmark = pytest.mark.unit


def analysis(track: Track, analyzer: str) -> Analysis:
    return Analysis(analyzer, 0.5, "positive", {"words": 2}, track.id)


def test_save_and_count(track: Track) -> None:
    with Database(":memory:") as database:
        database.save(track, [analysis(track, "one"), analysis(track, "two")])
        assert database.counts() == {"tracks": 1, "analyses": 2}
        assert database.problems() == []


def test_saving_again_replaces(track: Track) -> None:
    with Database(":memory:") as database:
        database.save(track, [analysis(track, "one"), analysis(track, "two")])
        database.save(track, [analysis(track, "one")])
        assert database.counts() == {"tracks": 1, "analyses": 1}


def test_rows_survive_closing(tmp_path: Path, track: Track) -> None:
    path = tmp_path / "test.sqlite3"
    with Database(path) as database:
        database.save(track, [])
    with Database(path) as database:
        assert database.counts() == {"tracks": 1, "analyses": 0}


def test_failed_save_changes_nothing(track: Track) -> None:
    with Database(":memory:") as database:
        with pytest.raises(sqlite3.IntegrityError):
            database.save(track, [analysis(track, "one"), analysis(track, "one")])
        assert database.counts() == {"tracks": 0, "analyses": 0}


def test_problems_reports_orphans(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite3"
    with Database(path):
        pass
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("INSERT INTO analyses VALUES ('nobody/none', 'one', 0, 'x', '{}')")
    connection.close()
    with Database(path) as database:
        assert database.problems() == ["row 1 of analyses refers to a missing row of tracks"]


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite3"
    path.write_text("plain text, " * 100, encoding="utf-8")
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        Database(path)
