from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from src.models import Analysis, Track, make_track_id

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        ("Ada Moss", "Low Tide", "ada-moss/low-tide"),
        ("  The B's! ", "No. 9_b", "the-b-s/no-9-b"),
        ("Élan", "Déjà", "élan/déjà"),
    ],
)
def test_make_track_id(artist: str, title: str, expected: str) -> None:
    assert make_track_id(artist, title) == expected


def test_track_is_frozen(track: Track) -> None:
    with pytest.raises(FrozenInstanceError):
        track.title = "Other"  # type: ignore[misc]


def test_track_to_dict_without_metadata(track: Track) -> None:
    record = track.to_dict()
    assert record["id"] == "ada-moss/low-tide"
    assert record["released"] is None
    assert record["year"] is None


def test_track_to_dict_with_release_date(track: Track) -> None:
    record = replace(track, released=date(2017, 3, 24)).to_dict()
    assert record["released"] == "2017-03-24"
    assert record["year"] == 2017


def test_analysis_to_dict() -> None:
    analysis = Analysis("sentiment", 0.5, "positive", {"words": 3}, "ada-moss/low-tide")
    assert analysis.to_dict() == {
        "track_id": "ada-moss/low-tide",
        "analyzer": "sentiment",
        "score": 0.5,
        "label": "positive",
        "metrics": {"words": 3},
    }
