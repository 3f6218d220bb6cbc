"""Why a number of a sentence is no limit: observed, a load, a window, a setting, an effort."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...model import Threshold
from .part import Part
from .patterns import words

OBSERVED = "observed, not asked for"
POLICY = "what to do in a case, not what is asked for"
LOAD = "a load"
WINDOW = "a window"
CONDITION = "a condition"

TARGET = words(
    "target targets goal goals threshold must should shall required requirement expected "
    "ensure limit budget objective want need minimum maximum min max ceiling floor cap pass "
    "passing rto rpo slo "
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
_TOLD_NAMES = words("current currently actual achieved observed measured status")
_SETS_ASIDE = words("ignore ignores exclude excludes skip skips sample samples some most")
_DISMISSED = words("considered competitors competitor")
_WINDOW_NAMES = words("window period interval horizon")
_SCALES = words("trigger triggers autoscaling autoscale")
_BURNS = words("burn burns burned burning")
_TOLERANCE = words("tolerance accuracy accurate error variance margin deviation precision")
_TODAY = words("today currently now")
_REACHED = words("reached achieved measured observed seen recorded")
_AGAINST = words("over vs versus from to than against")
_ESTIMATES = words("total duration estimated estimate est timeline effort")
DID = words("exceeds improved reduced dropped rose grew increased decreased reached exceeded")
_CONDITION = words("if when where whenever while once after unless given")
_LOAD = words("with for under at across during of on over from given using among per")
LOADED = words(
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
_RULE_KEYS = words("expr expression condition conditions when if query rule trigger")
_COMPARATIVES = words("shorter longer older newer larger smaller greater less more")
HOUR = Fraction(3600)
_MONTH = Fraction(2592000)


def role(part: Part, found: Sequence[Threshold], violated: bool) -> str:
    """Why the amount is no limit, whatever its metric; "" where it may be one."""
    amount, op = part.amount, part.op
    targets = "targets" in part.heading.signs
    lows = part.lows
    before = part.words(part.near[:8])
    if "outside" in part.heading.signs:
        return "its section asks for nothing"
    if lows[-1:] == ["?"]:
        return "a question"
    if lows[0] in _SETS_ASIDE or not _DISMISSED.isdisjoint(lows):
        return CONDITION
    if amount.dimension == "cost" and "flagged" in lows:
        return "a rule of the business"
    if amount.negative and not op:
        return "a negative number"
    if amount.dimension in ("bits", "times"):
        return f"its unit ({amount.unit}) can be read in two ways"
    if any(word.low in _RULE_KEYS for word in part.statement.key[-1:]):
        return "a condition of a rule"
    if "rules" in part.heading.signs and not violated and not targets:
        return "a condition of a rule"
    if amount.dimension == "time" and part.names & _WINDOW_NAMES and not part.op:
        return WINDOW
    if part.names & {"exit", "codes"} and amount.dimension == "count":
        return "a code"
    if lows[:2] in (["success", "criteria"], ["acceptance", "criteria"]) and (
        {"have", "are", "include", "contain"} & set(lows[2:4])
    ):
        return "an example of a criterion"
    if "bands" in part.heading.signs and not targets:
        return "a band of a scale"
    if part.names & _SCALES:
        return CONDITION
    if {"error", "budget"} <= part.names:
        return "an error budget, which follows from its objective"
    if part.names & {"when", "if", "unless"} and not violated:
        return CONDITION
    if _is_expression(part):
        return "an expression of a program"
    if amount.dimension == "percent" and _is_step(part):
        return "a step"
    if not _BURNS.isdisjoint(lows):
        return "a use of the budget"
    if part.op_words[:1] in (["±"], ["+"]) and _TOLERANCE.isdisjoint((*part.names, *part.lows)):
        return "a tolerance of something else"
    reason = _observed(part, before, found)
    if reason:
        return reason
    if found and _is_aside(part, found):
        return "an aside in brackets after the limit"
    if not (violated and not found) and _conditional(part):
        return LOAD if amount.dimension in ("count", "rate", "bytes") else CONDITION
    is_thing = amount.value and amount.dimension in ("count", "rate", "bytes")
    if is_thing and _is_load(part, before, found):
        return LOAD
    if (
        amount.dimension == "percent"
        and part.op_words == ["up", "to"]
        and (before[:1] and before[0] in ("with", "under", "at", "of"))
    ):
        return LOAD
    is_growth = amount.dimension == "percent" and "increase" in part.words(part.right[:2])
    if is_growth and not part.op and not CAPABLE.isdisjoint(before[:5]):
        return LOAD  # `handles a 50% increase in traffic`
    if amount.dimension == "time":
        reason = _window(part, before, found)
        if reason:
            return reason
    if amount.dimension in ("count", "score") and part.right:
        right = part.words(part.right[:2])
        if right[0] == "to" and len(right) > 1 and right[1].isalpha():
            return CONDITION
    compares = part.op_words[-1:] == ["than"] and part.op_words[0] in _COMPARATIVES
    if found and found[-1].metric == "ratio" and compares:
        return CONDITION  # `10% of blocks shorter than 2 minutes`
    if amount.plus and part.first == amount.first and "observed" in part.heading.signs:
        return OBSERVED
    if found and found[-1].metric == "ratio" and "with" in before and amount.dimension == "count":
        return CONDITION  # `90% of runs give an answer with a confidence >= 0.7`
    return ""


def _is_step(part: Part) -> bool:
    """`10% → 50% → 100%`."""
    arrows = {"→", "->", "=>"}
    later = part.words(range(part.last, min(part.end, len(part.tokens))))
    return bool(arrows & {*part.words(part.near[:2]), *later}) and not part.op


def _is_expression(part: Part) -> bool:
    """`a:b:c <= 5`, `sum(x) > 3`: a query, whose meaning depends on what it asks."""
    before = part.tokens[max(0, part.first - 8) : part.first]
    if ":" not in part.lows:
        return False
    return any(
        one.kind == "w"
        and two.low == ":"
        and three.kind == "w"
        and one.end == two.start
        and two.end == three.start
        for one, two, three in zip(before, before[1:], before[2:], strict=False)
    )


def _observed(part: Part, before: list[str], found: Sequence[Threshold]) -> str:
    if part.names & _TOLD_NAMES and not set(before) & TARGET:
        return OBSERVED
    is_estimate = part.names & _ESTIMATES and not part.names & TARGET
    is_estimate = is_estimate and part.amount.dimension in ("time", "cost", "bytes", "count")
    if is_estimate and (part.statement.is_keyed or not part.op):
        return "an estimate"
    for n, low in enumerate(before):
        if low in TARGET:
            break
        if low == "baseline" and part.op and n + 1 < len(before) and before[n + 1] in _AGAINST:
            continue  # `improvement over baseline >= 10%`
        if low in _TELLS and ("targets" in part.heading.signs or part.op):
            continue
        if low in _OBSERVED and not (low in ("from", "last") and part.op) and n < 5:
            if low in ("has", "had", "takes", "now", "default", "existing", *DID) and part.op:
                continue
            return OBSERVED
    right = part.words(part.right[:2])
    is_told = right[:1] == ["was"] and not _REACHED.isdisjoint(right)
    if not part.op and (is_told or not _TODAY.isdisjoint(right[:1])):
        return OBSERVED
    if "from" in before[:3] and part.after in ("to", "down") and not part.op:
        return OBSERVED  # `reduces it from 15 to 5`
    if before[:1] and before[0] in ("≈", "~", "≃") and not part.op:
        return "about, not a limit"
    if (
        part.op_words == ["="]
        and not part.statement.is_keyed
        and (part.index or not {"target", "threshold", "goal"} & {*before, *part.names})
    ):
        return "an equation, not a limit"
    if ("not", "required") in zip(part.lows, part.lows[1:], strict=False):
        return "not required"
    if before[:1] == ["but"] and found:
        return "the other end of a band"
    return ""


def _is_load(part: Part, before: list[str], found: Sequence[Threshold]) -> bool:
    amount, words = part.amount, part.op_words
    if part.lows[amount.last - 1] in ("fps", "hz"):
        return False
    if part.is_before_time and (previous_of(part) == "(" or part.op in ("<=", "<")):
        return True  # `filtering (<= 50 rows) takes < 100 ms`
    weak = part.op in ("", ">", "<") and words[-1:] in (["over"], ["under"], [])
    weak = weak or words == ["up", "to"] or (part.op == ">=" and amount.plus)
    following = set(part.words(part.right[:4]))
    if set(before[:6]) & CAPABLE:
        rest = part.words(range(part.last, min(part.end + 1, len(part.tokens))))
        return "with" in rest and part.end < len(part.tokens) and not part.op
    previous = before[0] if before else ""
    if weak and previous in _LOAD and not (previous == "of" and amount.dimension != "count"):
        return True
    if weak and words and following & LOADED:
        return True
    if not (part.op and found):
        return False
    # `p95 < 2 s for files under 10 MB`
    return bool({"for", "with"} & set(before[:3])) or (
        previous in _LOAD and amount.dimension == "count"
    )


def previous_of(part: Part) -> str:
    return part.lows[part.first - 1] if part.first else ""


def _window(part: Part, before: list[str], found: Sequence[Threshold]) -> str:
    amount, words = part.amount, part.op_words
    previous = before[0] if before else ""
    if previous == "for" and words and (found or part.op in (">", ">=")):
        return WINDOW
    if not part.op and (previous in _WINDOW or (previous == "a" and before[1:2] == ["over"])):
        return WINDOW
    if before[:2] == ["of", "period"] or (
        words == ["within"] and amount.value > _MONTH and not found
    ):
        return WINDOW
    if words[-1:] == ["over"] and amount.value >= 60:
        return WINDOW
    if amount.per and not part.op:
        return "a schedule"
    if "effort" in part.heading.signs and not (part.op in ("<", "<=") and amount.value < HOUR):
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
        if low == "while" and at + 1 < len(part.lows) and part.lows[at + 1].endswith("ing"):
            return False  # `while maintaining ...` asks for it too
        if low in _CONDITION:
            return low != "unless" and not (low in ("after", "once") and part.op)
    return False
