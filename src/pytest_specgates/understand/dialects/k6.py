"""k6 thresholds: `p(95)<500` of a metric whose type, and so unit, is known by its name.

https://grafana.com/docs/k6/latest/using-k6/thresholds/: an aggregation, an operator, a
number. Trends of times are in milliseconds, rates are shares from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import Meaning, Threshold
from . import limits
from .limits import NUMBER, OPERATORS
from .names import Hint, hint, percentile

_EXPRESSION = re.compile(
    r"\s*(?P<aggregation>avg|min|max|med|count|rate|value|p\(\s*(?P<p>\d{1,2}(?:\.\d{1,6})?|100)\s*\))\s*"
    rf"(?P<op>{OPERATORS})\s*(?P<number>{NUMBER})\s*"
)
_QUOTED = re.compile(r"\"(?P<d>[^\"\\]*)\"|'(?P<s>[^'\\]*)'|`(?P<b>[^`\\$]*)`")
_AROUND = re.compile(
    r"[\s,\[\]{}]|[\"']?threshold[\"']?\s*:|[\"']?abortOnFail[\"']?\s*:\s*(?:true|false)"
    r"|[\"']?delayAbortEval[\"']?\s*:\s*(?:\"[\w.]*\"|'[\w.]*'|\d+)"
)
_STATISTICS = {"avg": "mean", "med": "p50", "min": "min", "max": "max"}
_SHARES = {"http_req_failed": "error_rate", "browser_http_req_failed": "error_rate"}
_BUILT_IN = {
    **_SHARES,
    "checks": "ratio",
    "browser_web_vital_cls": "score",
    "vus": "count",
    "vus_max": "count",
    "iterations": "count",
    "http_reqs": "count",
    "dropped_iterations": "count",
    "data_sent": "size",
    "data_received": "size",
    "ws_connecting": "latency",
    "ws_ping": "latency",
    "ws_sessions": "count",
    "ws_msgs_sent": "count",
    "ws_msgs_received": "count",
    "http_req_connecting": "latency",
    "http_req_tls_handshaking": "latency",
    "http_req_sending": "latency",
    "http_req_receiving": "latency",
}


def read(name: str, text: str) -> Meaning:
    """`name` is the metric (`http_req_duration{endpoint:a}`), `text` one threshold or several,
    as a text, a list of texts, or the object form."""
    if text.strip() == "[]":
        return limits.no_gate("an empty list shows a metric and judges nothing")
    found = []
    for written, start in _expressions(text):
        match = _EXPRESSION.fullmatch(written)
        if match is None:
            return limits.refused(
                f'"{written.strip()[:80]}" is not written as AGGREGATION OPERATOR NUMBER'
            )
        threshold = _threshold(name, match, start)
        if threshold is None:
            return limits.refused(f"`{match['op']}` sets no limit")
        found.append(threshold)
    return limits.read(*found, reason="no threshold is written out as a text")


def _expressions(text: str) -> Iterator[tuple[str, int]]:
    """Each expression of the text or list form and of `threshold:`; what stands beside them
    and is not known comes too, so that nothing is passed over."""
    if not text.lstrip().startswith(("[", "{", '"', "'", "`")):
        yield text, 0
        return
    at = 0
    while at < len(text):
        around = _AROUND.match(text, at)
        quoted = _QUOTED.match(text, at) if around is None else None
        if around:
            at = around.end()
        elif quoted:
            group = next(group for group in "dsb" if quoted[group] is not None)
            yield quoted[group], quoted.start(group)
            at = quoted.end()
        else:
            yield text[at:], at
            return


def _threshold(name: str, match: re.Match[str], start: int) -> Threshold | None:
    op, value = limits.operator(match["op"]), limits.number(match["number"])
    if not op or value is None:
        return None
    metric, selector = _metric(name)
    span = (start + match.start("aggregation"), start + match.end("number"))
    aggregation = match["aggregation"]
    known = _BUILT_IN.get(metric, "")
    said = hint(metric)
    statistic = percentile(match["p"]) if match["p"] else _STATISTICS.get(aggregation)
    kind, unit = known, said.unit
    if aggregation == "rate":
        # The rate of a Rate is a share; that of a Counter is so many a second.
        is_share = known in ("error_rate", "ratio") or (not known and value <= 1)
        kind = "throughput"
        if is_share:
            kind = known or ("error_rate" if said.metric == "error_rate" else "ratio")
            return Threshold(kind, op, value, "score", None, *span, selector)  # never a %
    elif aggregation in ("count", "value"):
        kind = known if known == "size" else "count"
    elif not known:
        kind = said.metric if said.metric in ("latency", "memory", "size", "score") else "count"
    if aggregation == "rate" and known == "size":
        return Threshold("throughput", op, value, "B/s", None, *span, selector)
    return limits.limit(
        Hint(kind, unit),
        op,
        value,
        statistic=statistic,
        span=span,
        conditions=selector,
    )


def _metric(name: str) -> tuple[str, tuple[str, ...]]:
    """The metric and its tag selector: `a{b:c}` -> `a`, (`b:c`,)."""
    metric, _, selector = name.removeprefix("thresholds.").partition("{")
    selector = selector.rstrip("} ").strip()
    return metric.strip(), (selector,) if selector else ()
