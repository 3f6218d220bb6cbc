"""Files of people's own, `key: value`: read as the prose that they are close to.

A value that is a mapping with a target, a unit, levels (`{target: 200, warning: 500, unit:
milliseconds}`) or with bounds (`max_value: 4000, max_ratio: 1.25`) is taken apart first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ...model import Meaning, Threshold
from ..units import BITS, BYTES, TIMES
from . import limits
from .limits import NUMBER
from .names import Hint, hint

_BOUND = re.compile(
    rf"\b(?P<key>max_value|min_value|max_ratio|min_ratio)\s*:\s*(?P<number>{NUMBER})"
)
_TARGET = re.compile(rf"\btarget\s*:\s*(?P<number>{NUMBER})")
_LEVEL = re.compile(rf"\b(?:warning|critical)\s*:\s*(?P<number>{NUMBER})")
_BARE = re.compile(rf"[\s\"']*(?P<number>{NUMBER})\s*(?:/\s*(?P<window>\d+\s*[a-z]+))?[\s\"']*")
_COVERED = frozenset(("lines", "line", "branches", "branch", "functions", "statements", "coverage"))
_WANTED = frozenset(
    ("target", "targets", "slo", "slos", "budget", "budgets", "limit", "limits", "goal", "goals")
) | frozenset(
    (
        "threshold",
        "thresholds",
        "min",
        "max",
        "minimum",
        "maximum",
        "required",
        "criteria",
        "global",
    )
)
"""Words by which a number is asked for; `global` is how Jest groups its coverage thresholds."""
_HIGH = frozenset(["coverage", "throughput", "availability", "accuracy", "ratio", "score"])
_FINEST = Fraction(1, 1_000_000)
"""A percentile of single calls cannot be told in shorter times, in seconds."""
_BURN = re.compile(r"burn[_ ]?rate|\balerts?\b", re.IGNORECASE)


def read(name: str, text: str) -> Meaning:
    """`name` are the keys above (`slo_targets.latency_p99_ms`), `text` is the value."""
    if len(text) > limits.LONGEST:
        return limits.refused(f"longer than {limits.LONGEST:,} characters")
    name = name[: limits.LONGEST]
    if _BURN.search(name):
        return limits.refused("an alert on the speed of a change is no limit of its own", "health")
    words = set(re.split(r"[^a-z]+", name.lower()))
    if words & BITS:
        return limits.refused("kbps, mbps: bits or bytes a second is not stated")
    bounds = list(_BOUND.finditer(text))
    if bounds:
        return _bounded(name, bounds)
    target = _TARGET.search(text)
    if target is not None:
        return _leveled(name, text, target)
    return _prose(name, text)


def _bounded(name: str, bounds: list[re.Match[str]]) -> Meaning:
    said = hint(name.rpartition(".")[2])
    found = []
    for match in bounds:
        value = limits.number(match["number"])
        if value is None:
            return limits.refused(f"`{match['number'][:40]}` is no number that can be read")
        op = "<=" if match["key"].startswith("max") else ">="
        if match["key"].endswith("ratio"):
            found.append(
                Threshold("delta", op, (value - 1) * 100, "%", said.statistic, *match.span())
            )
        else:
            # An upper bound on a rate whose name says neither is one of failures.
            metric = "error_rate" if said.metric == "ratio" and op == "<=" else said.metric
            found.append(limits.limit(replace(said, metric=metric), op, value, span=match.span()))
    if any(t.metric == "latency" and t.statistic and t.value < _FINEST for t in found):
        return limits.refused("finer than one call can be timed: is the unit right?", "latency")
    return limits.read(*found)


def _leveled(name: str, text: str, target: re.Match[str]) -> Meaning:
    """A target with levels of alarm: worse is on the side where the levels stand."""
    value, said = limits.number(target["number"]), hint(name.rpartition(".")[2])
    level, unit = _LEVEL.search(text), limits.field(text, "unit")
    worse = limits.number(level["number"]) if level else None
    if value is None:
        return limits.refused("the target is not written out as a number")
    if worse is None:
        return _prose(name, text)
    if unit is not None:
        known = TIMES.get(unit[0].lower()) or BYTES.get(unit[0].lower())
        if known is None:
            return limits.refused(f'the unit "{unit[0]}" is not known')
        said = replace(said, unit=known, metric="latency" if known.dimension == "time" else "size")
    op = "<=" if worse > value else ">="
    return limits.read(limits.limit(said, op, value, span=target.span("number")))


def _bare(name: str, text: str) -> Meaning | None:
    """`target_seconds: 2.0`: a number alone, which its key has to explain."""
    match = _BARE.fullmatch(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return None
    said = hint(name)
    words = set(re.split(r"[^a-z]+", name.lower()))
    if words & _COVERED and "coverage" in words:
        said = Hint("coverage")
    if not said.metric:
        return None
    if not words & _WANTED:
        return limits.refused("a number alone: is it asked for, or was it measured?")
    op = ">=" if said.metric in _HIGH else "<="
    if words & {"min", "minimum"} | words & {"max", "maximum"}:
        op = ">=" if words & {"min", "minimum"} else "<="
        if said.statistic in ("min", "max"):
            said = replace(said, statistic=None)  # it is the limit, not a statistic
    if said.metric == "coverage":
        return limits.read(Threshold("coverage", op, value, "%", None, *match.span("number")))
    window = (match["window"],) if match["window"] else ()
    if said.metric == "latency" and said.unit is None:
        return limits.refused("a time without a unit", "latency")
    return limits.read(limits.limit(said, op, value, span=match.span("number"), conditions=window))


def _prose(name: str, text: str) -> Meaning:
    bare = _bare(name, text)
    if bare is not None:
        return bare
    from ..prose import read_text

    above, _, key = name.rpartition(".")
    key = re.sub(r"^.*\[(.*)\]$", r"\1", key)
    meant = read_text(f"{key}: {text}", re.sub(r"\[.*\]", "", above) or None)
    if meant.thresholds or meant.reason:
        return meant
    return replace(meant, reason=f"it states no limit ({meant.kind.replace('_', ' ')})")
