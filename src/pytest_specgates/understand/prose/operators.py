"""The words and signs that turn an amount into a limit."""

from __future__ import annotations

from collections.abc import Sequence

from .amounts import Amount
from .patterns import words
from .tokens import Token

TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def _phrases(rows: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): op for op, text in rows.items() for phrase in text.split(", ")}


BEFORE = _phrases(
    {
        "<": "<, less then, lower as, south of, under, below, less than, fewer than, "
        "faster than, lower than, smaller than, "
        "shorter than, quicker than, sub, sub -, beneath, in under, in less than, in <, "
        "within <, under <, no <=, better than <, earlier than",
        "<=": "<=, =<, ≤, <=, ±, + / -, within ±, inside, within + / -, within, budget of, "
        "a budget of, at most, at or below, at or under, equal or below, less or equal to, "
        "at maximum, at max, no more than, "
        "not more than, "
        "no longer than, not longer than, no greater than, not greater than, no higher than, "
        "no slower than, no larger than, no bigger than, no later than, not later than, "
        "nor more than, not to exceed, up to, max, max ., maximum, a maximum of, maximum of, "
        "max of, limit of, limited to, limited at, capped at, capped to, cap of, "
        "bounded by, bounded to, less than or equal to, lower than or equal to, "
        "up to a maximum of, no worse than, not worse than, as little as, under or equal to, "
        "ceiling of, "
        "smaller than or equal to, fewer than or equal to, upper limit of, upper bound of, "
        "at least every, at least once every, "
        "at least once per, at least once a",
        ">": ">, more then, beats, beat, above, over, more than, greater than, exceeds, "
        "exceed, exceeding, exceeded, "
        "higher than, better than, in excess of, larger than, longer than, bigger than, "
        "slower than, beyond, past, worse than, surpass, surpasses, surpassing, upwards of",
        ">=": ">=, =>, ≥, at least, at or above, at or over, superior or equal to, equal or "
        "above, at minimum, no less than, not less than, no fewer than, "
        "not fewer than, no lower than, not lower than, minimum, a minimum of, minimum of, "
        "min, min ., min of, not below, not under, greater than or equal to, "
        "more than or equal to, higher than or equal to, at the very least, "
        "no smaller than, no shorter than, floor of, lower bound of, lower limit of",
        "==": "==, =, exactly, equal to, equals, precisely, must equal, should equal",
    }
)
_LONGEST = max(map(len, BEFORE))
_FILLERS = words(
    "a an the about approximately approx around roughly only just ~ ≈ ( \" ' : an? of total"
)
_TAKES_COLON = words("max maximum min minimum than least most")
AFTER = _phrases(
    {
        "<=": "or better, or less, or fewer, or lower, or below, or under, or faster, or "
        "quicker, or sooner, "
        "or smaller, max, maximum, at most, tops, and below, and under, or shorter, limit, cap, "
        "budget, ceiling, at maximum",
        ">=": "or more, or higher, or above, or greater, or over, and above, minimum, at least, "
        "or larger, and up, and higher, or longer, or so minimum, floor, plus",
    }
)


def operator(tokens: Sequence[Token], amount: Amount, start: int, end: int) -> tuple[str, int, int]:
    """(op, first token, last token) of the limit; op is "" for a bare amount.

    `start` and `end` bound the tokens that belong to this amount.
    """
    first, last = amount.first, amount.last
    at = first
    fillers = 0
    while True:
        for length in range(min(_LONGEST, at - start), 0, -1):
            phrase = tuple(token.low for token in tokens[at - length : at])
            op = BEFORE.get(phrase)
            if op is not None:
                return op, at - length, last
        if at <= start or fillers == 3 or tokens[at - 1].low not in _FILLERS:
            break
        if tokens[at - 1].low == ":" and (
            at < 2 or not {token.low for token in tokens[max(start, at - 3) : at]} & _TAKES_COLON
        ):
            break
        at -= 1
        fillers += 1
    for skip in range(1 if amount.is_word else 4):
        at = last + skip
        if at >= end or (skip and tokens[at - 1].kind != "w" and tokens[at - 1].low != ")"):
            break
        if tokens[at].low == "(" and skip == 0:
            continue
        for length in (2, 1):
            op = AFTER.get(tuple(token.low for token in tokens[at : at + length]))
            if op is None or at + length > end:
                continue
            if length == 1 and skip and tokens[at].low in ("limit", "budget", "cap", "plus"):
                continue
            following = tokens[at + length] if at + length < len(tokens) else None
            if following is not None and following.kind == "n":
                continue  # `max 5`: it belongs to what follows
            return op, first, at + length
    if amount.plus:
        return ">=", first, last
    return "", first, last


NEGATORS = words(
    "not no never none without cannot can't won't don't doesn't shouldn't mustn't isn't "
    "aren't nor nothing neither"
)
