"""What another schema names, to draw documents by that lie on its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..json_schema import is_number
from .schema_references import Files, mappings

_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


@dataclass(frozen=True, slots=True)
class Hints:
    """What another schema names: documents that lie on its limits tell it from this one."""

    names: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    numbers: tuple[int | float, ...] = ()
    sizes: tuple[int, ...] = ()


NO_HINTS = Hints()


def hints_of(files: Files) -> Hints:
    """The names, values and limits that the schema, and all that it refers to, state."""
    names: dict[str, None] = {}
    values: list[Any] = []
    numbers: dict[int | float, None] = {}
    sizes: dict[int, None] = {}
    for one in (part for document in files.all() for part in mappings(document)):
        for key in ("properties", "dependentRequired"):
            if isinstance(found := one.get(key), Mapping):
                names.update(dict.fromkeys(map(str, found)))
        if isinstance(asked := one.get("required"), list):
            names.update(dict.fromkeys(map(str, asked)))
        if isinstance(listed := one.get("enum"), list):
            values.extend(listed)
        if "const" in one:
            values.append(one["const"])
        for key in _LIMITS:
            limit = one.get(key)
            if is_number(limit):
                numbers.update(dict.fromkeys((limit - 1, limit, limit + 1)))
        for key in ("minLength", "maxLength", "minItems", "maxItems"):
            if isinstance(size := one.get(key), int):
                sizes.update(dict.fromkeys(n for n in (size - 1, size, size + 1) if n >= 0))
    return Hints(tuple(names), tuple(values[:200]), tuple(numbers), tuple(sizes))
