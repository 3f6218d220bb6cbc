"""The JSON Schema of a type of Python, and values of Python as JSON has them."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import math
import sys
import types
import typing
import uuid
from collections.abc import Mapping
from typing import Any

from ..errors import ProbeError

_SIMPLE: dict[Any, dict[str, Any]] = {
    Any: {},
    object: {},
    None: {"type": "null"},
    type(None): {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.time: {"type": "string"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    list: {"type": "array"},
    tuple: {"type": "array"},
    dict: {"type": "object"},
}


class NotJsonError(Exception):
    """A value of Python that JSON has no value for."""


def schema_of(given: Any, for_result: bool) -> dict[str, Any]:
    """The schema that a model, or a type, stands for. Raises ProbeError for a type that has
    none."""
    if callable(made := getattr(given, "model_json_schema", None)):  # of pydantic
        found: dict[str, Any] = made(mode="serialization" if for_result else "validation")
        return found
    if _is_struct(given):
        import msgspec

        return msgspec.json.schema(given)
    defs: dict[str, Any] = {}
    schema = _schema(given, defs)
    return {**schema, "$defs": defs} if defs else schema


def _is_struct(given: Any) -> bool:
    """Whether it is a type of msgspec, or a value of one: nothing is before it is imported."""
    msgspec = sys.modules.get("msgspec")
    if msgspec is None:
        return False
    kind = given if isinstance(given, type) else type(given)
    return issubclass(kind, msgspec.Struct)


def _schema(given: Any, defs: dict[str, Any]) -> dict[str, Any]:
    if isinstance(given, typing.Hashable) and given in _SIMPLE:
        return _SIMPLE[given]
    origin, arguments = typing.get_origin(given), typing.get_args(given)
    if _is_wrapper(origin):
        return _schema(arguments[0], defs)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema(one, defs) for one in arguments]}
    if origin is typing.Literal:
        return {"enum": [plain(one) for one in arguments]}
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return {
            "type": "array",
            "prefixItems": [_schema(one, defs) for one in arguments],
            "minItems": len(arguments),
            "maxItems": len(arguments),
        }
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], defs)}
    if isinstance(origin, type) and issubclass(origin, (list, tuple, typing.Sequence)):
        return {"type": "array", "items": _schema(arguments[0], defs)}
    if isinstance(given, type) and issubclass(given, enum.Enum):
        return {"enum": [plain(one.value) for one in given]}
    if hasattr(given, "model_json_schema") or _is_struct(given):
        return schema_of(given, for_result=True)
    if isinstance(given, type) and (fields := _fields(given)) is not None:
        return _of_fields(given, fields, defs)
    raise ProbeError(f"{given!r} has no JSON Schema: name a schema file, or a model")


def _is_wrapper(origin: Any) -> bool:
    """Whether it stands around a type without another meaning here. Those that typing has not in
    each version come from typing_extensions."""
    names = ("Annotated", "Required", "NotRequired", "ReadOnly")
    modules = (typing, sys.modules.get("typing_extensions"))
    return origin is not None and any(
        origin is getattr(module, name, None) for module in modules for name in names
    )


def _of_fields(given: type, fields: Mapping[str, bool], defs: dict[str, Any]) -> dict[str, Any]:
    name = given.__qualname__
    if name not in defs:
        defs[name] = {}  # a type may refer to itself
        try:
            hints = typing.get_type_hints(given, include_extras=True)
        except NameError as error:
            raise ProbeError(f"{name}: {error}, in its type hints") from error
        defs[name] = {
            "type": "object",
            "properties": {one: _schema(hints.get(one, Any), defs) for one in fields},
            "required": [one for one, is_required in fields.items() if is_required],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _fields(given: type) -> dict[str, bool] | None:
    """The fields of a type, and whether a value of it always has them; None for another type."""
    if issubclass(given, dict) and hasattr(given, "__required_keys__"):  # a TypedDict
        required: frozenset[str] = given.__required_keys__
        return {name: name in required for name in typing.get_type_hints(given)}
    if dataclasses.is_dataclass(given):
        return {one.name: True for one in dataclasses.fields(given)}
    if (attributes := getattr(given, "__attrs_attrs__", None)) is not None:
        return {one.name: True for one in attributes}
    return None


def plain(value: Any, at: str = "") -> Any:
    """A value as JSON has it: models, dataclasses, enums and times are made plain. Raises
    NotJsonError."""
    if isinstance(value, enum.Enum):
        return plain(value.value, at)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJsonError(f"{at or '(the whole result)'}: {value} is no number of JSON")
        return value
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if callable(dump := getattr(value, "model_dump", None)) and not isinstance(value, type):
        return plain(dump(mode="json", by_alias=True), at)
    if _is_struct(value):
        import msgspec

        return plain(msgspec.to_builtins(value), at)
    if isinstance(value, Mapping):
        return {_name(key, at): plain(one, f"{at}/{key}") for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, f"{at}/{number}") for number, one in enumerate(value)]
    fields = None if isinstance(value, type) else _fields(type(value))
    if fields is not None:
        return {name: plain(getattr(value, name), f"{at}/{name}") for name in fields}
    name = type(value).__qualname__
    raise NotJsonError(f"{at or '(the whole result)'}: a {name} is no value of JSON")


def _name(key: Any, at: str) -> str:
    if isinstance(key, str):
        return key
    raise NotJsonError(f"{at or '(the whole result)'}: the key {key!r} is no text")
