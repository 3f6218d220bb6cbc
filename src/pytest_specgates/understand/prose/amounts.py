"""Numbers with their units, as people write them in sentences -> exact amounts.

`1,000`, `0,5 %`, `10k`, `100+ analyses/min`, `1h 30m`, `60-80%`, `4.5/5`, `two seconds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...model import exact
from ..units import SCALES, TIMES, Unit
from .tokens import Token
from .unit_tokens import PER, joined, low_at, unit_at

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
_CURRENCIES = frozenset("$€£")
_SCALE_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_COUNT = Unit("count", "count", Fraction(1))
_FRACTION = Unit("count", "score", Fraction(1))
_SCORE = Unit("score", "score", Fraction(1))


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
    is_gain: bool = False
    """Whether a plus stands before it, as in `+30 %`."""


def number(text: str) -> Fraction | None:
    return exact(text.replace(",", "").replace("_", ""))


def amounts(tokens: Sequence[Token], unit: Unit | None = None) -> list[Amount]:
    """Every amount of the tokens, in order; `unit` is that of numbers without one."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.low == "sub" and low_at(tokens, at + 1) == "-" and at + 2 < len(tokens):
            unit_of_it = TIMES.get(tokens[at + 2].low)  # `sub-second`
            if unit_of_it is not None:
                found.append(Amount(unit_of_it.factor, "s", "time", at + 2, at + 3))
                at += 3
                continue
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
    read = _number_at(tokens, at)
    if read is None:
        return None
    value, after, scale = read
    plus = low_at(tokens, after) == "+" and joined(tokens, after)
    between = ("and",) if at and tokens[at - 1].low == "between" else ()
    high, after = _range(tokens, after + plus, scale, between)
    unit, after = unit_at(tokens, after)
    if unit is None and joined(tokens, after) and tokens[after].kind == "w":
        if tokens[after].low != "x":
            return None  # a number in a word: `2nd`, `3D`
        square = _square(tokens, at, value)
        return square or Amount(value, "x", "times", at, after + 1)
    if unit is not None and high is None:
        high, after = _range_of_units(tokens, after, unit, between)
    if low_at(tokens, after) == "+" and joined(tokens, after):
        plus, after = True, after + 1
    per = ""
    if unit is not None and unit.dimension != "rate" and low_at(tokens, after) in PER:
        window = TIMES.get(low_at(tokens, after + 1))
        if window is not None and unit.dimension == "bytes":
            unit, after = Unit("byte rate", "B/s", unit.factor / window.factor), after + 2
        elif window is not None:
            per, after = f"per {tokens[after + 1].text}", after + 2
    first = at
    if at and tokens[at - 1].low in _CURRENCIES:
        first, unit = at - 1, Unit("cost", "usd", Fraction(1))
    is_fraction = unit is None and "." in tokens[at].text
    if unit is None:
        unit = _FRACTION if is_fraction else _COUNT
        if _is_of_scale(tokens, after, value):
            unit, after, is_fraction = _SCORE, after + 2, False
        elif low_at(tokens, after) == "/" and number(low_at(tokens, after + 1)) is not None:
            return Amount(value, "several values", "times", at, after + 2)  # `50/200/500`
        elif low_at(tokens, after) == "nines":
            return None
    if unit.factor != 1:
        value = value * unit.factor
        high = None if high is None else high * unit.factor
    return Amount(
        value=value,
        unit=unit.name,
        dimension=unit.dimension,
        first=first,
        last=after,
        plus=plus,
        high=high,
        is_word=tokens[at].kind == "w",
        per=per,
        is_fraction=is_fraction,
        negative=_has_sign(tokens, at, "-"),
        is_gain=_has_sign(tokens, at, "+"),
    )


def _number_at(tokens: Sequence[Token], at: int) -> tuple[Fraction, int, int] | None:
    """The number that starts at the token, the token after it, and its scale (`10k`: 1000)."""
    token, after, scale = tokens[at], at + 1, 1
    if token.kind == "w":
        value = Fraction(WORDS[token.low])
        following = low_at(tokens, after)
        if following in ("hundred", "thousand"):
            value, after = value * WORDS[following], after + 1
        return value, after, scale
    if len(token.text) > 1 and token.text[0] == "0" and token.text.isdigit():
        return None  # `007` is a name
    if _is_grouped(tokens, at):  # `1 200`
        read = number(token.text + tokens[after].text)
        after += 1
    else:
        read = number(token.text)
    if read is None:
        return None
    if _is_decimal_comma(tokens, at):
        read = number(f"{token.text}.{tokens[at + 2].text}") or read
        after += 2
    if joined(tokens, after) and tokens[after].text != "m":  # `5m` are minutes
        scale = SCALES.get(low_at(tokens, after), 1)
    elif not joined(tokens, after):
        scale = _SCALE_WORDS.get(low_at(tokens, after), 1)
    if scale == 1:
        return read, after, scale
    return read * scale, after + 1, scale


def _is_grouped(tokens: Sequence[Token], at: int) -> bool:
    """Thousands apart by a space, before a unit: `1 200 ms`."""
    if at + 2 >= len(tokens):
        return False
    first, second, unit = tokens[at : at + 3]
    return (
        second.kind == "n"
        and len(second.text) == 3
        and second.text.isdigit()
        and second.start == first.end + 1
        and first.text.isdigit()
        and len(first.text) < 4
        and unit.kind == "w"
    )


def _is_decimal_comma(tokens: Sequence[Token], at: int) -> bool:
    """`0,5 %`. Three digits after a comma are thousands."""
    return (
        at > 0
        and low_at(tokens, at + 1) == ","
        and joined(tokens, at + 1)
        and joined(tokens, at + 2)
        and tokens[at + 2].kind == "n"
        and len(tokens[at + 2].text) < 3
        and "." not in tokens[at].text
    )


def _has_sign(tokens: Sequence[Token], at: int, sign: str) -> bool:
    """Whether the sign stands right before the number and not right after something."""
    if not at or tokens[at - 1].low != sign or tokens[at - 1].end != tokens[at].start:
        return False
    return at < 2 or tokens[at - 2].end < tokens[at - 1].start


def _square(tokens: Sequence[Token], at: int, value: Fraction) -> Amount | None:
    """`44x44px`: a size that is the same in both directions."""
    other = number(low_at(tokens, at + 2))
    unit, after = unit_at(tokens, at + 3)
    if other != value or unit is None:
        return None
    return Amount(value * unit.factor, unit.name, unit.dimension, at, after)


def _range(
    tokens: Sequence[Token], after: int, scale: int, links: tuple[str, ...]
) -> tuple[Fraction | None, int]:
    """The upper end of `10-50`, `1k to 5k`, `between 10 and 50`, and the token after it."""
    if low_at(tokens, after) not in ("-", "to", "..", *links) or after + 1 >= len(tokens):
        return None, after
    read = _number_at(tokens, after + 1) if tokens[after + 1].kind == "n" else None
    if read is None:
        return None, after
    high, end, own_scale = read
    return high if own_scale != 1 else high * scale, end


def _range_of_units(
    tokens: Sequence[Token], after: int, unit: Unit, links: tuple[str, ...]
) -> tuple[Fraction | None, int]:
    """The upper end of `5ms-10ms`, `60% to 80%`, in the unit of the lower."""
    if low_at(tokens, after) not in ("-", "to", *links) or after + 1 >= len(tokens):
        return None, after
    read = _number_at(tokens, after + 1) if tokens[after + 1].kind == "n" else None
    second, end = unit_at(tokens, read[1]) if read is not None else (None, after)
    if read is None or second is None or second.name != unit.name:
        return None, after
    return read[0] * second.factor / unit.factor, end


def _is_of_scale(tokens: Sequence[Token], after: int, value: Fraction) -> bool:
    """`4.5/5`, `8/10`, `4.5:1`: a mark on a scale, or a contrast."""
    mark = low_at(tokens, after)
    if mark not in ("/", ":") or not joined(tokens, after):
        return False
    scale = number(low_at(tokens, after + 1))
    if scale is None:
        return False
    return scale == 1 if mark == ":" else scale in (5, 10, 100) and value <= scale
