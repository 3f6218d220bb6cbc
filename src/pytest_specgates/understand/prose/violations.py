"""Whether a sentence states what must not be: `fail if ...`, `above 10% blocks`, `too many`.

Strong: a verb of refusal governs this very amount. Weak: the sentence speaks of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .part import Part
from .patterns import words

Violation = Literal["", "weak", "strong"]

_STEMS = [
    "fail",
    "alert",
    "block",
    "reject",
    "flag",
    "warn",
    "break",
    "abort",
    "notify",
    "escalate",
    "deny",
    "trigger",
    "rollback",
    "violate",
    "breach",
    "prohibit",
    "forbid",
    "disallow",
]
_VERBS = {
    form: stem
    for stem in _STEMS
    for form in (
        stem,
        stem + "s",
        stem + "es",
        stem + "ed",
        stem + "d",
        stem[:-1] + "ies",
        stem + stem[-1] + "ed",
    )
} | {"broken": "break", "revert": "revert", "reverts": "revert", "denied": "deny"}
_PASSIVE = re.compile(r"(?:ed|en)$")
_NOUNS = words(
    "alert alerts alarm alarms warning warnings violation rollback unacceptable critical page "
    "smell failure failures degraded underfit unhealthy insufficient blocker prohibited "
    "forbidden pages"
)
_SPEAKS = _NOUNS | set(_VERBS)
_LINKS = words("results leads causes means : → -> = is are be a an considered produce produces as")
_GOVERNS = words("if when whenever on once where unless past above below over under any for")
_DETERMINERS = words(
    "false critical high new open active major of the a an all any each every per no non in "
    "this that these zero - more fewer less"
)
_REFUSING = (
    ("not", "allowed"),
    ("not", "permitted"),
    ("not", "acceptable"),
    ("not", "be"),
    ("cannot", "be"),
    ("never", "be"),
)
_AUXILIARIES = words("is are be been being gets get was were automatically not")
_SEPARATE = words(", ; and but for of with from")
_FURTHEST = 16
_TOO = frozenset(("too",))
_LABEL = words("alert alerts alarm alarms warning warnings violation rollback critical")


def violation(part: Part) -> Violation:
    """How surely the statement says that this limit marks what must not be."""
    lows = part.lows
    first, last = part.first, part.last
    if part.statement.is_bad and part.heading.signs & {"alarm"}:
        return "strong"
    if _TOO & set(lows[:first][-4:]):
        return "strong"
    spoken = False
    starts_if = lows[0] in ("if", "when", "whenever")
    for at, low in enumerate(lows):
        if low not in _SPEAKS:
            continue
        is_verb = low in _VERBS and not _is_noun(lows, at)
        if low == "page" and {"on", "if", "when", "us", "at"} & set(lows[at + 1 : at + 2]):
            is_verb = True
        is_noun = low in _NOUNS and at >= last and bool(_LINKS & set(lows[last:at]))
        if not (is_verb or is_noun):
            continue
        spoken = True
        if at < first and is_verb and _governs(lows[at + 1 : first], part.op_words):
            return "strong"
        if at >= last:
            between = lows[last:at]
            if len(between) <= 9 and not _SEPARATE & set(between):
                says = low not in _STEMS or {"must", "should", "will", "to"} & set(between[-3:])
                if is_noun or starts_if or says or {":", "→", "->", "="} & set(between):
                    return "strong"
            if starts_if and at - last < 14:
                return "strong"
    for n in range(last, min(len(lows) - 1, last + 9)):
        if (lows[n], lows[n + 1]) in _REFUSING:
            if starts_if or lows[n + 1] not in ("be",):
                return "strong"
            spoken = True
    label = {token.low for token in part.statement.label}
    if label and label <= _LABEL | {"on", "if", "when", "fail", "the"}:
        return "strong"
    if label & {"alert", "alerts", "fail"} and label & {"if", "when", "threshold", "on"}:
        return "strong"
    return "weak" if spoken or part.statement.is_bad or "alarm" in part.heading.signs else ""


def _governs(between: Sequence[str], op_words: Sequence[str]) -> bool:
    """Whether a verb speaks of the limit that so many words lie before: `fail if coverage <`,
    `blocks above`; not `an alert is tested (rate under 5%)`."""
    if len(between) > _FURTHEST:
        return False
    near = between[: between.index("(")] if "(" in between else between
    return bool(_GOVERNS & set(near)) or (len(between) <= 1 and bool(_GOVERNS & set(op_words)))


def _is_noun(lows: Sequence[str], at: int) -> bool:
    """`of blocks`, `all pages`, `fail rate`: a thing, not what is done."""
    before = lows[at - 1] if at else ""
    after = lows[at + 1] if at + 1 < len(lows) else ""
    if _PASSIVE.search(lows[at]) and before not in _AUXILIARIES and lows[at] != "broken":
        return True  # `failed operations`
    return before in _DETERMINERS or after in ("rate", "rates", "time", "times", "over")


def refuses_all(part: Part) -> bool:
    """Whether what follows an amount at the start is a thing to do: `Below 5%: freeze deploys`."""
    lows = part.lows
    if part.first > 12:
        return False
    after = lows[part.last : part.last + 5]
    return (
        ":" in after and lows[part.first] not in ("(",) and bool(set(lows[part.last :]) & _POLICY)
    )


_POLICY = words("freeze pause investigate prioritize focus halt review schedule")
