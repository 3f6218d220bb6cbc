"""Graphs of the HTML report as SVG paths: whole numbers on a fixed canvas, no text in them.

What a graph shows stands beside it in words, so each is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .html_text import amount, number

WIDTH = 200
_MOST_DOTS = 60
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Bullet:
    """A value against its limit on one scale: the x of each part, from 0 to WIDTH. The side that
    is asked for is `good` (start, width), `bar` (start, width) leads from zero to the value,
    `span` is what the true value lies in, `dots` are all subjects."""

    good: tuple[int, int]
    bar: tuple[int, int]
    limit: int
    span: tuple[int, int] | None = None
    dots: tuple[int, ...] = ()

    @property
    def side(self) -> str:
        """The name of the limit and its good side: what all with the same share is drawn once."""
        is_right = self.good == (self.limit, WIDTH - self.limit)
        return f"{'r' if is_right else 'l'}{self.limit}"


@dataclass(frozen=True, slots=True)
class Spread:
    """How samples are distributed: the outline of a histogram in which each step has the same
    number of samples, the x of the limit, and the ends and the middle in words."""

    outline: str
    limit: int
    good: tuple[int, int]
    least: str
    middle: str
    most: str
    end: str


def bullet(check: Mapping[str, Any]) -> Bullet | None:
    """None where there is nothing to draw: no number, no side to be on, or a count of so few."""
    value, limit = number(check["value"]), number(check["limit"])
    if value is None or limit is None or check["op"] not in _SIDES:
        return None
    if check["unit"] == "count" and max(value, limit) < _FEWEST:
        return None
    values = check["measurement"]["values"]
    unit = check["unit"]
    if check["against"] and unit != "%":
        # The limit is one of the difference: it stands that far from where the base is.
        base = number(values[0]["base"]) if len(values) == 1 else None
        if base is None:
            return None
        limit, unit = base + limit, "%" if unit == "pp" else unit
    worst: Mapping[str, Any] = next((v for v in values if number(v["value"]) == value), {})
    low, high = number(worst.get("low")), number(worst.get("high"))
    ends = [x for x in (0.0, value, limit, low, high) if x is not None]
    least, most = min(ends), max(ends)
    full = {"%": 100.0, "count": float(check["samples"])}.get(unit, 0.0)
    if not 0 <= least <= most <= full:
        room = (most - least) * 0.08
        least, full = least - (room if least < 0 else 0.0), most + room
    if full <= least:
        return None
    place = _Scale(least, full)
    at, edge, zero = place(value), place(limit), place(0.0)
    others = [number(one["value"]) for one in values] if len(values) > 1 else []
    dots = sorted({place(x) for x in others if x is not None and least <= x <= full})
    span = None
    if low is not None and high is not None:
        span = (place(low), max(1, place(high) - place(low)))
    return Bullet(
        good=_good(check["op"], edge),
        bar=(min(zero, at), max(1, abs(at - zero))),
        limit=edge,
        span=span,
        dots=tuple(dots[:_MOST_DOTS]),
    )


def _good(op: str, edge: int) -> tuple[int, int]:
    """The side of the limit that is asked for, as start and width."""
    return (edge, WIDTH - edge) if op in (">", ">=") else (0, edge)


_SIDES = ("<", "<=", ">", ">=")


class _Scale:
    """Numbers to places from 0 to WIDTH."""

    def __init__(self, least: float, most: float) -> None:
        self.least, self.size = least, most - least

    def __call__(self, value: float) -> int:
        return max(0, min(WIDTH, round((value - self.least) / self.size * WIDTH)))


_TALL = 48


def spread(check: Mapping[str, Any], quantiles: Sequence[float]) -> Spread | None:
    """The samples of a benchmark by their quantiles at equal steps from the least to the most."""
    limit = number(check["limit"])
    if limit is None or len(quantiles) < 3 or check["op"] not in _SIDES:
        return None
    least, most = quantiles[0], quantiles[-1]
    # The last step has the outliers: a scale up to them would leave no room for the others.
    end = max(limit, quantiles[-2] + (quantiles[-2] - least) * 0.25) * 1.04
    place = _Scale(0.0, end)
    if end <= 0:
        return None
    widths = [max(right - left, 1e-12) for left, right in pairwise(quantiles)]
    x, tall = place(least), 0
    outline = [f"M{x} {_TALL}"]
    for right, width in zip(quantiles[1:], widths, strict=True):
        # The root, so that a long tail is still seen beside a narrow peak.
        height = max(1, round((min(widths) / width) ** 0.5 * (_TALL - 2)))
        outline.append(f"v{tall - height}h{place(right) - x}")
        x, tall = place(right), height
    outline.append(f"V{_TALL}z")
    edge, unit = place(limit), check["unit"]
    return Spread(
        outline="".join(outline),
        limit=edge,
        good=_good(check["op"], edge),
        least=amount(least, unit),
        middle=amount(quantiles[len(quantiles) // 2], unit),
        most=amount(most, unit),
        end=amount(end, unit),
    )


_PARTS = 4
"""Of a line within a gate, which is 44 px wide: the ends and two points of each."""


def sparkline(values: Sequence[float]) -> str:
    """The line of a gate through its values, oldest first, right of where its bullet is: through
    so few of the points that a line of this size shows the same. "" for fewer than two."""
    return _line(_told(_points(values, WIDTH + 8, 44, 1, 10)))


def wide_line(values: Sequence[float]) -> str:
    """The line through all values on a canvas of 200 x 36; "" for fewer than two."""
    return _line(_points(values, 2, 196, 2, 32))


_Point = tuple[int, int]


def _points(values: Sequence[float], left: int, wide: int, top: int, tall: int) -> list[_Point]:
    if len(values) < 2:
        return []
    least, most = min(values), max(values)
    scale = tall / ((most - least) or 1.0)
    step, start, bottom = wide / (len(values) - 1), left + 0.5, top + tall + 0.5
    return [
        (int(start + n * step), int(bottom - (x - least) * scale)) for n, x in enumerate(values)
    ]


def _told(points: list[_Point]) -> list[_Point]:
    """The ends, and of each part between them the highest and the lowest point."""
    inner = len(points) - 2
    if inner <= 2 * _PARTS:
        return points
    heights = [y for _, y in points]
    kept = {0, inner + 1}
    for part in range(_PARTS):
        first, end = 1 + inner * part // _PARTS, 1 + inner * (part + 1) // _PARTS
        of_part = heights[first:end]
        kept |= {first + of_part.index(min(of_part)), first + of_part.index(max(of_part))}
    return [points[n] for n in sorted(kept)]


def _line(points: Sequence[_Point]) -> str:
    if not points:
        return ""
    (x, y), *others = points
    drawn = []
    for right, below in others:
        drawn.append(f"{right - x}{below - y}" if below < y else f"{right - x} {below - y}")
        x, y = right, below
    return f"M{points[0][0]} {points[0][1]}l{' '.join(drawn)}"
