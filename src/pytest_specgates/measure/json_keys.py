"""JSON objects with each key once."""

from __future__ import annotations

from typing import Any

_ALL_BUT_QUOTES = bytes(set(range(256)) - {ord('"')})
_ESCAPED_QUOTE = b"\\u0022"
"""The one way to write a quote that is written out with another number of quotes."""


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
    if b"\\" in raw and _ESCAPED_QUOTE in raw:
        return False
    return _quotes(written) == _quotes(raw)


def _quotes(text: bytes) -> int:
    return len(text.translate(None, _ALL_BUT_QUOTES))  # faster than to count so many
