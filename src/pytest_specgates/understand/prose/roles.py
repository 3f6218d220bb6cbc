"""Why a number of a sentence is no limit: observed, a load, a window, a setting, an effort."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...model import Threshold
from .metrics import BAD_DELTA, DELTA, GOOD_DELTA, RETENTION, Metric, named
from .part import Part
from .patterns import words

OBSERVED = "observed, not asked for"
POLICY = "what to do in a case, not what is asked for"
LOAD = "a load"
WINDOW = "a window"
CONDITION = "a condition"

TARGET = words(
    "target targets goal goals threshold must should shall required requirement expected "
    "ensure limit budget objective want need minimum maximum min max pass passing rto rpo slo "
    "sla maintain achieve keep reach guarantee"
)
_TELLS = words("has shows takes yields found detected now shows gets")
"""Present tense: what is, or under a heading of targets what is to be."""
_OBSERVED = words(
    "current currently actual actually was were today previously previous baseline measured "
    "observed reported achieved now found detected reached yields yielded took takes ran got "
    "showed shows had has formerly originally estimated estimate estimates est vs versus from "
    "exceeded gained compared existing default defaults configurable already equivalent "
    "approximates instead typically usually last improved reduced dropped rose grew increased "
    "decreased"
)
_DID = words("exceeds improved reduced dropped rose grew increased decreased reached exceeded")
_CONDITION = words("if when where whenever while once after unless given")
_LOAD = words("with for under at across during of on over from given using among per")
_LOADED = words(
    "users user load concurrent connections requests rps sessions clients records rows items "
    "entries files documents narratives nodes actors customers simultaneous parallel "
    "transactions messages events objects entities lines elements products pages images "
    "tables threads concurrency vus agents points devices people players tokens characters "
    "articles projects tasks datasets samples rules symbols symbol rps vms pods cores "
    "replicas"
)
CAPABLE = words(
    "support supports handle handles process processes sustain sustains serve serves scale "
    "scales accommodate accommodates manage manages ingest supporting handling maintain allow "
    "allows capacity supported handled achieve achieves deliver processing scaling scalable"
)
_WINDOW = words(
    "over for during after every last per past each rolling sustained within next first "
    "previous any since until"
)
_NOT_SHARES = words(
    "sampling opacity width height scale zoom rollout traffic volume transparency brightness "
    "weight discount tax commission fee margin rollback canary battery split equity completed "
    "done progress complete users sample-rate"
)
_SETTING_KEYS = words(
    "timeout timeouts ttl window interval retries retry attempts expiry expires backoff port "
    "sleep poll polling refresh seed version weight default workers threads replicas lockout "
    "estimated estimate estimates total budget_tokens temperature top_k"
)
_QUALITY_KEYS = words(
    "coverage complexity duplication vulnerabilities errors warnings violations latency "
    "throughput availability uptime accuracy precision recall f1 success regression response "
    "slo sla score function length lines cls lcp fcp ttfb fid inp tbt p50 p90 p95 p99 "
    "mutation issues bugs smells pass rate findings failures memory cov"
)
_RULE_KEYS = words("expr expression condition conditions when if query rule trigger")
_COMPARATIVES = words("shorter longer older newer larger smaller greater less more")
_IS = words("is are be remains remain stays equals at")
_CALENDAR = words("month months year week day budget time total")
_HOUR = Fraction(3600)
_DAY = Fraction(86400)


def role(part: Part, found: Sequence[Threshold], violated: bool) -> str:
    """Why the amount is no limit, whatever its metric; "" where it may be one."""
    amount, op = part.amount, part.op
    targets = "targets" in part.heading.signs
    lows = part.lows
    before = part.words(part.near[:8])
    if amount.negative and not op:
        return "a negative number"
    if amount.dimension in ("bits", "times"):
        return f"its unit ({amount.unit}) can be read in two ways"
    if part.statement.is_keyed and part.statement.key[-1].low in _RULE_KEYS:
        return "a condition of a rule"
    if "rules" in part.heading.signs and not violated and not targets:
        return "a condition of a rule"
    if part.names & {"exit", "codes"} and amount.dimension == "count":
        return "a code"
    if lows[:2] in (["success", "criteria"], ["acceptance", "criteria"]) and (
        {"have", "are", "include", "contain"} & set(lows[2:4])
    ):
        return "an example of a criterion"
    if "bands" in part.heading.signs and not targets:
        return "a band of a scale"
    if part.names & {"when", "if", "unless"} and not violated:
        return CONDITION
    if _is_expression(part):
        return "an expression of a program"
    if amount.dimension == "percent" and _is_step(part):
        return "a step"
    if set(part.words(part.right[:2])) & {"burn", "burned"} or "burn" in before[:4]:
        return "a use of the budget"
    reason = _observed(part, before, found)
    if reason:
        return reason
    if found and _is_aside(part, found):
        return "an aside in brackets after the limit"
    if not (violated and not found) and _conditional(part):
        return LOAD if amount.dimension in ("count", "rate", "bytes") else CONDITION
    if amount.value and amount.dimension in ("count", "rate", "bytes"):
        if _is_load(part, before, found):
            return LOAD
    if (
        amount.dimension == "percent"
        and part.op_words == ["up", "to"]
        and (before[:1] and before[0] in ("with", "under", "at", "of"))
    ):
        return LOAD
    if amount.dimension == "time":
        reason = _window(part, before)
        if reason:
            return reason
    if amount.dimension in ("count", "score") and part.right:
        right = part.words(part.right[:2])
        if right[0] == "to" and len(right) > 1 and right[1].isalpha():
            return CONDITION
    if found and found[-1].metric == "ratio" and part.op_words[-1:] == ["than"]:
        if part.op_words[0] in _COMPARATIVES:
            return CONDITION  # `10% of blocks shorter than 2 minutes`
    if amount.plus and part.first == amount.first and "observed" in part.heading.signs:
        return OBSERVED
    return ""


def _is_step(part: Part) -> bool:
    """`10% → 50% → 100%`."""
    arrows = {"→", "->", "=>"}
    later = part.words(range(part.last, min(part.end, len(part.tokens))))
    return bool(arrows & {*part.words(part.near[:2]), *later}) and not part.op


def _is_expression(part: Part) -> bool:
    """`a:b:c <= 5`, `sum(x) > 3`: a query, whose meaning depends on what it asks."""
    before = part.tokens[max(0, part.first - 8) : part.first]
    return any(
        one.kind == "w"
        and two.low == ":"
        and three.kind == "w"
        and one.end == two.start
        and two.end == three.start
        for one, two, three in zip(before, before[1:], before[2:], strict=False)
    )


def _observed(part: Part, before: list[str], found: Sequence[Threshold]) -> str:
    if part.names & {
        "current",
        "currently",
        "actual",
        "achieved",
        "observed",
        "measured",
        "status",
    } and not (part.op or set(before) & TARGET):
        return OBSERVED
    if part.names & {
        "total",
        "duration",
        "estimated",
        "estimate",
        "est",
        "timeline",
        "effort",
    } and ((part.statement.is_keyed or not part.op) and not part.names & TARGET):
        return "an estimate"
    for n, low in enumerate(before):
        if low in TARGET:
            break
        if low in _TELLS and "targets" in part.heading.signs:
            continue
        if low in _OBSERVED and not (low in ("from", "last") and part.op) and n < 5:
            if low in ("has", "had", "takes", "now", "default", "existing", *_DID) and part.op:
                continue
            return OBSERVED
    if before[:1] and before[0] in ("≈", "~", "≃") and not part.op:
        return "about, not a limit"
    if (
        part.op_words == ["="]
        and not part.statement.is_keyed
        and (part.index or not {"target", "threshold", "goal"} & {*before, *part.names})
    ):
        return "an equation, not a limit"
    if before[:1] == ["but"] and found:
        return "the other end of a band"
    return ""


def _is_load(part: Part, before: list[str], found: Sequence[Threshold]) -> bool:
    amount, words = part.amount, part.op_words
    weak = part.op in ("", ">", "<") and words[-1:] in (["over"], ["under"], [])
    weak = weak or words == ["up", "to"] or (part.op == ">=" and amount.plus)
    following = set(part.words(part.right[:4]))
    if set(before[:6]) & CAPABLE:
        rest = part.words(range(part.last, min(part.end + 1, len(part.tokens))))
        return "with" in rest and part.end < len(part.tokens) and not part.op
    previous = before[0] if before else ""
    if weak and previous in _LOAD:
        return True
    if weak and words and following & _LOADED:
        return True
    return bool(part.op and previous in _LOAD and found and amount.dimension == "count")


def _window(part: Part, before: list[str]) -> str:
    amount, words = part.amount, part.op_words
    previous = before[0] if before else ""
    if previous == "for" and words and part.op in (">", ">="):
        return WINDOW
    if not part.op and (previous in _WINDOW or (previous == "a" and before[1:2] == ["over"])):
        return WINDOW
    if words[-1:] == ["over"] and amount.value >= 60:
        return WINDOW
    if amount.per and not part.op:
        return "a schedule"
    if "effort" in part.heading.signs and not (part.op in ("<", "<=") and amount.value < _HOUR):
        return "a duration of work"
    if part.after == "of" and part.op == ">=":
        return WINDOW
    return ""


def _is_aside(part: Part, found: Sequence[Threshold]) -> bool:
    """Whether the amount stands in brackets that opened after the first limit."""
    depth = 0
    for at in range(part.first - 1, -1, -1):
        low = part.lows[at]
        if low == ")":
            depth += 1
        elif low == "(":
            if depth == 0:
                opened = part.tokens[at].start
                return opened >= found[-1].end or opened > found[0].end
            depth -= 1
    return False


def _conditional(part: Part) -> bool:
    for at in part.left:
        low = part.lows[at]
        if low in (",", "then", "must", "shall", "should", ";", "(", "that", "will", ":"):
            return False
        if low in _CONDITION:
            return low != "unless" and not (low in ("after", "once") and part.op)
    return False


# --- amounts without an operator -----------------------------------------------------------


def bare(part: Part, metric: Metric | None, is_near: bool) -> str:
    """Why an amount without an operator is no limit; "" where it is one."""
    amount, heading = part.amount, part.heading.signs
    before = part.words(part.near)
    if part.names & {"minimum", "maximum"} and not before:
        return ""
    has_target = bool(TARGET & (set(before) | part.names))
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
    if amount.dimension == "time":
        return _bare_time(part, metric, is_near, before, has_target)
    if amount.dimension == "percent":
        return _bare_share(part, metric, is_near, before, has_target)
    if amount.dimension == "rate":
        return _bare_rate(part, before, has_target)
    if amount.dimension in ("count", "score"):
        return _bare_count(part, metric, is_near, before)
    if amount.dimension == "bytes":
        words = set(before[:4]) | part.names | set(part.words(part.right[:2]))
        if {"limit", "budget", "max", "maximum", "cap"} & words and "per" not in part.words(
            range(part.last, len(part.tokens))
        ):
            return ""
        return "a size that nothing calls a limit"
    return "a number that nothing calls a limit"


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
    if metric is None or not is_near or value >= _DAY:
        if metric is RETENTION and has_target:
            return ""
        return "a time that nothing calls a limit"
    if value < _HOUR or has_target:
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
    if metric in (DELTA, GOOD_DELTA, BAD_DELTA):
        is_asked = has_target or "targets" in signs
        if before[:1] == ["by"] and _DID & set(before[:5]):
            return OBSERVED
        if is_asked and metric is not BAD_DELTA and (before[:1] == ["by"] or right):
            return ""
        if metric is GOOD_DELTA and is_near and part.statement.label:
            return ""
        return "a change that nothing calls a limit"
    if "config" in signs and metric is None:
        return "a setting"
    if metric is not None and is_near and metric.good and metric.name != "error_rate":
        return ""
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
    if set(before[:6]) & CAPABLE and right and (set(right[:5]) & _LOADED):
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
    hit = named(heading, range(len(heading) - 1, -1, -1), part.amount.dimension)
    return hit is not None and hit.last == len(heading)


def _bare_key(part: Part, metric: Metric | None, is_near: bool) -> str:
    """`coverage_threshold: 90` is a limit, `max_steps: 100` is a setting."""
    key = {token.low for token in part.statement.key}
    heading = {token.low for token in part.heading.tokens} & _QUALITY_KEYS
    if key & _SETTING_KEYS or part.first > 0:
        return "a setting"
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
