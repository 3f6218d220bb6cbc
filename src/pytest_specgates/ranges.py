"""Lines and branches as texts: below the rooms, since evidence and reports both name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last line of each unbroken run of lines, which are in order."""
    made: list[tuple[int, int]] = []
    for line in lines:
        if made and line == made[-1][1] + 1:
            made[-1] = made[-1][0], line
        else:
            made.append((line, line))
    return made


def ranges(lines: Sequence[int]) -> str:
    """`3-5, 9`: at most twelve ranges, the rest counted."""
    return _cut([str(a) if a == b else f"{a}-{b}" for a, b in runs(lines)], "ranges")


def arcs(found: Iterable[tuple[int, int]]) -> str:
    """`3 to 5, 9 to the end`: from a line to the one that was never gone to; `7` where that
    one is not known."""
    shown = (str(a) if a == b else f"{a} to {b if b > 0 else 'the end'}" for a, b in sorted(found))
    return _cut(list(dict.fromkeys(shown)), "branches")


def _cut(shown: Sequence[str], what: str) -> str:
    more = f" and {len(shown) - 12} more {what}" if len(shown) > 12 else ""
    return ", ".join(shown[:12]) + more
