"""What the heading, key or label around a sentence says about the numbers in it."""

from __future__ import annotations

import re
from copy import copy
from functools import lru_cache

from .tokens import Token, cleaned, tokens

_NO_GO = re.compile(r"\bno[- ]go\b", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")
_SIGNS = {
    "alarm": "alert alerts alerting alarm alarms warning warnings smell smells violation "
    "violations antipattern antipatterns flags drift page pager rollback abort fail fails failing "
    "annotations rules trigger triggers breach issue issues unacceptable unhealthy "
    "kill degraded stop blockers "
    "invalidates degradation incident incidents nogo",
    "bands": "severity levels tiers credits credit grading grades classification bands weights",
    "observed": "achievements achieved achievement results result current currently status "
    "features feature strengths summary observed measured actual actuals "
    "finding findings baseline baselines nulls duplicates statistics stats history changelog "
    "highlights overview about introduction background analysis comparison "
    "assumptions assumption alternative alternatives risks risk non-goals motivation rationale "
    "profile measurements evidence implemented delivered hotspots delivery observation "
    "observations disposition",
    "effort": "timeline effort estimate estimates estimated duration schedule total totals "
    "session roadmap week weeks day days sprint next steps cost costs time-line hours calendar",
    "config": "config configuration configure option options flag settings setting parameters "
    "parameter environment env hardware resources resource limits autoscaling args "
    "arguments defaults default sampling contest annotations usage example examples install "
    "installation dependencies prerequisites stack versions compatibility params cli "
    "values variables template pricing lockout",
    "rules": "condition conditions when if expr expression consequence consequences",
    "targets": "target targets goal goals gate gates thresh criteria criterion slo slos sla slas "
    "requirement requirements acceptance quality performance threshold thresholds objective "
    "objectives budget budgets metric metrics success nfr nfrs standards standard done validation "
    "checklist kpi kpis outcomes outcome constraints constraint bounds benchmarks must validate "
    "expectations commitments commitment guarantees guarantee promises kpis",
}
_OUTSIDE = re.compile(
    r"\b(?:out of scope|not in scope|non-?goals?|open questions?|questions|assumptions?|"
    r"background|motivation|current state|decisions?|glossary|alternatives|domain|"
    r"business rules?|eligibility|pricing|rubric|rollout|abuse|prerequisites|system requirements|"
    r"hardware(?: requirements)?|guidance|installation|changelog|rejected)\b",
    re.IGNORECASE,
)
"""Sections that ask for nothing of the product, whatever numbers stand in them."""
_SIGN_OF: dict[str, tuple[str, ...]] = {}
for _sign, _words in _SIGNS.items():
    for _word in _words.split():
        _SIGN_OF[_word] = (*_SIGN_OF.get(_word, ()), _sign)


def words_of(name: str) -> list[str]:
    """`queryResponseTime_p95` -> query, response, time, p95."""
    return [word.lower() for word in _CAMEL.split(name) if word]


def is_outside(label: str) -> bool:
    """Whether a label says that what it names is not asked for: `Not in scope: ...`."""
    return bool(_OUTSIDE.match(label))


class Context:
    """The tokens of a heading and what its words are signs of."""

    __slots__ = ("signs", "text", "tokens", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        text = _NO_GO.sub("nogo", text)
        spaced = " ".join(_CAMEL.sub(" ", text).split()) if "%" not in text else text
        self.tokens: list[Token] = tokens(cleaned(spaced)[0])
        signs: set[str] = set()
        for token in self.tokens:
            signs.update(_SIGN_OF.get(token.low, ()))
        if _OUTSIDE.search(text):
            signs.add("outside")
        self.signs = frozenset(signs)
        self.words = frozenset(token.low for token in self.tokens)

    def of_targets(self) -> Context:
        """The same heading for lines that are known to be told beside their targets."""
        made = copy(self)
        made.signs = frozenset(("targets",))
        return made


@lru_cache(maxsize=512)
def context(text: str) -> Context:
    """The same for every line under the same heading."""
    return Context(text[:300])
