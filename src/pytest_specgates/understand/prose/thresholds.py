"""The tokens of one statement -> the limits that it states, and why its other numbers are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ...model import Aside, Threshold
from . import metrics
from .amounts import Amount, amounts
from .bare import bare
from .context import Context
from .direction import WRONG_SIDE, UnsureError, operator_of
from .metrics import Metric
from .naming import metric_of, statistic_of, unit_of
from .operators import TURNED, operator
from .part import Part
from .patterns import words
from .roles import LOAD, POLICY, WINDOW, role
from .structure import Statement
from .tokens import Token
from .violations import refuses_all, violation

_MOST_TOKENS = 250
"""A longer sentence is a table, a listing or an attack; no reading of it could be reviewed."""


_NAMES_TARGET = words("target goal required budget threshold limit")
_BEFORE_TARGET = words("( , ;")
_AFTER_TARGET = words(": < ≤ > ≥ <= >= =")


class Limit(NamedTuple):
    """A threshold, whether an operator states it (else it is a bare value), and whether it
    is of the first amount of its statement; `is_neutral` where nothing but the operator
    says which direction is the good one."""

    threshold: Threshold
    is_stated: bool
    is_first: bool = False
    is_neutral: bool = False


def thresholds(statement: Statement, heading: Context) -> tuple[list[Limit], list[Aside]]:
    """Every limit of one statement (a sentence, or a cell of a table)."""
    tokens = statement.tokens
    found: list[Limit] = []
    asides: list[Aside] = []
    if len(tokens) > _MOST_TOKENS:
        return found, [Aside(tokens[0].start, tokens[-1].end, "too long a sentence")]
    measures = amounts(tokens, statement.unit)
    if not measures:
        return found, asides
    places = _places(tokens, measures)
    target_at = _target_at(tokens, places)
    held: list[tuple[Metric, str | None]] = []
    lows = [token.low for token in tokens]
    names = frozenset(token.low for token in (*statement.label, *statement.key))
    for n, (amount, place) in enumerate(zip(measures, places, strict=True)):
        start = places[n - 1][2] if n else 0
        end = places[n + 1][1] if n + 1 < len(places) else len(tokens)
        part = Part(statement, heading, amount, place, (start, end), n, names, lows)
        quantile = _quantile(tokens, measures, places, n)
        if quantile == "time":
            continue  # read with the share before it
        if target_at is not None and part.first < target_at[0] and amount.dimension != "count":
            if target_at[1] or not part.op:
                asides.append(Aside(*part.span, "observed: a target is named after it"))
                continue
        elif target_at is not None and not target_at[1] and found and found[0].is_stated:
            asides.append(Aside(*part.span, "a goal beyond the limit before it"))
            continue
        if quantile:
            op, _, last = places[n + 1]
            span = tokens[part.first].start, tokens[last - 1].end
            made = Threshold("latency", op, measures[n + 1].value, "s", quantile, *span)
            found.append(Limit(made, True, n == 0))
            held.append((metrics.LATENCY, quantile))
        else:
            try:
                made_of_part = _read(part, [limit.threshold for limit in found], held)
            except UnsureError as error:
                asides.append(_aside(part, str(error)))
            else:
                found.extend(
                    Limit(made, bool(part.op), n == 0, not held[-1][0].good)
                    for made in made_of_part
                )
    if any(a.reason.startswith(WRONG_SIDE) for a in asides):
        found = [limit for limit in found if not limit.is_neutral]
    found = _without_shares_of_a_whole(found)
    under = tuple(_words_of(tokens, a) for a in asides if a.reason in (LOAD, WINDOW))
    if under:
        found = [
            limit._replace(threshold=replace(limit.threshold, conditions=under)) for limit in found
        ]
    return found, asides


def _without_shares_of_a_whole(found: list[Limit]) -> list[Limit]:
    """`40% reads, 30% writes, 30% scans` says how something is made up."""
    bare = [f for f in found if not f.is_stated and f.threshold.unit == "%"]
    if len(bare) > 1 and sum(f.threshold.value for f in bare) == 100:
        return [limit for limit in found if limit not in bare]
    return found


def _words_of(tokens: Sequence[Token], aside: Aside) -> str:
    return " ".join(t.text for t in tokens if aside.start <= t.start and t.end <= aside.end)


def _aside(part: Part, reason: str) -> Aside:
    """The number that is no limit; a load or a window with the words around it."""
    start, end = part.span
    if reason in (LOAD, WINDOW):
        if part.first > part.start and not part.op_words:
            start = part.tokens[part.first - 1].start
        if part.right:
            end = part.tokens[part.right[min(2, len(part.right) - 1)]].end
    return Aside(start, end, reason)


def _read(
    part: Part, found: Sequence[Threshold], held: list[tuple[Metric, str | None]]
) -> list[Threshold]:
    amount = part.amount
    spoken = violation(part)
    if refuses_all(part):
        raise UnsureError(POLICY)
    reason = role(part, found, spoken == "strong")
    if reason:
        raise UnsureError(reason)
    if found and _is_alternative(part, found[-1]):
        return [replace(found[-1], value=amount.value, start=part.span[0], end=part.span[1])]
    metric, is_near = metric_of(part, found, held)
    if not part.op:
        reason = bare(part, metric, is_near)
        if reason:
            raise UnsureError(reason)
    if metric is None:
        raise UnsureError("nothing says what it measures")
    op = operator_of(part, metric, spoken)
    statistic = statistic_of(part, metric, held, found)
    made = Threshold(metric.name, op, amount.value, unit_of(part, metric), statistic, *part.span)
    if TURNED.get(part.op) == op:
        made = replace(made, is_turned=True)
    if metric.name == "count" and statistic is not None:
        raise UnsureError("a statistic of a number without a unit")
    held.append((metric, statistic))
    if amount.high is not None and amount.high > amount.value:
        if op in ("<", "<="):
            return [replace(made, value=amount.high)]
        if metric.good == 0 and metric.name in ("latency", "size", "memory"):
            return [made, replace(made, op="<=", value=amount.high)]
    return [made]


def _is_alternative(part: Part, before: Threshold) -> bool:
    """`<= 60 ms (on a GPU) or 200 ms (on a CPU)`: the operator holds for both."""
    joined = part.words(part.near[:2]) == ["or", ")"] or (
        part.index > 0 and part.lows[part.first - 2 : part.first] == [")", "or"]
    )
    return joined and not part.op and part.after == "(" and part.amount.unit == before.unit


def _places(tokens: Sequence[Token], measures: Sequence[Amount]) -> list[tuple[str, int, int]]:
    places: list[tuple[str, int, int]] = []
    for n, amount in enumerate(measures):
        start = places[-1][2] if places else 0
        end = measures[n + 1].first if n + 1 < len(measures) else len(tokens)
        places.append(operator(tokens, amount, min(start, amount.first), end))
    return places


def _target_at(
    tokens: Sequence[Token], places: Sequence[tuple[str, int, int]]
) -> tuple[int, bool] | None:
    """Where `target: ...` stands, if it says which of several numbers is the limit, and
    whether an operator follows it."""
    lows = [token.low for token in tokens]
    if _NAMES_TARGET.isdisjoint(lows):
        return None
    for at, low in enumerate(lows):
        if low not in _NAMES_TARGET or (at and lows[at - 1] not in _BEFORE_TARGET):
            continue
        later = next((op for op, first, _ in places if first > at), None)
        if later is not None and lows[at + 1] in _AFTER_TARGET:
            return at, bool(later)
    return None


def _quantile(
    tokens: Sequence[Token],
    measures: Sequence[Amount],
    places: Sequence[tuple[str, int, int]],
    n: int,
) -> str:
    """`95% of requests within 2 s`: "p95" at the share, "time" at the time that it holds."""

    def joins(share: int) -> str:
        if share + 1 >= len(measures):
            return ""
        percent, time = measures[share], measures[share + 1]
        between = tokens[places[share][2] : places[share + 1][1]]
        if (
            percent.dimension != "percent"
            or time.dimension != "time"
            or not 50 <= percent.value < 100
            or places[share][0] not in ("", ">=", ">")
            or places[share + 1][0] not in ("<", "<=")
            or percent.high is not None
            or any(token.low in (",", ";", "(", "|", "and", "with") for token in between)
            or {token.low for token in between} & {"shorter", "longer", "uptime", "availability"}
            or len(between) > 14
        ):
            return ""
        reads = between and (between[0].low in ("of", "th") or len(between) <= 3)
        if not reads and between:
            return ""
        value = percent.value
        return f"p{int(value)}" if value.denominator == 1 else f"p{float(value):g}"

    if n and measures[n].dimension == "time" and joins(n - 1):
        return "time"
    return joins(n)
