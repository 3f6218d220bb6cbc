"""A JSON Schema of the base and of now: whether more records are valid than were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..json_schema import VALUES, escaped, is_number
from .turned_schema import BY_NAME, IN_PLACE, UNEVALUATED

_ANNOTATIONS = frozenset(
    ("$comment", "$id", "$schema", "default", "deprecated", "description", "examples", "title")
)
_AT_LEAST = frozenset(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"))
_AT_MOST = frozenset(
    ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
)
_BY_NAME = BY_NAME - {"dependentSchemas", "dependencies"}
_INNER = frozenset(("items", "additionalProperties", "propertyNames", "contains"))
_ALL = frozenset(("allOf", "prefixItems"))
_ELSEWHERE = frozenset(("minContains", "nullable"))
"""What is compared by itself, since it means something where it is not written too."""
_LATEST = "json-schema.org/draft/2020-12/schema"


def loosened(
    old: Any, new: Any, at: str = "", turned: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Where new lets pass what old refuses, each as a pointer with what differs. What cannot
    be told to be as strict is taken to be looser. `turned` are the pointers of parts of which a
    narrower one lets more pass."""
    one, two = _draft(old), _draft(new)
    if not at and one != two:
        yield f"/$schema is {two}, on the base {one}: keywords mean something else"
    is_old = bool(at) or "/draft-0" in two
    yield from _Comparison(turned, is_old).loosened(old, new, at)


def _draft(schema: Any) -> str:
    written = schema.get("$schema") if isinstance(schema, Mapping) else None
    return str(written or _LATEST).rpartition("://")[2].removesuffix("#")


@dataclass(frozen=True, slots=True)
class _Comparison:
    turned: frozenset[str]
    ignores_beside_references: bool
    """As up to draft 7, and in OpenAPI 3.0."""

    def loosened(self, old: Any, new: Any, at: str) -> Iterator[str]:
        if _same(old, new):
            return
        wider = list(self._here(old, new, at))
        yield from wider
        if at in self.turned and not wider and _asserted(old) != _asserted(new):
            yield (
                f"{at or '/'} is narrower, and is referred to where that lets more pass, "
                "as below `not`"
            )

    def _here(self, old: Any, new: Any, at: str) -> Iterator[str]:
        if new is False:
            return
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            if old is True or old == {}:
                return
            yield f"{at or '/'}: {_shown(old)} is {_shown(new)} now"
            return
        for key, before in old.items():
            if key in _ANNOTATIONS or key in _ELSEWHERE:
                continue
            place = f"{at}/{escaped(key)}"
            if key in new:
                yield from self._keyword(key, old, new, place)
            elif key not in _BY_NAME or before:
                yield f"{place} is gone"
        yield from self._fresh_properties(old, new, at)
        yield from self._fresh_items(old, new, at)
        yield from self._beside_unevaluated(old, new, at)
        yield from _fewest(old, new, at)
        if new.get("nullable") and not old.get("nullable"):
            yield f"{at}/nullable is new"
        is_new = "$ref" in new and "$ref" not in old and self.ignores_beside_references
        if is_new and old.keys() - _ANNOTATIONS - {"$defs", "definitions"}:
            yield f"{at}/$ref is new, and nothing beside it counts"

    def _fresh_properties(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[str]:
        """New names and patterns: what has them was held to what was asked of all others."""
        others = old.get("additionalProperties", old.get("unevaluatedProperties", True))
        patterns = _mapping(old, "patternProperties")
        for key in ("properties", "patternProperties"):
            listed = _mapping(new, key)
            for name in sorted(map(str, listed.keys() - _mapping(old, key).keys())):
                if key == "patternProperties" or not _is_held(patterns, name):
                    place = f"{at}/{key}/{escaped(name)}"
                    yield from self._instead(others, listed[name], place)
        if "additionalProperties" in new and "additionalProperties" not in old:
            place = f"{at}/additionalProperties"
            yield from self._instead(others, new["additionalProperties"], place)

    def _fresh_items(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[str]:
        """New places of a list: what stands there was held to what was asked of all others."""
        others = old.get("items", old.get("unevaluatedItems", True))
        first, now = old.get("prefixItems", []), new.get("prefixItems", [])
        if isinstance(first, list) and isinstance(now, list) and not isinstance(others, list):
            for number in range(len(first), len(now)):
                yield from self._instead(others, now[number], f"{at}/prefixItems/{number}")
        if "items" in new and "items" not in old:
            yield from self._instead(others, new["items"], f"{at}/items")

    def _instead(self, others: Any, own: Any, place: str) -> Iterator[str]:
        if others is False and own is not False:
            yield f"{place} is allowed now"
        else:
            yield from self.loosened(others, own, place)

    def _beside_unevaluated(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str
    ) -> Iterator[str]:
        """What other keywords know is not held to what is asked of the rest."""
        for rest in UNEVALUATED:
            if old.get(rest, True) is True:
                continue
            more = {"contains", "additionalItems"} if rest == "unevaluatedItems" else set()
            for key in sorted((IN_PLACE | more) & new.keys()):
                if key not in old or _asserted({key: old[key]}) != _asserted({key: new[key]}):
                    yield f"{at}/{escaped(key)} is another, beside {rest}"

    def _keyword(
        self, key: str, old: Mapping[str, Any], new: Mapping[str, Any], place: str
    ) -> Iterator[str]:
        before, after = old[key], new[key]
        if _same(before, after):
            return
        if key in _BY_NAME and isinstance(before, Mapping) and isinstance(after, Mapping):
            for name, inner in before.items():
                if name in after:
                    yield from self.loosened(inner, after[name], f"{place}/{escaped(name)}")
                elif key != "$defs" and key != "definitions":
                    yield f"{place}/{escaped(name)} is gone"
        elif key in _INNER:
            wider = list(self.loosened(before, after, place))
            yield from wider
            counts = key == "contains" and "maxContains" in old
            if counts and not wider and _asserted(before) != _asserted(after):
                yield f"{place} is narrower, and fewer items count for maxContains"
        elif key == "not":
            for told in self.loosened(after, before, place):
                yield f"{place} refuses less: {told.replace('on the base', 'there')}"
                return
        elif key in _ALL and isinstance(before, list) and isinstance(after, list):
            if len(after) < len(before):
                yield f"{place} has {len(after)} parts, on the base {len(before)}"
            for number, (one, two) in enumerate(zip(before, after, strict=False)):
                yield from self.loosened(one, two, f"{place}/{number}")
        elif not _is_stricter(key, before, after):
            yield f"{place} is {_shown(after)}, on the base {_shown(before)}"


def _fewest(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
    if "contains" in old and "contains" in new:
        before, after = old.get("minContains", 1), new.get("minContains", 1)
        if not is_number(before) or not is_number(after) or after < before:
            yield f"{at}/minContains is {_shown(after)}, on the base {_shown(before)}"


def _mapping(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = schema.get(key)
    return found if isinstance(found, Mapping) else {}


def _is_held(patterns: Mapping[str, Any], name: str) -> bool:
    """Whether a name was none of the others, since a pattern finds it."""
    for pattern in patterns:
        try:
            if re.search(pattern, name):
                return True
        except re.error:
            continue  # of another dialect: it may not find it
    return False


def _asserted(schema: Any) -> str:
    """A schema, or several, as text, without what asserts nothing."""
    return _written(_without_annotations(schema))


def _without_annotations(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_annotations(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made: dict[Any, Any] = {}
    for key, value in schema.items():
        if key in BY_NAME and isinstance(value, Mapping):
            made[key] = {name: _without_annotations(one) for name, one in value.items()}
        elif key not in _ANNOTATIONS:
            made[key] = value if key in VALUES else _without_annotations(value)
    return made


def _same(before: Any, after: Any) -> bool:
    """Whether they are equal in JSON, where 1 is not true."""
    return bool(before == after) and _written(before) == _written(after)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _is_stricter(key: str, before: Any, after: Any) -> bool:
    """Whether a keyword with another value lets pass no more than before."""
    numbers = is_number(before) and is_number(after)
    if key in _AT_LEAST and numbers:
        return bool(after >= before)
    if key in _AT_MOST and numbers:
        return bool(after <= before)
    if key in ("exclusiveMinimum", "exclusiveMaximum", "uniqueItems"):
        return after is True  # as draft 4 has the first two
    if key == "required" and isinstance(before, list) and isinstance(after, list):
        return set(map(str, before)) <= set(map(str, after))
    if key == "enum":
        return _members(after) <= _members(before)
    if key == "type":
        known = _members(before)
        return _members(after) <= (known | {repr("integer")} if repr("number") in known else known)
    return False


def _members(value: Any) -> set[str]:
    return {repr(item) for item in (value if isinstance(value, list) else [value])}


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
