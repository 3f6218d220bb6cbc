"""Texts of a schema, drawn by Hypothesis: by their length, a pattern, a format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from .document_hints import Hints
from .schema_parts import count_of

Strategy = st.SearchStrategy[Any]
_LONGEST = 10_000
"""A text as long as a schema allows is drawn up to this."""


def _characters() -> st.SearchStrategy[str]:
    # All that UTF-8 has. With `codec="utf-8"` it takes a second to find out which these are.
    return st.characters(exclude_categories=["Cs"])


def text(shortest: int = 0, longest: int | None = None) -> Strategy:
    return st.text(_characters(), min_size=shortest, max_size=longest)


def texts_of(schema: Mapping[str, Any], hints: Hints) -> Strategy:
    shortest = count_of(schema, "minLength", 0)
    longest = count_of(schema, "maxLength", None)

    def fits(text: str) -> bool:
        return shortest <= len(text) and (longest is None or len(text) <= longest)

    pattern = schema.get("pattern")
    known = _FORMATS.get(str(schema.get("format", "")))
    if isinstance(pattern, str):
        # One of another dialect gives no text at all: the gate is told how few were drawn.
        return by_pattern(pattern).filter(fits)
    if known is not None:
        return known().filter(fits)
    if longest is not None and longest < shortest:
        return st.nothing()
    most = _LONGEST if longest is None else min(longest, _LONGEST)
    sizes = {size for size in (*hints.sizes, longest) if size is not None}
    lengths = sorted(size for size in sizes if max(shortest, 1) <= size <= most)
    made = text(shortest, longest)
    if lengths:
        # As often as not as it is drawn, so that what Hypothesis makes smaller ends there.
        made = st.builds(_padded, made, st.sampled_from([0] * len(lengths) + lengths))
    fitting = [v for v in hints.values if isinstance(v, str) and fits(v)]
    return made | st.sampled_from(fitting) if fitting else made


def _padded(text: str, length: int) -> str:
    return (text + "a" * length)[:length] if length else text


def by_pattern(pattern: str) -> Strategy:
    """Texts in which a pattern is found; none where it is of a dialect that is not known here."""
    # For a schema the end is the end, and not a line break before it.
    whole = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    try:
        return st.from_regex(re.compile(whole), alphabet=_characters())
    except re.error:
        return st.nothing()


def finds(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _matching(pattern: str) -> Strategy:
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)


_HOST = r"[a-z][a-z0-9]{0,10}(\.[a-z][a-z0-9]{1,10}){1,2}"
_FORMATS: dict[str, Callable[[], Strategy]] = {
    "date": lambda: st.dates().map(lambda one: one.isoformat()),
    "time": lambda: st.times().map(lambda one: one.isoformat("seconds") + "Z"),
    "date-time": lambda: st.datetimes().map(lambda one: one.isoformat("T", "seconds") + "Z"),
    "duration": lambda: _matching(r"P[1-9][0-9]{0,3}D(T[1-9][0-9]?H)?"),
    "email": lambda: _matching(rf"[a-z][a-z0-9]{{0,10}}@{_HOST}"),
    "idn-email": lambda: _matching(rf"[a-z][a-z0-9]{{0,10}}@{_HOST}"),
    "hostname": lambda: _matching(_HOST),
    "idn-hostname": lambda: _matching(_HOST),
    "ipv4": lambda: st.ip_addresses(v=4).map(str),
    "ipv6": lambda: st.ip_addresses(v=6).map(str),
    "uuid": lambda: st.uuids().map(str),
    "uri": lambda: _matching(rf"https?://{_HOST}(/[a-z0-9]{{1,8}}){{0,3}}"),
    "iri": lambda: _matching(rf"https?://{_HOST}(/[a-z0-9]{{1,8}}){{0,3}}"),
    "uri-reference": lambda: _matching(r"(/[a-z0-9]{1,8}){1,3}"),
    "iri-reference": lambda: _matching(r"(/[a-z0-9]{1,8}){1,3}"),
    "uri-template": lambda: _matching(r"/[a-z]{1,8}/\{[a-z]{1,8}\}"),
    "json-pointer": lambda: _matching(r"(/[a-z0-9]{0,8}){0,3}"),
    "relative-json-pointer": lambda: _matching(r"[0-9](/[a-z0-9]{0,8}){0,3}"),
    "regex": lambda: _matching(r"\^?[a-z]{0,5}(\[a-z\]\+)?\$?"),
}
