"""Texts and numbers as the HTML report shows them: visible, bounded, with a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .gate_text import visible

LONGEST = 1_000
"""Characters of one text; how many more there were is told."""


def shown(text: str | None, longest: int = LONGEST) -> str:
    """One line without control characters, cut where it is longer than anybody reads."""
    if not text:
        return ""
    if len(text) <= longest:
        return text if text.isprintable() else visible(text.replace("\n", " "))
    cut = visible(text[:longest].replace("\n", " "))
    return f"{cut} … ({len(text) - longest:,} more characters)"


def lines(text: str, most: int = 40) -> str:
    """A text of several lines, each as `shown`."""
    head = text[: 20 * LONGEST].splitlines()
    kept = [shown(line) for line in head[:most]]
    if len(head) > most or len(text) > 20 * LONGEST:
        kept.append("… (cut)")
    return "\n".join(kept)


def number(value: Any) -> float | None:
    """A finite number to draw; None for texts, booleans, and what no float holds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if abs(found) < 1e300 else None


_TIMES = ((60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
_SIZES = ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B"))


def amount(value: float, unit: str) -> str:
    """A number with four digits and its unit, for the ends of a scale: no verdict rests on it."""
    scale, name = 1.0, unit
    if unit == "s":
        scale, name = _scale(value, _TIMES)
    elif unit in ("B", "B/call"):
        scale, name = _scale(value, _SIZES)
        name += unit[1:]
    elif unit == "1/s":
        name = "/s"
    elif unit in ("count", "score"):
        name = ""
    size = value / scale
    text = f"{size:,.0f}" if abs(size) >= 1_000 else f"{size:.4g}"
    return f"{text} {name}".rstrip()


def _scale(value: float, table: Sequence[tuple[float, str]]) -> tuple[float, str]:
    return next(((size, name) for size, name in table if abs(value) >= size), table[-1])


def counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
