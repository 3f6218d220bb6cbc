"""How the amounts of one statement stand to each other: a target after what was seen, a share
and the time that it holds for, alternatives, parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ...model import Threshold
from .amounts import Amount
from .part import Part
from .patterns import words
from .tokens import Token

Place = tuple[str, int, int]
"""The operator of an amount ("" where there is none), and the first and last token of both."""

_NAMES_TARGET = words("target goal required budget threshold limit")
_BEFORE_TARGET = words("( , ;")
_AFTER_TARGET = words(": < ≤ > ≥ <= >= =")
_BETWEEN = words("of th")
_APART = words(", ; ( | and with shorter longer uptime availability")
_FURTHEST = 14


class Limit(NamedTuple):
    """A threshold, whether an operator states it (else it is a bare value), and whether it
    is of the first amount of its statement; `is_neutral` where nothing but the operator
    says which direction is the good one."""

    threshold: Threshold
    is_stated: bool
    is_first: bool = False
    is_neutral: bool = False


class Target(NamedTuple):
    """Where `target: ...` stands, if it says which of several numbers is the limit, and
    whether an operator follows it."""

    at: int
    is_stated: bool


def target_of(tokens: Sequence[Token], places: Sequence[Place]) -> Target | None:
    """The target that is named apart from other numbers: `66% (target: 40%)`."""
    lows = [token.low for token in tokens]
    if _NAMES_TARGET.isdisjoint(lows):
        return None
    for at, low in enumerate(lows):
        if low not in _NAMES_TARGET or (at and lows[at - 1] not in _BEFORE_TARGET):
            continue
        later = next((op for op, first, _ in places if first > at), None)
        if later is not None and lows[at + 1] in _AFTER_TARGET:
            return Target(at, bool(later))
    return None


def beside_target(part: Part, target: Target | None, found: Sequence[Limit]) -> str:
    """Why an amount is not the limit where a target is named; "" where it may be."""
    if target is None:
        return ""
    if part.first < target.at:
        seen = part.amount.dimension != "count" and (target.is_stated or not part.op)
        return "observed: a target is named after it" if seen else ""
    if not target.is_stated and found and found[0].is_stated:
        return "a goal beyond the limit before it"
    return ""


def quantile(
    tokens: Sequence[Token], measures: Sequence[Amount], places: Sequence[Place], n: int
) -> str:
    """`95% of requests within 2 s`: "p95" for the share that the next amount holds for."""
    if n + 1 >= len(measures):
        return ""
    share, time = measures[n], measures[n + 1]
    between = [token.low for token in tokens[places[n][2] : places[n + 1][1]]]
    if (
        share.dimension != "percent"
        or time.dimension != "time"
        or share.high is not None
        or not 50 <= share.value < 100
        or places[n][0] not in ("", ">=", ">")
        or places[n + 1][0] not in ("<", "<=")
        or not _APART.isdisjoint(between)
        or len(between) > _FURTHEST
        or not (len(between) <= 3 or between[0] in _BETWEEN)
    ):
        return ""
    return f"p{_plain(share.value)}"


def quantile_after(
    tokens: Sequence[Token], measures: Sequence[Amount], places: Sequence[Place], n: int
) -> str:
    """`under 200 ms for 95% of requests`: "p95" for the time that such a share follows."""
    if n + 1 >= len(measures):
        return ""
    time, share = measures[n], measures[n + 1]
    between = [token.low for token in tokens[places[n][2] : places[n + 1][1]]]
    after = tokens[places[n + 1][2]].low if places[n + 1][2] < len(tokens) else ""
    if (
        time.dimension != "time"
        or share.dimension != "percent"
        or places[n][0] not in ("<", "<=")
        or places[n + 1][0] not in ("", ">=", ">")
        or not 50 <= share.value < 100
        or after != "of"
        or between[-1:] not in (["for"], ["in"])
        or not _APART.isdisjoint(between)
    ):
        return ""
    return f"p{_plain(share.value)}"


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def is_alternative(part: Part, before: Threshold) -> bool:
    """`<= 60 ms (on a GPU) or 200 ms (on a CPU)`: the operator holds for both."""
    joined = list(part.lows[max(0, part.first - 2) : part.first]) == [")", "or"]
    return joined and not part.op and part.after == "(" and part.amount.unit == before.unit


def without_bands(found: list[Limit]) -> list[Limit]:
    """`S (< 10 files), L (> 50 files)`: the bands of a scale, which nothing meets at once."""
    upper = [f.threshold.value for f in found if f.is_neutral and f.threshold.op[0] == "<"]
    lower = [f.threshold.value for f in found if f.is_neutral and f.threshold.op[0] == ">"]
    if upper and lower and min(upper) <= max(lower):
        return [limit for limit in found if not limit.is_neutral]
    return found


def without_parts_of_a_whole(found: list[Limit]) -> list[Limit]:
    """`40% reads, 30% writes, 30% scans` says how something is made up."""
    bare = [f for f in found if not f.is_stated and f.threshold.unit == "%"]
    if len(bare) > 1 and sum(f.threshold.value for f in bare) == 100:
        return [limit for limit in found if limit not in bare]
    return found
