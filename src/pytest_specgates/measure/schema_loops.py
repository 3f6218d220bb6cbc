"""Schemas that refer to themselves without end: no record can be held against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..json_schema import unescaped

_LISTS = ("allOf", "anyOf", "oneOf")
_ONES = ("not", "if", "then", "else")


def endless(schema: Any, document: Any) -> str:
    """The `$ref` by which a schema, of the same value, comes to itself again; "" for none. Seen
    are references within the document."""
    waiting = [schema]
    known: set[int] = set()
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping) and id(here) not in known:
            known.add(id(here))
            found = _loop(here, document)
            if found:
                return found
        if isinstance(here, Mapping):
            waiting.extend(one for one in here.values() if isinstance(one, (Mapping, list)))
        elif isinstance(here, list):
            waiting.extend(one for one in here if isinstance(one, (Mapping, list)))
    return ""


def _loop(start: Mapping[str, Any], document: Any) -> str:
    """The reference by which the schema comes to itself, by references alone."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for reference, target in _same_value(here, document):
            if target is start:
                return reference or "its own parts"
            if isinstance(target, Mapping) and id(target) not in seen:
                seen.add(id(target))
                waiting.append(target)
    return ""


def _same_value(schema: Mapping[str, Any], document: Any) -> Iterator[tuple[str, Any]]:
    """The schemas that the same value is held against."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        yield reference, target(reference, document)
    for key in _LISTS:
        parts = schema.get(key)
        yield from (("", one) for one in parts) if isinstance(parts, list) else ()
    yield from (("", schema[key]) for key in _ONES if key in schema)


def target(reference: str, document: Any) -> Any:
    """What a JSON Pointer within the document names; None where it leads nowhere."""
    found = document
    for name in reference[1:].strip("/").split("/") if len(reference) > 1 else ():
        key = unescaped(name)
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found
