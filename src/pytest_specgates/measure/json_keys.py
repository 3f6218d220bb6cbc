"""JSON objects with each key once."""

from __future__ import annotations

from typing import Any

_ESCAPED_COLON = b"\\u003a"
"""The other way to write one, which is written out as a colon."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose keys stands in it once: of two, readers take the one or the other."""
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{twice[:100]}" stands in an object twice')
    return made


def has_each_key_once(value: Any, raw: bytes) -> bool:
    """Whether no object of what was read from `raw` surely has a key twice."""
    import orjson

    try:
        written = orjson.dumps(value)
    except (orjson.JSONEncodeError, RecursionError):
        return False  # nested more deeply than it writes
    if len(written) == len(raw) and written == raw:
        return True
    if b"\\" in raw and _ESCAPED_COLON in raw.lower():
        return False
    return written.count(b":") == raw.count(b":")
