"""Documents that are drawn from a schema: most of them are valid, and they reach what matters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft4Validator, Draft202012Validator

from pytest_specgates.measure.document_hints import hints_of
from pytest_specgates.measure.documents import arguments, documents
from pytest_specgates.measure.schema_references import Files

TRACK = {
    "type": "object",
    "required": ["title", "year"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 80},
        "year": {"type": "integer", "minimum": 1900, "exclusiveMaximum": 2100, "multipleOf": 5},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 3},
    },
    "additionalProperties": False,
}
TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "required": ["value", "kids"],
            "properties": {
                "value": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
                "kids": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
        }
    },
}
SCHEMAS: dict[str, Any] = {
    "true": True,
    "track": TRACK,
    "tree": TREE,
    "choices": {
        "anyOf": [
            {"type": "string", "pattern": "^[a-z]{3,5}$"},
            {"allOf": [{"type": "integer", "minimum": 3}, {"maximum": 7}]},
            {"enum": ["x", None, 2.5]},
        ]
    },
    "condition": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["x"], "properties": {"x": {"type": "integer"}}},
    },
    "contains": {
        "type": "array",
        "prefixItems": [{"type": "string"}],
        "items": {"type": "integer"},
        "contains": {"const": 7},
        "minContains": 2,
    },
    "names": {
        "type": "object",
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "open": {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
    "dependent": {
        "type": "object",
        "properties": {"a": {}, "b": {"type": "null"}},
        "dependentRequired": {"a": ["b"]},
    },
    **{
        name: {"type": "string", "format": name}
        for name in (
            *("date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"),
            *("uri", "uri-reference", "json-pointer", "regex"),
        )
    },
}


def drawn_from(strategy: Any, most: int) -> list[Any]:
    found: list[Any] = []

    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(document: Any) -> None:
        found.append(document)

    collect()
    return found


def drawn(schema: Any, most: int = 60) -> list[Any]:
    return drawn_from(documents(Files("a.json", lambda _: schema)), most)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_drawn_is_valid(name: str) -> None:
    validator = Draft202012Validator(SCHEMAS[name], validate_formats=True)
    found = drawn(SCHEMAS[name])
    valid = [document for document in found if validator.is_valid(document)]
    assert len(valid) >= 0.5 * len(found)
    assert len({repr(document) for document in valid}) >= 5


def test_what_lies_on_a_limit_is_drawn() -> None:
    found = drawn(TRACK, 200)
    assert {len(track["title"]) for track in found} >= {1, 80}
    assert {"tags" in track for track in found} == {True, False}


def test_a_limit_of_draft_4() -> None:
    schema: dict[str, Any] = {
        "type": "integer",
        "minimum": 3,
        "exclusiveMinimum": True,
        "maximum": 5,
    }
    schema["$schema"] = "http://json-schema.org/draft-04/schema#"
    assert set(drawn(schema)) == {4, 5}
    assert Draft4Validator(schema).is_valid(4)


def test_the_names_and_limits_of_another_schema_are_drawn() -> None:
    other = Files("b.json", lambda _: TRACK)
    mine = Files("a.json", lambda _: {"type": "object"})
    found = drawn_from(documents(mine, hints_of(other)), 300)
    names = {name for document in found for name in document}
    assert names >= {"title", "year", "tags"}


def test_arguments_have_the_names_of_the_schema_alone_unless_any_may_be_given() -> None:
    files = Files("a.json", lambda _: {"properties": {"a": {"type": "null"}}})
    for is_open in (False, True):
        found = drawn_from(arguments(files, is_open), 50)
        assert any(set(one) - {"a"} for one in found) == is_open
        assert {"a" in one for one in found} == {True, False}
