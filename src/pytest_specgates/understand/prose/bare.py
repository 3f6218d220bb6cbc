"""Amounts without an operator: whether what stands around them makes them limits."""

from __future__ import annotations

from fractions import Fraction

from .metrics import BAD_DELTA, DELTA, GOOD_DELTA, RETENTION, Metric, named
from .part import Part
from .patterns import words
from .roles import CAPABLE, DID, HOUR, LOADED, OBSERVED, TARGET

_DAY = Fraction(86400)
_BOUNDS = words("min max minimum maximum")
_LIMIT_KEYS = words("threshold target limit p50 p75 p90 p95 p99")
_SAYS_LIMIT = words("limit budget max maximum cap target")
_IS = words("is are be remains remain stays equals at")
_CALENDAR = words("month months year week day budget total")
_NOT_SHARES = words(
    "sampling opacity width height scale zoom rollout traffic volume transparency brightness "
    "weight discount tax commission fee margin rollback canary battery split equity completed "
    "done progress complete users sample-rate interval intervals significance"
)
_SETTING_KEYS = words(
    "timeout timeouts ttl window interval retries retry attempts expiry expires backoff port "
    "sleep poll polling refresh seed version weight default workers threads replicas lockout "
    "estimated estimate estimates total budget_tokens temperature top_k for every range step "
    "utilization"
)
_QUALITY_KEYS = words(
    "coverage complexity duplication vulnerabilities errors warnings violations latency "
    "throughput availability uptime accuracy precision recall f1 success regression response "
    "slo sla score function length lines cls lcp fcp ttfb fid inp tbt p50 p90 p95 p99 "
    "mutation issues bugs smells pass rate findings failures memory cov"
)


def bare(part: Part, metric: Metric | None, is_near: bool) -> str:
    """Why an amount without an operator is no limit; "" where it is one."""
    amount, heading = part.amount, part.heading.signs
    before = part.words(part.near)
    if part.names & {"minimum", "maximum"} and not before:
        return ""
    is_alone = len(part.tokens) == part.last - part.first and not part.names
    if is_alone and _heading_names_it(part):
        return ""  # nothing but a value, under a heading such as `Throughput`
    if part.statement.column and heading == {"targets"} and metric is not None and not before:
        return ""  # the heading of its column calls it one
    has_target = bool(TARGET & {*before, *part.names, *part.words(part.right[:1])})
    if "observed" in heading and not has_target:
        return OBSERVED
    if part.statement.is_keyed:
        return _bare_key(part, metric, is_near)
    if (
        part.statement.is_cell
        and amount.dimension in ("time", "rate", "bytes")
        and not ("targets" in heading or part.names & TARGET or _heading_names_it(part))
    ):
        return "a cell that may be what was seen"
    if _looks_measured(part):
        return OBSERVED
    if amount.dimension == "time":
        return _bare_time(part, metric, is_near, before, has_target)
    if amount.dimension == "percent":
        return _bare_share(part, metric, is_near, before, has_target)
    if amount.dimension == "rate":
        return _bare_rate(part, before, has_target)
    if amount.dimension in ("count", "score"):
        return _bare_count(part, metric, is_near, before)
    if amount.dimension == "bytes":
        around = {*part.heading.words, *before[:4], *part.names, *part.words(part.right[:2])}
        later = part.words(range(part.last, len(part.tokens)))
        if not _SAYS_LIMIT.isdisjoint(around) and "per" not in later:
            return ""
        return "a size that nothing calls a limit"
    return "a number that nothing calls a limit"


def _looks_measured(part: Part) -> bool:
    """`5653.772 ms`, `1.26ms`: nobody asks for so odd a number."""
    written = part.tokens[part.amount.first].text.replace(",", "")
    whole, _, rest = written.partition(".")
    odd = bool(rest) and len((whole + rest).strip("0")) > 2 and part.amount.dimension != "percent"
    return odd and part.amount.dimension in ("time", "rate", "bytes")


def _bare_time(
    part: Part, metric: Metric | None, is_near: bool, before: list[str], has_target: bool
) -> str:
    value = part.amount.value
    if "targets" in part.heading.signs and {"time", "latency"} & set(part.words(part.right[:6])):
        return ""
    if "effort" in part.heading.signs:
        return "a duration of work"
    if _heading_names_it(part) and part.statement.label and not before:
        return ""
    if metric is None or not is_near or (value >= _DAY and not has_target):
        if metric is RETENTION and has_target:
            return ""
        return "a time that nothing calls a limit"
    if value < HOUR or has_target:
        signs = part.heading.signs
        if has_target or ("targets" in signs and (not before or before[0] in [":", ",", ")"])):
            return ""
        label = part.statement.label
        if label and not before and "config" not in signs:
            return "" if named(label, range(len(label)), "time") else "nothing names the time"
        if before and before[0] in [":", "=", "is", "of", "be", "time", "latency"]:
            return "" if "config" not in signs else "a setting"
    return "a time that nothing calls a limit"


def _bare_rate(part: Part, before: list[str], has_target: bool) -> str:
    right = part.words(part.right)
    if part.amount.unit != "1/s" or part.amount.value < Fraction(1, 3600):
        return "a schedule"
    if {"limit", "ip", "per", "quota"} & set(right[:3]) or "limit" in before:
        return "a rate that is allowed, not asked for"
    frames = part.lows[part.amount.last - 1] in ("fps", "hz")
    capable = bool(set(before[:6]) & CAPABLE)
    if capable or has_target or frames or {"throughput", "performance"} & part.names:
        return ""
    if "throughput" in before or ("targets" in part.heading.signs and not before):
        return ""
    return "a rate that nothing calls a limit"


def _bare_share(
    part: Part, metric: Metric | None, is_near: bool, before: list[str], has_target: bool
) -> str:
    signs = part.heading.signs
    right = part.words(part.right)
    value = part.amount.value
    if right[:1] == ["of"] and set(right[1:3]) & _CALENDAR:
        return "a part of a time"
    if (set(right[:4]) | set(before[:3])) & _NOT_SHARES and right[:1] != ["of"]:
        return "a share that is set, not measured"
    if before[:1] == ["by"] and DID & set(before[:5]):
        return OBSERVED
    if part.amount.high is not None and not (has_target or part.statement.label):
        return "a range that nothing calls a limit"
    if metric in (DELTA, GOOD_DELTA, BAD_DELTA):
        is_asked = has_target or "targets" in signs
        if is_asked and metric is not BAD_DELTA and (before[:1] == ["by"] or right):
            return ""
        if metric is GOOD_DELTA and is_near and part.statement.label and not part.statement.is_cell:
            return ""
        return "a change that nothing calls a limit"
    if signs & {"config", "effort"} and "targets" not in signs and not has_target:
        return "a setting"
    is_named = metric is not None and is_near and metric.good
    if is_named and metric is not None and metric.name != "error_rate":
        says_more = before or part.statement.label or metric.name in ("coverage", "availability")
        return "" if says_more or "targets" in signs else "a share that nothing calls a limit"
    if metric is not None and (has_target or "targets" in signs):
        return ""
    if right[:1] == ["of"] or (metric is not None and metric.name == "coverage"):
        return ""
    if value == 100 and (right or part.statement.label):
        return ""
    if value == 0 and right:
        return ""
    return "a share that nothing calls a limit"


def _bare_count(part: Part, metric: Metric | None, is_near: bool, before: list[str]) -> str:
    amount = part.amount
    right = part.words(part.right)
    if amount.value == 0 and right and right[0].isalpha() and right[0] not in ("to", "or", "in"):
        return "a name" if amount.is_word and before and before[0] == "-" else ""
    if amount.value == 0 and before[:1] and before[0] in _IS:
        return ""
    if amount.value == 0 and part.statement.is_cell and metric is not None and metric.good < 0:
        return ""
    if set(before[:6]) & CAPABLE and right and (set(right[:5]) & LOADED):
        return ""
    if amount.dimension == "score" or (
        metric is not None and is_near and metric.name in ("score", "accuracy", "availability")
    ):
        if before[:1] and before[0] in (":", "of", "is", "score", "target", "="):
            return ""
        if part.statement.label and not before:
            return ""
    if amount.is_fraction and "targets" in part.heading.signs and amount.value <= 1:
        ok = not before or before[0] in (":", "=", "of")
        return "" if ok and (metric is not None or part.statement.is_cell) else "a number"
    return "a number that nothing calls a limit"


def _heading_names_it(part: Part) -> bool:
    """`Response Times` above a table of times."""
    heading = part.heading.tokens
    end = len(heading)
    while end > 1 and heading[end - 1].low in _SAYS_LIMIT:
        end -= 1
    hit = named(heading, range(end - 1, -1, -1), part.amount.dimension)
    return hit is not None and hit.last == end


def _bare_key(part: Part, metric: Metric | None, is_near: bool) -> str:
    """`coverage_threshold: 90` is a limit, `max_steps: 100` is a setting."""
    key = {token.low for token in part.statement.key}
    heading = {token.low for token in part.heading.tokens} & _QUALITY_KEYS
    if {"fail", "under"} <= key:
        return ""
    if key & _SETTING_KEYS or part.first > 0:
        return "a setting"
    if {"web", "vitals"} <= part.heading.words:
        return ""
    if metric is not None and is_near and key & _BOUNDS and metric.name != "latency":
        return ""
    if heading and key & _LIMIT_KEYS and "config" not in part.heading.signs:
        return ""
    targets = "targets" in part.heading.signs
    if key & _QUALITY_KEYS and (targets or key & {"threshold", "target", "slo"}):
        return ""
    if heading and targets:
        return ""
    if targets and part.amount.dimension in ("time", "percent", "rate"):
        return ""
    if targets and (key & {"min", "max", "minimum", "maximum"} or part.amount.is_fraction):
        return ""
    return "a setting"
