"""Whether all that one schema accepts is accepted by another, as far as reading shows it.

What is found to be within is so for every document. What is not may be so all the same: a
drawn document that one accepts and the other refuses is what shows that it is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..json_schema import is_number
from .schema_parts import both, limits_of, types_of
from .schema_references import Files
from .schemas import ASSERTIONS

_OF_OBJECTS = frozenset(
    (
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
        *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
    )
)
_OF_LISTS = frozenset(
    (
        *("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems"),
        *("contains", "minContains", "maxContains"),
    )
)
_OF_TEXTS = frozenset(("minLength", "maxLength", "pattern"))
_OF_NUMBERS = frozenset(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
)
_LEAST = frozenset(("minLength", "minItems", "minProperties"))
_MOST = frozenset(("maxLength", "maxItems", "maxProperties"))
_DEEPEST = 60


@dataclass
class _Pair:
    narrow: Files
    wide: Files
    known: set[tuple[str, str]] = field(default_factory=set)


def not_within(narrow: Files, wide: Files) -> list[str]:
    """Where the wide schema may refuse what the narrow one accepts: pointers into the wide one,
    with what it says there. Empty where it accepts all of it for certain."""
    if _text(list(narrow.all())) == _text(list(wide.all())):
        return []
    for files in (narrow, wide):
        if not files.can_be_followed:
            return ["/: it refers to what is not looked into"]
    if narrow.draft != wide.draft:
        return [f"/$schema: {wide.draft or 'none'}, and {narrow.draft or 'none'}"]
    return list(dict.fromkeys(_within(narrow.first, wide.first, "", _Pair(narrow, wide), 0)))


def _within(one: Any, other: Any, at: str, pair: _Pair, deep: int) -> Iterator[str]:
    if deep > _DEEPEST:
        yield f"{at or '/'}: nested too deeply to be compared"
        return
    # What refers to itself is within where all the rest is.
    key = (_text(one), _text(other))
    if key in pair.known:
        return
    pair.known.add(key)
    if key[0] == key[1] and "$ref" not in key[0] and 'Ref"' not in key[0]:
        return
    if isinstance(other, Mapping) and "$ref" in other:
        target = pair.wide.target(str(other["$ref"]))
        yield from _within(one, target, at, pair, deep + 1)
        if pair.wide.ignores_beside_references(other):
            return
        other = {key: value for key, value in other.items() if key != "$ref"}
    one = _flat(one, pair.narrow)
    if one is False or other is True:
        return
    if not isinstance(other, Mapping):
        yield f"{at or '/'}: {_shown(other)}"
        return
    one = {} if one is True else one
    if not isinstance(one, Mapping):
        yield f"{at or '/'}: {_shown(one)} is no schema"
        return
    for choice in ("anyOf", "oneOf"):
        if isinstance(one.get(choice), list) and not _same(one, other, choice):
            rest = {key: value for key, value in one.items() if key != choice}
            for part in one[choice]:
                yield from _within({"allOf": [rest, part]}, other, at, pair, deep + 1)
            return
    types = set(types_of(one))
    for key, value in other.items():
        if key in ASSERTIONS and not _is_of_no_type(key, types) and not _same(one, other, key):
            yield from _keyword(key, value, one, other, f"{at}/{key}", pair, deep)


def _text(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True, default=str)


def _same(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    """Whether both say the same with a keyword, and it means the same alone."""
    if key in _TOGETHER or _text(one.get(key)) != _text(other.get(key)) or key not in one:
        return False
    # What a reference names may differ although its text does not.
    return "$ref" not in _text(other[key]) and "$dynamicRef" not in _text(other[key])


_TOGETHER = frozenset(
    (
        *("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items"),
        *("additionalItems", "contains", "if", "then", "else", "$dynamicRef", "$recursiveRef"),
    )
)
"""Keywords that mean something by what stands beside them, or are looked at anyway."""


def _is_of_no_type(key: str, types: set[str]) -> bool:
    """Whether a keyword says something of types only that there are none of."""
    return any(
        key in keys and not types & names
        for keys, names in (
            (_OF_OBJECTS, {"object"}),
            (_OF_LISTS, {"array"}),
            (_OF_TEXTS, {"string"}),
            (_OF_NUMBERS, {"integer", "number"}),
        )
    )


def _flat(schema: Any, files: Files) -> Any:
    """The schema without `$ref` and `allOf` at its top. What cannot be said by one set of
    keywords is left out, so that it may accept more, and never less."""
    for _ in range(_DEEPEST):
        if not isinstance(schema, Mapping):
            return schema
        if isinstance(schema.get("$ref"), str):
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            if files.ignores_beside_references(schema):
                rest = {}
            schema = _conjoined(rest, files.target(schema["$ref"]))
        elif isinstance(schema.get("allOf"), list):
            made: Any = {key: value for key, value in schema.items() if key != "allOf"}
            for part in schema["allOf"]:
                made = _conjoined(made, part)
            schema = made
        else:
            return schema
    return {}


def _conjoined(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return other if one is True else one
    if not one or not other:
        return one or other
    if any(isinstance(each.get(key), bool) for each in (one, other) for key in _EXCLUSIVE):
        # Of draft 4: whether a limit itself is left out is said of the limit beside it.
        dropped = _OF_NUMBERS if one.keys() & _OF_NUMBERS else frozenset()
        other = {key: value for key, value in other.items() if key not in dropped}
    shared = {key for key in one.keys() & other.keys() if key in ASSERTIONS}
    tied = [keys for keys in _TIED if keys & one.keys() and keys & other.keys()]
    made = {**other, **one}
    for key in shared:
        if one[key] != other[key]:
            made[key] = both(key, one[key], other[key])
    for keys in tied:
        # Each is read with the others of its own schema: only those of the first stay.
        for key in keys - {"properties"}:
            made.pop(key, None)
            if key in one:
                made[key] = one[key]
        if "properties" in keys and {**one, **other}.get("additionalProperties", True) is not True:
            made["properties"] = one.get("properties", {})
    return made


_EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")
_TIED = (
    frozenset(("properties", "patternProperties", "additionalProperties")),
    frozenset(("items", "prefixItems", "additionalItems")),
    frozenset(("contains", "minContains", "maxContains")),
    frozenset(("if", "then", "else")),
)


def _keyword(
    key: str,
    value: Any,
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    at: str,
    pair: _Pair,
    deep: int,
) -> Iterator[str]:
    """Where a keyword of the wide schema may refuse what the narrow one accepts."""
    if key in _PARTS:
        yield from _PARTS[key](one, other, at.rpartition("/")[0], pair, deep)
    elif key == "allOf" and isinstance(value, list):
        for number, part in enumerate(value):
            yield from _within(one, part, f"{at}/{number}", pair, deep + 1)
    elif key == "anyOf" and isinstance(value, list):
        ways = [list(_within(one, part, at, _fresh(pair), deep + 1)) for part in value]
        if all(ways):
            yield f"{at}: no part of it accepts all that is asked"
    elif key == "not" and "not" in one:
        # What is refused by both turns round: the wide one has to refuse less.
        turned = _Pair(pair.wide, pair.narrow)
        if list(_within(value, one["not"], at, turned, deep + 1)):
            yield f"{at}: {_shown(value)}"
    elif key == "propertyNames":
        yield from _within(one.get(key, True), value, at, pair, deep + 1)
    elif not _is_no_stricter(key, value, one, other):
        yield f"{at}: {_shown(value)}{_instead(key, one)}"


def _fresh(pair: _Pair) -> _Pair:
    return _Pair(pair.narrow, pair.wide, set(pair.known))


def _instead(key: str, one: Mapping[str, Any]) -> str:
    return f", and not {_shown(one[key])}" if key in one else ", and not there"


def _is_no_stricter(key: str, value: Any, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    before = one.get(key)
    if key == "type":
        allowed = set(types_of(other))
        allowed |= {"integer"} if "number" in allowed else set()
        return set(types_of(one)) <= allowed
    if key in ("enum", "const"):
        allowed_values = [value] if key == "const" else list(value)
        given = [one["const"]] if "const" in one else one.get("enum")
        texts = {_text(each) for each in allowed_values}
        return isinstance(given, list) and all(_text(each) in texts for each in given)
    if key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        return _is_no_closer(one, other, key.endswith("inimum"))
    if key == "required" and isinstance(value, list):
        return set(value) <= set(one.get("required", ()))
    if key in _LEAST:
        return bool(value <= (before if is_number(before) else 0))
    if key in _MOST:
        return is_number(before) and bool(before <= value)
    if key == "uniqueItems":
        return value is False or before is True
    if key == "multipleOf" and is_number(before) and isinstance(value, int):
        return isinstance(before, int) and before % value == 0
    return False


def _is_no_closer(one: Mapping[str, Any], other: Mapping[str, Any], is_low: bool) -> bool:
    """Whether the limit of the wide schema leaves out nothing within that of the narrow one."""
    low, low_out, high, high_out = limits_of(other)
    its_low, its_low_out, its_high, its_high_out = limits_of(one)
    if is_low:
        return low is None or (
            its_low is not None
            and (its_low > low or (its_low == low and (its_low_out or not low_out)))
        )
    return high is None or (
        its_high is not None
        and (its_high < high or (its_high == high and (its_high_out or not high_out)))
    )


def _objects(
    one: Mapping[str, Any], other: Mapping[str, Any], at: str, pair: _Pair, deep: int
) -> Iterator[str]:
    """The properties: each name that there may be, by what both say of it."""
    listed, its_listed = _mapping(other, "properties"), _mapping(one, "properties")
    patterns = _mapping(other, "patternProperties")
    its_patterns = _mapping(one, "patternProperties")
    others, its_others = (each.get("additionalProperties", True) for each in (other, one))
    for name, schema in listed.items():
        given = its_listed.get(name, True if its_patterns else its_others)
        yield from _within(given, schema, f"{at}/properties/{name}", pair, deep + 1)
    for pattern, schema in patterns.items():
        place = f"{at}/patternProperties/{pattern}"
        is_closed = its_others is False and not (its_patterns.keys() - {pattern})
        if not is_closed and pattern not in its_patterns:
            yield f"{place}: {_shown(schema)}, and not there"
            continue
        if pattern in its_patterns:
            yield from _within(its_patterns[pattern], schema, place, pair, deep + 1)
            continue
        for name, given in its_listed.items():
            yield from _within(given, schema, f"{place} ({name})", pair, deep + 1)
    place = f"{at}/additionalProperties"
    for name, given in its_listed.items():
        if name not in listed:
            yield from _within(given, others, f"{place} ({name})", pair, deep + 1)
    for pattern, given in its_patterns.items():
        if pattern not in patterns:
            yield from _within(given, others, f"{place} ({pattern})", pair, deep + 1)
    yield from _within(its_others, others, place, pair, deep + 1)


def _lists(
    one: Mapping[str, Any], other: Mapping[str, Any], at: str, pair: _Pair, deep: int
) -> Iterator[str]:
    first, rest = _sequence(other)
    its_first, its_rest = _sequence(one)
    for number in range(max(len(first), len(its_first))):
        given = its_first[number] if number < len(its_first) else its_rest
        asked = first[number] if number < len(first) else rest
        yield from _within(given, asked, f"{at}/items/{number}", pair, deep + 1)
    yield from _within(its_rest, rest, f"{at}/items", pair, deep + 1)


def _sequence(schema: Mapping[str, Any]) -> tuple[list[Any], Any]:
    items = schema.get("items", True)
    if isinstance(items, list):
        return items, schema.get("additionalItems", True)
    return schema.get("prefixItems", []), items


_CONTAINS = ("contains", "minContains", "maxContains")


def _contained(
    one: Mapping[str, Any], other: Mapping[str, Any], at: str, pair: _Pair, deep: int
) -> Iterator[str]:
    if "contains" not in other:
        return
    is_same = all(_text(one.get(key)) == _text(other.get(key)) for key in _CONTAINS)
    if not is_same or "$ref" in _text(other["contains"]):
        yield f"{at}/contains: {_shown(other['contains'])}{_instead('contains', one)}"


_IF = ("if", "then", "else")


def _conditional(
    one: Mapping[str, Any], other: Mapping[str, Any], at: str, pair: _Pair, deep: int
) -> Iterator[str]:
    if "if" not in other:
        return
    texts = [_text([each.get(key) for key in _IF]) for each in (one, other)]
    if texts[0] == texts[1] and "$ref" not in texts[0]:
        return
    for key in ("then", "else"):
        yield from _within(one, other.get(key, True), f"{at}/{key}", pair, deep + 1)


_PARTS = {
    **dict.fromkeys(("properties", "patternProperties", "additionalProperties"), _objects),
    **dict.fromkeys(("items", "prefixItems", "additionalItems"), _lists),
    **dict.fromkeys(_CONTAINS, _contained),
    **dict.fromkeys(_IF, _conditional),
}


def _mapping(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = schema.get(key)
    return found if isinstance(found, Mapping) else {}


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."
