"""What the keywords of a JSON Schema say together: types, limits, and two schemas as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..json_schema import is_number

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def names_of(types: Any) -> list[str]:
    return [str(one) for one in (types if isinstance(types, list) else [types])]


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema allows; those of its values where it lists them."""
    if "type" in schema:
        return [name for name in names_of(schema["type"]) if name in TYPES]
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(values, list):
        return list(dict.fromkeys(type_of(value) for value in values))
    return list(TYPES)


def type_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    known = ((int, "integer"), (float, "number"), (str, "string"), (list, "array"))
    return next((name for kind, name in known if isinstance(value, kind)), "object")


def limits_of(schema: Mapping[str, Any]) -> tuple[Any, bool, Any, bool]:
    """The lowest and the highest number, each with whether it is itself left out."""
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    low_out, high_out = above is True, below is True  # as draft 4 says it
    if is_number(above) and (low is None or above >= low):
        low, low_out = above, True
    if is_number(below) and (high is None or below <= high):
        high, high_out = below, True
    return low, low_out, high, high_out


def both(key: str, one: Any, other: Any) -> Any:
    """A keyword for what two values of it say together. Where no value says that it is the
    first: it allows more then, and never less."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and key == "properties":
        shared = one.keys() & other.keys()
        return {**one, **other, **{name: {"allOf": [one[name], other[name]]} for name in shared}}
    if key in ("items", "additionalProperties", "propertyNames") and not isinstance(one, list):
        return one if isinstance(other, list) else {"allOf": [one, other]}
    if key == "type":
        return _types_of_both(names_of(one), names_of(other)) or ["none at all"]
    if is_number(one) and is_number(other):
        if key.startswith(("min", "exclusiveMin")):
            return max(one, other)
        return min(one, other) if key.startswith(("max", "exclusiveMax")) else one
    if isinstance(one, list) and isinstance(other, list):
        if key == "required":
            return list(dict.fromkeys([*one, *other]))
        if key == "enum":
            return [value for value in one if value in other]
        if key == "allOf":
            return [*one, *other]
        if key in ("anyOf", "oneOf"):
            return [{"allOf": [a, b]} for a in one for b in other]
    return one


def _types_of_both(one: list[str], other: list[str]) -> list[str]:
    found = [name for name in one if name in other]
    for some, more in ((one, other), (other, one)):
        if "integer" in some and "number" in more and "integer" not in found:
            found.append("integer")
    return found


def count_of(schema: Mapping[str, Any], key: str, other: Any) -> Any:
    value = schema.get(key)
    return int(value) if is_number(value) else other
