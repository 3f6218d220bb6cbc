"""Numbers with their units, as people write them in sentences -> exact amounts.

`1,000`, `0,5 %`, `10k`, `100+ analyses/min`, `1h 30m`, `60-80%`, `4.5/5`, `two seconds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...model import exact
from ..units import BITS, BYTES, OTHERS, PERCENT, RATES, SCALES, TIMES, Unit
from .tokens import Token

WORDS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
}
_PER = frozenset(("/", "per"))
_NOT_THINGS = frozenset(
    "and or in of to for with than is are be at on by within under over above below if when "
    "while as from per more less fewer concurrent parallel simultaneous min max".split()
)
_CURRENCIES = frozenset("$€£")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit; `first` and `last` are its tokens, `last` exclusive.

    `value` is in the canonical unit; `high` is the upper end of a range; `plus` is true for
    `100+`; `per` is the window of an amount that has a unit of its own (`4 hours per month`).
    """

    value: Fraction
    unit: str
    dimension: str
    first: int
    last: int
    plus: bool = False
    high: Fraction | None = None
    is_word: bool = False
    per: str = ""
    is_fraction: bool = False
    negative: bool = False


def number(text: str) -> Fraction | None:
    return exact(text.replace(",", "").replace("_", ""))


def amounts(tokens: Sequence[Token], unit: Unit | None = None) -> list[Amount]:
    """Every amount of the tokens, in order; `unit` is that of numbers without one."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        is_number = token.kind == "n" or (token.kind == "w" and token.low in WORDS)
        amount = _amount(tokens, at) if is_number else None
        if amount is None:
            at += 1
            continue
        previous = found[-1] if found else None
        if (
            previous is not None
            and previous.last == amount.first
            and previous.dimension == amount.dimension == "time"
            and previous.value > amount.value
        ):
            total = previous.value + amount.value  # 1h 30m
            found[-1] = replace(previous, value=total, last=amount.last)
        else:
            found.append(amount)
        at = amount.last
    if unit is not None:
        found = [_with_unit(a, unit) if a.dimension == "count" else a for a in found]
    return found


def _with_unit(amount: Amount, unit: Unit) -> Amount:
    high = None if amount.high is None else amount.high * unit.factor
    value = amount.value * unit.factor
    return replace(amount, value=value, high=high, unit=unit.name, dimension=unit.dimension)


def _amount(tokens: Sequence[Token], at: int) -> Amount | None:
    token = tokens[at]
    after = at + 1
    is_word = token.kind == "w"
    if is_word:
        if token.low not in WORDS:
            return None
        value = Fraction(WORDS[token.low])
        if _low(tokens, after) in ("hundred", "thousand"):
            value *= WORDS[_low(tokens, after)]
            after += 1
    else:
        read = number(token.text)
        if read is None:
            return None
        value = read
        if (
            _joined(tokens, after)
            and _low(tokens, after) == ","
            and _joined(tokens, after + 1)
            and tokens[after + 1].kind == "n"
            and len(tokens[after + 1].text) < 3
            and "." not in token.text
            and at > 0
        ):  # 0,5 %: a decimal mark
            value = number(f"{token.text}.{tokens[after + 1].text}") or value
            after += 2
    scale = SCALES.get(_low(tokens, after)) if _joined(tokens, after) else None
    if scale is not None and not is_word and not _is_time_m(tokens, after):
        value *= scale
        after += 1
    elif _low(tokens, after) in ("million", "billion", "thousand") and not is_word:
        value *= {"million": 10**6, "billion": 10**9, "thousand": 1000}[_low(tokens, after)]
        after += 1
    plus = _low(tokens, after) == "+" and _joined(tokens, after)
    if plus:
        after += 1
    high, after = _range(tokens, after, scale)
    unit, after, things = _unit(tokens, after)
    if unit is None and _joined(tokens, after) and tokens[after].kind == "w":
        if tokens[after].low != "x":
            return None
        square = _square(tokens, at, value)
        return square or Amount(value, "x", "times", at, after + 1)
    if unit is not None and high is None:
        high, unit, after = _range_of_units(tokens, after, unit)
    if _low(tokens, after) == "+" and _joined(tokens, after):
        plus = True
        after += 1
    per = ""
    if unit is not None and unit.dimension != "rate" and _low(tokens, after) in _PER:
        window = TIMES.get(_low(tokens, after + 1))
        if window is not None:
            per = f"per {tokens[after + 1].text}"
            if unit.dimension == "bytes":
                unit = Unit("byte rate", "B/s", unit.factor / window.factor)
                per = ""
            after += 2
    first = at
    negative = False
    if at and tokens[at - 1].low in _CURRENCIES:
        first, unit = at - 1, Unit("cost", "usd", Fraction(1))
    elif at and tokens[at - 1].low == "-" and tokens[at - 1].end == token.start:
        before = tokens[at - 2] if at > 1 else None
        negative = before is None or before.end < tokens[at - 1].start
    fraction = unit is None and "." in token.text
    unit = unit or Unit("count", "score" if fraction else "count", Fraction(1))
    if unit.dimension == "count" and _scaled(tokens, after, value):
        unit, after = Unit("score", "score", Fraction(1)), after + 2
        fraction = False
    return Amount(
        value * unit.factor,
        unit.name,
        unit.dimension,
        first,
        after,
        plus,
        None if high is None else high * unit.factor,
        is_word,
        per,
        fraction,
        negative,
    )


def _square(tokens: Sequence[Token], at: int, value: Fraction) -> Amount | None:
    """`44x44px`: a size that is the same in both directions."""
    other = number(_low(tokens, at + 2)) if at + 2 < len(tokens) else None
    unit, after, _ = _unit(tokens, at + 3)
    if other != value or unit is None:
        return None
    return Amount(value * unit.factor, unit.name, unit.dimension, at, after)


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def _joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token stands right after the one before it, without a space."""
    return 0 < at < len(tokens) and tokens[at].start == tokens[at - 1].end


def _is_time_m(tokens: Sequence[Token], at: int) -> bool:
    """`5m`: minutes or millions; taken for a million only before a thing (`5M users`)."""
    if tokens[at].text != "m":
        return False
    return True


def _range(tokens: Sequence[Token], after: int, scale: int | None) -> tuple[Fraction | None, int]:
    if _low(tokens, after) in ("-", "to", "..") and after + 1 < len(tokens):
        other = tokens[after + 1]
        high = number(other.text) if other.kind == "n" else None
        if high is not None:
            end = after + 2
            if _joined(tokens, end) and SCALES.get(_low(tokens, end)) and tokens[end].text != "m":
                return high * SCALES[_low(tokens, end)], end + 1
            return high * (scale or 1), end
    return None, after


def _range_of_units(
    tokens: Sequence[Token], after: int, unit: Unit
) -> tuple[Fraction | None, Unit, int]:
    """`5ms-10ms`, `60%-80%`."""
    if _low(tokens, after) in ("-", "to") and after + 1 < len(tokens):
        other = tokens[after + 1]
        high = number(other.text) if other.kind == "n" else None
        if high is not None:
            second, end, _ = _unit(tokens, after + 2)
            if second is not None and second.name == unit.name:
                return high * second.factor / unit.factor, unit, end
    return None, unit, after


def _scaled(tokens: Sequence[Token], after: int, value: Fraction) -> bool:
    """`4.5/5`, `8/10`, `4.5:1`: a mark on a scale, or a contrast."""
    mark = _low(tokens, after)
    scale = number(_low(tokens, after + 1)) if mark in ("/", ":") else None
    if scale is None or not _joined(tokens, after):
        return False
    return scale == 1 if mark == ":" else scale in (5, 10, 100) and value <= scale


def _unit(tokens: Sequence[Token], at: int) -> tuple[Unit | None, int, str]:
    """The unit that starts at the token, the token after it, and the things of a rate."""
    if at >= len(tokens):
        return None, at, ""
    token = tokens[at]
    low = token.low
    hyphen = low == "-" and at + 1 < len(tokens) and tokens[at + 1].low in TIMES
    if hyphen and _joined(tokens, at):  # 30-second
        return TIMES[tokens[at + 1].low], at + 2, ""
    if low == "per" and _low(tokens, at + 1) == "cent":
        return PERCENT["%"], at + 2, ""
    if low in PERCENT:
        if low == "percentage":
            return PERCENT["%"], at + 2 if _low(tokens, at + 1).startswith("point") else at + 1, ""
        return PERCENT["%"], at + 1, ""
    if low == "pp":
        return PERCENT["%"], at + 1, ""
    rate = _rate(tokens, at)
    if rate is not None:
        return rate
    if low in ("business", "working", "calendar") and _low(tokens, at + 1) in TIMES:
        return TIMES[tokens[at + 1].low], at + 2, ""
    if token.kind == "w":
        if low in TIMES and not (low == "min" and _is_minimum(tokens, at)):
            return TIMES[low], at + 1, ""
        if low in BYTES:
            if low == "b" and not _joined(tokens, at):
                return None, at, ""
            return BYTES[low], at + 1, ""
        if low in RATES:
            return RATES[low], at + 1, ""
        if low == "ops" and _low(tokens, at + 1) == "/":
            return RATES["ops/s"], at + 3, ""
        if low == "m" and _joined(tokens, at):
            return TIMES["min"], at + 1, ""
        if low == "usd":
            return Unit("cost", "usd", Fraction(1)), at + 1, ""
        if low in BITS:
            return Unit("bits", low, Fraction(1)), at + 1, ""
    if low in OTHERS and (
        token.kind == "s" or low not in ("em", "pt", "db") or _joined(tokens, at)
    ):
        return Unit("other", low, Fraction(1)), at + 1, ""
    return None, at, ""


def _is_minimum(tokens: Sequence[Token], at: int) -> bool:
    return _low(tokens, at + 1) in ("of", ")")


def _rate(tokens: Sequence[Token], at: int) -> tuple[Unit, int, str] | None:
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
        while _low(tokens, end) in ("(", ")") and _joined(tokens, end) and end - at < 5:
            end += 1  # reason()/s
    mark = _low(tokens, end)
    if mark not in _PER and not (mark in ("a", "an", "each", "every") and end > at):
        return None
    if mark == "/" and _low(tokens, end + 1) == "":
        return None
    time = TIMES.get(_low(tokens, end + 1))
    if time is None and _low(tokens, end + 1) == "m":
        time = TIMES["min"]
    if time is None:
        return None
    things = " ".join(token.text for token in tokens[at:end])
    return Unit("rate", "1/s", 1 / time.factor), end + 2, things
