"""Keptn `slo.yaml`: criteria of an SLI, absolute (`<600`) or against the last result (`<=+10%`).

https://github.com/keptn/spec/blob/master/service_level_objective.md: the criteria of one
list all have to hold; `total_score` is a share of the points of all objectives.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ...model import Meaning, Threshold
from . import limits
from .names import hint

_CRITERION = re.compile(
    r"\s*(?P<op><=|>=|<|>|=)\s*(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*"
)
_ITEM = re.compile(r"\"([^\"]*)\"|'([^']*)'|((?:<=|>=|<|>|=)\s*[^\s,\[\]\"'<>=]+|[^\s,\[\]\"']+)")
_MARKER = re.compile(r"(?<!\S)-(?=\s)|\bcriteria\s*:|[{}]")
_LABEL = re.compile(r"\s*pass\b\s*:?")
_WARNING = re.compile(r",?\s*\bwarning\b")
_SHARES = ("error_rate", "ratio", "availability", "accuracy", "cpu")


def read(name: str, text: str) -> Meaning:
    """`name` is the SLI (or `total_score`), `text` the criteria under `pass` or `warning`."""
    if text.strip() in ("", "(no criteria)", "null", "~", "[]"):
        return limits.no_gate("an objective without criteria is recorded and never judged")
    body = _WARNING.split(text, maxsplit=1)[0] if not text.lstrip().startswith("warn") else text
    label = _LABEL.match(body)
    start = label.end() if label else 0
    if "total_score" in name:
        return _total(body, start)
    if body.count("criteria") > 1:
        return limits.refused("one of several lists of criteria is enough: no single limit")
    found = []
    for item in _ITEM.finditer(_blanked(body), start):
        written = (item[1] or item[2] or item[3] or "").strip()
        match = _CRITERION.fullmatch(written)
        value = limits.number(match["sign"] + match["number"]) if match else None
        if match is None or value is None:
            return limits.refused(f"`{written[:80]}` is not written as OPERATOR NUMBER")
        found.append(_threshold(name, match, value, item))
    note = ""
    if any(t.metric == "latency" and hint(name).unit is None for t in found):
        note = "the unit is not stated: milliseconds taken"
    if name.endswith(".warning"):
        note = "a warning level: missing it lowers the score and does not fail"
    return limits.read(*found, note=note, reason="no criterion is written out")


def _blanked(text: str) -> str:
    """The text without the marks of YAML's own, each replaced by blanks."""
    return _MARKER.sub(lambda mark: " " * len(mark[0]), text)


def _threshold(name: str, match: re.Match[str], value: Fraction, item: re.Match[str]) -> Threshold:
    sli = re.sub(r"^objectives\[(.*)\](\.\w+)?$", r"\1", name)
    op = limits.operator(match["op"])
    said = hint(sli)
    span = item.span()
    # A share with a `%` is a share: `<=1%` of an error rate. Anything else with a sign or a
    # `%` is compared with the last result.
    is_share = said.metric in _SHARES and not match["sign"]
    if match["sign"] or (match["percent"] and not is_share):
        statistic = said.statistic
        unit = "%"
        if not match["percent"]:
            plain = limits.limit(said, op, value)
            value, unit = plain.value, plain.unit
        return Threshold("delta", op, value, unit, statistic, *span)
    if said.metric == "throughput":
        # What is counted in the window of the evaluation, whose length is not stated here.
        said = replace(said, metric="count")
    return limits.limit(said, op, value, percent=bool(match["percent"]), span=span)


def _total(text: str, start: int) -> Meaning:
    match = re.compile(r"[\s\"']*(?P<number>\d+(?:\.\d+)?)\s*%?").match(text, start)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("`total_score` is not written as a percentage")
    return limits.read(Threshold("score", ">=", value, "%", None, *match.span("number")))
