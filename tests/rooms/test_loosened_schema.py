"""JSON Schemas of two states: what more is valid now."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.judge.loosened_schema import loosened


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"required": ["a", "b"]}, {"required": ["a"]}, ["/required is"]),
        ({"required": ["a"]}, {}, ["/required is gone"]),
        (
            {"properties": {"a": {"minimum": 3}}},
            {"properties": {"a": {"minimum": 1}}},
            ["/minimum"],
        ),
        ({"properties": {"a": {"type": "integer"}}}, {"properties": {}}, ["/properties/a is gone"]),
        ({"type": "integer"}, {"type": "number"}, ["/type is number"]),
        ({"type": "integer"}, {"type": ["integer", "null"]}, ["/type"]),
        ({"enum": [1, 2]}, {"enum": [1, 2, 3]}, ["/enum"]),
        ({"pattern": "^a"}, {"pattern": "a"}, ["/pattern"]),
        ({"additionalProperties": False}, {"additionalProperties": True}, ["/additional"]),
        (
            {"additionalProperties": False, "properties": {}},
            {"additionalProperties": False, "properties": {"b": {}}},
            ["/properties/b is allowed now"],
        ),
        ({"items": {"maxLength": 3}}, {"items": {"maxLength": 4}}, ["/items/maxLength"]),
        (
            {"allOf": [{"type": "object"}, {"required": ["a"]}]},
            {"allOf": [{"type": "object"}]},
            ["/allOf"],
        ),
        ({"$ref": "a.json"}, {"$ref": "b.json"}, ["/$ref"]),
        ({"format": "date"}, {}, ["/format is gone"]),
        (False, {}, ["is {} now"]),
        ({"type": "object"}, True, ["is True now"]),
    ],
)
def test_looser(old: Any, new: Any, told: list[str]) -> None:
    found = list(loosened(old, new))
    assert len(found) == len(told)
    assert all(part in line for part, line in zip(told, found, strict=True)), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "number"}, {"type": "integer"}),
        ({"minimum": 1}, {"minimum": 3, "maximum": 9}),
        ({"required": ["a"]}, {"required": ["b", "a"]}),
        ({"title": "x"}, {"title": "y", "description": "z"}),
        ({"enum": [1, 2]}, {"enum": [2]}),
        ({}, {"type": "object"}),
        (True, {"type": "object"}),
        ({"properties": {}}, {"properties": {"a": {"type": "string"}}}),
        ({"type": "object"}, False),
        ({"$defs": {"a": {}}}, {"$defs": {}}),
    ],
)
def test_as_strict_or_stricter(old: Any, new: Any) -> None:
    assert list(loosened(old, new)) == []


SCALARS = st.sampled_from([None, True, 0, 1, 2, 5, 1.5, "", "a", "abc"])
RECORDS = st.one_of(
    SCALARS,
    st.dictionaries(st.sampled_from("ab"), SCALARS, max_size=2),
    st.lists(SCALARS, max_size=3),
)
TYPES = st.sampled_from(["object", "array", "integer", "number", "string", "null", "boolean"])
SIMPLE = st.fixed_dictionaries(
    {},
    optional={
        "type": st.one_of(TYPES, st.lists(TYPES, min_size=1, max_size=3, unique=True)),
        "minimum": st.integers(0, 3),
        "maximum": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "minItems": st.integers(0, 3),
        "enum": st.lists(st.sampled_from([0, 1, "a", None]), min_size=1, max_size=3, unique=True),
    },
)
SCHEMAS = st.one_of(
    st.booleans(),
    SIMPLE,
    st.fixed_dictionaries(
        {"properties": st.dictionaries(st.sampled_from("ab"), SIMPLE, max_size=2)},
        optional={
            "required": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
            "additionalProperties": st.one_of(st.booleans(), SIMPLE),
            "items": SIMPLE,
            "anyOf": st.lists(SIMPLE, min_size=1, max_size=2),
            "not": SIMPLE,
        },
    ),
)


def changed(old: Any, new: Any) -> Any:
    """A schema that has some of both, so that it is often close to the old one."""
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new


PAIRS = st.tuples(SCHEMAS, SCHEMAS).map(lambda pair: (pair[0], changed(*pair)))


@settings(max_examples=1500, deadline=None)
@given(PAIRS, st.lists(RECORDS, min_size=5, max_size=20))
def test_what_is_called_no_looser_lets_no_record_pass_that_was_refused(
    pair: tuple[Any, Any], records: list[Any]
) -> None:
    old, new = pair
    if list(loosened(old, new)):
        return
    before, after = jsonschema.Draft202012Validator(old), jsonschema.Draft202012Validator(new)
    for record in records:
        assert before.is_valid(record) or not after.is_valid(record), record
