"""Alert rules of Prometheus and Grafana, and Argo Rollouts' analyses.

An alert fires on what must not be: what is required is its negation. An alert that states
no limit (a target is down, a budget burns) is refused with the reason.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...model import Meaning, Threshold
from . import limits
from .limits import NUMBER, SECONDS
from .names import Hint, hint, percentile

_COMPARED = re.compile(rf"(?P<op><=|>=|==|!=|<|>)\s*(?P<bool>bool\s+)?(?P<number>{NUMBER})(?!\w)")
_GOES_ON = re.compile(r"[\s)]*[-+*/%^(\w]")
_QUANTILE = re.compile(r"histogram_quantile\(\s*(?P<q>0?\.\d+|0|1)")
_WINDOW = re.compile(r"\bfor\s*:\s*(?P<window>\d+\w+)")
_EXPLICIT = re.compile(r"\bresult(?:\[\d+\])?\b|\bdefault\(\s*result")
_CALL = re.compile(r"^\W*(?:expr\s*:\s*)?[\"']?(?P<call>avg|max|min)\b")
_EVALUATOR = re.compile(
    r"params[\"']?\s*:\s*\[\s*(?P<first>[^,\]]*?)\s*(?:,\s*(?P<second>[^\]]*?)\s*)?\]"
)
_TYPE = re.compile(r"\btype[\"']?\s*:\s*[\"']?(?P<type>gt|lt|gte|lte|within_range|outside_range)\b")
_TURNS = re.compile(r"!\s*\(|\bnot\b|\babsent(?:_over_time)?\s*\(")
_COMPLEMENT = re.compile(r"(?:^|[\s(\"'])1(?:00)?(?:\.0)?\s*-")
_SCALED = re.compile(r"[*/]\s*(?:1000|1e3|1e-3|0\.001)\b")
_GRAFANA = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}


def read_prometheus(name: str, text: str) -> Meaning:
    """`text` is the expression, with `for:` behind it if there is one; `name` the alert's."""
    expression = _WINDOW.sub("", text)
    match = _comparison(expression)
    if match is None:
        return limits.refused("the rule states no single limit", "health")
    value = limits.number(match["number"])
    before = expression[: match.start()]
    if _SCALED.search(before):
        return limits.refused("the rule scales what it measures: its unit cannot be known")
    # `1 - available`: what the expression names is not what is limited.
    said = hint(name) if _COMPLEMENT.search(before) else _said(name, before)
    if _COMPLEMENT.search(before) and not said.metric:
        return limits.refused("the rule limits the rest of what it names")
    if match["op"] in ("==", "!="):
        return limits.refused("the rule watches health and sets no threshold", "health")
    if value is None:
        return limits.refused(f"`{match['number'][:40]}` is no number that can be read")
    if re.search(r"burn", f"{name} {expression}", re.IGNORECASE):
        return limits.refused("a burn rate speeds up an alert and is no limit of its own", "health")
    window = _WINDOW.search(text)
    found = limits.limit(
        said,
        limits.NEGATED[match["op"]],
        value,
        default=SECONDS,  # Prometheus names and measures times in seconds
        span=match.span(),
        conditions=(f"for: {window['window']}",) if window else (),
    )
    return limits.read(found, note="an alert fires on the contrary")


def read_grafana(name: str, text: str) -> Meaning:
    """`text` has the evaluator of a condition: `{ params: [80], type: lt }`."""
    params, kind = _EVALUATOR.search(text), _TYPE.search(text)
    if params is None or kind is None:
        return limits.refused("the rule has no evaluator with `params` and `type`", "health")
    first = limits.number(params["first"])
    if first is None:
        return limits.refused(f"`{params['first'][:40]}` is no number that can be read")
    note = "an alert fires on the contrary"
    if kind["type"] in _GRAFANA:
        op = limits.NEGATED[_GRAFANA[kind["type"]]]
        return limits.read(_limit(name, op, first, params.span("first")), note=note)
    second = limits.number(params["second"] or "")
    if kind["type"] == "within_range" or second is None:
        return limits.refused("an alert within a range requires to be on either side of it")
    low = _limit(name, ">=", first, params.span("first"))
    high = _limit(name, "<=", second, params.span("second"))
    if low.unit != high.unit:
        return limits.refused("the two ends of the range are read in two units")
    return limits.read(low, high, note=note)


def read_argo(name: str, text: str) -> Meaning:
    """A `successCondition` on `result`, a `failureCondition`, or a query that compares."""
    if "successCondition" in text and "failureCondition" in text:
        return limits.refused("a success and a failure condition in one: no single limit")
    match = _comparison(text)
    if match is None:
        return limits.refused("no condition with one limit is written out")
    value, op = limits.number(match["number"]), limits.operator(match["op"])
    if value is None or not op:
        return limits.refused(f"`{match[0]}` sets no limit")
    is_failure = "failurecondition" in name.lower() or "failureCondition" in text
    is_success = not is_failure and bool(_EXPLICIT.search(text) or "success" in name.lower())
    if not is_success:
        # A query that returns what is over the limit finds the failures.
        if op not in limits.NEGATED:
            return limits.refused("a failure at one value is no threshold")
        op = limits.NEGATED[op]
    said = hint(name.replace("successCondition", "").replace("failureCondition", ""))
    if not said.metric and 0 < value < 1:
        # A share that is limited from above is one of failures.
        said = Hint("error_rate" if op in ("<", "<=") else "ratio")
    return limits.read(limits.limit(said, op, value, default=SECONDS, span=match.span()))


def _limit(name: str, op: str, value: Fraction, span: tuple[int, int]) -> Threshold:
    return limits.limit(hint(name), op, value, default=SECONDS, span=span)


def _comparison(text: str) -> re.Match[str] | None:
    """The comparison of an expression, outside of `{selectors}`; None where there are several
    (joined, or one within the other), and where what is around it turns it or counts."""
    bare = re.sub(r"\{[^{}]*\}", lambda m: " " * len(m[0]), text)
    if re.search(r"\s(?:and|or|unless|&&|\|\|)\s", bare, re.IGNORECASE):
        return None
    found = list(_COMPARED.finditer(bare))
    if len(found) > 1 or _TURNS.search(bare):
        return None
    if not found or found[-1]["bool"] or _GOES_ON.match(bare, found[-1].end()):
        return None
    return found[-1]


def _said(name: str, expression: str) -> Hint:
    of_text, of_name = hint(expression), hint(name)
    quantile, call = _QUANTILE.search(expression), _CALL.match(expression)
    statistic = of_name.statistic
    if quantile:
        statistic = percentile(f"{float(quantile['q']) * 100:.4f}".rstrip("0").rstrip("."))
    elif call:
        statistic = {"avg": "mean"}.get(call["call"], call["call"])
    metric = of_text.metric or of_name.metric
    if metric == "ratio" and of_name.metric in ("error_rate", "availability"):
        metric = of_name.metric
    if quantile and metric in ("", "ratio", "count"):
        metric = of_name.metric or "latency"
    return Hint(metric, of_text.unit or of_name.unit, statistic)
