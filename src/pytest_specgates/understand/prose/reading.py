"""One line of prose -> its meaning."""

from __future__ import annotations

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


def _distinct(limits: list[Limit]) -> list[Threshold]:
    found: dict[tuple[object, ...], Threshold] = {}
    for t, *_ in limits:
        found.setdefault((t.metric, t.statistic, t.op, t.value, t.unit), t)
    return list(found.values())
