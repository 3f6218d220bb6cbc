"""What more than one room knows of JSON Schemas, and of JSON Pointers (RFC 6901)."""

from __future__ import annotations

from typing import Any, TypeGuard

VALUES = frozenset(("const", "default", "enum", "example", "examples"))
"""Keywords whose values are data."""


def is_number(value: object) -> TypeGuard[int | float]:
    """As JSON has it: true is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def escaped(name: Any) -> str:
    """A name, or an index, as a part of a JSON Pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def unescaped(part: str) -> str:
    """The name that a part of a JSON Pointer stands for."""
    return part.replace("~1", "/").replace("~0", "~")
