"""The tokens of one statement -> the limits that it states, and why its other numbers are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from .polarity import condition_end, polarity, refuses_all
from .roles import CONDITION, LOAD, POLICY, WINDOW, role
from .structure import Statement
from .together import (
    Limit,
    Place,
    beside_target,
    is_alternative,
    quantile,
    quantile_after,
    target_of,
    without_bands,
    without_parts_of_a_whole,
)
from .tokens import Token

_MOVES = words("reduce cut lower decrease bring increase raise improve grow get")
_MOST_TOKENS = 250
"""A longer sentence is a table, a listing or an attack; no reading of it could be reviewed."""


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
    target = target_of(tokens, places)
    held: list[tuple[Metric, str | None]] = []
    lows = [token.low for token in tokens]
    names = frozenset(token.low for token in (*statement.label, *statement.key))
    share, skipped = "", -1
    last_time = max(
        (n for n, m in enumerate(measures) if m.dimension == "time" and places[n][0]), default=-1
    )
    for n, (amount, place) in enumerate(zip(measures, places, strict=True)):
        if share:  # the time that the share before it holds for
            span = tokens[places[n - 1][1]].start, tokens[place[2] - 1].end
            made = Threshold("latency", place[0], amount.value, "s", share, *span)
            found.append(Limit(made, True, n == 1))
            held.append((metrics.LATENCY, share))
            share = ""
            continue
        if n == skipped:
            continue  # the share that the time before it is of
        start = places[n - 1][2] if n else 0
        end = places[n + 1][1] if n + 1 < len(places) else len(tokens)
        part = Part(statement, heading, amount, place, (start, end), n, names, lows, n < last_time)
        reason = beside_target(part, target, found)
        if reason:
            asides.append(Aside(*part.span, reason))
            continue
        share = quantile(tokens, measures, places, n)
        if share:
            continue
        after = quantile_after(tokens, measures, places, n)
        if after:
            span = part.span[0], tokens[places[n + 1][2] - 1].end
            made = Threshold("latency", part.op, amount.value, "s", after, *span)
            found.append(Limit(made, True, n == 0))
            held.append((metrics.LATENCY, after))
            skipped = n + 1
            continue
        try:
            read = _read(part, [limit.threshold for limit in found], held)
        except UnsureError as error:
            asides.append(_aside(part, str(error)))
        else:
            good = held[-1][0].good
            found.extend(Limit(made, bool(part.op), n == 0, not good) for made in read)
    if any(a.reason.startswith(WRONG_SIDE) for a in asides):
        found = [limit for limit in found if not limit.is_neutral]
    found = without_bands(without_parts_of_a_whole(found))
    under = tuple(_words_of(tokens, a) for a in asides if a.reason in (LOAD, WINDOW))
    if under:
        found = [
            limit._replace(threshold=replace(limit.threshold, conditions=under)) for limit in found
        ]
    return found, asides


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
    spoken = polarity(part)
    if spoken == "allowed":
        raise UnsureError("a refusal that is denied asks for nothing")
    if refuses_all(part):
        raise UnsureError(POLICY)
    if _is_goal(part):
        # `reduce it from 800 ms to 300 ms`: the goal is what follows the `to`
        assert amount.high is not None
        part.amount = amount = replace(amount, value=amount.high, high=None)
        part.near = part.near[1:]
    reason = role(part, found, spoken in ("refused", "asked"))
    if reason:
        raise UnsureError(reason)
    if found and is_alternative(part, found[-1]):
        return [replace(found[-1], value=amount.value, start=part.span[0], end=part.span[1])]
    if part.first < condition_end(part) and spoken not in ("refused", "asked"):
        raise UnsureError(CONDITION)
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


def _is_goal(part: Part) -> bool:
    if part.amount.high is None or part.op or part.words(part.near[:1]) != ["from"]:
        return False
    return not _MOVES.isdisjoint(part.words(part.near[:8]))


def _places(tokens: Sequence[Token], measures: Sequence[Amount]) -> list[Place]:
    places: list[Place] = []
    for n, amount in enumerate(measures):
        start = places[-1][2] if places else 0
        end = measures[n + 1].first if n + 1 < len(measures) else len(tokens)
        places.append(operator(tokens, amount, min(start, amount.first), end))
    return places
