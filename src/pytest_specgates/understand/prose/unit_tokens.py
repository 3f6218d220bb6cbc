"""The unit that tokens spell: `ms`, `req/s`, `analyses per minute`, `per cent`, `KiB`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..units import BITS, BYTES, OTHERS, PERCENT, RATES, TIMES, Unit
from .patterns import words
from .tokens import Token

PER = frozenset(("/", "per"))
_NOT_THINGS = words(
    "and or in of to for with than is are be at on by within under over above below if when "
    "while as from per more less fewer concurrent parallel simultaneous min max"
)


def low_at(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token stands right after the one before it, without a space."""
    return 0 < at < len(tokens) and tokens[at].start == tokens[at - 1].end


def unit_at(tokens: Sequence[Token], at: int) -> tuple[Unit | None, int]:
    """The unit that starts at the token, and the token after it."""
    if at >= len(tokens):
        return None, at
    token = tokens[at]
    low = token.low
    hyphen = low == "-" and at + 1 < len(tokens) and tokens[at + 1].low in TIMES
    if hyphen and joined(tokens, at):  # 30-second
        return TIMES[tokens[at + 1].low], at + 2
    if low == "per" and low_at(tokens, at + 1) == "cent":
        return PERCENT["%"], at + 2
    if low in PERCENT:
        if low == "percentage":
            return PERCENT["%"], at + 2 if low_at(tokens, at + 1).startswith("point") else at + 1
        return PERCENT[low], at + 1
    if low == "pp":
        return PERCENT["%"], at + 1
    rate = _rate(tokens, at)
    if rate is not None:
        return rate
    if low in ("business", "working", "calendar") and low_at(tokens, at + 1) in TIMES:
        return TIMES[tokens[at + 1].low], at + 2
    if token.kind == "w":
        if low in TIMES and not (low == "min" and low_at(tokens, at + 1) == "of"):
            return TIMES[low], at + 1
        if low in BYTES:
            if token.text == "b" and not joined(tokens, at):
                return None, at
            return BYTES[low], at + 1
        if low in RATES:
            return RATES[low], at + 1
        if low == "ops" and low_at(tokens, at + 1) == "/":
            return RATES["ops/s"], at + 3
        if low == "m" and joined(tokens, at):
            return TIMES["min"], at + 1
        if low == "usd":
            return Unit("cost", "usd", Fraction(1)), at + 1
        if low in BITS:
            return Unit("bits", low, Fraction(1)), at + 1
    if low in OTHERS and (token.kind == "s" or low not in ("em", "pt", "db") or joined(tokens, at)):
        return Unit("other", low, Fraction(1)), at + 1
    return None, at


def _rate(tokens: Sequence[Token], at: int) -> tuple[Unit, int] | None:
    """`/s`, `req/s`, `analyses per minute`, `requests a second`: up to four words of things."""
    end = at
    while (
        end < len(tokens)
        and end - at < 5
        and tokens[end].kind == "w"
        and tokens[end].low not in _NOT_THINGS
        and tokens[end].low not in TIMES
        and tokens[end].low not in BYTES
    ):
        end += 1
        while low_at(tokens, end) in ("(", ")") and joined(tokens, end) and end - at < 5:
            end += 1  # reason()/s
    if end > at and tokens[at].low in BITS:
        return None
    mark = low_at(tokens, end)
    if mark not in PER and not (mark in ("a", "an", "each", "every") and end > at):
        return None
    time = TIMES.get(low_at(tokens, end + 1))
    if time is None and low_at(tokens, end + 1) == "m":
        time = TIMES["min"]
    if time is None:
        return None
    return Unit("rate", "1/s", 1 / time.factor), end + 2
