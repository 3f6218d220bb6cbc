"""Which metric an amount is of, and its statistic and unit."""

from __future__ import annotations

from collections.abc import Sequence

from ...model import Threshold
from . import metrics
from .metrics import Found, Metric, named, statistic
from .part import Part
from .patterns import words
from .tokens import Token

Held = Sequence[tuple[Metric, "str | None"]]
_HIGHEST_SCORE = 1
_OF_BASE = (["of"], ["over"], ["from"], ["vs"], ["above"])
_BASES = words("baseline previous original base main current")
_HAVE_UNITS = words(
    "latency latencies duration throughput fps p50 p75 p90 p95 p99 time rps qps tps"
)
_CHANGES = words("drop loss decline regression degradation deviation")
_GROWS = words("increase increases increased grows grow rises rise slows degrades regresses")
_STOPS = words(", ; ( ) |")
_LINKS = words(": is of be are remain remains stays stay at")
_SAYS_LIMIT = words("floor ceiling threshold target goal limit budget objective slo sla max min")
_HEAD_ENDS = words("( for of in on per at by to from with - ; ,")


def metric_of(part: Part, found: Sequence[Threshold], held: Held) -> tuple[Metric | None, bool]:
    """The metric, and whether the statement itself names it beside the number."""
    if _is_of_baseline(part):
        return metrics.BAD_DELTA, True
    if "±" in part.op_words or part.op_words[:1] == ["+"]:
        return metrics.LOW_ACCURACY, True
    if part.amount.dimension == "percent" and part.amount.is_gain and not part.op:
        return metrics.GOOD_DELTA, True
    if part.amount.dimension in ("percent", "count", "score") and _is_change(part):
        return metrics.BAD_DELTA, True
    change = _change_by(part)
    if change is not None:
        return change, True
    if part.amount.dimension == "count" and _lacks_unit(part):
        return None, False
    share = _share_without_sign(part)
    if share is not None:
        return share, True
    beside = _beside(part)
    if beside is not None:
        return beside.metric, True
    above = _above(part)
    label = _label(part)
    if label is not None:
        is_of_heading = above is not None and above.metric is metrics.COVERAGE and not part.op
        if not is_of_heading or label.metric.name == "ratio":
            return label.metric, True
    if not found:
        before = range(part.first - 1, max(-1, part.first - 25), -1)
        far = named(part.tokens, before, _dimension(part), _is_share(part))
        if far is not None:
            return far.metric, True
    if held and found and found[-1].unit == part.amount.unit:
        return held[-1][0], False
    if above is not None and not (part.amount.dimension == "count" and part.right):
        return above.metric, False
    return _default(part), False


def _dimension(part: Part) -> str:
    """In which table to look: the keys of machines name what has its unit in the key."""
    dimension = part.amount.dimension
    return "keyed" if part.statement.is_keyed and dimension == "count" else dimension


def _share_without_sign(part: Part) -> Metric | None:
    """`Coverage >= 80`: nothing else has that name."""
    if part.amount.dimension != "count" or not part.op or not 1 < part.amount.value <= 100:
        return None
    hit = named(part.tokens, part.near[:3], "keyed") or named(
        part.statement.label, range(len(part.statement.label)), "keyed"
    )
    names_share = hit is not None and hit.metric.name in ("coverage", "availability")
    return hit.metric if hit is not None and names_share and not part.right else None


def _lacks_unit(part: Part) -> bool:
    """`latency: 200`: the subject has a unit, and nobody says which."""
    if part.right and not part.statement.is_keyed:
        return False
    subject = (*part.words(part.near[:5]), *part.names)
    return not _HAVE_UNITS.isdisjoint(subject)


def _is_share(part: Part) -> bool:
    """Whether a bare number may be a share or a score: `0.95`, not `2.5`."""
    return part.amount.is_fraction and part.amount.value <= 1


def _is_of_baseline(part: Part) -> bool:
    """`within 5% of the old one`, `at most 5% over the baseline`: a tolerance of change."""
    right = part.words(part.right[:5])
    if part.amount.dimension != "percent" or part.op not in ("<", "<="):
        return False
    if right[:1] == ["of"] and part.op_words == ["within"]:
        return True
    return right[:1] in _OF_BASE and not _BASES.isdisjoint(right)


def _is_change(part: Part) -> bool:
    """`a drop in recall > 2 points`: the change is limited, not the recall."""
    for at in part.near[:6]:
        if part.lows[at] in _CHANGES and part.lows[at + 1] in ("in", "of"):
            return True
    return False


def _change_by(part: Part) -> Metric | None:
    """`reduces errors by 80%`, `increases by more than 100 ms`: a change, whatever changes."""
    if part.words(part.near[:1]) != ["by"]:
        return None
    for at in part.near:
        if part.lows[at] in _GROWS and part.op in ("<", "<=", ">", ">="):
            return metrics.BAD_DELTA
        metric = metrics.SHARES.get((part.lows[at],))
        if metric is not None and metric.name == "delta":
            return metrics.GOOD_DELTA if not part.op else metrics.DELTA
    return None


def _above(part: Part) -> Found | None:
    """The metric that the heading names. A plain count is of no share that stands there."""
    heading, amount = part.heading.tokens, part.amount
    hit = named(heading, range(len(heading)), _dimension(part), _is_share(part))
    if hit is not None and hit.last - hit.first == 1 and hit.metric.name in ("ratio", "delta"):
        return None  # `Success Criteria` names no share
    if hit is None or amount.dimension != "count" or amount.is_fraction:
        return hit
    if part.statement.is_keyed or hit.metric.name in ("count", "score"):
        return hit
    return None


def _beside(part: Part) -> Found | None:
    dimension, fraction = _dimension(part), _is_share(part)
    right = part.right
    counts = dimension == "count" and not fraction and bool(right)
    sides = [part.near, right] if part.op and not counts else [right[:5], part.near]
    if dimension == "percent" and right:
        if part.lows[right[0]] == "of":
            return _share_of(part)
        if not _prefers_left(part):
            sides = [right, part.near]
    for side in sides:
        hit = named(part.tokens, side, dimension, fraction)
        if hit is not None:
            return hit
    return None


def _share_of(part: Part) -> Found | None:
    """`95% of contacts are found`: a ratio, unless it is a share of failures or of code."""
    before = named(part.tokens, part.near[:4], "percent")
    if before is not None and before.metric.name not in ("accuracy", "delta"):
        return before
    if part.statement.label:
        label = _label(part)
        if label is not None:
            return label
    hit = named(part.tokens, part.right, "percent")
    wanted = hit is not None and part.lows[hit.first - 1] in ("are", "is", "be", "get")
    if (
        hit is not None
        and hit.metric.name in ("coverage", "error_rate")
        and not (
            wanted and hit.metric.name == "error_rate"  # `of invalid inputs are rejected`
        )
    ):
        return hit
    return Found(metrics.RATIO, part.first, part.last)


def _prefers_left(part: Part) -> bool:
    """Whether the words before a percentage are its subject (`Error rate < 1%`)."""
    for at in part.near[:3]:
        low = part.lows[at]
        if low in _LINKS:
            continue
        if part.tokens[at].kind != "w" or low in _STOPS:
            return False
        return named(part.tokens, part.near[:3], "percent") is not None
    return False


def _label(part: Part) -> Found | None:
    """The metric of the label or the key: its head, the last word before a preposition."""
    dimension, fraction = _dimension(part), _is_share(part)
    for names in (part.statement.label, part.statement.key):
        if not names:
            continue
        head = next((n for n in range(1, len(names)) if _ends_head(names, n)), len(names))
        while head > 1 and names[head - 1].low in _SAYS_LIMIT:
            head -= 1  # `error rate threshold`
        hit = named(names, range(head - 1, -1, -1), dimension, fraction)
        if hit is None:
            hit = named(names, range(len(names) - 1, -1, -1), dimension, fraction)
            head = len(names)
        if hit is not None and (part.op or hit.last >= head or dimension != "percent"):
            return hit
    return None


def _ends_head(names: Sequence[Token], at: int) -> bool:
    is_hyphen = names[at].low == "-" and names[at - 1].end == names[at].start
    return names[at].low in _HEAD_ENDS and not is_hyphen  # `crash-free users`


def _default(part: Part) -> Metric | None:
    """What an amount is of where nothing names it."""
    dimension = part.amount.dimension
    names = part.statement.label or part.statement.key
    if dimension in metrics.DEFAULT:
        return metrics.DEFAULT[dimension]
    if dimension == "percent":
        return metrics.RATIO if part.right or names else None
    if dimension == "score":
        return metrics.SCORE
    if part.amount.is_fraction:
        is_score = part.amount.value <= _HIGHEST_SCORE and (part.op or part.statement.is_cell)
        if is_score or part.op in (">", ">="):
            return metrics.SCORE
        return metrics.COUNT if part.op else None
    following = part.tokens[part.right[0]] if part.right else None
    if following is not None and following.kind in "wm":
        return metrics.COUNT
    if part.statement.is_keyed or part.amount.value == 0 or (part.statement.is_cell and part.op):
        return metrics.COUNT
    for at in range(part.first - 1, part.start - 1, -1):
        token = part.tokens[at]
        if token.kind == "w":
            is_name = token.text[:1].isupper() and at > 0
            return None if is_name else metrics.COUNT
    return None


def unit_of(part: Part, metric: Metric) -> str:
    unit, value = part.amount.unit, part.amount.value
    if part.statement.is_keyed and unit in ("count", "score"):
        if metric.name in ("coverage", "availability") and value > 1:
            return "%"
        if metric.name in ("ratio", "delta", "error_rate", "cpu") and value >= 1:
            return "%"
    if metric.name in ("coverage", "availability") and unit in ("count", "score") and value > 1:
        return "%"
    if metric.name == "cost":
        return "usd"
    if unit == "count" and metric.name in (
        "score",
        "accuracy",
        "availability",
        "ratio",
        "error_rate",
        "coverage",
    ):
        return "score"
    return unit


def statistic_of(part: Part, metric: Metric, held: Held, found: Sequence[Threshold]) -> str | None:
    """The statistic that the statement names for this limit, else None."""
    if metric.name not in ("latency", "delta", "memory", "cpu", "size", "throughput", "score"):
        return None
    right = part.right
    if part.last < part.end and part.lows[part.last] in ("(", "at", "on"):
        right = list(range(part.last, min(part.end, part.last + 5)))
    own = list(range(part.amount.first - 1, part.first - 1, -1))
    for side in (own, part.near, right[:6]):
        hit = statistic(part.tokens, side, named_only=side is part.near and bool(part.op))
        if hit is not None:
            return hit
    for names in (part.statement.label, part.statement.key):
        hit = statistic(names, range(len(names)))
        if hit is not None:
            return hit
    if held and held[-1][0].name == metric.name and found:
        return held[-1][1]
    if metric.name == "latency":
        return statistic(part.heading.tokens, range(len(part.heading.tokens)))
    return None
