"""JSON documents that a schema accepts, drawn by Hypothesis.

The strategies know the common core of the drafts 4 to 2020-12. What they do not know they pass
over, so a document that was drawn is asked for with the validator before it counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from .document_hints import NO_HINTS, Hints
from .document_numbers import floats, integers_of, numbers_of
from .document_texts import by_pattern, finds, text, texts_of
from .schema_parts import TYPES, both, count_of, names_of
from .schema_references import Files

Strategy = st.SearchStrategy[Any]
Draw = Callable[[Strategy], Any]
_OF_TYPE = {
    "object": (
        *("properties", "required", "additionalProperties", "patternProperties"),
        *("propertyNames", "minProperties", "maxProperties", "dependentRequired"),
    ),
    "array": (
        *("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"),
        *("contains", "minContains", "maxContains"),
    ),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_DEEPEST = 40
"""How often a schema is looked into before it counts as one without an end."""
_INSIDE = 2
"""Within so many references a document is as small as its schema allows."""
_MOST_ITEMS = 60
"""A list as long as a schema allows is drawn up to this."""


@dataclass
class _Builder:
    files: Files
    hints: Hints
    referred: dict[str, Strategy] = field(default_factory=dict)
    deep: int = 0
    inside: int = 0
    """Within how many references a document is being drawn: deep inside it is kept small, so
    that a schema which refers to itself comes to an end."""


def documents(files: Files, hints: Hints = NO_HINTS) -> Strategy:
    """Documents of the schema that the files begin with."""
    return _of(files.first, _Builder(files, hints))


def arguments(files: Files, is_open: bool) -> Strategy:
    """Objects of the schema, as arguments by name: names that it does not list are drawn only if
    the function is open to any."""
    builder = _Builder(files, NO_HINTS)
    schema = _resolved(files.first, builder)
    if schema is True:
        schema = {}
    if not isinstance(schema, Mapping):
        return st.nothing()
    closed = {} if is_open else {"additionalProperties": False}
    return _of({**schema, "type": "object", **closed}, builder)


# --- schemas ------------------------------------------------------------------------------


def _of(schema: Any, builder: _Builder) -> Strategy:
    if schema is True or schema == {}:
        return _anything()
    if not isinstance(schema, Mapping):
        return st.nothing()
    if builder.deep > _DEEPEST:
        return _anything()
    builder.deep += 1
    try:
        return _of_mapping(schema, builder)
    finally:
        builder.deep -= 1


def _of_mapping(schema: Mapping[str, Any], builder: _Builder) -> Strategy:
    reference = schema.get("$ref")
    if isinstance(reference, str) and builder.files.asserts_alone(schema, "$ref"):
        return _referred(reference, builder)
    schema = _resolved(schema, builder)
    if not isinstance(schema, Mapping):
        return _of(schema, builder)
    if "const" in schema:
        return st.just(schema["const"])
    if isinstance(schema.get("enum"), list):
        return st.sampled_from(schema["enum"]) if schema["enum"] else st.nothing()
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            rest = {k: v for k, v in schema.items() if k != key}
            return st.one_of([_of(_joined(rest, one, builder), builder) for one in schema[key]])
    if "if" in schema:
        rest = {k: v for k, v in schema.items() if k not in ("if", "then", "else")}
        then = _joined(_joined(rest, schema["if"], builder), schema.get("then", True), builder)
        other = _joined(rest, schema.get("else", True), builder)
        return st.one_of(_of(then, builder), _of(other, builder))
    return st.one_of([_of_type(name, schema, builder) for name in _types(schema)])


def _referred(reference: str, builder: _Builder) -> Strategy:
    if reference in builder.referred:
        return builder.referred[reference]

    def target() -> Strategy:
        before, builder.deep = builder.deep, 0
        try:
            return _of(builder.files.target(reference), builder)
        finally:
            builder.deep = before

    made = st.deferred(target)

    @st.composite
    def inside(draw: Draw) -> Any:
        builder.inside += 1
        try:
            return draw(made)
        finally:
            builder.inside -= 1

    # Known before it is made, since a schema may refer to itself.
    builder.referred[reference] = inside()
    return builder.referred[reference]


def _resolved(schema: Any, builder: _Builder) -> Any:
    """The schema without `$ref` and `allOf` at its top: one set of keywords for all of them."""
    for _ in range(_DEEPEST):
        if not isinstance(schema, Mapping):
            return schema
        if isinstance(reference := schema.get("$ref"), str):
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            if builder.files.ignores_beside_references(schema):
                rest = {}
            schema = _merged(rest, builder.files.target(reference))
        elif isinstance(parts := schema.get("allOf"), list):
            merged: Any = {key: value for key, value in schema.items() if key != "allOf"}
            for part in parts:
                merged = _merged(merged, part)
            schema = merged
        else:
            return schema
    return {}


def _joined(one: Any, other: Any, builder: _Builder) -> Any:
    return _merged(_resolved(one, builder), _resolved(other, builder))


def _merged(one: Any, other: Any) -> Any:
    """Both together, as far as one set of keywords can say it: what cannot be said is left to
    the validator."""
    if one is False or other is False:
        return False
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return other if one is True or not isinstance(one, Mapping) else one
    made = dict(one)
    for key, value in other.items():
        if key not in made:
            made[key] = value
        elif made[key] != value:
            made[key] = both(key, made[key], value)
    return made


def _types(schema: Mapping[str, Any]) -> Sequence[str]:
    """The types that it allows: those that it says something of come first, since Hypothesis
    shrinks to these."""
    if "type" in schema:
        return [name for name in names_of(schema["type"]) if name in TYPES]
    named = [name for name, keys in _OF_TYPE.items() if any(key in schema for key in keys)]
    return [*named, *(name for name in TYPES if name not in named)]


def _of_type(name: str, schema: Mapping[str, Any], builder: _Builder) -> Strategy:
    makers: dict[str, Callable[[Mapping[str, Any], _Builder], Strategy]] = {
        "object": _object,
        "array": _array,
    }
    if name in makers:
        return makers[name](schema, builder)
    of_hints: dict[str, Callable[[Mapping[str, Any], Hints], Strategy]] = {
        "string": texts_of,
        "integer": integers_of,
        "number": numbers_of,
    }
    if name in of_hints:
        return of_hints[name](schema, builder.hints)
    return st.booleans() if name == "boolean" else st.none()


def _anything() -> Strategy:
    simple = st.none() | st.booleans() | st.integers() | floats() | text()
    return st.recursive(
        simple,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text(), inner, max_size=3),
        max_leaves=5,
    )


def _array(schema: Mapping[str, Any], builder: _Builder) -> Strategy:
    items = schema.get("items", True)
    prefix = schema.get("prefixItems", [])
    if isinstance(items, list):  # as the drafts before 2020-12 say it
        prefix, items = items, schema.get("additionalItems", True)
    fewest = count_of(schema, "minItems", 0)
    most = count_of(schema, "maxItems", None)
    if most is not None and most < fewest:
        return st.nothing()
    first = [_of(one, builder) for one in prefix]
    rest = st.nothing() if items is False else _of(items, builder)
    inner = None if "contains" not in schema else _of(schema["contains"], builder)
    needed = count_of(schema, "minContains", 1) if inner is not None else 0
    is_unique = schema.get("uniqueItems") is True
    sizes = [s for s in {*builder.hints.sizes, most} - {None} if fewest <= s <= _MOST_ITEMS]

    @st.composite
    def lists(draw: Draw) -> list[Any]:
        few = fewest + (2 if builder.inside else 5)
        usual = st.integers(fewest, few if most is None else min(most, few))
        fitting = [s for s in sizes if most is None or s <= most]
        size = draw(st.one_of(usual, st.sampled_from(fitting)) if fitting else usual)
        # No more than there are, where none may follow.
        size = size if items is not False else max(min(size, len(first)), fewest)
        size = fewest if builder.inside > _INSIDE else size
        made = [draw(one) for one in first[:size]]
        count = size - len(made)
        if count > 0 and rest.is_empty:
            reject()
        if count > 0:
            by = _canonical if is_unique else None
            made.extend(draw(st.lists(rest, min_size=count, max_size=count, unique_by=by)))
        if inner is not None:
            for number in range(needed):
                at = max(len(first), 0) + number
                made[at : at + 1] = [draw(inner)]
        return made

    return lists()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _object(schema: Mapping[str, Any], builder: _Builder) -> Strategy:
    found = schema.get("properties")
    listed: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    required = [str(n) for n in schema.get("required", ()) if isinstance(n, str)]
    others = schema.get("additionalProperties", True)
    by_pattern = schema.get("patternProperties")
    patterns: Mapping[str, Any] = by_pattern if isinstance(by_pattern, Mapping) else {}
    fewest = count_of(schema, "minProperties", 0)
    most = count_of(schema, "maxProperties", None)

    def value_of(name: str) -> Strategy:
        parts = [one for pattern, one in patterns.items() if finds(pattern, name)]
        if name in listed:
            parts.append(listed[name])
        elif not parts:
            parts.append(others)
        return _of(parts[0] if len(parts) == 1 else {"allOf": parts}, builder)

    needs = {name: value_of(name) for name in required}
    may = {name: value_of(name) for name in listed if name not in needs}
    may = {name: one for name, one in may.items() if not one.is_empty}
    names = _extra_names(schema, patterns, others, builder)

    @st.composite
    def objects(draw: Draw) -> dict[str, Any]:
        made = {name: draw(one) for name, one in needs.items()}
        is_small = builder.inside > _INSIDE
        for name, one in may.items() if not is_small else ():
            if (most is None or len(made) < most) and draw(st.booleans()):
                made[name] = draw(one)
        left = [name for name in may if name not in made]
        while len(made) < fewest and left:
            name = left.pop(0)
            made[name] = draw(may[name])
        if names is None or (is_small and len(made) >= fewest):
            return made
        room = 2 if most is None else max(0, min(2, most - len(made)))
        lacking = max(0, fewest - len(made))
        if lacking and names.is_empty:
            reject()
        drawn = st.lists(names, unique=True, min_size=lacking, max_size=max(room, lacking))
        for name in draw(drawn):
            if name not in made and name not in listed:
                made[name] = draw(value_of(name))
        for name, more in _dependents(schema).items():
            for other in more if name in made else ():
                if other not in made:
                    made[other] = draw(value_of(other))
        return made

    return objects()


def _extra_names(
    schema: Mapping[str, Any], patterns: Mapping[str, Any], others: Any, builder: _Builder
) -> Strategy | None:
    """Names that it does not list; None where there are none."""
    found: list[Strategy] = []
    for pattern in patterns:
        found.append(by_pattern(pattern))
    if others is not False:
        asked = schema.get("propertyNames", True)
        named = isinstance(asked, Mapping)
        found.append(_of({"type": "string", **asked}, builder) if named else text())
        if builder.hints.names:
            found.insert(0, st.sampled_from(builder.hints.names))
    return st.one_of(found) if found else None


def _dependents(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {}
    for key in ("dependentRequired", "dependencies"):
        listed = schema.get(key)
        for name, more in listed.items() if isinstance(listed, Mapping) else ():
            if isinstance(more, list):
                found[name] = [str(one) for one in more]
    return found
