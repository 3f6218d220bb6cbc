"""Whether a sentence asks for a limit or refuses it: `fail if ...`, `not before ...`, `too many`.

refused   the limit marks what must not be: its opposite is required
asked     the limit is required, whatever negation or refusal stands before it (`no release
          until at least 3 approvals`)
allowed   the refusal is denied (`does not fail if ...`): nothing is asked for
weak      the sentence or its heading speaks of a refusal, not surely of this limit
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from .operators import NEGATORS
from .part import Part
from .patterns import words

Polarity = Literal["", "weak", "refused", "asked", "allowed"]

_STEMS = words(
    "fail alert block reject flag warn break abort notify escalate deny trigger rollback violate "
    "breach prohibit forbid disallow avoid prevent refuse throttle discard kill"
)
_IRREGULAR = {"broken": "break", "revert": "revert", "reverts": "revert", "denied": "deny"}
_VERBS = {
    form: stem
    for stem in sorted(_STEMS)
    for ending in ("", "s", "es", "ed", "d", stem[-1] + "ed")
    for form in (stem + ending, stem[:-1] + "ies")
} | _IRREGULAR
_STOPS = words("stop stops halt halts roll rolls red pause pauses")
"""Verbs of refusal only with an if: `stop the rollout if`, not `the stop button`."""
_DIRECT = words("avoid prevent disallow forbid refuse reject")
"""Verbs whose object is what must not be: `avoid more than 3 levels`."""
_RELEASES = words(
    "ship ships shipped merge merges merged deploy deploys deployed promote promotes promoted "
    "pass passes passed release released launch launches launched proceed publish published"
)
_NOUNS = words(
    "alert alerts alarm alarms warning warnings violation rollback unacceptable critical page "
    "smell failure failures degraded underfit unhealthy insufficient blocker prohibited "
    "forbidden pages bug red"
)
_SPEAKS = _NOUNS | set(_VERBS) | _STOPS | _RELEASES
_LINKS = words(
    "results leads lead causes means get : → -> = is are be a an considered produce produces as"
)
_IF = words("if when whenever once where")
_SIDES = words("past above below over under on any for")
_JOINTS = words("unless until without before")
_TARGET_OF_PAGE = words("on if when us at")
_DETERMINERS = words(
    "false critical high new open active major of the a an all any each every per no non in "
    "this that these zero - more fewer less"
)
_AFTER_NOUN = words("rate rates time times over - threshold thresholds delivery response")
_BEGINS = words("is are completes complete takes raised sent fires finishes must should")
_REFUSING = (
    ("not", "allowed"),
    ("not", "permitted"),
    ("not", "acceptable"),
    ("not", "accepted"),
    ("not", "be"),
    ("cannot", "be"),
    ("never", "be"),
)
_PASSIVE = re.compile(r"(?:ed|en)$")
_AUXILIARIES = words("is are be been being gets get was were automatically not")
_MODALS = words("must should will to")
_SEPARATE = words(", ; and but for of with from")
_LABEL = words("alert alerts alarm alarms warning warnings violation rollback critical red flag")
_LABEL_LINKS = words("on if when fail the")
_CONSEQUENCE = words(", then : shall must should will")
_FURTHEST = 16


def polarity(part: Part) -> Polarity:
    """How the statement speaks of this limit."""
    lows, first = part.lows, part.first
    if part.statement.is_bad and "alarm" in part.heading.signs:
        return "refused"
    if "too" in lows[max(0, first - 4) : first]:
        return "refused"
    joint = _joint(part)
    if joint is not None:
        return joint
    release = _release(part)
    if release:
        return release
    end = condition_end(part)
    spoken = False
    for at, low in enumerate(lows):
        if low not in _SPEAKS or at < end:
            continue
        found = _spoken(part, at, low, end)
        if found == "refused":
            denied = at < first and not NEGATORS.isdisjoint(lows[max(0, at - 3) : at])
            return "allowed" if denied and low in _VERBS else "refused"
        spoken = spoken or found == "weak"
    for n in range(part.last, min(len(lows) - 1, part.last + 9)):
        if (lows[n], lows[n + 1]) in _REFUSING:
            if first < end or lows[n + 1] != "be":
                return "refused"
            spoken = True
    label = {token.low for token in part.statement.label}
    if label and label & _LABEL and label <= _LABEL | _LABEL_LINKS:
        return "refused"
    if label & {"alert", "alerts", "fail"} and label & {"if", "when", "threshold", "on"}:
        return "refused"
    weak = spoken or part.statement.is_bad or "alarm" in part.heading.signs
    return "weak" if weak else ""


def condition_end(part: Part) -> int:
    """Where the clause of a leading `if` or `when` ends; 0 where there is none."""
    lows = part.lows
    if not lows or lows[0] not in _IF | {"while", "given"}:
        return 0
    return next((at for at, low in enumerate(lows) if low in _CONSEQUENCE), len(lows))


def _joint(part: Part) -> Polarity | None:
    """What stands behind `unless`, `until`, `without` is required if something is refused
    before it (`no release until at least 3 approvals`); refused if something is allowed."""
    lows = part.lows
    at = next((n for n in part.left if lows[n] in _JOINTS), None)
    if at is None:
        return None
    before = lows[:at]
    refusals = sum(low in NEGATORS for low in before) + sum(
        low in _VERBS and not _is_noun(part, n) for n, low in enumerate(before)
    )
    if refusals:
        return "asked" if refusals % 2 else "refused"
    if lows[at] in ("unless", "until") and not _RELEASES.isdisjoint(before):
        return "refused"
    return None


def _release(part: Part) -> Polarity:
    """`promote only if`, `do not ship if`: what a release hangs on."""
    lows = part.lows
    for at in part.left:
        if lows[at] in _RELEASES and not _IF.isdisjoint(lows[at + 1 : part.first]):
            before = lows[max(0, at - 4) : at]
            if not NEGATORS.isdisjoint(before):
                return "refused"
            # `block the merge if`: the verb before it says what happens
            return "" if any(low in _VERBS for low in before) else "asked"
    return ""


def _spoken(part: Part, at: int, low: str, end: int) -> Polarity:
    """Whether the word at an index refuses the limit, or speaks of a refusal at all."""
    lows, first, last = part.lows, part.first, part.last
    is_verb = low in _VERBS and not _is_noun(part, at)
    if low == "page" and at + 1 < len(lows) and lows[at + 1] in _TARGET_OF_PAGE:
        is_verb = True
    if at < first and (is_verb or low in _STOPS):
        between = lows[at + 1 : first]
        if is_verb and _VERBS.get(low) in _DIRECT and len(between) <= 6 and "(" not in between:
            return "refused"
        if _governs(between, part.op_words, is_verb):
            return "refused"
        return "weak" if is_verb else ""
    if at < last or low in _STOPS:
        return ""
    between = lows[last:at]
    is_noun = low in _NOUNS and not _LINKS.isdisjoint(between)
    if not (is_verb or is_noun):
        return ""
    if len(between) <= 9 and _SEPARATE.isdisjoint(between):
        says = low not in _STEMS or not _MODALS.isdisjoint(between[-3:])
        if is_noun or first < end or says or not {":", "→", "->", "="}.isdisjoint(between):
            return "refused"
    if first < end and at - last < 14:
        return "refused"
    return "" if low in _STEMS else "weak"


def _governs(between: Sequence[str], op_words: Sequence[str], is_verb: bool) -> bool:
    """Whether a verb speaks of the limit that so many words lie before: `fail if coverage <`,
    `blocks above`; not `an alert is tested (rate under 5%)`."""
    if len(between) > _FURTHEST:
        return False
    near = between[: between.index("(")] if "(" in between else between
    if not _IF.isdisjoint(near):
        return True
    if not is_verb:
        return False
    return not _SIDES.isdisjoint(near) or (len(between) <= 1 and not _SIDES.isdisjoint(op_words))


def _is_noun(part: Part, at: int) -> bool:
    """`of blocks`, `at most 2 flags`, `fail rate`: a thing, not what is done."""
    lows = part.lows
    low = lows[at]
    before = lows[at - 1] if at else ""
    after = lows[at + 1] if at + 1 < len(lows) else ""
    if part.last <= at < part.last + 3 and low.endswith("s") and part.amount.dimension == "count":
        return True  # what is counted
    if _PASSIVE.search(low) and low != "broken":
        if before not in _AUXILIARIES:
            return True  # `failed operations`
        if part.right and lows[part.right[0]] == "of" and at > part.last:
            return True  # `99% of invalid inputs are rejected`: what is wanted
    if at == 0 and (after in _BEGINS or (low.endswith("s") and part.first <= 1)):
        return True  # `Rollback completes in`, `Blocks at least 95% of ads`
    return before in _DETERMINERS or after in _AFTER_NOUN


def refuses_all(part: Part) -> bool:
    """Whether what follows an amount at the start is a thing to do: `Below 5%: freeze deploys`."""
    lows = part.lows
    if part.first > 12:
        return False
    after = lows[part.last : part.last + 5]
    return ":" in after and lows[part.first] != "(" and not _POLICY.isdisjoint(lows[part.last :])


_POLICY = words("freeze pause investigate prioritize focus halt review schedule")
