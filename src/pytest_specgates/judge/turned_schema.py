"""The parts of JSON Schemas that are referred to from where a narrower schema lets more pass.

`not` is such a place, and the conditions of `if`, the branches of `oneOf`, what `contains` counts
up to `maxContains`, and what stands beside `unevaluatedProperties` or `unevaluatedItems`: what
these refuse depends on what the others know.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from ..json_schema import VALUES, escaped, unescaped

BY_NAME = frozenset(
    ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies")
)
IN_PLACE = frozenset(
    ("$dynamicRef", "$ref", "allOf", "anyOf", "dependentSchemas", "else", "if", "oneOf", "then")
)
"""Keywords that hold the same value against other schemas."""
UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_TURNING = frozenset(("if", "not", "oneOf"))


def turned_parts(documents: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By the names of the documents the pointers of the parts that are turned, in any of them."""
    known = dict(_identities(documents))
    found: dict[str, set[str]] = {name: set() for name in documents}
    waiting = [
        (name, reference)
        for name, document in documents.items()
        for reference in _references(document, is_turned=False)
    ]
    while waiting:
        name, reference = waiting.pop()
        file, _, fragment = reference.partition("#")
        target = name if not file else known.get(file, _beside(name, file))
        if target not in documents:
            continue
        pointer = fragment.replace("%25", "%")
        if fragment and not fragment.startswith("/"):
            pointer = _anchored(documents[target], fragment)
        if pointer not in found[target]:
            found[target].add(pointer)
            part = _at(documents[target], pointer)
            waiting.extend((target, one) for one in _references(part, is_turned=True))
    return {name: frozenset(pointers) for name, pointers in found.items()}


def _identities(documents: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, document in documents.items():
        if isinstance(document, Mapping) and isinstance(document.get("$id"), str):
            yield document["$id"].removesuffix("#"), name


def _beside(name: str, file: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), file))


def _references(schema: Any, *, is_turned: bool) -> Iterator[str]:
    """The references of a schema that are turned: all of them, where it is turned itself."""
    if isinstance(schema, list):
        for one in schema:
            yield from _references(one, is_turned=is_turned)
    if not isinstance(schema, Mapping):
        return
    is_watched = any(schema.get(key, True) is not True for key in UNEVALUATED)
    for key, value in schema.items():
        if key in VALUES:
            continue
        here = is_turned or key in _TURNING or (is_watched and key in IN_PLACE)
        here = here or (key == "contains" and "maxContains" in schema)
        if key in ("$ref", "$dynamicRef") and isinstance(value, str):
            if here:
                yield value
        elif key in BY_NAME and isinstance(value, Mapping):
            for one in value.values():
                yield from _references(one, is_turned=here)
        else:
            yield from _references(value, is_turned=here)


def _anchored(document: Any, name: str) -> str:
    """The pointer of an anchor; that of the whole document, where it is not found."""
    waiting = [("", document)]
    while waiting:
        at, one = waiting.pop()
        if isinstance(one, Mapping):
            anchors = (one.get("$anchor"), one.get("$dynamicAnchor"), one.get("$id"), one.get("id"))
            if name in anchors or f"#{name}" in anchors:
                return at
            waiting.extend((f"{at}/{escaped(key)}", inner) for key, inner in one.items())
        elif isinstance(one, list):
            waiting.extend((f"{at}/{number}", inner) for number, inner in enumerate(one))
    return ""


def _at(document: Any, pointer: str) -> Any:
    found = document
    for part in pointer.split("/")[1:]:
        name = unescaped(part)
        if isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            found = found.get(name) if isinstance(found, Mapping) else None
    return found
