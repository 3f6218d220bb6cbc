"""The records in data/ conform to the schemas and to the code that produced them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from src.analyzers.factory import create_analyzer
from src.config import Config
from src.models import make_track_id

pytestmark = pytest.mark.integration

Records = list[dict[str, Any]]
KINDS = [("track", "tracks.jsonl"), ("analysis", "analyses.jsonl")]


@pytest.fixture
def validator_for(project_root: Path) -> Callable[[str], Draft202012Validator]:
    def create(kind: str) -> Draft202012Validator:
        text = (project_root / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
        schema = json.loads(text)
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema, format_checker=FormatChecker())

    return create


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_records_conform_to_the_schema(
    kind: str,
    name: str,
    validator_for: Callable[[str], Draft202012Validator],
    read_jsonl: Callable[[str], Records],
) -> None:
    validator = validator_for(kind)
    records = read_jsonl(name)
    assert records
    assert [error.message for item in records for error in validator.iter_errors(item)] == []


@pytest.mark.parametrize(
    ("kind", "name", "change"),
    [
        ("track", "tracks.jsonl", {"released": "24 March 2017"}),
        ("track", "tracks.jsonl", {"colour": "blue"}),
        ("track", "tracks.jsonl", {"title": None}),
        ("analysis", "analyses.jsonl", {"score": "high"}),
        ("analysis", "analyses.jsonl", {"analyzer": "horoscope"}),
        ("analysis", "analyses.jsonl", {"track_id": None}),
    ],
)
def test_schema_rejects_bad_records(
    kind: str,
    name: str,
    change: dict[str, Any],
    validator_for: Callable[[str], Draft202012Validator],
    read_jsonl: Callable[[str], Records],
) -> None:
    assert not validator_for(kind).is_valid({**read_jsonl(name)[0], **change})


def test_track_ids_are_right_and_distinct(read_jsonl: Callable[[str], Records]) -> None:
    tracks = read_jsonl("tracks.jsonl")
    ids = [track["id"] for track in tracks]
    assert ids == [make_track_id(track["artist"], track["title"]) for track in tracks]
    assert len(set(ids)) == len(ids)


def test_analyses_are_up_to_date(config: Config, read_jsonl: Callable[[str], Records]) -> None:
    analyzers = [create_analyzer(name, **settings) for name, settings in config.analyzers.items()]
    expected = [
        {**analyzer.analyze(track["lyrics"]).to_dict(), "track_id": track["id"]}
        for track in read_jsonl("tracks.jsonl")
        for analyzer in analyzers
    ]
    assert read_jsonl("analyses.jsonl") == expected
