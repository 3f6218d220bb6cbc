"""Load tests: Artillery's `ensure`, Gatling's assertions, Locust's exit code.

https://www.artillery.io/docs/reference/extensions/ensure,
https://docs.gatling.io/concepts/assertions/ and
https://docs.locust.io/en/stable/running-without-web-ui.html: all times are milliseconds.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...model import Meaning, Threshold
from . import limits
from .limits import MILLISECONDS, NUMBER
from .names import Hint, hint, percentile

_STATISTICS = {"min": "min", "max": "max", "mean": "mean", "median": "p50", "avg": "mean"}
_COMPARED = re.compile(
    rf"(?P<metric>[\w.\-]+)\s*(?P<op><=|>=|==|!=|<|>)\s*(?P<number>{NUMBER})(?![\w.])"
)
_PLAIN = re.compile(rf"[\s\"']*(?P<number>{NUMBER})[\s\"']*")

# --- Artillery -----------------------------------------------------------------------------


def read_artillery(name: str, text: str) -> Meaning:
    """`name` is the key under `ensure` (`ensure.p95`, `ensure.thresholds[http.response_time.p99]`),
    `text` its number, or the expression of a condition."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return _expression(text)
    value = limits.number(plain["number"])
    if value is None:
        return limits.refused("the limit is not written out as a number")
    last = re.sub(r"^.*thresholds\[(.*)\]$", r"\1", name).rpartition("ensure.")[2]
    span = plain.span("number")
    if last == "maxErrorRate":
        return limits.read(Threshold("error_rate", "<=", value, "%", None, *span))
    op = "<" if "thresholds" in name else "<="
    return limits.read(_artillery(last, op, value, span))


def _expression(text: str) -> Meaning:
    if re.search(r"\b(?:or|not|if)\b", text):
        return limits.refused("only limits joined with `and` are read")
    found = []
    at = 0
    for written in re.split(r"\band\b", text):
        span = (at, at + len(written))
        at = span[1] + len("and")
        bare = written.strip(" \"'").removeprefix("expression:").strip(" \"'")
        match = _COMPARED.fullmatch(bare)
        value = limits.number(match["number"]) if match else None
        op = limits.operator(match["op"]) if match else ""
        if match is None or value is None or not op:
            return limits.refused(f"`{written.strip()[:80]}` is no limit with one number")
        found.append(_artillery(match["metric"], op, value, span))
    return limits.read(*found, reason="no limit is written out")


def _artillery(metric: str, op: str, value: Fraction, span: tuple[int, int]) -> Threshold:
    said = hint(metric)
    statistic = said.statistic or _STATISTICS.get(metric)
    if metric in (*_STATISTICS, "p95", "p99", "p50", "p999"):
        said = Hint("latency")
    elif metric.endswith("request_rate"):
        said = Hint("throughput")
    elif "response_time" not in metric and "latency" not in metric:
        said = Hint("count")
    return limits.limit(said, op, value, statistic=statistic, span=span)


# --- Gatling -------------------------------------------------------------------------------

_STEP = re.compile(r"\.?\s*(?P<step>[A-Za-z]\w*)\s*(?:\((?P<arguments>[^()]*)\))?")
_PERCENTILE = re.compile(r"\d{1,2}(?:\.\d{1,6})?|100(?:\.0{1,6})?")
_METRICS = {
    "responseTime": "latency",
    "failedRequests": "error_rate",
    "successfulRequests": "ratio",
    "allRequests": "count",
    "requestsPerSec": "throughput",
}
_CONDITIONS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "is": "=="} | {
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "greaterThan": ">",
    "greaterThanOrEqual": ">=",
}
_NAMED_PERCENTILES = {"percentile1": "p50", "percentile2": "p75"} | {
    "percentile3": "p95",
    "percentile4": "p99",
}


def read_gatling(name: str, text: str) -> Meaning:
    """One assertion, `global().responseTime().max().lt(100)`; the scope may be left out."""
    metric, statistic, is_percent = "", None, False
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", lambda quoted: "_" * len(quoted[0]), text)
    for step in _STEP.finditer(bare):
        word, arguments = step["step"], step["arguments"] or ""
        if word in _METRICS:
            metric = _METRICS[word]
        elif word == "percent":
            is_percent = True
        elif word == "percentile":
            if not _PERCENTILE.fullmatch(arguments.strip()):
                return limits.refused(f"`percentile({arguments.strip()[:40]})` is no percentile")
            statistic = percentile(arguments.strip())
        elif word in _NAMED_PERCENTILES:
            statistic = _NAMED_PERCENTILES[word]
        elif word in _STATISTICS:
            statistic = _STATISTICS[word]
        elif word in _CONDITIONS or word == "between":
            if any(later["step"] in _CONDITIONS for later in _STEP.finditer(bare, step.end())):
                return limits.refused("several assertions in one: write each by itself")
            made = _gatling(metric, statistic, is_percent, word, arguments, step.span())
            return limits.read(*made, reason=f"`{step[0].strip('.')}` is no limit with a number")
    return limits.refused("an assertion ends in lt, lte, gt, gte, is or between with a number")


def _gatling(
    metric: str,
    statistic: str | None,
    is_percent: bool,
    condition: str,
    arguments: str,
    span: tuple[int, int],
) -> list[Threshold]:
    written = [part.strip() for part in arguments.split(",")]
    values = [limits.number(part.rstrip("dDfFlL")) for part in written]
    exclusive = len(written) == 3 and written[2] == "false"
    ops = [_CONDITIONS.get(condition, "")]
    if condition == "between":
        ops = [">", "<"] if exclusive else [">=", "<="]
    if not metric or len(values) < len(ops) or None in values[: len(ops)]:
        return []
    if metric in ("error_rate", "ratio") and not is_percent:
        metric = "count"  # a number of requests, not a share
    return [
        limits.limit(Hint(metric), op, value, percent=is_percent, statistic=statistic, span=span)
        for op, value in zip(ops, values, strict=False)
        if value is not None
    ]


# --- Locust --------------------------------------------------------------------------------

_LOCUST = re.compile(
    r"(?P<what>fail_ratio|avg_response_time|max_response_time|min_response_time|"
    r"median_response_time|total_rps|num_failures|"
    r"get_response_time_percentile\(\s*(?P<p>[\d.]+)\s*\))\s*"
    rf"(?P<op><=|>=|<|>)\s*(?P<number>{NUMBER})"
)
_ALL_WELL = re.compile(r"exit_code\s*=\s*0|\bnot\b")
_OF_LOCUST = {"fail_ratio": "error_rate", "total_rps": "throughput", "num_failures": "count"}


def read_locust(name: str, text: str) -> Meaning:
    """A condition under which a `quitting` listener sets an exit code: what must not be."""
    match = _LOCUST.search(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("it compares no statistic of Locust with a number")
    if _LOCUST.search(text, match.end()) or _ALL_WELL.search(text):
        return limits.refused("it is not one limit beyond which the run fails")
    share = limits.number(match["p"]) if match["p"] else None
    statistic = None
    if share is not None:
        if share > 1:
            return limits.refused("the percentiles of Locust are shares from 0 to 1")
        statistic = percentile(f"{float(share * 100):.3f}".rstrip("0").rstrip("."))
    what = match["what"].partition("(")[0]
    if what.endswith("_response_time"):
        statistic = _STATISTICS[what.partition("_")[0]]
    found = limits.limit(
        Hint(_OF_LOCUST.get(what, "latency")),
        limits.NEGATED[match["op"]],
        value,
        default=MILLISECONDS,
        statistic=statistic,
        span=match.span(),
    )
    return limits.read(found, note="the run fails on the contrary")
