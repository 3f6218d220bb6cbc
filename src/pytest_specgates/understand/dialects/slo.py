"""Service level objectives: OpenSLO, Pyrra, slo-generator.

All three state a share of good events, and two of them also what a good event is: then
"99 % of events under 500 ms" is one limit on the 99th percentile.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ...model import Meaning, Threshold
from ..units import TIMES, Unit
from . import limits
from .limits import NUMBER
from .names import Hint, hint, percentile

_OPS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_BUCKET = re.compile(rf"\ble\s*=~?\s*[\"']?(?P<number>{NUMBER})")
_COMMENT_UNIT = re.compile(rf"threshold\s*:\s*{NUMBER}\s*#\s*(?P<unit>[^\W\d]+)")
_SAID = re.compile(rf"(?P<op><=|<)\s*(?P<number>{NUMBER})\s*(?P<unit>[^\W\d]+)")


def read_openslo(name: str, text: str) -> Meaning:
    """One objective: `target` (or `targetPercent`) with, for a threshold metric, `op`, `value`."""
    share = _share(text)
    if share is None:
        return limits.refused("an objective without `target` or `targetPercent`")
    if share > 1:
        return limits.refused("`target` is a share from 0 to 1, `targetPercent` one from 0 to 100")
    value, op = limits.field(text, "value"), limits.field(text, "op")
    good = limits.number(value[0]) if value else None
    if value is None or op is None or good is None:
        return limits.read(_of_share(hint(name), share, text))
    said = hint(name)
    if op[0] not in _OPS:
        return limits.refused(f"`op: {op[0]}` is none of lt, lte, gt, gte")
    if said.metric not in ("", "latency") or op[0] in ("gt", "gte"):
        # A good event is over a limit, or no time: the share of good events is the gate.
        kept = replace(_of_share(hint(name), share, text), conditions=(f"{op[0]} {value[0]}",))
        return limits.read(kept)
    note = ""
    if said.unit is None:
        if good < 10:
            return limits.refused(f"the unit of `value: {value[0]}` is not stated: s or ms?")
        note = "the unit is not stated: milliseconds taken"
    return limits.read(
        limits.limit(
            replace(said, metric="latency"),
            _OPS[op[0]],
            good,
            statistic=_quantile(share),
            span=(value[1], value[2]),
        ),
        note=note,
    )


def read_pyrra(name: str, text: str) -> Meaning:
    """`target` in percent; `le=` is the bucket (in seconds) that a good request falls into."""
    target = limits.field(text, "target")
    percent = limits.number(target[0]) if target else None
    if target is None or percent is None:
        return limits.refused("an objective without `target`")
    if percent > 100:
        return limits.refused("`target` is a percentage from 0 to 100")
    bucket, native = _BUCKET.search(text), limits.field(text, "latency")
    if bucket is None and native is not None:
        return _native(native, percent / 100)
    seconds = limits.number(bucket["number"]) if bucket else None
    if bucket is None or seconds is None:
        return limits.read(
            Threshold("availability", ">=", percent, "%", None, target[1], target[2])
        )
    return limits.read(
        Threshold("latency", "<=", seconds, "s", _quantile(percent / 100), *bucket.span("number"))
    )


def _native(native: tuple[str, int, int], share: Fraction) -> Meaning:
    """`latency: 100ms` of a native histogram."""
    match = re.fullmatch(rf"({NUMBER})([a-z]+)", native[0])
    value = limits.number(match[1]) if match else None
    if match is None or value is None or match[2] not in TIMES:
        return limits.refused(f"`latency: {native[0]}` is no duration")
    seconds = value * TIMES[match[2]].factor
    return limits.read(
        Threshold("latency", "<=", seconds, "s", _quantile(share), native[1], native[2])
    )


def read_generator(name: str, text: str) -> Meaning:
    """`goal` is a share; `threshold` has no unit but in a comment or in the description."""
    goal = limits.field(text, "goal")
    share = limits.number(goal[0]) if goal else None
    if goal is None or share is None:
        return limits.refused("a spec without `goal`")
    if share > 1:
        return limits.refused("`goal` is a share from 0 to 1")
    said, unit = _SAID.search(text), _COMMENT_UNIT.search(text)
    threshold = limits.field(text, "threshold")
    if threshold is not None:
        value = limits.number(threshold[0])
        given = TIMES.get(unit["unit"]) if unit else hint(name).unit
        if value is None or given is None or given.dimension != "time":
            return limits.refused(f"the unit of `threshold: {threshold[0]}` is not stated")
        return limits.read(_slower("<=", value, given, share, threshold[1:]))
    if said is not None and said["unit"].lower() in TIMES:
        value = limits.number(said["number"])
        if value is not None:
            given = TIMES[said["unit"].lower()]
            return limits.read(
                _slower(said["op"], value, given, share, said.span("number")),
                note="the limit is stated in the description only",
            )
    if "threshold_bucket" in text:
        return limits.refused("`threshold_bucket` is the number of a bucket, not a time")
    return limits.read(_of_share(hint(name), share, text))


def _slower(
    op: str, value: Fraction, unit: Unit, share: Fraction, span: tuple[int, int]
) -> Threshold:
    return Threshold("latency", op, value * unit.factor, "s", _quantile(share), *span)


def _share(text: str) -> Fraction | None:
    for name, factor in (("target", Fraction(1)), ("targetPercent", Fraction(1, 100))):
        found = limits.field(text, name)
        value = limits.number(found[0]) if found else None
        if value is not None:
            return value * factor
    return None


def _of_share(said: Hint, share: Fraction, text: str) -> Threshold:
    metric = "availability" if said.metric == "availability" else "ratio"
    found = next(f for n in ("target", "targetPercent", "goal") if (f := limits.field(text, n)))
    window = limits.field(text, "timeSliceWindow")
    conditions = (f"timeSliceWindow: {window[0]}",) if window else ()
    return Threshold(metric, ">=", share, "score", None, found[1], found[2], conditions)


def _quantile(share: Fraction) -> str:
    """0.999 -> `p99.9`. Written with at most six places, which no objective goes beyond."""
    percent = f"{float(share * 100):.6f}".rstrip("0").rstrip(".")
    return percentile(percent) if "." in percent or len(percent) < 3 else f"p{percent}"
