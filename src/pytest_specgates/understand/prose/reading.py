"""One line of prose -> its meaning."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ...model import Aside, Meaning, Threshold
from . import kinds
from .context import context
from .rows import row
from .structure import statements
from .thresholds import thresholds
from .together import Limit
from .tokens import cleaned

_LONGEST = 4000
"""What is longer is no sentence: nobody reviews a reading of it."""


@lru_cache(maxsize=2048)
def read_text(text: str, above: str | None, columns: tuple[str, ...] = ()) -> Meaning:
    """What a line says. `above` is the key or heading that it stands under; `columns` are the
    headings of the table, if it is a row.

    Kept for the next time: the instances of a workflow repeat its lines.
    """
    if len(text) > _LONGEST:
        return Meaning("vague", reason=f"longer than {_LONGEST:,} characters: no sentence")
    if "[" in text or "p(" in text:
        read = _of_k6(text)
        if read is not None:
            return read
    clean, masked = cleaned(text)
    heading = context(above or "")
    asides = [Aside(m.start, m.end, m.reason) for m in masked]
    parts = statements(clean, columns)
    if parts and parts[0].is_cell:
        limits, refused = row(parts, heading)
    else:
        limits, refused = [], []
        for part in parts:
            made, others = thresholds(part, heading)
            limits.extend(made)
            refused.extend(others)
    asides.extend(refused)
    found = _distinct(limits)
    kind = kinds.kind_of(text, parts, heading, found, asides)
    return Meaning(kind, tuple(found), "", tuple(sorted(asides, key=lambda a: a.start)))


_K6 = re.compile(
    r"\s*[\"']?(?P<name>[a-z][\w.:{}]*)[\"']?\s*:\s*(?P<value>\[\s*[\"'{].*\])\s*,?\s*"
)


def _of_k6(text: str) -> Meaning | None:
    """`http_req_duration: ['p(95)<200'],`: a line of a k6 script has a language of its own."""
    from ..dialects import k6

    comment = text.find("//")
    match = _K6.fullmatch(text[:comment] if comment >= 0 else text)
    if match is None:
        return None
    meaning = k6.read(match["name"], match["value"])
    if not meaning.thresholds:
        return None
    start = match.start("value")
    moved = tuple(replace(t, start=t.start + start, end=t.end + start) for t in meaning.thresholds)
    return replace(meaning, thresholds=moved)


def _distinct(limits: list[Limit]) -> list[Threshold]:
    found: dict[tuple[object, ...], Threshold] = {}
    for t, *_ in limits:
        found.setdefault((t.metric, t.statistic, t.op, t.value, t.unit), t)
    return list(found.values())
