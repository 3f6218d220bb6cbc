"""Rows of tables: which of their cells is what is asked for, and which was seen.

A cell with an operator states a target. Of bare values one is the target only where it
stands alone, or where the row's own verdict (a tick, PASS, FAIL) tells the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...model import Aside, Threshold
from .amounts import amounts
from .context import Context
from .patterns import words
from .structure import Statement, is_bad_verdict, is_verdict
from .thresholds import thresholds
from .together import Limit

_ASKED = words("target targets goal threshold required requirement objective slo limit budget must")
_SEEN = words("current actual measured result results achieved observed baseline today status now")
"""Words of column headings."""


def row(cells: Sequence[Statement], heading: Context) -> tuple[list[Limit], list[Aside]]:
    """The limits of a row, and its numbers that are none."""
    verdict = next((cell for cell in cells if is_verdict(cell.tokens)), None)
    asked = [cell for cell in cells if not _ASKED.isdisjoint(cell.column.split())]
    cells = asked or [cell for cell in cells if _SEEN.isdisjoint(cell.column.split())]
    if verdict is not None or asked:
        heading = heading.of_targets()
    limits: list[Limit] = []
    asides: list[Aside] = []
    by_cell: list[list[Limit]] = []
    for cell in cells:
        if cell is verdict:
            continue
        if limits and not cell.label:
            break  # the first cell is read only where the others gave nothing
        made, refused = thresholds(cell, heading)
        asides.extend(refused)
        if limits and made and not made[0].is_first:
            continue  # the cell begins with what was seen
        limits.extend(made)
        by_cell.append(made)
    stated = [limit for limit in limits if limit.is_stated]
    if verdict is not None and len(stated) > 1:
        return stated[:1], asides
    if stated:
        return stated, asides
    numbers = sum(bool(amounts(cell.tokens)) for cell in cells if cell is not verdict)
    if verdict is not None and numbers == 2:
        return _by_verdict(by_cell, cells, is_bad_verdict(verdict.tokens)), asides
    return _alone(limits, cells), asides


def _alone(limits: Sequence[Limit], cells: Sequence[Statement]) -> list[Limit]:
    """A bare value that no other cell has a value of its kind beside."""
    same = {(t.metric, t.op, t.value, t.unit) for t, *_ in limits}
    if len(same) != 1:
        return []
    unit = limits[0].threshold.unit
    places = [(t.start, t.end) for t, *_ in limits]
    for cell in cells:
        if any(cell.tokens[0].start <= start < cell.tokens[-1].end for start, _ in places):
            continue
        if any(amount.unit == unit for amount in amounts(cell.tokens)):
            return []
    return list(limits[:1])


def _by_verdict(
    by_cell: Sequence[Sequence[Limit]], cells: Sequence[Statement], is_bad: bool
) -> list[Limit]:
    """The first of two bare values, if the verdict fits it as the target and the second as
    what was seen, and does not fit them the other way round."""
    values = [(made, cell) for made, cell in zip(by_cell, cells, strict=False) if made]
    if len(values) != 2 or any(len(made) != 1 for made, _ in values):
        return []
    first, second = values[0][0][0].threshold, values[1][0][0].threshold
    if (first.metric, first.unit, first.op) != (second.metric, second.unit, second.op):
        return []
    met, turned = _meets(first, second.value), _meets(second, first.value)
    if met is is_bad or (turned is not is_bad and met != turned):
        return []
    return list(values[0][0])


def _meets(limit: Threshold, value: Fraction) -> bool:
    return value >= limit.value if limit.op in (">", ">=") else value <= limit.value
