"""Whether one schema accepts all that another accepts: what is said to be so, is so."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pytest_specgates.measure.document_hints import hints_of
from pytest_specgates.measure.documents import documents
from pytest_specgates.measure.schema_references import Files
from pytest_specgates.measure.schema_within import not_within


def files(schema: Any) -> Files:
    return Files("a.json", lambda _: schema)


_NAMES = ("a", "b", "x-c")
_small = st.integers(0, 3)


def _schemas() -> st.SearchStrategy[Any]:
    """Schemas of few names and small limits, so that two of them meet."""

    def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        some = st.dictionaries(st.sampled_from(_NAMES), inner, max_size=2)
        parts = st.lists(inner, min_size=1, max_size=2)
        keywords = {
            "type": st.sampled_from(
                ["object", "array", "integer", "number", "string", ["string", "null"], "boolean"]
            ),
            "properties": some,
            "patternProperties": st.dictionaries(st.sampled_from(["^x-", "a"]), inner, max_size=1),
            "additionalProperties": inner,
            "required": st.lists(st.sampled_from(_NAMES), max_size=2, unique=True),
            "minProperties": _small,
            "maxProperties": _small,
            "propertyNames": st.just({"maxLength": 2}),
            "items": inner,
            "prefixItems": parts,
            "minItems": _small,
            "maxItems": _small,
            "contains": inner,
            "minContains": _small,
            "uniqueItems": st.booleans(),
            "minimum": _small,
            "maximum": _small,
            "exclusiveMinimum": _small,
            "multipleOf": st.sampled_from([1, 2, 3]),
            "minLength": _small,
            "maxLength": _small,
            "pattern": st.sampled_from(["a", "^b"]),
            "enum": st.lists(st.sampled_from([None, True, 0, 1, 2.5, "a", "bb", []]), max_size=3),
            "const": st.sampled_from([0, 1, "a", None, False]),
            "allOf": parts,
            "anyOf": parts,
            "oneOf": parts,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "$ref": st.just("#/$defs/d"),
        }
        chosen = st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True)
        return chosen.flatmap(
            lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
        )

    return st.recursive(st.booleans(), deeper, max_leaves=6)


@st.composite
def _pairs(draw: Any) -> tuple[Any, Any]:
    """A schema and another that is not far from it."""
    one = draw(_schemas())
    if not isinstance(one, dict):
        return one, draw(_schemas())
    other = json.loads(json.dumps(one))
    more = draw(_schemas())
    for key in draw(st.lists(st.sampled_from(sorted(one)), max_size=2)) if one else ():
        other.pop(key, None)
    if isinstance(more, dict):
        other.update(more)
    part = draw(_schemas())
    changed = draw(_schemas())
    return {**one, "$defs": {"d": part}}, {
        **other,
        "$defs": {"d": draw(st.sampled_from((part, changed)))},
    }


def _is_valid(schema: Any, document: Any) -> bool:
    return Draft202012Validator(schema).is_valid(document)


def _refers_to_itself(schema: Any) -> bool:
    return isinstance(schema, dict) and "$ref" in json.dumps(schema.get("$defs", {}))


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(_pairs(), st.data())
def test_what_is_within_refuses_no_document(pair: tuple[Any, Any], data: st.DataObject) -> None:
    one, other = pair
    if _refers_to_itself(one) or _refers_to_itself(other):
        return
    if not_within(files(one), files(other)):
        return
    drawn = documents(files(one), hints_of(files(other)))
    if drawn.is_empty:
        return
    for _ in range(5):
        document = data.draw(drawn)
        if _is_valid(one, document):
            assert _is_valid(other, document), document
