"""JSON Schemas of two states: what more is valid now."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.judge.loosened_schema import loosened
from pytest_specgates.judge.turned_schema import turned_parts


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
        (
            {"additionalProperties": False},
            {"additionalProperties": False, "patternProperties": {"^x": {}}},
            ["/patternProperties/^x is allowed now"],
        ),
        (
            {"additionalProperties": {"type": "string"}, "patternProperties": {"^a/": {}}},
            {
                "additionalProperties": {"type": "string"},
                "patternProperties": {"^a/": {}, "^b/": {"maxLength": 3}},
            },
            ["/patternProperties/^b~1/type is gone"],
        ),
        (
            {"unevaluatedProperties": False},
            {"unevaluatedProperties": False, "patternProperties": {"^x": {"type": "null"}}},
            ["/patternProperties/^x is allowed now"],
        ),
        (
            {"unevaluatedProperties": False},
            {"unevaluatedProperties": False, "additionalProperties": {"type": "null"}},
            ["/additionalProperties is allowed now"],
        ),
        (
            {"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]},
            {"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}, "b": {}}}]},
            ["/allOf is another, beside unevaluatedProperties"],
        ),
        (
            {"unevaluatedProperties": False},
            {"unevaluatedProperties": False, "anyOf": [{"properties": {"b": {}}}]},
            ["/anyOf is another, beside unevaluatedProperties"],
        ),
        (
            {"items": {"type": "string"}},
            {"items": {"type": "string"}, "prefixItems": [{"type": ["string", "null"]}]},
            ["/prefixItems/0/type is"],
        ),
        (
            {"items": False, "prefixItems": [True]},
            {"items": False, "prefixItems": [True, {"type": "null"}]},
            ["/prefixItems/1 is allowed now"],
        ),
        (
            {"unevaluatedItems": False},
            {"unevaluatedItems": False, "prefixItems": [{}], "items": {"type": "null"}},
            ["/prefixItems/0 is allowed now", "/items is allowed now"],
        ),
        (
            {"unevaluatedItems": False},
            {"unevaluatedItems": False, "contains": {}},
            ["/contains is another, beside unevaluatedItems"],
        ),
        (
            {"contains": {}},
            {"contains": {}, "minContains": 0},
            ["/minContains is 0, on the base 1"],
        ),
        (
            {"contains": {}, "minContains": 3},
            {"contains": {}},
            ["/minContains is 1, on the base 3"],
        ),
        (
            {"contains": {"type": "number"}, "maxContains": 1},
            {"contains": {"type": "integer"}, "maxContains": 1},
            ["/contains is narrower, and fewer items count for maxContains"],
        ),
        (
            {"not": {"type": "number"}},
            {"not": {"type": "integer"}},
            ["/not refuses less: /not/type is number, there integer"],
        ),
        (
            {"not": {"required": ["a"]}},
            {"not": {"required": ["a"], "properties": {"a": {"type": "null"}}}},
            ["/not refuses less"],
        ),
        (
            {"not": {"not": {"maxLength": 3}}},
            {"not": {"not": {"maxLength": 4}}},
            ["/not refuses less"],
        ),
        ({"exclusiveMaximum": True}, {"exclusiveMaximum": False}, ["/exclusiveMaximum is False"]),
        ({"enum": ["number"]}, {"enum": ["number", "integer"]}, ["/enum is"]),
        ({"const": 1}, {"const": True}, ["/const is True"]),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#", "type": "string"},
            {"$schema": "http://json-schema.org/draft-07/schema", "type": "string", "$ref": "#/a"},
            ["/$ref is new, and nothing beside it counts"],
        ),
        (
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "minContains": 1},
            {"$schema": "http://json-schema.org/draft-07/schema#", "minContains": 1},
            ["/$schema is"],
        ),
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
        ({"not": {"type": "integer"}}, {"not": {"type": ["integer", "string"]}}),
        ({"not": {"type": "integer"}}, {"not": {"type": "integer", "title": "x"}}),
        ({"contains": {}}, {"contains": {}, "minContains": 2}),
        ({"contains": {}, "minContains": 0}, {"contains": {}}),
        ({"items": {"type": "number"}}, {"items": {"type": "number"}, "prefixItems": [False]}),
        ({"prefixItems": [True]}, {"prefixItems": [True, {"type": "null"}], "items": False}),
        (
            {"additionalProperties": {"type": "number"}},
            {
                "additionalProperties": {"type": "number"},
                "patternProperties": {"^a": {"type": "integer"}},
            },
        ),
        (
            {"additionalProperties": False, "patternProperties": {"^a": {}}},
            {
                "additionalProperties": False,
                "patternProperties": {"^a": {}},
                "properties": {"ab": {"type": "null"}},
            },
        ),
        ({"exclusiveMaximum": False}, {"exclusiveMaximum": True}),
        ({"type": "string", "nullable": True}, {"type": "string"}),
        ({"title": "x"}, {"$ref": "#/$defs/a"}),
        ({"type": "string"}, {"type": "string", "$ref": "#/$defs/a"}),
        ({}, {"$schema": "https://json-schema.org/draft/2020-12/schema"}),
    ],
)
def test_as_strict_or_stricter(old: Any, new: Any) -> None:
    assert list(loosened(old, new)) == []


TURNED = [
    {"not": {"$ref": "#/$defs/a"}},
    {"if": {"$ref": "#/$defs/a"}, "then": False},
    {"oneOf": [{"$ref": "#/$defs/a"}, {"type": "number"}]},
    {"contains": {"$ref": "#/$defs/a"}, "maxContains": 1, "minContains": 0},
    {"properties": {"not": {"not": {"$ref": "#/$defs/a"}}}},
    {"not": {"$ref": "#/$defs/b"}, "$defs": {"b": {"items": {"$ref": "#/$defs/a"}}}},
    {"not": {"$ref": "#here"}},
    {"allOf": [{"$ref": "#/$defs/a"}], "unevaluatedProperties": False},
    {"$ref": "#/$defs/a", "unevaluatedProperties": False},
    {"not": {"$ref": "s.json#/$defs/a"}},
    {"not": {"$ref": "https://example.org/s.json#/$defs/a"}},
]


@pytest.mark.parametrize("schema", TURNED)
def test_a_narrower_part_lets_more_pass_where_it_is_turned(schema: Any) -> None:
    part: Any = {"$anchor": "here", "properties": {"x": {}}}
    narrow = {**part, "properties": {"x": {"type": "integer"}}}
    own = {"$id": "https://example.org/s.json", **schema}
    old = {**own, "$defs": {**schema.get("$defs", {}), "a": part}}
    new = {**own, "$defs": {**schema.get("$defs", {}), "a": narrow}}
    (told,) = loosened(old, new, turned=turned_parts({"s.json": old})["s.json"])
    assert told.startswith("/$defs/a is narrower, and is referred to where that lets more pass")
    wide = list(loosened(new, old, turned=turned_parts({"s.json": new})["s.json"]))
    assert wide == ["/$defs/a/properties/x/type is gone"]
    assert list(loosened(old, old, turned=turned_parts({"s.json": old})["s.json"])) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a"},
        {"properties": {"not": {"$ref": "#/$defs/a"}}},
        {"anyOf": [{"$ref": "#/$defs/a"}]},
        {"contains": {"$ref": "#/$defs/a"}},
        {"const": {"not": {"$ref": "#/$defs/a"}}},
        {"not": {"$ref": "#/$defs/other"}},
    ],
)
def test_a_part_that_is_not_turned_may_be_narrower(schema: Any) -> None:
    old = {**schema, "$defs": {"a": {}}}
    new = {**schema, "$defs": {"a": {"type": "integer"}}}
    assert list(loosened(old, new, turned=turned_parts({"s.json": old})["s.json"])) == []


def test_a_part_is_turned_by_another_file() -> None:
    documents = {
        "a/s.json": {"not": {"$ref": "../b/t.json#/$defs/x~1y"}},
        "b/t.json": {"$defs": {"x/y": {"$ref": "u.json"}}},
        "b/u.json": {"type": "integer"},
    }
    assert turned_parts(documents) == {
        "a/s.json": frozenset(),
        "b/t.json": {"/$defs/x~1y"},
        "b/u.json": {""},
    }


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
DEEPER = st.one_of(
    st.booleans(), SIMPLE, SIMPLE.map(lambda one: {"not": one}), st.just({"$ref": "#/$defs/d"})
)
INNER = st.one_of(
    DEEPER,
    st.fixed_dictionaries(
        {"properties": st.dictionaries(st.sampled_from("ab"), DEEPER, max_size=2)}
    ),
    st.fixed_dictionaries({"prefixItems": st.lists(DEEPER, max_size=2)}),
)
PARTS: dict[str, Any] = {
    "properties": st.dictionaries(st.sampled_from("ab"), INNER, max_size=2),
    "patternProperties": st.dictionaries(st.sampled_from(["^a", "b", "."]), INNER, max_size=2),
    "additionalProperties": INNER,
    "required": st.lists(st.sampled_from("ab"), max_size=2, unique=True),
    "items": INNER,
    "prefixItems": st.lists(INNER, max_size=3),
    "contains": INNER,
    "minContains": st.integers(0, 2),
    "maxContains": st.integers(0, 2),
    "anyOf": st.lists(INNER, min_size=1, max_size=2),
    "allOf": st.lists(INNER, min_size=1, max_size=2),
    "oneOf": st.lists(INNER, min_size=1, max_size=2),
    "not": INNER,
    "if": INNER,
    "then": INNER,
    "else": INNER,
    "unevaluatedProperties": st.one_of(st.booleans(), SIMPLE),
    "unevaluatedItems": st.one_of(st.booleans(), SIMPLE),
}


@st.composite
def schemas(draw: Any) -> Any:
    keys = draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=4, unique=True))
    made = {key: draw(PARTS[key]) for key in keys}
    return {"$defs": {"d": draw(SIMPLE)}, **made, **draw(st.one_of(st.just({}), SIMPLE))}


SCHEMAS = st.one_of(st.booleans(), schemas())


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
    if list(loosened(old, new, turned=turned_parts({"s": old})["s"])):
        return
    before, after = jsonschema.Draft202012Validator(old), jsonschema.Draft202012Validator(new)
    for record in records:
        assert before.is_valid(record) or not after.is_valid(record), record
