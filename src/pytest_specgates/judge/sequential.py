"""Whether something is slower than its base, decided pair by pair of processes.

A sequential probability ratio test (A. Wald, Sequential Analysis, 1947) of no change against
twice the tolerance, so that the tolerance itself is where neither is favoured. Each pair is
weighted by how sure it is, and none says more than a bounded amount: the state of a machine,
or the layout of one process, can put a pair off by ten per cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log
from typing import Literal

from ..model import Pair

Decision = Literal["holds", "misses", "undecided"]
MOST_PAIRS = 16
"""So many pairs are measured before it is left undecided."""
_LAYOUT = 0.012
"""The standard deviation (of a natural logarithm) between processes that do the same: what
hash seeds and the layout of memory make of it."""
_MOST = 3.0
"""What one pair can say, as a natural logarithm of likelihoods."""
_HOLDS, _MISSES = -5.8, 8.5
"""Two pairs at least to hold, three to miss: an accusation needs more."""


def decision(pairs: Sequence[Pair], limit: float) -> Decision:
    """`limit` is the natural logarithm of the greatest ratio of times that is tolerated, > 0."""
    from statistics import median

    said = sum(_said(pair, limit) for pair in pairs)
    middle = median(pair.change for pair in pairs) if pairs else limit
    if said <= _HOLDS and middle < limit:
        return "holds"
    return "misses" if said >= _MISSES and middle > limit else "undecided"


def are_undecided(pairs: Sequence[Pair], limits: Iterable[float]) -> bool:
    """Whether more pairs are needed for one of the limits at least."""
    return any(decision(pairs, limit) == "undecided" for limit in limits)


def estimate(pairs: Sequence[Pair]) -> float:
    """By how much the time has changed, in per cent."""
    from statistics import median

    return (exp(median(pair.change for pair in pairs)) - 1) * 100


def greatest(tolerance: float) -> float:
    """The `limit` of a tolerance in per cent: of time where it is positive, else of rate."""
    return log(1 + tolerance / 100) if tolerance > 0 else -log(1 + tolerance / 100)


def _said(pair: Pair, limit: float) -> float:
    variance = _LAYOUT**2 + pair.error**2
    return max(-_MOST, min(_MOST, (pair.change - limit) * 2 * limit / variance))
