"""One line of prose -> its meaning."""

from __future__ import annotations

from ...model import Aside, Meaning, Threshold
from . import kinds
from .context import context
from .structure import Statement, is_verdict, statements
from .thresholds import Limit, thresholds
from .tokens import cleaned

_LONGEST = 4000
"""What is longer is no sentence: nobody reviews a reading of it."""


def read_text(text: str, above: str | None) -> Meaning:
    """What a line says. `above` is the key or heading that it stands under."""
    if len(text) > _LONGEST:
        return Meaning("vague", reason=f"longer than {_LONGEST:,} characters: no sentence")
    clean, masked = cleaned(text)
    heading = context(above or "")
    asides = [Aside(m.start, m.end, m.reason) for m in masked]
    limits: list[Limit] = []
    parts = statements(clean)
    for part in parts:
        if part.is_cell and limits and not part.label:
            break  # the first cell is read only where the others gave nothing
        made, refused = thresholds(part, heading)
        if part.is_cell and limits and made and not made[0].is_first:
            continue  # the cell begins with what was seen
        limits.extend(made)
        asides.extend(refused)
    if any(part.is_cell for part in parts):
        limits = _of_a_row(parts, limits)
    found = _distinct(limits)
    kind = kinds.kind_of(text, parts, heading, found, asides)
    return Meaning(kind, tuple(found), "", tuple(sorted(asides, key=lambda a: a.start)))


def _of_a_row(parts: list[Statement], limits: list[Limit]) -> list[Limit]:
    """A row holds targets and observations: what has an operator is the target. Several
    bare values, or one beside a tick, may be either."""
    stated = [limit for limit in limits if limit.is_stated]
    if len(stated) > 1 and any(is_verdict(part.tokens) for part in parts):
        return stated[:1]
    if stated or len(_distinct(limits)) == 1:
        return stated or limits
    return []


def _distinct(limits: list[Limit]) -> list[Threshold]:
    found: dict[tuple[object, ...], Threshold] = {}
    for t, *_ in limits:
        found.setdefault((t.metric, t.statistic, t.op, t.value, t.unit), t)
    return list(found.values())
