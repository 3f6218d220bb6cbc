"""A JSON Schema of the base and of now: whether more records are valid than were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_ANNOTATIONS = frozenset(
    ("$comment", "$id", "$schema", "default", "deprecated", "description", "examples", "title")
)
_AT_LEAST = frozenset(
    ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
)
_AT_MOST = frozenset(
    ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
)
_BY_NAME = frozenset(("properties", "$defs", "definitions", "patternProperties"))
_INNER = frozenset(("items", "additionalProperties", "propertyNames", "contains"))
_ALL = frozenset(("allOf", "prefixItems"))


def loosened(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """Where new lets pass what old refuses, each as a pointer with what differs. What cannot
    be told to be as strict is taken to be looser."""
    if old == new or new is False:
        return
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        if old is True or old == {}:
            return
        yield f"{at or '/'}: {_shown(old)} is {_shown(new)} now"
        return
    for key, before in old.items():
        if key in _ANNOTATIONS:
            continue
        place = f"{at}/{key}"
        if key not in new:
            if key not in _BY_NAME or before:
                yield f"{place} is gone"
            continue
        yield from _keyword(key, before, new[key], place)
    for key in ("additionalProperties", "unevaluatedProperties"):
        if key in old:
            yield from _fresh_properties(old, new, old[key], at)
    if new.get("nullable") and not old.get("nullable"):
        yield f"{at}/nullable is new"


def _fresh_properties(
    old: Mapping[str, Any], new: Mapping[str, Any], others: Any, at: str
) -> Iterator[str]:
    """New properties, which were held to what was asked of all others."""
    properties = new.get("properties")
    if not isinstance(properties, Mapping):
        return
    for name in sorted(map(str, properties.keys() - (old.get("properties") or {}).keys())):
        place = f"{at}/properties/{name}"
        if others is False and properties[name] is not False:
            yield f"{place} is allowed now"
        else:
            yield from loosened(others, properties[name], place)


def _keyword(key: str, before: Any, after: Any, place: str) -> Iterator[str]:
    if before == after:
        return
    if key in _BY_NAME and isinstance(before, Mapping) and isinstance(after, Mapping):
        for name, inner in before.items():
            if name in after:
                yield from loosened(inner, after[name], f"{place}/{name}")
            elif key != "$defs" and key != "definitions":
                yield f"{place}/{name} is gone"
    elif key in _INNER:
        yield from loosened(before, after, place)
    elif key in _ALL and isinstance(before, list) and isinstance(after, list):
        if len(after) < len(before):
            yield f"{place} has {len(after)} parts, on the base {len(before)}"
        for number, (one, two) in enumerate(zip(before, after, strict=False)):
            yield from loosened(one, two, f"{place}/{number}")
    elif not _is_stricter(key, before, after):
        yield f"{place} is {_shown(after)}, on the base {_shown(before)}"


def _is_stricter(key: str, before: Any, after: Any) -> bool:
    """Whether a keyword with another value lets pass no more than before."""
    numbers = isinstance(before, (int, float)) and isinstance(after, (int, float))
    if key in _AT_LEAST and numbers:
        return bool(after >= before)
    if key in _AT_MOST and numbers:
        return bool(after <= before)
    if key == "required" and isinstance(before, list) and isinstance(after, list):
        return set(map(str, before)) <= set(map(str, after))
    if key in ("enum", "type"):
        return _members(after) <= _members(before)
    if key == "uniqueItems":
        return bool(after)
    return False


def _members(value: Any) -> set[str]:
    found = {repr(item) for item in (value if isinstance(value, list) else [value])}
    return found | {repr("integer")} if repr("number") in found else found


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
